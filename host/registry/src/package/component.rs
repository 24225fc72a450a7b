//! The component itself: whole, importing only what there is, and with something to call.

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

/// Checks a component, packaged or not.
pub(super) fn check(file: &[u8]) -> Result<(), PackageError> {
    let sections = sections(file)?;
    Validator::new_with_features(FEATURES).validate_all(file)?;
    for import in imported(&sections)? {
        if let Some(instead) = instead_of(&import) {
            return Err(PackageError::UnknownImport { import, instead });
        }
    }
    if handles(&sections)? {
        Ok(())
    } else {
        Err(PackageError::HandlerMissing)
    }
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
