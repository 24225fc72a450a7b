//! One bucket's rules: conditions, versions, counters, and how much fits in.

use souk_core::limits::{BUCKET_BYTES_MAX, COUNTER_STEPS_MAX, STORED_PAGE_ENTRIES};
use souk_events::Event;
use souk_store::{Bounds, Fit, Key, Owner, Page, StoreError, Txn};

use super::keys;
use super::record::Stored;
use crate::bindings::souk::storage::buckets::{Condition, Entry, Scope};
use crate::denied::No;

/// What a bucket may hold, in bytes.
const ROOM: Bounds = Bounds {
    floor: 0,
    ceiling: BUCKET_BYTES_MAX,
};
/// What a counter may say: what every guest language holds exactly.
const COUNTER: Bounds = Bounds {
    floor: -COUNTER_STEPS_MAX,
    ceiling: COUNTER_STEPS_MAX,
};
/// What a series may say.
const SERIES: Bounds = Bounds {
    floor: 0,
    ceiling: COUNTER_STEPS_MAX,
};

/// The data of one app and scope, and whose key seals what is put there now.
#[derive(Clone, Debug)]
pub(super) struct Bucket {
    place: Key,
    owner: Owner,
}

impl Bucket {
    /// The bucket an event gives of a scope, if it has such a chat or person; the person's begins
    /// anew each time they have left the app.
    ///
    /// What a person's event stores for a chat or a person is erased with that person. What it
    /// stores for the whole app belongs to the app: nobody's leaving takes the shop's stock along.
    pub(super) fn of(event: &Event, scope: Scope) -> Option<Self> {
        let Event { app, left, .. } = event;
        let (place, owner) = match scope {
            Scope::App => (keys::of_app(app), Owner::App(app.clone())),
            Scope::Chat => (keys::of_chat(app, event.chat?), event.owner()),
            Scope::User => (keys::of_user(app, event.user?, *left), event.owner()),
        };
        Some(Self { place, owner })
    }

    /// The value under a key. One that was erased with its owner is not there.
    pub(super) async fn get(&self, txn: &Txn, key: &str) -> Result<Option<Entry>, StoreError> {
        let stored: Option<Stored> = txn.get(&keys::value(&self.place, key)).await?;
        Ok(stored.and_then(|stored| entry(txn, key.to_owned(), &stored)))
    }

    /// Stages a value.
    pub(super) async fn put(
        &self,
        txn: &Txn,
        key: &str,
        value: &[u8],
        condition: Condition,
    ) -> Result<(), No> {
        let at = keys::value(&self.place, key);
        let stored: Option<Stored> = txn.get(&at).await?;
        check(txn, stored.as_ref(), condition)?;
        let bytes = key.len().saturating_add(value.len());
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let held = stored.as_ref().map_or(0, |stored| stored.bytes);
        self.take_room(txn, bytes, held).await?;

        let version = match stored {
            Some(stored) => stored.version,
            None => self.floor(txn).await?,
        };
        let value = txn.seal(&self.owner, value).await?;
        Ok(txn.put(
            &at,
            &Stored {
                version: version.saturating_add(1),
                bytes,
                value,
            },
        )?)
    }

    /// Stages a deletion.
    pub(super) async fn delete(
        &self,
        txn: &Txn,
        key: &str,
        condition: Condition,
    ) -> Result<(), No> {
        let at = keys::value(&self.place, key);
        let stored: Option<Stored> = txn.get(&at).await?;
        check(txn, stored.as_ref(), condition)?;
        let Some(stored) = stored else { return Ok(()) };
        self.take_room(txn, 0, stored.bytes).await?;
        self.raise_floor(txn, stored.version).await?;
        Ok(txn.delete(&at)?)
    }

    /// Stages an addition to a counter, whatever it says.
    pub(super) async fn increment(&self, txn: &Txn, key: &str, delta: i64) -> Result<(), No> {
        let counter = keys::counter(&self.place, key);
        self.found(txn, &counter, key).await?;
        match txn.add(&counter, delta, COUNTER).await? {
            Fit::Fits => Ok(()),
            Fit::Outside => Err(No::over_limit("counter", COUNTER_STEPS_MAX)),
        }
    }

    /// What a counter says.
    pub(super) async fn count(&self, txn: &Txn, key: &str) -> Result<i64, StoreError> {
        txn.number(&keys::counter(&self.place, key)).await
    }

    /// Stages the next number of a series, and rests the run on nobody else having taken it.
    pub(super) async fn next(&self, txn: &Txn, key: &str) -> Result<u64, No> {
        let series = keys::series(&self.place, key);
        self.found(txn, &series, key).await?;
        let next = txn.number(&series).await?.saturating_add(1);
        match txn.add(&series, 1, SERIES).await? {
            Fit::Fits => Ok(u64::try_from(next).map_err(|_| StoreError::Form)?),
            Fit::Outside => Err(No::over_limit("series", COUNTER_STEPS_MAX)),
        }
    }

    /// At most `limit` values in key order, which together may come to `most` bytes. Read in small
    /// pages, so that no scan holds more than one of them beyond that.
    pub(super) async fn scan(
        &self,
        txn: &Txn,
        prefix: &str,
        after: Option<String>,
        limit: usize,
        most: usize,
    ) -> Result<Vec<Entry>, No> {
        let within = keys::values(&self.place, prefix);
        let mut beyond = after.map(|after| keys::value(&self.place, &after));
        let (mut found, mut bytes) = (Vec::new(), 0_usize);
        while found.len() < limit {
            let wanted = STORED_PAGE_ENTRIES.min(limit.saturating_sub(found.len()));
            let page: Vec<(Key, Stored)> = txn
                .scan(&within, Page::first(wanted).after(beyond.take()))
                .await?;
            let came = page.len();
            // Entry by entry the page goes and what is found grows: together they are not held.
            for (key, stored) in page {
                let name = keys::name(&self.place, &key).ok_or(StoreError::Form)?;
                found.extend(entry(txn, name, &stored));
                bytes = bytes.saturating_add(found.last().map_or(0, size));
                beyond = Some(key);
            }
            if bytes > most {
                return Err(No::over_limit("answer-bytes", most));
            }
            if came < wanted {
                break;
            }
        }
        Ok(found)
    }

    /// How many bytes still fit in.
    pub(super) async fn room(&self, txn: &Txn) -> Result<usize, StoreError> {
        let held = txn.peek_number(&keys::size(&self.place)).await?;
        Ok(usize::try_from(BUCKET_BYTES_MAX.saturating_sub(held)).unwrap_or(0))
    }
    /// Exchanges room for `held` bytes for room for `wanted`.
    async fn take_room(&self, txn: &Txn, wanted: u64, held: u64) -> Result<(), No> {
        let signed = |bytes| i64::try_from(bytes).map_err(|_| StoreError::Form);
        let delta = signed(wanted)?.saturating_sub(signed(held)?);
        match txn.add(&keys::size(&self.place), delta, ROOM).await? {
            Fit::Fits => Ok(()),
            Fit::Outside => Err(No::over_limit("bucket-bytes", BUCKET_BYTES_MAX)),
        }
    }

    /// Takes room for a number at its first use. Only a glance at the mark: two that are first at
    /// once both pay, and neither has to run again.
    async fn found(&self, txn: &Txn, number: &Key, key: &str) -> Result<(), No> {
        if txn.peek::<()>(number).await?.is_none() {
            self.take_room(txn, u64::try_from(key.len()).unwrap_or(u64::MAX), 0)
                .await?;
            txn.put(number, &())?;
        }
        Ok(())
    }

    /// The version that a new key counts on from: above all that were ever deleted here, so that a
    /// version never stands for two values of a key.
    async fn floor(&self, txn: &Txn) -> Result<u64, StoreError> {
        Ok(txn.get(&keys::floor(&self.place)).await?.unwrap_or(0))
    }

    async fn raise_floor(&self, txn: &Txn, deleted: u64) -> Result<(), StoreError> {
        if deleted > self.floor(txn).await? {
            txn.put(&keys::floor(&self.place), &deleted)?;
        }
        Ok(())
    }
}

/// What a guest sees of a value; nothing when it was erased.
fn entry(txn: &Txn, key: String, stored: &Stored) -> Option<Entry> {
    let value = txn.open(&stored.value)?;
    Some(Entry {
        key,
        value,
        version: stored.version,
    })
}

/// What an entry comes to when it is handed over.
pub(super) fn size(entry: &Entry) -> usize {
    entry
        .key
        .len()
        .saturating_add(entry.value.len())
        .saturating_add(size_of::<u64>())
}

/// Checks that what a write asks for is so. An erased value counts as not there.
fn check(txn: &Txn, stored: Option<&Stored>, condition: Condition) -> Result<(), No> {
    let present = || stored.filter(|stored| txn.open(&stored.value).is_some());
    let says = |present: Option<&Stored>| match present {
        Some(stored) => format!("version {}", stored.version),
        None => "absent".to_owned(),
    };
    match condition {
        Condition::Always => Ok(()),
        Condition::Absent => match present() {
            None => Ok(()),
            there => Err(No::conflict(says(there))),
        },
        Condition::Version(wanted) => match present() {
            Some(stored) if stored.version == wanted => Ok(()),
            other => Err(No::conflict(says(other))),
        },
    }
}
