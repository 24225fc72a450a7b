//! Small components, packages and stores for the tests of this crate.

use std::sync::Arc;

use ed25519_dalek::SigningKey;
use souk_core::{Clock, Timestamp, TypedId, UserId};
use souk_store::memory::Memory;
use souk_store::{Keyring, Store};
use wasm_encoder::{
    Component, ComponentExportKind, ComponentExportSection, ComponentImportSection,
    ComponentInstanceSection, ComponentTypeRef, ComponentTypeSection, InstanceType, Module,
};

use crate::package::{self, Package};

/// What every mini-app exports.
pub(crate) const HANDLER: &str = "souk:miniapp/handler@0.1.0";

/// A component that imports and exports empty instances by these names. It cannot run.
pub(crate) fn component(imports: &[&str], exports: &[&str]) -> Vec<u8> {
    let mut types = ComponentTypeSection::new();
    types.instance(&InstanceType::new());
    let mut imported = ComponentImportSection::new();
    for name in imports {
        imported.import(*name, ComponentTypeRef::Instance(0));
    }
    let mut instances = ComponentInstanceSection::new();
    instances.export_items([] as [(&str, ComponentExportKind, u32); 0]);
    let mut exported = ComponentExportSection::new();
    for name in exports {
        let instance = u32::try_from(imports.len()).unwrap();
        exported.export(*name, ComponentExportKind::Instance, instance, None);
    }
    let mut component = Component::new();
    component
        .section(&types)
        .section(&imported)
        .section(&instances)
        .section(&exported);
    component.finish()
}

/// A mini-app's component without any imports.
pub(crate) fn plain() -> Vec<u8> {
    component(&[], &[HANDLER])
}

/// A core module.
pub(crate) fn module() -> Vec<u8> {
    Module::new().finish()
}

/// A manifest with these commands.
pub(crate) fn manifest(app: &str, code: u32, commands: &[&str]) -> String {
    let command = |name| format!("[[commands]]\nname = \"{name}\"\ndescription = \"Does it\"\n");
    let commands: String = commands.iter().map(command).collect();
    format!(
        "app_id = \"{app}\"\nname = \"Shop\"\ndescription = \"Sells\"\n\
         version = {{ code = {code}, name = \"{code}.0\" }}\n\
         build = {{ command = \"make\", component = \"shop.wasm\" }}\n{commands}"
    )
}

/// A merchant's key.
pub(crate) fn key(number: u8) -> SigningKey {
    SigningKey::from_bytes(&[number; 32])
}

/// A package that was read.
pub(crate) fn package(manifest: &str, signed_by: u8) -> Package {
    let bytes = package::build(&plain(), manifest, &[], &key(signed_by)).unwrap();
    package::read(&bytes).unwrap()
}

/// A person.
pub(crate) fn user(number: u8) -> UserId {
    UserId::from_bits(u128::from(number))
}

/// An empty store in memory, whose clock stands still.
pub(crate) fn store() -> Store {
    struct Noon;

    impl Clock for Noon {
        fn now(&self) -> Timestamp {
            Timestamp::from_millis(1_795_348_800_000)
        }
    }

    let keyring = Keyring::ephemeral().unwrap();
    Store::new(
        Arc::new(Memory::default()),
        Arc::new(keyring),
        Arc::new(Noon),
    )
}
