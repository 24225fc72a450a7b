//! How one value is written down on disk: the commit that wrote it, a checksum, and its bytes.

use super::StateError;
use crate::engine::Versioned;

/// The version and the checksum in front of a value.
const PREFIX_BYTES: usize = 8 + 4;

/// Puts version and checksum in front of a value.
pub(super) fn write(key: &[u8], version: u64, value: &[u8], bytes: &mut Vec<u8>) {
    bytes.clear();
    bytes.extend(version.to_be_bytes());
    bytes.extend(checksum(key, version, value).to_be_bytes());
    bytes.extend(value);
}

/// The version in front of a value; 0 for something else.
pub(super) fn version(bytes: &[u8]) -> u64 {
    bytes
        .first_chunk()
        .map_or(0, |version| u64::from_be_bytes(*version))
}

/// Reads a value and checks it.
pub(super) fn read(key: &[u8], bytes: &[u8]) -> Result<Versioned, StateError> {
    let (prefix, value) = bytes
        .split_first_chunk::<PREFIX_BYTES>()
        .ok_or(StateError::Checksum)?;
    let (version, sum) = prefix.split_first_chunk().ok_or(StateError::Checksum)?;
    let version = u64::from_be_bytes(*version);
    if checksum(key, version, value).to_be_bytes() != *sum {
        return Err(StateError::Checksum);
    }
    Ok(Versioned {
        version,
        value: value.to_vec(),
    })
}

fn checksum(key: &[u8], version: u64, value: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(key);
    hasher.update(&version.to_be_bytes());
    hasher.update(value);
    hasher.finalize()
}
