//! What a transaction does with logs: the next place of each is given when it commits.
//!
//! How many entries a log has is the first of the numbers under its key; the others there are for
//! whoever has the log. A chained log has a head of its own, with the hash of its last entry, and
//! each of its entries is found by a key.

use super::{Txn, bounded, range};
use crate::apply::{self, HEAD, Head, NUMBER, tagged};
use crate::batch::Append;
use crate::engine::{RawKey, StoreError};
use crate::key::Key;
use crate::page::Page;
use crate::record::{Place, Record, decode};

impl Txn {
    /// Stages a value for the log's next place, which the commit decides. Never a conflict.
    pub fn append<R: Record>(&self, log: &Key, value: &R) -> Result<(), StoreError> {
        self.stage_append(log, tagged(NUMBER, log.as_bytes()), bounded(value)?, None)
    }

    /// Stages a value for the next place of a hash-chained log, and under a key something that ends
    /// with [`Place::LATER`], in whose stead the commit writes that place.
    /// [`indexed`](Self::indexed) finds the value by it.
    pub fn append_indexed<R: Record, I: Record>(
        &self,
        log: &Key,
        value: &R,
        (key, index): (&Key, &I),
    ) -> Result<(), StoreError> {
        self.put(key, index)?;
        let index = key.raw().to_vec();
        self.stage_append(log, head_key(log), bounded(value)?, Some(index))
    }

    /// Reads a log's entries with their places. Own appends have no place yet and are not seen.
    /// Nothing is checked: entries never change, and new ones come after the page.
    pub async fn entries<R: Record>(
        &self,
        log: &Key,
        page: Page<u64>,
    ) -> Result<Vec<(u64, R)>, StoreError> {
        let found = self.raw_entries(log, page).await?;
        found
            .into_iter()
            .map(|(place, bytes)| Ok((place, decode(&bytes)?)))
            .collect()
    }

    /// Reads a chained log's entries with their places and chain hashes.
    pub async fn chained_entries<R: Record>(
        &self,
        log: &Key,
        page: Page<u64>,
    ) -> Result<Vec<(u64, R, [u8; 32])>, StoreError> {
        let found = self.raw_entries(log, page).await?;
        let split = |(place, bytes): (u64, Vec<u8>)| {
            let (value, hash) = unchained(&bytes)?;
            Ok((place, value, hash))
        };
        found.into_iter().map(split).collect()
    }

    /// Reads the entry of a hash-chained log at the place that was found under a key; also one that
    /// is only staged.
    pub async fn indexed<R: Record>(
        &self,
        log: &Key,
        key: &Key,
        place: Place,
    ) -> Result<Option<R>, StoreError> {
        let Some(place) = place.number() else {
            return self.own_append(key.raw());
        };
        let key = apply::entry_key(log.as_bytes(), place);
        let value = |bytes: Option<&[u8]>| {
            let entry = bytes.map(unchained).transpose()?;
            Ok(entry.map(|(value, _)| value))
        };
        self.read(&key, false, value).await
    }

    /// Returns what is staged for the place that a key will have.
    fn own_append<R: Record>(&self, key: &[u8]) -> Result<Option<R>, StoreError> {
        let draft = self.live()?;
        let mut own = draft.batch.appends.iter().rev();
        let own = own.find(|append| append.index.as_deref() == Some(key));
        own.map(|append| decode(&append.value)).transpose()
    }

    /// Returns how many entries a log has. The commit checks that there are no more.
    pub async fn count(&self, log: &Key) -> Result<u64, StoreError> {
        self.numbers(log).await?.count()
    }

    /// Returns how many entries a log had a moment ago.
    pub async fn peek_count(&self, log: &Key) -> Result<u64, StoreError> {
        self.peek_numbers(log).await?.count()
    }

    /// Returns how many entries a chained log has. The commit checks that there are no more.
    pub async fn chained_count(&self, log: &Key) -> Result<u64, StoreError> {
        let entries = |head: Option<&[u8]>| Ok(Head::read(head.unwrap_or_default())?.entries);
        self.read(&head_key(log), true, entries).await
    }

    async fn raw_entries(
        &self,
        log: &Key,
        page: Page<u64>,
    ) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
        let beyond = page
            .after
            .map(|place| apply::entry_key(log.as_bytes(), place));
        let prefix = apply::entry_prefix(log.as_bytes());
        let range = range(&prefix, beyond, page.limit, page.reverse);
        let found = self.read_range(&range, false).await?;
        let place = |key: &RawKey| {
            key.last_chunk::<8>()
                .map(|place| u64::from_be_bytes(*place))
        };
        found
            .into_iter()
            .map(|(key, bytes)| Ok((place(&key).ok_or(StoreError::Form)?, bytes)))
            .collect()
    }

    fn stage_append(
        &self,
        log: &Key,
        head: RawKey,
        value: Vec<u8>,
        index: Option<RawKey>,
    ) -> Result<(), StoreError> {
        let log = log.as_bytes().to_vec();
        self.live()?.batch.appends.push(Append {
            log,
            head,
            value,
            index,
        });
        Ok(())
    }
}

/// Where the head of a chained log is.
fn head_key(log: &Key) -> RawKey {
    tagged(HEAD, log.as_bytes())
}

/// Takes an entry of a chained log apart: the value, and its hash.
fn unchained<R: Record>(bytes: &[u8]) -> Result<(R, [u8; 32]), StoreError> {
    let (value, hash) = bytes.split_last_chunk().ok_or(StoreError::Form)?;
    Ok((decode(value)?, *hash))
}
