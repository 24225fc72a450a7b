//! Reading a range of one layer: values and deletions as they lie there, and the entries in its
//! blocks.

use std::vec;

use super::guard::{Sled, guarded};
use super::{StateError, block, value};
use crate::embedded::recent::Written;
use crate::engine::{Range, RawKey};

/// The least a range of raw keys starts with.
const FIRST: u8 = 1;

type Found = (RawKey, Written);

/// What is in a range, in its order, without its limit.
pub(in crate::embedded) struct Scan {
    found: sled::Iter,
    start: RawKey,
    end: RawKey,
    reverse: bool,
    /// What is left of what was read last.
    read: vec::IntoIter<Found>,
}

impl Scan {
    pub(super) fn of(sled: &Sled, range: &Range) -> Result<Self, StateError> {
        let start = range.start.clone().max(vec![FIRST]);
        let end = range.end.clone().max(start.clone());
        let found = sled.with(|db| Ok(db.range(first_block(db, &start)?..end.clone())))?;
        Ok(Self {
            found,
            start,
            end,
            reverse: range.reverse,
            read: Vec::new().into_iter(),
        })
    }

    /// Reads on; false when there is no more.
    fn read_on(&mut self) -> Result<bool, StateError> {
        let found = &mut self.found;
        let next = if self.reverse {
            guarded(|| Ok(found.next_back().transpose()?))?
        } else {
            guarded(|| Ok(found.next().transpose()?))?
        };
        let Some((key, bytes)) = next else {
            return Ok(false);
        };
        let mut read = read(&key, &bytes)?;
        read.retain(|(key, _)| (&self.start..&self.end).contains(&key));
        self.read = read.into_iter();
        Ok(true)
    }
}

impl Iterator for Scan {
    type Item = Result<Found, StateError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let next = if self.reverse {
                self.read.next_back()
            } else {
                self.read.next()
            };
            if next.is_some() {
                return next.map(Ok);
            }
            match self.read_on() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

/// Where to begin so that the block is read which has the first entry of the range inside.
fn first_block(db: &sled::Db, start: &RawKey) -> Result<RawKey, StateError> {
    if block::is_entry(start)
        && let Some((key, _)) = db.range(..=start.as_slice()).next_back().transpose()?
        && block::log(&key).is_some_and(|log| start.starts_with(log))
    {
        return Ok(key.to_vec());
    }
    Ok(start.clone())
}

/// What lies under a key of the disk.
fn read(key: &[u8], bytes: &[u8]) -> Result<Vec<Found>, StateError> {
    if block::is_entry(key) {
        return block::read(key, bytes);
    }
    Ok(vec![(key.to_vec(), value::read(key, bytes)?)])
}
