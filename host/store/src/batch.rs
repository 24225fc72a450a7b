//! What a transaction asks of an engine when it commits.

use std::collections::BTreeMap;

use souk_core::Timestamp;

use crate::engine::{Range, RawKey, Versioned};

/// A closed interval that a number must stay in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The least it may be.
    pub floor: i64,
    /// The most it may be.
    pub ceiling: i64,
}

impl Bounds {
    /// No bound but the type's own.
    pub const NONE: Self = Self {
        floor: i64::MIN,
        ceiling: i64::MAX,
    };

    /// Returns `number + delta` if that is within the bounds.
    pub fn sum(self, number: i64, delta: i64) -> Option<i64> {
        number
            .checked_add(delta)
            .filter(|sum| (self.floor..=self.ceiling).contains(sum))
    }
}

/// What was read: another commit must not have changed what the transaction rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// What was found under single keys.
    pub keys: BTreeMap<RawKey, Read>,
    /// Ranges, with what was found in them. The transaction rests on all of them.
    pub ranges: Vec<(Range, Vec<(RawKey, u64)>)>,
}

/// What was found under a key when the transaction looked there first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// What was there. Also where nothing rests on it, it spares the commit a look.
    pub found: Option<Versioned>,
    /// Whether the transaction rests on it.
    pub checked: bool,
}

impl Read {
    /// Returns the commit that wrote it; 0 is absent.
    pub fn version(&self) -> u64 {
        self.found.as_ref().map_or(0, |found| found.version)
    }

    /// Returns the bytes, if there are any.
    pub fn value(&self) -> Option<&[u8]> {
        self.found.as_ref().map(|found| found.value.as_slice())
    }
}

impl Reads {
    /// Returns the keys that the transaction rests on, with the version of each; 0 is absent.
    pub fn checked(&self) -> impl Iterator<Item = (&RawKey, u64)> {
        let checked = self.keys.iter().filter(|(_, read)| read.checked);
        checked.map(|(key, read)| (key, read.version()))
    }
}

/// A change of a number by an amount, whatever the number is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Add {
    /// The key that the number lies under.
    pub key: RawKey,
    /// Which of the numbers there it is.
    pub slot: u8,
    /// What is added.
    pub delta: i64,
    /// What must hold afterwards.
    pub bounds: Bounds,
}

/// A value for the next place of a log, wherever that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Append {
    /// The log, as a key without a tag.
    pub log: RawKey,
    /// Where it is written down how many entries the log has.
    pub head: RawKey,
    /// The value.
    pub value: Vec<u8>,
    /// Of a chained log, each entry of which carries a hash over itself and the entry before it:
    /// the key of a write of the same batch that ends with the place this append is given.
    pub index: Option<RawKey>,
}

/// Values put (`Some`) and deleted (`None`), in the order of their keys.
pub(crate) type Writes = BTreeMap<RawKey, Option<Vec<u8>>>;

/// Everything one transaction does, applied whole or not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// What was read since it began.
    pub reads: Reads,
    /// Values put (`Some`) and deleted (`None`).
    pub writes: Writes,
    /// Bounded adds, in order.
    pub adds: Vec<Add>,
    /// Appends, in order.
    pub appends: Vec<Append>,
    /// The engine's [`moment`](crate::Engine::moment) when the transaction began.
    pub begun: u64,
}

impl Batch {
    /// Tells whether the batch changes nothing.
    pub fn is_read_only(&self) -> bool {
        self.writes.is_empty() && self.adds.is_empty() && self.appends.is_empty()
    }

    /// Returns about how many bytes it writes.
    pub fn bytes(&self) -> usize {
        let sum = |key: &RawKey, value: usize| key.len().saturating_add(value);
        let writes = self.writes.iter();
        let writes = writes.map(|(key, value)| sum(key, value.as_ref().map_or(0, Vec::len)));
        let adds = self.adds.iter().map(|add| sum(&add.key, size_of::<i64>()));
        let appends = self.appends.iter();
        let appends = appends.map(|append| sum(&append.log, append.value.len()));
        let all = writes.chain(adds).chain(appends);
        all.fold(0, usize::saturating_add)
    }
}

/// What became of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    /// The commit's place among all commits, from 1.
    pub sequence: u64,
    /// When; never earlier than the commit before.
    pub at: Timestamp,
    /// The place given to each append, from 0.
    pub places: Vec<u64>,
}
