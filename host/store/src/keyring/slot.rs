//! One place of the key file: an owner's hashed name, the owner's key under the master key, and a
//! checksum. An erased key leaves a place that says so. The host's public keys of earlier times are
//! kept in places of their own, under the master key too, so that nobody else can add one.

use super::cipher::{OVERHEAD_BYTES, Secret};
use crate::StoreError;

/// An owner's hashed name.
pub(super) type Name = [u8; 16];

/// One slot; four fit in a disk's sector, so that none lies across two.
pub(super) const SLOT_BYTES: usize = 128;
/// A slot as bytes.
pub(super) type Bytes = [u8; SLOT_BYTES];

const WRAPPED_BYTES: usize = OVERHEAD_BYTES + 32;
const KEY: u8 = 1;
const ERASED: u8 = 2;
const RETIRED: u8 = 3;
/// Where the checksum is; it covers all before it.
const SUM_AT: usize = SLOT_BYTES - 4;

/// What a slot holds.
pub(super) enum Slot {
    /// Never written.
    Free,
    /// A key, not yet unwrapped.
    Key(Name, [u8; WRAPPED_BYTES]),
    /// A public key that signed until a time, not yet unwrapped.
    Retired(Name, [u8; WRAPPED_BYTES]),
    /// A key that was.
    Erased,
    /// Neither: a write that was cut short, or damage.
    Unreadable,
}

impl Slot {
    pub(super) fn read(bytes: &Bytes) -> Self {
        if *bytes == [0; SLOT_BYTES] {
            return Self::Free;
        }
        let Some((body, sum)) = bytes.split_last_chunk::<4>() else {
            return Self::Unreadable;
        };
        if crc32fast::hash(body) != u32::from_be_bytes(*sum) {
            return Self::Unreadable;
        }
        match body.split_first() {
            Some((&ERASED, _)) => Self::Erased,
            Some((&KEY, rest)) => named(rest).map_or(Self::Unreadable, |(n, w)| Self::Key(n, w)),
            Some((&RETIRED, rest)) => {
                named(rest).map_or(Self::Unreadable, |(n, w)| Self::Retired(n, w))
            }
            _ => Self::Unreadable,
        }
    }
}

fn named(bytes: &[u8]) -> Option<(Name, [u8; WRAPPED_BYTES])> {
    let (name, rest) = bytes.split_first_chunk()?;
    Some((*name, *rest.first_chunk()?))
}

/// Writes a key's slot.
pub(super) fn key(name: &Name, key: &Secret, master: &Secret) -> Result<Bytes, StoreError> {
    wrapped(KEY, name, key, master)
}

/// Writes the slot of a public key that signed until a time, in milliseconds.
pub(super) fn retired(until_ms: u64, key: [u8; 32], master: &Secret) -> Result<Bytes, StoreError> {
    let mut name = [0; 16];
    if let Some(time) = name.first_chunk_mut() {
        *time = until_ms.to_be_bytes();
    }
    wrapped(RETIRED, &name, &Secret::of(key), master)
}

/// Reads until when a retired key signed, in milliseconds.
pub(super) fn until_ms(name: &Name) -> u64 {
    name.first_chunk()
        .map_or(0, |time| u64::from_be_bytes(*time))
}

fn wrapped(kind: u8, name: &Name, key: &Secret, master: &Secret) -> Result<Bytes, StoreError> {
    let mut body = vec![kind];
    body.extend(name);
    master.encrypt(name, key.bytes(), &mut body)?;
    Ok(summed(body))
}

/// Writes the slot of a key that was.
pub(super) fn erased() -> Bytes {
    summed(vec![ERASED])
}

fn summed(mut body: Vec<u8>) -> Bytes {
    body.resize(SUM_AT, 0);
    body.extend(crc32fast::hash(&body).to_be_bytes());
    body.first_chunk().copied().unwrap_or([0; SLOT_BYTES])
}
