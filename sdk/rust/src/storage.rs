//! Values this app keeps, as JSON. Nobody else's app can reach them. Each kind of bucket needs its
//! permission: `storage.app`, `storage.chat`, `storage.user`.
//!
//! Write freely: what one event reads and writes happens at one moment, or the host runs the event
//! again. For numbers that many events change at once use [`Bucket::add`], which never does.

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::denied::{Allowance, allowances};
use crate::wit::souk::storage::buckets as wit;
use crate::{Denied, Result};

/// How many values [`Bucket::entries`] fetches at a time: the most the host gives.
const PAGE: u32 = 100;

/// The authority over one scope's values.
///
/// ```no_run
/// # use souk_sdk::prelude::*;
/// # use std::time::Duration;
/// # fn demo() -> Result {
/// let shop = Bucket::app()?;
/// shop.put("menu/jasmine", &Money::usd(250))?;
/// let price: Option<Money> = shop.get("menu/jasmine")?;
/// shop.add("visits", 1)?;
/// shop.put_for("offer", "jasmine, half the price", Duration::from_secs(3_600))?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Bucket(wit::Bucket);

/// A stored value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<T> {
    /// At most 512 bytes.
    pub key: String,
    /// What is stored; at most 64 KiB as JSON.
    pub value: T,
    /// Counts up with every change of this key; compare it with [`If::Version`].
    pub version: u64,
}

/// What must hold for a write to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum If {
    /// Nothing is there yet.
    Absent,
    /// Exactly this version is there.
    Version(u64),
}

impl Bucket {
    /// Returns the values this app shares with all its chats and people.
    ///
    /// # Errors
    /// [`Denied::NotGranted`] without the permission `storage.app`.
    pub fn app() -> Result<Self, Denied> {
        Self::open(wit::Scope::App)
    }

    /// Returns the values of the chat this event happened in.
    ///
    /// # Errors
    /// [`Denied::NotGranted`] without the permission `storage.chat`.
    pub fn chat() -> Result<Self, Denied> {
        Self::open(wit::Scope::Chat)
    }

    /// Returns the values of the person this event came from.
    ///
    /// # Errors
    /// [`Denied::NotGranted`] without the permission `storage.user`.
    pub fn user() -> Result<Self, Denied> {
        Self::open(wit::Scope::User)
    }

    fn open(scope: wit::Scope) -> Result<Self, Denied> {
        Ok(Self(wit::Bucket::open(scope)?))
    }

    /// Returns the value of `key`, this event's own writes included.
    ///
    /// # Errors
    /// [`Denied::Invalid`] when what is stored is not a `T`.
    pub fn get<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, Denied> {
        Ok(self.entry(key)?.map(|entry| entry.value))
    }

    /// Returns the value of `key` with its version.
    ///
    /// # Errors
    /// [`Denied::Invalid`] when what is stored is not a `T`.
    pub fn entry<T: DeserializeOwned>(&self, key: &str) -> Result<Option<Entry<T>>, Denied> {
        self.0.get(key)?.map(Entry::read).transpose()
    }

    /// Stores `value` under `key`, whatever is there, to stay. Returns its version.
    ///
    /// # Errors
    /// [`Denied::OverLimit`] when key, value or bucket would be too large; [`Denied::Invalid`] when
    /// it is no JSON.
    pub fn put<T: Serialize + ?Sized>(&self, key: &str, value: &T) -> Result<u64, Denied> {
        self.store(key, value, wit::Condition::Always, None)
    }

    /// Stores `value` under `key` if `condition` holds, to stay. Returns its version, for the next
    /// [`If::Version`].
    ///
    /// # Errors
    /// [`Denied::Conflict`] when it does not; [`Denied::OverLimit`] and [`Denied::Invalid`] as with
    /// [`put`](Self::put).
    pub fn put_if<T: Serialize + ?Sized>(
        &self,
        key: &str,
        value: &T,
        condition: If,
    ) -> Result<u64, Denied> {
        self.store(key, value, condition.into(), None)
    }

    /// Stores `value` under `key`, whatever is there, for a time: so long after this event it is
    /// gone, as if it had been deleted. Storing it anew says anew how long it lives. Returns its
    /// version.
    ///
    /// # Errors
    /// [`Denied::Invalid`] when `ttl` is less than a second or more than 366 days; those of
    /// [`put`](Self::put).
    pub fn put_for<T: Serialize + ?Sized>(
        &self,
        key: &str,
        value: &T,
        ttl: Duration,
    ) -> Result<u64, Denied> {
        self.store(key, value, wit::Condition::Always, Some(ttl))
    }

    /// Stores `value` under `key` for a time if `condition` holds. Returns its version.
    ///
    /// # Errors
    /// Those of [`put_if`](Self::put_if) and [`put_for`](Self::put_for).
    pub fn put_if_for<T: Serialize + ?Sized>(
        &self,
        key: &str,
        value: &T,
        condition: If,
        ttl: Duration,
    ) -> Result<u64, Denied> {
        self.store(key, value, condition.into(), Some(ttl))
    }

    fn store<T: Serialize + ?Sized>(
        &self,
        key: &str,
        value: &T,
        condition: wit::Condition,
        ttl: Option<Duration>,
    ) -> Result<u64, Denied> {
        let millis = |ttl: Duration| u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX);
        let value = write(key, value)?;
        Ok(self.0.put(key, &value, condition, ttl.map(millis))?)
    }

    /// Deletes the value of `key`. Deleting nothing is no error.
    ///
    /// # Errors
    /// [`Denied::OverLimit`] when the key is too long.
    pub fn delete(&self, key: &str) -> Result<(), Denied> {
        Ok(self.0.delete(key, wit::Condition::Always)?)
    }

    /// Deletes the value of `key` if `condition` holds.
    ///
    /// # Errors
    /// [`Denied::Conflict`] when it does not.
    pub fn delete_if(&self, key: &str, condition: If) -> Result<(), Denied> {
        Ok(self.0.delete(key, condition.into())?)
    }

    /// Adds to a counter without reading it: any number of events can do it at once and none runs
    /// again. Counters are apart from values.
    ///
    /// # Errors
    /// [`Denied::OverLimit`] when the key is too long.
    pub fn add(&self, key: &str, delta: i64) -> Result<(), Denied> {
        Ok(self.0.increment(key, delta)?)
    }

    /// Returns what a counter says; 0 before the first [`add`](Self::add).
    ///
    /// # Errors
    /// [`Denied::OverLimit`] when the key is too long.
    pub fn count(&self, key: &str) -> Result<i64, Denied> {
        Ok(self.0.count(key)?)
    }

    /// Returns the next number of a series, from 1: each is given once, without gaps. Events that
    /// meet here run again.
    ///
    /// # Errors
    /// [`Denied::OverLimit`] when the key is too long.
    pub fn next(&self, key: &str) -> Result<u64, Denied> {
        Ok(self.0.next(key)?)
    }

    /// Returns the values whose keys start with `prefix`, in key order, beyond the key `after`, at
    /// most `limit`; more than 100 is as good as 100. Fewer than that are the last there are.
    ///
    /// # Errors
    /// [`Denied::OverLimit`] when the page comes to more than the event may still be handed: a
    /// smaller one may fit. [`Denied::Invalid`] when one of them is not a `T`.
    pub fn scan<T: DeserializeOwned>(
        &self,
        prefix: &str,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Entry<T>>, Denied> {
        self.0
            .scan(prefix, after, limit)?
            .into_iter()
            .map(Entry::read)
            .collect()
    }

    /// Returns all values whose keys start with `prefix`, in key order, fetched page by page.
    ///
    /// # Errors
    /// Those of [`scan`](Self::scan).
    pub fn entries<T: DeserializeOwned>(&self, prefix: &str) -> Result<Vec<Entry<T>>, Denied> {
        let mut all: Vec<Entry<T>> = Vec::new();
        loop {
            let after = all.last().map(|entry| entry.key.clone());
            let page = self.scan(prefix, after.as_deref(), PAGE)?;
            if page.is_empty() {
                return Ok(all);
            }
            all.extend(page);
        }
    }

    /// Returns what is left of the limits on storing.
    pub fn allowances(&self) -> Vec<Allowance> {
        allowances(self.0.allowances())
    }
}

impl<T: DeserializeOwned> Entry<T> {
    fn read(
        wit::Entry {
            key,
            value,
            version,
        }: wit::Entry,
    ) -> Result<Self, Denied> {
        match serde_json::from_slice(&value) {
            Ok(value) => Ok(Self {
                key,
                value,
                version,
            }),
            Err(error) => Err(Denied::Invalid(format!(
                "`{key}` holds something else: {error}"
            ))),
        }
    }
}

impl From<If> for wit::Condition {
    fn from(condition: If) -> Self {
        match condition {
            If::Absent => Self::Absent,
            If::Version(version) => Self::Version(version),
        }
    }
}

fn write<T: Serialize + ?Sized>(key: &str, value: &T) -> Result<Vec<u8>, Denied> {
    let no_json = |error| Denied::Invalid(format!("the value for `{key}` is no JSON: {error}"));
    serde_json::to_vec(value).map_err(no_json)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn stored(value: &[u8]) -> wit::Entry {
        wit::Entry {
            key: "cups".to_owned(),
            value: value.to_owned(),
            version: 3,
        }
    }

    #[test]
    fn values_are_read_as_they_were_written() {
        let entry = Entry::read(stored(&write("cups", &["jasmine"]).unwrap())).unwrap();
        let wanted = Entry {
            key: "cups".to_owned(),
            value: vec!["jasmine".to_owned()],
            version: 3,
        };
        assert_eq!(entry, wanted);
    }

    #[test]
    fn what_cannot_be_read_or_written_names_its_key() {
        let read = Entry::<u32>::read(stored(b"\"many\"")).unwrap_err();
        assert!(
            read.to_string().starts_with("`cups` holds something else"),
            "{read}"
        );
        let write = write("cups", &BTreeMap::from([((), 1)])).unwrap_err();
        assert!(
            write
                .to_string()
                .starts_with("the value for `cups` is no JSON"),
            "{write}"
        );
    }
}
