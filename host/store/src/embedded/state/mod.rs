//! The state on disk: sled, holding for each key its newest durable value that has reached it.
//!
//! Nothing here is the only copy of anything, and nothing here is trusted: each value carries the
//! commit that wrote it and a checksum, and sled's own failures, panics included, come out as
//! [`StateError`]s. The entries of logs lie there in [`block`]s.

mod block;
mod filter;
mod scan;
#[cfg(test)]
mod tests;
mod value;

use std::cell::Cell;
use std::fs::{self, File};
use std::io;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use souk_core::limits::{
    STATE_CACHE_BYTES, STATE_LOCK_WAIT_MS, STATE_LOCK_WAITS_MAX, STATE_ROOM_BYTES,
};

use self::block::Filling;
use self::filter::Filter;
use self::scan::Scan;
use super::census::Census;
use super::journal::StoreId;
use super::tally::{TALLY_BYTES, Tally};
use crate::disk::{Disk, is_full};
use crate::engine::{Range, RawKey, Versioned};

/// Counts up when the shape of what is in sled changes.
const FORMAT: u8 = 2;
/// The key that says how far the state is. No raw key starts with this byte.
const APPLIED: &[u8] = b"\0applied";

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
    /// Which values there may be.
    filter: Filter,
    path: PathBuf,
}

impl State {
    /// Opens the state, or makes an empty one.
    pub(super) fn open(path: &Path) -> Result<Self, StateError> {
        guarded(|| {
            let db = open(path)?;
            let file = File::options()
                .read(true)
                .write(true)
                .open(path.join("db"))?;
            let filter = Filter::for_state(file.metadata()?.len());
            if db.is_empty() {
                filter.complete();
            }
            Ok(Self {
                db,
                file,
                filter,
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
        if block::is_entry(key) {
            let mut one = self.scan(&Range::of(key))?;
            return Ok(one.next().transpose()?.map(|(_, versioned)| versioned));
        }
        if !self.filter.may_have(key) {
            return Ok(None);
        }
        let found = guarded(|| Ok(self.db.get(key)?))?;
        found.map(|bytes| value::read(key, &bytes)).transpose()
    }

    /// Returns what is in a range, in the order the range asks for, without a limit.
    pub(super) fn scan(&self, range: &Range) -> Result<Scan, StateError> {
        Scan::of(&self.db, range)
    }

    /// Writes values and deletions in the order of their keys.
    pub(super) fn apply<'a>(
        &self,
        writes: impl Iterator<Item = (&'a RawKey, u64, Option<&'a [u8]>)>,
        census: &mut Census,
    ) -> Result<(), StateError> {
        guarded(|| {
            let (mut bytes, mut block) = (Vec::new(), Filling::default());
            for (key, version, value) in writes {
                match value {
                    Some(value) if block::is_entry(key) => {
                        if !block.take(key, version, value) {
                            self.close(&mut block)?;
                            block.take(key, version, value);
                        }
                        census.change(key, 0, version);
                    }
                    value => {
                        let old = self.write(key, version, value, &mut bytes)?;
                        let after = if value.is_some() { version } else { 0 };
                        census.change(key, old, after);
                    }
                }
            }
            self.close(&mut block)
        })
    }

    /// Writes a value or a deletion, and returns the version before; 0 is absent.
    fn write(
        &self,
        key: &RawKey,
        version: u64,
        value: Option<&[u8]>,
        bytes: &mut Vec<u8>,
    ) -> Result<u64, StateError> {
        let old = match value {
            None => self.db.remove(key)?,
            Some(value) => {
                value::write(key, version, value, bytes);
                self.filter.add(key);
                self.db.insert(key, bytes.as_slice())?
            }
        };
        Ok(old.as_deref().map_or(0, value::version))
    }

    /// Writes a block that is full. Blocks that a follower wrote whom a crash interrupted may lie
    /// in its place; what they hold is in this one, or comes after it.
    fn close(&self, block: &mut Filling) -> Result<(), StateError> {
        let Some((first, next, bytes)) = block.close() else {
            return Ok(());
        };
        for old in self.db.range(first.as_slice()..next.as_slice()).keys() {
            let old = old?;
            if *old != *first {
                self.db.remove(old)?;
            }
        }
        self.db.insert(first, bytes)?;
        Ok(())
    }

    /// Counts the next keys of a census; false when there are no more.
    pub(super) fn count(&self, census: &mut Census, keys: usize) -> Result<bool, StateError> {
        let Some(from) = census.until().cloned() else {
            return Ok(false);
        };
        let mut left = keys;
        for next in self.scan(&Range::from(from))? {
            let (key, found) = next?;
            self.know(&key);
            census.count(&key, found.version);
            left = left.saturating_sub(1);
            if left == 0 {
                return Ok(true);
            }
        }
        self.filter.complete();
        Ok(false)
    }

    /// Takes note of a key that is there.
    fn know(&self, key: &[u8]) {
        if !block::is_entry(key) {
            self.filter.add(key);
        }
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
        for next in self.scan(&Range::from(RawKey::new()))? {
            let (key, found) = next?;
            self.know(&key);
            tally.change(&key, 0, found.version);
            newest = newest.max(found.version);
        }
        self.filter.complete();
        Ok((tally, newest))
    }

    /// Puts something there that is no value.
    #[cfg(test)]
    pub(super) fn spoil(&self, key: &[u8]) {
        self.filter.add(key);
        drop(self.db.insert(key, vec![7; 40]));
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// Opens sled. Whoever calls has the store to itself, but threads of the sled that was closed last
/// may take a moment to let go of its file.
fn open(path: &Path) -> sled::Result<sled::Db> {
    let config = sled::Config::new().path(path).flush_every_ms(None);
    let config = config.cache_capacity(STATE_CACHE_BYTES);
    for _ in 0..STATE_LOCK_WAITS_MAX {
        match config.open() {
            Err(sled::Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => {
                thread::sleep(Duration::from_millis(STATE_LOCK_WAIT_MS));
            }
            other => return other,
        }
    }
    config.open()
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
