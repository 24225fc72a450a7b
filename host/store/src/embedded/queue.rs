//! Commits on their way into the journal: the records that wait, and the room there is for them.
//!
//! A record is only accepted when there is allocated room for it, so that a full disk is met before
//! anybody could have seen the commit.

use std::collections::VecDeque;

use souk_core::limits::COMMITS_WAITING_BYTES_MAX;

use super::journal::segment::HEADER_BYTES;

/// Records that are written and synced together, into one segment.
#[derive(Default)]
pub(super) struct Group {
    pub(super) records: Vec<u8>,
    pub(super) first: u64,
    pub(super) last: u64,
    /// They start the next segment.
    pub(super) rolls: bool,
}

/// The records that wait.
pub(super) struct Queue {
    groups: VecDeque<Group>,
    bytes: usize,
    /// A buffer that was used before.
    spare: Vec<u8>,
    /// Allocated bytes behind the last record that waits.
    left: u64,
    /// Allocated bytes for records in the next segment, if there is one.
    next: Option<u64>,
    /// More is allocated when less than this is left.
    low: u64,
    /// How much room is asked for.
    asked: Option<u64>,
    /// How often room was looked for.
    looks: u64,
    /// The last of these looks that found none.
    failed: u64,
}

/// What is allocated next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ask {
    /// At least so much.
    pub(super) bytes: u64,
    /// There is an unused segment already: make that one longer.
    pub(super) has_next: bool,
}

/// Whether a record can be accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admission {
    Welcome,
    /// The state on disk is too far behind.
    Behind,
    /// More waits than the disk can take soon.
    Crowded,
    /// Room has been asked for: the look with this number, which has not begun, is for the record.
    NoRoom {
        look: u64,
        /// The last look that found none.
        failed: u64,
    },
}

impl Admission {
    /// The look for room that is for the record, where one is needed.
    pub(super) fn asked(self) -> Option<u64> {
        match self {
            Self::NoRoom { look, .. } => Some(look),
            Self::Welcome | Self::Behind | Self::Crowded => None,
        }
    }

    /// Tells whether the look that a record first asked for is over and has found no room. One
    /// that was under way before the record came says nothing: there may be room since.
    pub(super) fn is_vain(self, asked: Option<u64>) -> bool {
        match (self, asked) {
            (Self::NoRoom { failed, .. }, Some(look)) => look <= failed,
            _ => false,
        }
    }
}

impl Queue {
    pub(super) fn new(growth: u64) -> Self {
        Self {
            groups: VecDeque::new(),
            bytes: 0,
            spare: Vec::new(),
            left: 0,
            next: None,
            low: growth / 2,
            asked: Some(1),
            looks: 0,
            failed: 0,
        }
    }

    /// Tells whether a record of at most `bytes` can be accepted, and asks for room if not.
    pub(super) fn admit(&mut self, bytes: usize) -> Admission {
        if self.bytes.saturating_add(bytes) > COMMITS_WAITING_BYTES_MAX {
            return Admission::Crowded;
        }
        let bytes = wide(bytes);
        if bytes <= self.left || self.next.is_some_and(|next| bytes <= next) {
            return Admission::Welcome;
        }
        self.asked = Some(self.asked.unwrap_or(0).max(bytes));
        Admission::NoRoom {
            look: self.looks.saturating_add(1),
            failed: self.failed,
        }
    }

    /// Accepts a record that was admitted with at most `bytes`.
    pub(super) fn push(&mut self, sequence: u64, bytes: usize, write: impl FnOnce(&mut Vec<u8>)) {
        let rolls = wide(bytes) > self.left;
        if rolls {
            self.left = self.next.take().unwrap_or(0);
        }
        if rolls || self.groups.is_empty() {
            let records = std::mem::take(&mut self.spare);
            self.groups.push_back(Group {
                records,
                first: sequence,
                last: sequence,
                rolls,
            });
        }
        let Some(group) = self.groups.back_mut() else {
            return;
        };
        let before = group.records.len();
        write(&mut group.records);
        group.last = sequence;
        let length = group.records.len().saturating_sub(before);
        self.bytes = self.bytes.saturating_add(length);
        self.left = self.left.saturating_sub(wide(length));
        if self.left < self.low && self.next.is_none() {
            self.asked = Some(self.asked.unwrap_or(1));
        }
    }

    /// Tells whether records wait to be written.
    pub(super) fn is_waited_for(&self) -> bool {
        !self.groups.is_empty()
    }

    /// Takes the records to be written next.
    pub(super) fn take(&mut self) -> Option<Group> {
        let group = self.groups.pop_front()?;
        self.bytes = self.bytes.saturating_sub(group.records.len());
        Some(group)
    }

    /// Takes back the buffer of records that were written.
    pub(super) fn reuse(&mut self, mut buffer: Vec<u8>) {
        buffer.clear();
        if buffer.capacity() <= COMMITS_WAITING_BYTES_MAX / 8 {
            self.spare = buffer;
        }
    }

    /// Tells whether there is an ask; [`ask`](Self::ask) takes it, and a look begins.
    pub(super) fn is_asked(&self) -> bool {
        self.asked.is_some()
    }

    pub(super) fn ask(&mut self) -> Option<Ask> {
        let bytes = self.asked.take()?;
        self.looks = self.looks.saturating_add(1);
        Some(Ask {
            bytes,
            has_next: self.next.is_some(),
        })
    }

    /// Counts room that was added to the newest segment.
    pub(super) fn grown(&mut self, bytes: u64) {
        let room = self.next.as_mut().unwrap_or(&mut self.left);
        *room = room.saturating_add(bytes);
    }

    /// Counts a new segment, as long as that.
    pub(super) fn new_segment(&mut self, length: u64) {
        self.next = Some(length.saturating_sub(wide(HEADER_BYTES)));
    }

    /// The look under way found no room.
    pub(super) fn no_room(&mut self) {
        self.failed = self.looks;
    }
}

/// Counts bytes as files do.
fn wide(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(queue: &mut Queue, sequence: u64, length: usize) {
        assert_eq!(queue.admit(length), Admission::Welcome);
        queue.push(sequence, length, |to| to.extend(vec![0; length]));
    }

    #[test]
    fn records_go_together_until_the_segment_is_full() {
        let mut queue = Queue::new(100);
        assert_eq!(queue.admit(10), Admission::NoRoom { look: 1, failed: 0 });
        queue.grown(100);
        queue.new_segment(50 + wide(HEADER_BYTES));
        push(&mut queue, 1, 40);
        push(&mut queue, 2, 40);
        push(&mut queue, 3, 30);
        assert_eq!(queue.admit(30), Admission::NoRoom { look: 1, failed: 0 });
        let groups: Vec<_> = std::iter::from_fn(|| queue.take()).collect();
        let told: Vec<_> = groups
            .iter()
            .map(|one| (one.first, one.last, one.rolls))
            .collect();
        assert_eq!(told, [(1, 2, false), (3, 3, true)]);
    }

    #[test]
    fn room_is_asked_for_ahead_and_for_what_is_needed() {
        let mut queue = Queue::new(100);
        assert_eq!(queue.ask().unwrap().bytes, 1);
        queue.grown(100);
        push(&mut queue, 1, 40);
        assert!(!queue.is_asked());
        push(&mut queue, 2, 20);
        assert_eq!(
            queue.ask(),
            Some(Ask {
                bytes: 1,
                has_next: false
            })
        );
        assert_eq!(queue.admit(500), Admission::NoRoom { look: 3, failed: 0 });
        assert_eq!(
            queue.ask(),
            Some(Ask {
                bytes: 500,
                has_next: false
            })
        );
        queue.no_room();
        assert_eq!(queue.admit(500), Admission::NoRoom { look: 4, failed: 3 });
        queue.new_segment(wide(HEADER_BYTES) + 100);
        assert_eq!(
            queue.ask(),
            Some(Ask {
                bytes: 500,
                has_next: true
            })
        );
        queue.grown(500);
        push(&mut queue, 3, 500);
        assert_eq!(queue.take().unwrap().last, 2);
        assert!(queue.take().unwrap().rolls);
    }

    #[test]
    fn no_more_waits_than_the_bound() {
        let mut queue = Queue::new(100);
        queue.grown(wide(2 * COMMITS_WAITING_BYTES_MAX));
        push(&mut queue, 1, COMMITS_WAITING_BYTES_MAX);
        assert_eq!(queue.admit(1), Admission::Crowded);
        queue.take().unwrap();
        assert_eq!(queue.admit(1), Admission::Welcome);
    }
}
