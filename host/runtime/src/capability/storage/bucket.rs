//! One bucket's rules: conditions, versions, counters, and how much fits in.

use souk_core::Timestamp;
use souk_core::limits::{BUCKET_BYTES_MAX, COUNTER_STEPS_MAX, STORED_PAGE_ENTRIES};
use souk_events::{BucketPlace, Event};
use souk_store::{Bounds, Fit, Key, Owner, Page, StoreError, Txn};

use super::record::{Expiring, Stored};
use super::{expiry, keys};
use crate::bindings::souk::storage::buckets::{Condition, Entry, Scope};
use crate::denied::No;

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

/// The data of one app and scope, as one event sees it.
#[derive(Clone, Debug)]
pub(super) struct Bucket {
    place: BucketPlace,
    key: Key,
    /// Whose key seals what is put there now.
    owner: Owner,
    /// The event's time: what has expired by then is gone. A run that happens again sees the same.
    at: Timestamp,
    /// What it may hold, in bytes.
    bytes: i64,
}

/// What to put, and for how long.
pub(super) struct Put<'a> {
    pub(super) key: &'a str,
    pub(super) value: &'a [u8],
    pub(super) condition: Condition,
    /// In milliseconds; `None`: it stays.
    pub(super) ttl_ms: Option<u64>,
}

impl Bucket {
    /// The bucket an event gives of a scope, if it has such a chat or person; the person's begins
    /// anew each time they have left the app.
    ///
    /// What a person's event stores for a chat or a person is erased with that person. What it
    /// stores for the whole app belongs to the app: nobody's leaving takes the shop's stock along.
    pub(super) fn of(event: &Event, scope: Scope) -> Option<Self> {
        let app = event.app.clone();
        let (place, owner) = match scope {
            Scope::App => (BucketPlace::App(app), Owner::App(event.app.clone())),
            Scope::Chat => (BucketPlace::Chat(app, event.chat?), event.owner()),
            Scope::User => (
                BucketPlace::User(app, event.user?, event.left),
                event.owner(),
            ),
        };
        let (key, at) = (keys::of(&place), event.at);
        Some(Self {
            place,
            key,
            owner,
            at,
            bytes: BUCKET_BYTES_MAX,
        })
    }

    /// The same, which may hold so many bytes at most.
    pub(super) fn within(self, bytes: i64) -> Self {
        Self { bytes, ..self }
    }

    /// The value under a key. One that has expired, or was erased with its owner, is not there.
    pub(super) async fn get(&self, txn: &Txn, key: &str) -> Result<Option<Entry>, StoreError> {
        let stored: Option<Stored> = txn.get(&keys::value(&self.key, key)).await?;
        Ok(stored.and_then(|stored| self.entry(txn, key.to_owned(), &stored)))
    }

    /// Stages a value, in the place of what is there and of its time to live. Returns its version.
    pub(super) async fn put(&self, txn: &Txn, put: Put<'_>) -> Result<u64, No> {
        let stored = self.living(txn, put.key).await?;
        check(txn, stored.as_ref(), put.condition)?;
        let bytes = put.key.len().saturating_add(put.value.len());
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let held = stored.as_ref().map_or(0, |stored| stored.bytes);
        self.take_room(txn, bytes, held).await?;

        let before = match &stored {
            Some(stored) => stored.version,
            None => floor(txn, &self.key).await?,
        };
        let version = before.saturating_add(1);
        if let Some(at) = stored.and_then(|stored| stored.expires) {
            txn.delete(&keys::expiring(&self.key, at, put.key))?;
        }
        let expires = put.ttl_ms.map(|millis| self.at.after_millis(millis));
        if let Some(at) = expires {
            let what = Expiring { version, bytes };
            expiry::note(txn, &self.place, put.key, at, &what).await?;
        }
        let value = txn.seal(&self.owner, put.value).await?;
        let stored = Stored {
            version,
            bytes,
            expires,
            value,
        };
        txn.put(&keys::value(&self.key, put.key), &stored)?;
        Ok(version)
    }

    /// Stages a deletion.
    pub(super) async fn delete(
        &self,
        txn: &Txn,
        key: &str,
        condition: Condition,
    ) -> Result<(), No> {
        let stored = self.living(txn, key).await?;
        check(txn, stored.as_ref(), condition)?;
        match stored {
            Some(stored) => Ok(self.remove(txn, key, &stored).await?),
            None => Ok(()),
        }
    }

    /// Stages an addition to a counter, whatever it says.
    pub(super) async fn increment(&self, txn: &Txn, key: &str, delta: i64) -> Result<(), No> {
        let counter = keys::counter(&self.key, key);
        self.found(txn, &counter, key).await?;
        match txn.add(&counter, delta, COUNTER).await? {
            Fit::Fits => Ok(()),
            Fit::Outside => Err(No::over_limit("counter", COUNTER_STEPS_MAX)),
        }
    }

    /// What a counter says.
    pub(super) async fn count(&self, txn: &Txn, key: &str) -> Result<i64, StoreError> {
        txn.number(&keys::counter(&self.key, key)).await
    }

    /// Stages the next number of a series, and rests the run on nobody else having taken it.
    pub(super) async fn next(&self, txn: &Txn, key: &str) -> Result<u64, No> {
        let series = keys::series(&self.key, key);
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
        let within = keys::values(&self.key, prefix);
        let mut beyond = after.map(|after| keys::value(&self.key, &after));
        let (mut found, mut bytes) = (Vec::new(), 0_usize);
        while found.len() < limit {
            let wanted = STORED_PAGE_ENTRIES.min(limit.saturating_sub(found.len()));
            let page: Vec<(Key, Stored)> = txn
                .scan(&within, Page::first(wanted).after(beyond.take()))
                .await?;
            let came = page.len();
            // Entry by entry the page goes and what is found grows: together they are not held.
            for (key, stored) in page {
                let name = keys::name(&self.key, &key).ok_or(StoreError::Form)?;
                found.extend(self.entry(txn, name, &stored));
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
        let held = txn.peek_number(&keys::size(&self.key)).await?;
        let gone = expiry::expired_bytes(txn, &self.key, self.at).await?;
        let held = held.saturating_sub_unsigned(gone);
        Ok(usize::try_from(self.bytes.saturating_sub(held)).unwrap_or(0))
    }

    /// Exchanges room for `held` bytes for room for `wanted`. Where there is none, what has expired
    /// makes some.
    async fn take_room(&self, txn: &Txn, wanted: u64, held: u64) -> Result<(), No> {
        let delta = signed(wanted)?.saturating_sub(signed(held)?);
        if exchange(txn, &self.key, delta, self.bytes).await? == Fit::Fits {
            return Ok(());
        }
        expiry::delete_expired(txn, &self.key, self.at).await?;
        match exchange(txn, &self.key, delta, self.bytes).await? {
            Fit::Fits => Ok(()),
            Fit::Outside => Err(No::over_limit("bucket-bytes", self.bytes)),
        }
    }

    /// What is stored under a key, to be written over. What has expired is cleared away first.
    async fn living(&self, txn: &Txn, key: &str) -> Result<Option<Stored>, StoreError> {
        let stored: Option<Stored> = txn.get(&keys::value(&self.key, key)).await?;
        match stored {
            Some(stored) if stored.has_expired(self.at) => {
                self.remove(txn, key, &stored).await?;
                Ok(None)
            }
            stored => Ok(stored),
        }
    }

    async fn remove(&self, txn: &Txn, key: &str, stored: &Stored) -> Result<(), StoreError> {
        give_back(txn, &self.key, stored.bytes).await?;
        raise_floor(txn, &self.key, stored.version).await?;
        if let Some(at) = stored.expires {
            txn.delete(&keys::expiring(&self.key, at, key))?;
        }
        txn.delete(&keys::value(&self.key, key))
    }

    /// What a guest sees of a value; nothing when it has expired or was erased.
    fn entry(&self, txn: &Txn, key: String, stored: &Stored) -> Option<Entry> {
        if stored.has_expired(self.at) {
            return None;
        }
        let value = txn.open(&stored.value)?;
        Some(Entry {
            key,
            value,
            version: stored.version,
        })
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
}

/// Gives room back. Nothing takes more out of a bucket than was put in.
pub(super) async fn give_back(txn: &Txn, bucket: &Key, bytes: u64) -> Result<(), StoreError> {
    let delta = signed(bytes)?.saturating_neg();
    exchange(txn, bucket, delta, BUCKET_BYTES_MAX)
        .await
        .map(drop)
}

/// Counts bytes in or out, up to `most`. What goes out does so also where there is more than there
/// may be now.
async fn exchange(txn: &Txn, bucket: &Key, delta: i64, most: i64) -> Result<Fit, StoreError> {
    let ceiling = if delta > 0 { most } else { BUCKET_BYTES_MAX };
    txn.add(&keys::size(bucket), delta, Bounds { floor: 0, ceiling })
        .await
}

fn signed(bytes: u64) -> Result<i64, StoreError> {
    i64::try_from(bytes).map_err(|_| StoreError::Form)
}

/// The version that a new key counts on from: above all that were ever deleted here, so that a
/// version never stands for two values of a key.
async fn floor(txn: &Txn, bucket: &Key) -> Result<u64, StoreError> {
    Ok(txn.get(&keys::floor(bucket)).await?.unwrap_or(0))
}

/// Has new keys count on from beyond a version that was deleted.
pub(super) async fn raise_floor(txn: &Txn, bucket: &Key, deleted: u64) -> Result<(), StoreError> {
    if deleted > floor(txn, bucket).await? {
        txn.put(&keys::floor(bucket), &deleted)?;
    }
    Ok(())
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
    let conflict = |present: Option<&Stored>| match present {
        Some(stored) => No::conflict("version", format!("version {}", stored.version)),
        None => No::conflict("absent", "absent"),
    };
    match condition {
        Condition::Always => Ok(()),
        Condition::Absent => match present() {
            None => Ok(()),
            there => Err(conflict(there)),
        },
        Condition::Version(wanted) => match present() {
            Some(stored) if stored.version == wanted => Ok(()),
            other => Err(conflict(other)),
        },
    }
}
