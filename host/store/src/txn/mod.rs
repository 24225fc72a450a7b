//! A transaction: a handle on reads that are remembered and effects that are staged.

mod logs;
mod numbers;

pub use numbers::Numbers;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use souk_core::limits::VALUE_BYTES_MAX;
use souk_core::{Timestamp, TypedId};

use crate::batch::{Batch, Read};
use crate::engine::{Range, RawKey, StoreError, Versioned};
use crate::key::Key;
use crate::keyring::{Keyring, Owner, Sealed};
use crate::page::Page;
use crate::record::{Record, decode, encode};
use crate::store::Parts;

/// What a transaction's ids are made from. The same seed gives the same ids in the same order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(pub [u8; 32]);

/// What a transaction had staged at some moment; see [`Txn::savepoint`].
#[derive(Clone, Debug, Default)]
pub struct Savepoint {
    writes: BTreeMap<RawKey, Option<Vec<u8>>>,
    adds: usize,
    appends: usize,
}

/// Whether an add is possible on what the transaction saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "an add that does not fit was not staged"]
pub enum Fit {
    /// Staged; the commit checks the bounds again.
    Fits,
    /// The sum would be outside the bounds; nothing was staged.
    Outside,
}

/// A transaction. A cheap handle: clones are the same transaction.
///
/// A read sees the transaction's own write, or the newest value there was when the key was read
/// first: whoever reads it again finds the same, and the commit checks that once. Effects are
/// staged until the [`Store`](crate::Store) that began it commits; after that every call answers
/// [`StoreError::Over`].
#[derive(Clone)]
pub struct Txn(Arc<Inner>);

/// A staged write: a value, or a deletion.
type Write = (RawKey, Option<Vec<u8>>);

struct Inner {
    parts: Arc<Parts>,
    at: Timestamp,
    seed: Seed,
    draft: Mutex<Draft>,
}

#[derive(Default)]
struct Draft {
    over: bool,
    ids: u64,
    /// The newest commit seen: the answer has to wait until it is durable.
    seen: u64,
    batch: Batch,
}

/// Writes a value down, if it is one that the store takes.
fn bounded<R: Record>(value: &R) -> Result<Vec<u8>, StoreError> {
    let bytes = encode(value)?;
    if bytes.len() > VALUE_BYTES_MAX {
        return Err(StoreError::TooLarge);
    }
    Ok(bytes)
}

impl Txn {
    pub(crate) fn begin(parts: Arc<Parts>, seed: Seed) -> Self {
        let (at, mut draft) = (parts.clock.now(), Draft::default());
        draft.batch.begun = parts.engine.moment();
        Self(Arc::new(Inner {
            parts,
            at,
            seed,
            draft: Mutex::new(draft),
        }))
    }

    /// Returns when the transaction began: the one time it knows.
    pub fn now(&self) -> Timestamp {
        self.0.at
    }

    /// Makes a new id, the next that this transaction's seed gives.
    pub fn fresh<I: TypedId>(&self) -> I {
        let mut draft = self.draft();
        draft.ids = draft.ids.saturating_add(1);
        I::mint(self.0.at, self.0.seed.number(draft.ids))
    }

    /// Returns the keyring, to sign and to hash names.
    pub fn keyring(&self) -> &Keyring {
        &self.0.parts.keyring
    }

    /// Seals personal content with its owner's key, which is durable when this returns.
    pub async fn seal(&self, owner: &Owner, plain: &[u8]) -> Result<Sealed, StoreError> {
        self.0.parts.keyring.seal(owner, plain).await
    }

    /// Opens sealed content; `None` when its key was erased.
    pub fn open(&self, sealed: &Sealed) -> Option<Vec<u8>> {
        self.0.parts.keyring.open(sealed)
    }

    /// Reads a value. The commit checks that nobody changed it.
    pub async fn get<R: Record>(&self, key: &Key) -> Result<Option<R>, StoreError> {
        let value = |bytes: Option<&[u8]>| bytes.map(decode).transpose();
        self.read(key.raw(), true, value).await
    }

    /// Reads a value without resting the transaction on it.
    pub async fn peek<R: Record>(&self, key: &Key) -> Result<Option<R>, StoreError> {
        let value = |bytes: Option<&[u8]>| bytes.map(decode).transpose();
        self.read(key.raw(), false, value).await
    }

    /// Stages a value.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] for a value that should be a blob.
    pub fn put<R: Record>(&self, key: &Key, value: &R) -> Result<(), StoreError> {
        self.write(key, Some(bounded(value)?))
    }

    /// Stages a deletion.
    pub fn delete(&self, key: &Key) -> Result<(), StoreError> {
        self.write(key, None)
    }

    /// Reads the values under a prefix, in key order, own writes included. `page.after` is a whole
    /// key. The commit checks that nobody changed, added or removed any in the part that was read.
    pub async fn scan<R: Record>(
        &self,
        prefix: &Key,
        page: Page<Key>,
    ) -> Result<Vec<(Key, R)>, StoreError> {
        let beyond = page.after.as_ref().map(|key| key.raw().to_vec());
        let range = range(prefix.raw(), beyond, page.limit, page.reverse);
        let found = self.read_range(&range, true).await?;
        found
            .into_iter()
            .map(|(key, bytes)| Ok((Key::of_value(key), decode(&bytes)?)))
            .collect()
    }

    /// Reads a raw key: what the transaction itself wrote, what it found there before, or the
    /// engine's newest value.
    async fn read<T>(
        &self,
        key: &[u8],
        checked: bool,
        look: impl Fn(Option<&[u8]>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if let Some(own) = self.live()?.batch.writes.get(key) {
            return look(own.as_deref());
        }
        if let Some(read) = self.live()?.batch.reads.keys.get_mut(key) {
            read.checked |= checked;
            return look(read.value());
        }
        let found = self.0.parts.engine.get(key).await?;
        let mut draft = self.live()?;
        let version = found.as_ref().map_or(0, |found| found.version);
        draft.seen = draft.seen.max(version);
        // Of two reads at once, the one that came first stays.
        let first = draft.batch.reads.keys.entry(key.to_vec());
        let read = first.or_insert(Read {
            found,
            checked: false,
        });
        read.checked |= checked;
        look(read.value())
    }

    /// Reads a raw range with own writes laid over it.
    async fn read_range(
        &self,
        range: &Range,
        checked: bool,
    ) -> Result<Vec<(RawKey, Vec<u8>)>, StoreError> {
        let own = self.own_writes(range)?;
        // Own deletions may hide as many of the engine's as there are.
        let wanted = Range {
            limit: range.limit.saturating_add(own.len()),
            ..range.clone()
        };
        let found = self.0.parts.engine.scan(&wanted).await?;
        self.note_range(wanted, &found, checked)?;

        let mut merged: BTreeMap<RawKey, Option<Vec<u8>>> = found
            .into_iter()
            .map(|(key, found)| (key, Some(found.value)))
            .collect();
        merged.extend(own);
        Ok(range.cut(merged))
    }

    fn own_writes(&self, range: &Range) -> Result<Vec<Write>, StoreError> {
        if range.start >= range.end {
            return Ok(Vec::new());
        }
        let draft = self.live()?;
        let own = draft
            .batch
            .writes
            .range(range.start.clone()..range.end.clone());
        Ok(own
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect())
    }

    fn note_range(
        &self,
        range: Range,
        found: &[(RawKey, Versioned)],
        checked: bool,
    ) -> Result<(), StoreError> {
        let mut draft = self.live()?;
        let newest = found
            .iter()
            .map(|(_, found)| found.version)
            .max()
            .unwrap_or(0);
        draft.seen = draft.seen.max(newest);
        if checked {
            let versions = found
                .iter()
                .map(|(key, found)| (key.clone(), found.version))
                .collect();
            draft.batch.reads.ranges.push((range, versions));
        }
        Ok(())
    }

    fn write(&self, key: &Key, bytes: Option<Vec<u8>>) -> Result<(), StoreError> {
        self.live()?.batch.writes.insert(key.raw().to_vec(), bytes);
        Ok(())
    }

    /// Ends the transaction and returns what it staged and the newest commit it saw.
    pub(crate) fn end(&self) -> Result<(Batch, u64), StoreError> {
        let mut draft = self.live()?;
        draft.over = true;
        Ok((std::mem::take(&mut draft.batch), draft.seen))
    }

    /// Remembers what is staged so far.
    ///
    /// # Errors
    /// [`StoreError::Over`].
    pub fn savepoint(&self) -> Result<Savepoint, StoreError> {
        let draft = self.live()?;
        let Batch {
            writes,
            adds,
            appends,
            ..
        } = &draft.batch;
        Ok(Savepoint {
            writes: writes.clone(),
            adds: adds.len(),
            appends: appends.len(),
        })
    }

    /// Drops what was staged since the savepoint. What was read is still checked: a decision to
    /// drop rests on it.
    ///
    /// # Errors
    /// [`StoreError::Over`].
    pub fn roll_back(&self, to: Savepoint) -> Result<(), StoreError> {
        let mut draft = self.live()?;
        draft.batch.writes = to.writes;
        draft.batch.adds.truncate(to.adds);
        draft.batch.appends.truncate(to.appends);
        Ok(())
    }

    fn live(&self) -> Result<MutexGuard<'_, Draft>, StoreError> {
        let draft = self.draft();
        if draft.over {
            Err(StoreError::Over)
        } else {
            Ok(draft)
        }
    }

    fn draft(&self) -> MutexGuard<'_, Draft> {
        self.0.draft.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seed {
    /// Returns the `count`th number of the seed.
    fn number(&self, count: u64) -> u128 {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            return 0;
        };
        mac.update(&count.to_be_bytes());
        let bytes: [u8; 32] = mac.finalize().into_bytes().into();
        let (half, _) = bytes.split_first_chunk::<16>().unwrap_or((&[0; 16], &[]));
        u128::from_be_bytes(*half)
    }
}

/// The range of everything under `prefix`, beyond `beyond` in the direction asked for.
fn range(prefix: &[u8], beyond: Option<RawKey>, limit: usize, reverse: bool) -> Range {
    let (start, end) = (prefix.to_vec(), successor(prefix));
    match beyond {
        None => Range {
            start,
            end,
            limit,
            reverse,
        },
        Some(key) if reverse => Range {
            start,
            end: key.min(end),
            limit,
            reverse,
        },
        Some(mut key) => {
            key.push(0);
            Range {
                start: key.max(start),
                end,
                limit,
                reverse,
            }
        }
    }
}

/// The first key after everything that starts with `prefix`.
fn successor(prefix: &[u8]) -> RawKey {
    let mut next = prefix.to_vec();
    while let Some(last) = next.pop() {
        if last < u8::MAX {
            next.push(last.saturating_add(1));
            break;
        }
    }
    next
}
