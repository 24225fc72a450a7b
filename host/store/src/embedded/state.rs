//! The state on disk: sled, holding for each key its newest durable value that has reached it.
//!
//! Nothing here is the only copy of anything, and nothing here is trusted: each value carries the
//! commit that wrote it and a checksum, and sled's own failures, panics included, come out as
//! [`StateError`]s.

use std::cell::Cell;
use std::fs::{self, File};
use std::io;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use souk_core::limits::{STATE_CACHE_BYTES, STATE_ROOM_BYTES};

use super::census::Census;
use super::journal::StoreId;
use super::tally::{TALLY_BYTES, Tally};
use crate::disk::{Disk, is_full};
use crate::engine::{Range, RawKey, Versioned};

/// Counts up when the shape of what is in sled changes.
const FORMAT: u8 = 1;
/// The key that says how far the state is. No raw key starts with this byte.
const APPLIED: &[u8] = b"\0applied";
/// The least a range of raw keys starts with.
const FIRST: u8 = 1;
/// The version and the checksum in front of a value.
const PREFIX_BYTES: usize = 8 + 4;

/// Why the state on disk cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum StateError {
    #[error("{0}")]
    Sled(#[from] sled::Error),
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("sled panicked: {0}")]
    Panic(String),
    #[error("a value's checksum is wrong")]
    Checksum,
    #[error("it is not what the journal gives")]
    Tally,
}

/// How far the state is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Applied {
    pub(super) store: StoreId,
    /// The last record that reached it.
    pub(super) sequence: u64,
    /// The tally that record gives for the state.
    pub(super) tally: Tally,
}

/// The state on disk.
pub(super) struct State {
    db: sled::Db,
    /// sled's one file, to sync it for real and to reserve room for it.
    file: File,
    path: PathBuf,
}

impl State {
    /// Opens the state, or makes an empty one.
    pub(super) fn open(path: &Path) -> Result<Self, StateError> {
        guarded(|| {
            let config = sled::Config::new().path(path).flush_every_ms(None);
            let db = config.cache_capacity(STATE_CACHE_BYTES).open()?;
            let file = File::options()
                .read(true)
                .write(true)
                .open(path.join("db"))?;
            Ok(Self {
                db,
                file,
                path: path.to_path_buf(),
            })
        })
    }

    /// Removes whatever there is of a state.
    pub(super) fn remove(path: &Path) -> io::Result<()> {
        match fs::remove_dir_all(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    pub(super) fn applied(&self) -> Result<Option<Applied>, StateError> {
        let found = guarded(|| Ok(self.db.get(APPLIED)?))?;
        found
            .map(|bytes| read_applied(&bytes).ok_or(StateError::Checksum))
            .transpose()
    }

    pub(super) fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StateError> {
        let found = guarded(|| Ok(self.db.get(key)?))?;
        found.map(|bytes| read(key, &bytes)).transpose()
    }

    /// Returns what is in a range, in the order the range asks for, without a limit.
    pub(super) fn scan(
        &self,
        range: &Range,
    ) -> impl Iterator<Item = Result<(RawKey, Versioned), StateError>> {
        let start = range.start.clone().max(vec![FIRST]);
        let end = range.end.clone().max(start.clone());
        let mut found = self.db.range(start..end);
        let reverse = range.reverse;
        std::iter::from_fn(move || {
            let next = guarded(|| {
                Ok(if reverse {
                    found.next_back()
                } else {
                    found.next()
                })
            });
            Some(next.transpose()?.and_then(|next| {
                let (key, bytes) = next?;
                let versioned = read(&key, &bytes)?;
                Ok((key.to_vec(), versioned))
            }))
        })
    }

    /// Writes values and deletions, best in the order of their keys.
    pub(super) fn apply<'a>(
        &self,
        writes: impl Iterator<Item = (&'a RawKey, u64, Option<&'a [u8]>)>,
        census: &mut Census,
    ) -> Result<(), StateError> {
        guarded(|| {
            let mut bytes = Vec::new();
            for (key, version, value) in writes {
                let old = match value {
                    None => self.db.remove(key)?,
                    Some(value) => {
                        prefixed(key, version, value, &mut bytes);
                        self.db.insert(key, bytes.as_slice())?
                    }
                };
                let after = if value.is_some() { version } else { 0 };
                census.change(key, old.as_deref().map_or(0, version_of), after);
            }
            Ok(())
        })
    }

    /// Counts the next keys of a census; false when there are no more.
    pub(super) fn count(&self, census: &mut Census, keys: usize) -> Result<bool, StateError> {
        let Some(from) = census.until().cloned() else {
            return Ok(false);
        };
        guarded(|| {
            let mut left = keys;
            for next in self.db.range(from.max(vec![FIRST])..) {
                let (key, bytes) = next?;
                census.count(&key, read(&key, &bytes)?.version);
                left = left.saturating_sub(1);
                if left == 0 {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }

    /// Makes sure that there is room for so many bytes more, and for what sled adds to them; false
    /// on a full disk, which sled does not survive.
    pub(super) fn has_room(&self, bytes: u64, disk: &dyn Disk) -> Result<bool, StateError> {
        let room = bytes.saturating_mul(2).saturating_add(STATE_ROOM_BYTES);
        match disk.reserve(&self.file, room) {
            Err(error) if is_full(&error) => Ok(false),
            other => Ok(other.map(|()| true)?),
        }
    }

    /// Says how far the state is. sled keeps the order of writes, so that after a crash this is
    /// there only if everything before it is.
    pub(super) fn set_applied(&self, applied: &Applied) -> Result<(), StateError> {
        let mut bytes = vec![FORMAT];
        bytes.extend(applied.store);
        bytes.extend(applied.sequence.to_be_bytes());
        bytes.extend(applied.tally.bytes());
        bytes.extend(crc32fast::hash(&bytes).to_be_bytes());
        guarded(|| Ok(self.db.insert(APPLIED, bytes)?))?;
        Ok(())
    }

    /// Makes everything durable. sled's flush alone only asks the kernel to begin.
    pub(super) fn sync(&self, disk: &dyn Disk) -> Result<(), StateError> {
        guarded(|| Ok(self.db.flush()?))?;
        Ok(disk.sync(&self.file)?)
    }

    /// Reads everything and returns its tally and the newest version.
    pub(super) fn tally(&self) -> Result<(Tally, u64), StateError> {
        let (mut tally, mut newest) = (Tally::default(), 0);
        guarded(move || {
            for next in self.db.iter() {
                let (key, bytes) = next?;
                if &*key != APPLIED {
                    let version = read(&key, &bytes)?.version;
                    tally.change(&key, 0, version);
                    newest = newest.max(version);
                }
            }
            Ok((tally, newest))
        })
    }

    /// Puts something there that is no value.
    #[cfg(test)]
    pub(super) fn spoil(&self, key: &[u8]) {
        drop(self.db.insert(key, vec![7; 40]));
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

thread_local! {
    /// Whether this thread is in sled: its panics are answers then, and nobody else's business.
    static IN_SLED: Cell<bool> = const { Cell::new(false) };
}

/// Lets panics inside sled pass without a word; all others are told as before.
static HUSH: LazyLock<()> = LazyLock::new(|| {
    let tell = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if !IN_SLED.get() {
            tell(panic);
        }
    }));
});

/// Runs something of sled's, which panics where others return errors.
pub(super) fn guarded<T>(body: impl FnOnce() -> Result<T, StateError>) -> Result<T, StateError> {
    LazyLock::force(&HUSH);
    let outside = IN_SLED.replace(true);
    let answer = catch_unwind(AssertUnwindSafe(body));
    IN_SLED.set(outside);
    answer.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        Err(StateError::Panic(
            text.unwrap_or("without a word").to_owned(),
        ))
    })
}

/// Puts version and checksum in front of a value.
fn prefixed(key: &[u8], version: u64, value: &[u8], bytes: &mut Vec<u8>) {
    bytes.clear();
    bytes.extend(version.to_be_bytes());
    bytes.extend(checksum(key, version, value).to_be_bytes());
    bytes.extend(value);
}

/// The version in front of a value; 0 for something else.
fn version_of(bytes: &[u8]) -> u64 {
    bytes
        .first_chunk()
        .map_or(0, |version| u64::from_be_bytes(*version))
}

fn checksum(key: &[u8], version: u64, value: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(key);
    hasher.update(&version.to_be_bytes());
    hasher.update(value);
    hasher.finalize()
}

fn read(key: &[u8], bytes: &[u8]) -> Result<Versioned, StateError> {
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

fn read_applied(bytes: &[u8]) -> Option<Applied> {
    let (body, sum) = bytes.split_last_chunk::<4>()?;
    if crc32fast::hash(body) != u32::from_be_bytes(*sum) {
        return None;
    }
    let (store, rest) = body.strip_prefix(&[FORMAT])?.split_first_chunk()?;
    let (sequence, tally) = rest.split_first_chunk()?;
    let tally = Tally::read(*tally.first_chunk::<TALLY_BYTES>()?);
    Some(Applied {
        store: *store,
        sequence: u64::from_be_bytes(*sequence),
        tally,
    })
}
