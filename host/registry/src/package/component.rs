//! The component itself: importing only what there is, with something to call, and valid.
//!
//! The first two are read off the outermost sections. Whether all of it is valid takes long to find
//! out and can be made to take longer, so that is a question of its own.

use wasmparser::{
    BinaryReader, ComponentExportSectionReader, ComponentExternalKind,
    ComponentImportSectionReader, Validator, WasmFeatures,
};

use super::PackageError;
use super::imports::check as check_import;
use super::sections::{Section, sections};
use crate::contract::{self, Has, Interface};

/// The id of an import section.
const IMPORTS: u8 = 10;
/// The id of an export section.
const EXPORTS: u8 = 11;
/// The WebAssembly a mini-app may be made of: what toolchains emit by default, without threads,
/// garbage collection, async components and anything two machines could answer differently.
const FEATURES: WasmFeatures = WasmFeatures::WASM2
    .union(WasmFeatures::LIME1)
    .union(WasmFeatures::TAIL_CALL)
    .union(WasmFeatures::MULTI_MEMORY)
    .union(WasmFeatures::COMPONENT_MODEL);

/// Checks what a component imports and exports, packaged or not.
pub(super) fn check(sections: &[Section<'_>]) -> Result<(), PackageError> {
    for import in imported(sections)? {
        check_import(&import)?;
    }
    check_handler(&exported(sections)?)
}

/// Checks that there is a handler among what is exported, in a version that this host calls.
fn check_handler(exports: &[String]) -> Result<(), PackageError> {
    let mut missing = PackageError::HandlerMissing;
    for export in exports {
        let Some(offered) = Interface::parse(export) else {
            continue;
        };
        match contract::has(&contract::EXPORTS, offered) {
            Has::It => return Ok(()),
            Has::Nothing => {}
            Has::Others(newest) => {
                let wanted = export.clone();
                missing = PackageError::ContractVersion { wanted, newest };
            }
        }
    }
    Err(missing)
}

/// Checks every instruction and every type of a component, packaged or not.
///
/// How long that takes is up to whoever made the component: a host has it done where it can be
/// stopped.
///
/// # Errors
/// [`PackageError::Malformed`], with the place.
pub fn validate(file: &[u8]) -> Result<(), PackageError> {
    Validator::new_with_features(FEATURES).validate_all(file)?;
    Ok(())
}

/// Returns the names of what a component imports.
///
/// # Errors
/// When it is not a component.
pub fn imports(file: &[u8]) -> Result<Vec<String>, PackageError> {
    imported(&sections(file)?)
}

fn imported(sections: &[Section<'_>]) -> Result<Vec<String>, PackageError> {
    let mut names = Vec::new();
    for section in sections.iter().filter(|section| section.id == IMPORTS) {
        let reader = BinaryReader::new(section.body, section.start);
        for import in ComponentImportSectionReader::new(reader)? {
            names.push(import?.name.full_name().into_owned());
        }
    }
    Ok(names)
}

/// Returns the names of the instances that a component exports.
fn exported(sections: &[Section<'_>]) -> Result<Vec<String>, PackageError> {
    let mut names = Vec::new();
    for section in sections.iter().filter(|section| section.id == EXPORTS) {
        let reader = BinaryReader::new(section.body, section.start);
        for export in ComponentExportSectionReader::new(reader)? {
            let export = export?;
            if export.kind == ComponentExternalKind::Instance {
                names.push(export.name.full_name().into_owned());
            }
        }
    }
    Ok(names)
}
