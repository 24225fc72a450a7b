//! The component itself: importing only what there is, with something to call, and valid.
//!
//! The first two are read off the outermost sections. Whether all of it is valid takes long to find
//! out and can be made to take longer, so that is a question of its own.

use wasmparser::{
    BinaryReader, ComponentExportSectionReader, ComponentExternalKind,
    ComponentImportSectionReader, Validator, WasmFeatures,
};

use super::PackageError;
use super::imports::instead_of;
use super::sections::{Section, sections};

/// The id of an import section.
const IMPORTS: u8 = 10;
/// The id of an export section.
const EXPORTS: u8 = 11;
/// What every mini-app exports.
const HANDLER: &str = "souk:miniapp/handler@0.1.0";
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
        if let Some(instead) = instead_of(&import) {
            return Err(PackageError::UnknownImport { import, instead });
        }
    }
    if handles(sections)? {
        Ok(())
    } else {
        Err(PackageError::HandlerMissing)
    }
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

fn handles(sections: &[Section<'_>]) -> Result<bool, PackageError> {
    for section in sections.iter().filter(|section| section.id == EXPORTS) {
        let reader = BinaryReader::new(section.body, section.start);
        for export in ComponentExportSectionReader::new(reader)? {
            let export = export?;
            let instance = export.kind == ComponentExternalKind::Instance;
            if instance && export.name.full_name() == HANDLER {
                return Ok(true);
            }
        }
    }
    Ok(false)
}
