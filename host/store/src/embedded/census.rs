//! Counting a state while it changes: the part that has been counted is kept up to date by whoever
//! writes to it.

use super::tally::Tally;
use crate::engine::RawKey;

/// A count that is under way, or not.
#[derive(Default)]
pub(super) struct Census {
    /// Keys before this one have been counted; nothing when nobody counts.
    until: Option<RawKey>,
    tally: Tally,
}

impl Census {
    /// Begins to count.
    pub(super) fn begin(&mut self) {
        (self.until, self.tally) = (Some(RawKey::new()), Tally::default());
    }

    /// Where counting goes on; nothing when nobody counts.
    pub(super) fn until(&self) -> Option<&RawKey> {
        self.until.as_ref()
    }

    /// Counts the next key.
    pub(super) fn count(&mut self, key: &[u8], version: u64) {
        self.tally.change(key, 0, version);
        let mut next = key.to_vec();
        next.push(0);
        self.until = Some(next);
    }

    /// Tells whether a key lies in the part that has been counted.
    pub(super) fn has_counted(&self, key: &[u8]) -> bool {
        let until = self.until.as_ref();
        until.is_some_and(|until| key < until.as_slice())
    }

    /// Says that a key's version has changed; 0 is absent.
    pub(super) fn change(&mut self, key: &[u8], before: u64, after: u64) {
        if self.has_counted(key) {
            self.tally.change(key, before, after);
        }
    }

    /// Ends the count and returns it.
    pub(super) fn end(&mut self) -> Tally {
        self.until = None;
        self.tally
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_behind_the_count_is_counted_and_what_changes_ahead_is_not_twice() {
        let mut census = Census::default();
        census.change(b"a", 0, 9);
        census.begin();
        census.count(b"a", 1);
        census.count(b"c", 2);
        census.change(b"a", 1, 3);
        census.change(b"b", 0, 4);
        census.change(b"c", 2, 0);
        census.change(b"d", 0, 5);
        census.count(b"d", 5);
        let mut right = Tally::default();
        for (key, version) in [(b"a", 3), (b"b", 4), (b"d", 5)] {
            right.change(key, 0, version);
        }
        assert_eq!(census.end(), right);
        assert_eq!(census.until(), None);
    }
}
