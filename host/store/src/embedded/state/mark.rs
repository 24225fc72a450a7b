//! How far a layer has come, and what it needs under itself.

use super::FORMAT;
use crate::embedded::journal::StoreId;
use crate::embedded::tally::{TALLY_BYTES, Tally};

/// How far the state is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::embedded) struct Applied {
    pub(in crate::embedded) store: StoreId,
    /// The last record that reached it.
    pub(in crate::embedded) sequence: u64,
    /// The tally that record gives for the state.
    pub(in crate::embedded) tally: Tally,
}

/// Where a layer stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Footing {
    /// It has everything after this record, and needs what is older under itself.
    pub(super) floor: u64,
    /// The record at which the checkpoint ends that it rests on; 0 for none.
    pub(super) base: u64,
}

impl Footing {
    /// Tells whether there has to be a layer between this one and the checkpoint.
    pub(super) fn has_gap(&self) -> bool {
        self.base < self.floor
    }
}

/// What a layer says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) applied: Applied,
    pub(super) footing: Footing,
}

impl Mark {
    pub(super) fn bytes(&self) -> Vec<u8> {
        let Applied {
            store,
            sequence,
            tally,
        } = self.applied;
        let mut bytes = vec![FORMAT];
        bytes.extend(store);
        bytes.extend(sequence.to_be_bytes());
        bytes.extend(tally.bytes());
        bytes.extend(self.footing.floor.to_be_bytes());
        bytes.extend(self.footing.base.to_be_bytes());
        bytes.extend(crc32fast::hash(&bytes).to_be_bytes());
        bytes
    }

    /// Reads what [`bytes`](Self::bytes) wrote; nothing for something else.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (body, sum) = bytes.split_last_chunk::<4>()?;
        if crc32fast::hash(body) != u32::from_be_bytes(*sum) {
            return None;
        }
        let (store, rest) = body.strip_prefix(&[FORMAT])?.split_first_chunk()?;
        let (sequence, rest) = rest.split_first_chunk()?;
        let (tally, rest) = rest.split_first_chunk::<TALLY_BYTES>()?;
        let (floor, rest) = rest.split_first_chunk()?;
        let applied = Applied {
            store: *store,
            sequence: u64::from_be_bytes(*sequence),
            tally: Tally::read(*tally),
        };
        let footing = Footing {
            floor: u64::from_be_bytes(*floor),
            base: u64::from_be_bytes(*rest.first_chunk()?),
        };
        Some(Self { applied, footing })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flipped_byte_of_a_mark_is_found() {
        let mark = Mark {
            applied: Applied {
                store: [3; 16],
                sequence: 9,
                tally: Tally::default(),
            },
            footing: Footing { floor: 7, base: 5 },
        };
        let bytes = mark.bytes();
        assert_eq!(Mark::read(&bytes), Some(mark));
        for place in 0..bytes.len() {
            let mut bytes = bytes.clone();
            bytes[place] ^= 1;
            assert_eq!(Mark::read(&bytes), None, "byte {place}");
        }
    }
}
