//! The outermost sections of a component, as bytes.
//!
//! Walked by hand because the file is untrusted and only this level matters here: what is nested in
//! a section is skipped, and custom sections inside it are nobody's business.

use souk_core::limits::COMPONENT_SECTIONS_MAX;
use wasmparser::{BinaryReader, BinaryReaderError};

use super::PackageError;

/// `\0asm`.
const MAGIC: [u8; 4] = *b"\0asm";
/// Version and layer of a core module.
const MODULE: [u8; 4] = [1, 0, 0, 0];
/// Version and layer of a component (component-model, Binary.md).
const COMPONENT: [u8; 4] = [13, 0, 1, 0];
/// The id of a custom section.
pub(super) const CUSTOM: u8 = 0;

/// A section of the outermost component.
pub(super) struct Section<'a> {
    /// What it holds (component-model, Binary.md).
    pub(super) id: u8,
    /// Where its contents start in the file.
    pub(super) start: u64,
    /// Its contents.
    pub(super) body: &'a [u8],
}

/// A custom section of the outermost component.
pub(super) struct Custom<'a> {
    pub(super) name: &'a str,
    pub(super) bytes: &'a [u8],
}

/// Returns the outermost sections of a component.
pub(super) fn sections(file: &[u8]) -> Result<Vec<Section<'_>>, PackageError> {
    let (magic, rest) = file.split_first_chunk::<4>().ok_or(PackageError::NotWasm)?;
    let (version, _) = rest.split_first_chunk::<4>().ok_or(PackageError::NotWasm)?;
    match (*magic, *version) {
        (MAGIC, COMPONENT) => {}
        (MAGIC, MODULE) => return Err(PackageError::CoreModule),
        (MAGIC, _) => return Err(PackageError::UnknownVersion),
        (_, _) => return Err(PackageError::NotWasm),
    }
    let mut reader = BinaryReader::new(file, 0);
    reader.read_bytes(8)?;
    let mut sections = Vec::new();
    while !reader.eof() {
        if sections.len() >= COMPONENT_SECTIONS_MAX {
            return Err(PackageError::SectionsTooMany);
        }
        let id = reader.read_u8()?;
        let length = reader.read_var_u32()?;
        let start = reader.original_position();
        let body = reader.read_bytes(usize::try_from(length).unwrap_or(usize::MAX))?;
        sections.push(Section { id, start, body });
    }
    Ok(sections)
}

/// Returns the custom sections among sections.
pub(super) fn customs<'a>(sections: &[Section<'a>]) -> Result<Vec<Custom<'a>>, PackageError> {
    sections
        .iter()
        .filter(|section| section.id == CUSTOM)
        .map(read)
        .collect()
}

fn read<'a>(section: &Section<'a>) -> Result<Custom<'a>, PackageError> {
    let mut reader = BinaryReader::new(section.body, section.start);
    let name = reader.read_string()?;
    let bytes = reader.read_bytes(reader.bytes_remaining())?;
    Ok(Custom { name, bytes })
}

/// Writes a custom section.
pub(super) fn custom(to: &mut Vec<u8>, name: &str, bytes: &[u8]) {
    let mut head = Vec::new();
    leb128(&mut head, name.len());
    head.extend(name.as_bytes());
    to.push(CUSTOM);
    leb128(to, head.len().saturating_add(bytes.len()));
    to.extend(head);
    to.extend(bytes);
}

/// Writes a number seven bits at a time, least first (DWARF 5, 7.6).
fn leb128(to: &mut Vec<u8>, mut number: usize) {
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or(0);
        number >>= 7;
        if number == 0 {
            return to.push(low);
        }
        to.push(low | 0x80);
    }
}

impl From<BinaryReaderError> for PackageError {
    fn from(error: BinaryReaderError) -> Self {
        Self::Malformed {
            offset: error.offset(),
            what: error.message().to_owned(),
        }
    }
}
