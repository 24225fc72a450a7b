//! The hostile corpus: guests of `tests/guests/hostile`, each a few lines of WebAssembly text, and
//! what makes a component of them.
//!
//! A file holds what is peculiar about its guest. What it does not define is added: a memory, the
//! function through which the host gets some of it, and a handler that calls `$attack`.

use std::path::{Path, PathBuf};

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::abi::{AbiVariant, WasmType};
use wit_parser::{Function, Resolve, WorldId, WorldItem};

use crate::Wrong;

/// What a guest exports.
const HANDLER: &str = "souk:miniapp/handler@0.1.0";

/// A guest of the corpus.
pub(crate) struct Guest {
    pub(crate) name: String,
    pub(crate) component: Vec<u8>,
}

/// Returns all guests of a folder of the corpus, by name.
pub(crate) fn folder(name: &str) -> Result<Vec<Guest>, Wrong> {
    let folder = root().join("tests/guests/hostile").join(name);
    let files = std::fs::read_dir(&folder)?.map(|entry| Ok(entry?.path()));
    let mut files = files.collect::<std::io::Result<Vec<_>>>()?;
    files.sort();
    files.iter().map(|path| guest(path)).collect()
}

/// Returns a guest program of `tests/guests/examples`, as it was built.
pub(crate) fn program(name: &str) -> Result<Vec<u8>, Wrong> {
    let built = "tests/guests/target/wasm32-wasip2/release/examples";
    let path = root().join(built).join(format!("{name}.wasm"));
    std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()).into())
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn guest(path: &Path) -> Result<Guest, Wrong> {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let text = std::fs::read_to_string(path)?;
    let component = component(&text).map_err(|wrong| format!("{}: {wrong}", path.display()))?;
    Ok(Guest {
        name: name.into_owned(),
        component,
    })
}

/// Returns the contract.
pub(crate) fn contract() -> Result<Resolve, Wrong> {
    let mut wit = Resolve::default();
    read(&mut wit)?;
    Ok(wit)
}

/// All functions a guest may import, each with its interface.
pub(crate) fn imports(wit: &Resolve) -> impl Iterator<Item = (String, &Function)> {
    let interfaces = wit.interfaces.iter();
    let named = interfaces.filter_map(|(id, it)| Some((wit.id_of(id)?, it)));
    let imported =
        named.filter(|(name, _)| name.starts_with("souk:") && !name.contains("/handler"));
    imported.flat_map(|(name, it)| {
        let functions = it.functions.values();
        functions.map(move |function| (name.clone(), function))
    })
}

/// Reads the contract, and returns the world of mini-apps.
fn read(wit: &mut Resolve) -> Result<WorldId, Wrong> {
    let (package, _) = wit.push_path(root().join("sdk/wit"))?;
    Ok(wit.select_world(&[package], Some("mini-app"))?)
}

/// Makes a component of what is peculiar about a guest.
pub(crate) fn component(peculiar: &str) -> Result<Vec<u8>, Wrong> {
    let mut wit = Resolve::default();
    let world = read(&mut wit)?;
    let mut module = wat::parse_str(whole(peculiar, &handler(&wit, world)?))?;
    embed_component_metadata(&mut module, &wit, world, StringEncoding::UTF8)?;
    let component = ComponentEncoder::default()
        .validate(true)
        .module(&module)?
        .encode()?;
    Ok(component)
}

/// Adds what a guest does not define itself.
fn whole(peculiar: &str, handler: &str) -> String {
    let without = |what: &str, usual: &str| {
        let own = peculiar.contains(what);
        if own { "" } else { usual }.to_owned()
    };
    let memory = without("(export \"memory\")", "(memory (export \"memory\") 2)");
    let realloc = "(func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32)
        (i32.const 1024))";
    let realloc = without("\"cabi_realloc\"", realloc);
    let attack = if peculiar.contains("(func $attack") {
        "(call $attack)"
    } else {
        ""
    };
    format!(
        "(module {peculiar} {memory} {realloc}
            (func (export \"{HANDLER}#handle\") {handler} {attack} (i32.const 0)))"
    )
}

/// The handler's parameters and its result, as the contract has them.
fn handler(wit: &Resolve, world: WorldId) -> Result<String, Wrong> {
    let world = wit.worlds.get(world).ok_or("there is no world")?;
    let exports = world.exports.values().filter_map(|item| match item {
        WorldItem::Interface { id, .. } => wit.interfaces.get(*id),
        WorldItem::Function(_) | WorldItem::Type { .. } => None,
    });
    let functions = exports.flat_map(|interface| interface.functions.values());
    let handle = functions.into_iter().find(|it| it.name == "handle");
    let handle = handle.ok_or("the world exports no handler")?;
    let signature = wit.wasm_signature(AbiVariant::GuestExport, handle);
    let names = |types: &[WasmType]| {
        let names: Vec<_> = types.iter().map(|it| name(*it)).collect();
        names.join(" ")
    };
    let (params, results) = (names(&signature.params), names(&signature.results));
    Ok(format!("(param {params}) (result {results})"))
}

/// What WebAssembly text calls a type.
pub(crate) fn name(of: WasmType) -> &'static str {
    match of {
        WasmType::I64 | WasmType::PointerOrI64 => "i64",
        WasmType::F32 => "f32",
        WasmType::F64 => "f64",
        WasmType::I32 | WasmType::Pointer | WasmType::Length => "i32",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_guest_of_the_corpus_is_a_component() {
        let (endless, hogs) = (folder("endless").unwrap(), folder("hogs").unwrap());
        assert!(endless.len() >= 30 && hogs.len() >= 10);
        assert!(folder("deputies").unwrap().len() >= 8);
    }
}
