//! How one value is written down on disk: the commit that wrote it, a checksum, and its bytes; or
//! that the key was deleted, which hides what lies under it.

use super::StateError;
use crate::embedded::recent::Written;

/// The version and the checksum in front of a value.
const PREFIX_BYTES: usize = 8 + 4;
/// The bit of a version that says that the key was deleted.
const DELETED: u64 = 1 << 63;

/// Writes a value down, or a deletion.
pub(super) fn write(key: &[u8], version: u64, value: Option<&[u8]>, bytes: &mut Vec<u8>) {
    let (mark, value) = match value {
        Some(value) => (version, value),
        None => (version | DELETED, &[][..]),
    };
    bytes.clear();
    bytes.extend(mark.to_be_bytes());
    bytes.extend(checksum(key, mark, value).to_be_bytes());
    bytes.extend(value);
}

/// Reads a value or a deletion and checks it.
pub(super) fn read(key: &[u8], bytes: &[u8]) -> Result<Written, StateError> {
    let (prefix, value) = bytes
        .split_first_chunk::<PREFIX_BYTES>()
        .ok_or(StateError::Checksum)?;
    let (mark, sum) = prefix.split_first_chunk().ok_or(StateError::Checksum)?;
    let mark = u64::from_be_bytes(*mark);
    if checksum(key, mark, value).to_be_bytes() != *sum {
        return Err(StateError::Checksum);
    }
    Ok(Written {
        version: mark & !DELETED,
        value: (mark & DELETED == 0).then(|| value.to_vec()),
    })
}

fn checksum(key: &[u8], mark: u64, value: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(key);
    hasher.update(&mark.to_be_bytes());
    hasher.update(value);
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_deletions_come_back_and_are_told_apart() {
        let mut bytes = Vec::new();
        for value in [Some(&b"tea"[..]), Some(b""), None] {
            write(b"key", 7, value, &mut bytes);
            let written = read(b"key", &bytes).unwrap();
            assert_eq!((written.version, written.value.as_deref()), (7, value));
            assert!(read(b"kez", &bytes).is_err());
            bytes[0] ^= 0x80;
            assert!(read(b"key", &bytes).is_err());
        }
    }
}
