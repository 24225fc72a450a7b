//! One number that stands for a whole state: how many keys it has, and a sum over each key and the
//! commit that wrote it.
//!
//! Every record of the journal carries the tally of the state after it. A state on disk that lost a
//! write, kept an old one or was given one too many has another tally, though each of its values
//! may be sound.

/// The tally of a state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// How many keys there are.
    pub(super) keys: u64,
    sum: u64,
}

/// The length of a tally in bytes.
pub(super) const TALLY_BYTES: usize = 16;

impl Tally {
    /// Counts a key's change from one version to another; 0 is absent.
    pub(super) fn change(&mut self, key: &[u8], before: u64, after: u64) {
        if before != 0 {
            self.keys = self.keys.saturating_sub(1);
            self.sum = self.sum.wrapping_sub(mark(key, before));
        }
        if after != 0 {
            self.keys = self.keys.saturating_add(1);
            self.sum = self.sum.wrapping_add(mark(key, after));
        }
    }

    pub(super) fn bytes(self) -> [u8; TALLY_BYTES] {
        (u128::from(self.keys) << 64 | u128::from(self.sum)).to_be_bytes()
    }

    pub(super) fn read(bytes: [u8; TALLY_BYTES]) -> Self {
        let (keys, sum) = bytes.split_at(8);
        let number = |half: &[u8]| {
            half.first_chunk()
                .map_or(0, |half| u64::from_be_bytes(*half))
        };
        Self {
            keys: number(keys),
            sum: number(sum),
        }
    }
}

/// A number that key and version stand for. Checksums alone would not do: they are linear, so that
/// two keys could trade their versions unseen.
fn mark(key: &[u8], version: u64) -> u64 {
    mix(mix(u64::from(crc32fast::hash(key))) ^ version)
}

/// The finalizer of SplitMix64 (Steele, Lea and Flood, 2014).
fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(state: &[(&str, u64)]) -> Tally {
        let mut tally = Tally::default();
        state
            .iter()
            .for_each(|(key, version)| tally.change(key.as_bytes(), 0, *version));
        tally
    }

    #[test]
    fn a_tally_depends_on_the_state_and_not_on_the_way_there() {
        let mut tally = of(&[("b", 2), ("a", 1), ("c", 3)]);
        tally.change(b"a", 1, 4);
        tally.change(b"c", 3, 0);
        tally.change(b"d", 0, 0);
        assert_eq!(tally, of(&[("a", 4), ("b", 2)]));
        assert_eq!(Tally::read(tally.bytes()), tally);
    }

    #[test]
    fn an_old_a_lost_and_a_traded_version_are_seen() {
        let right = of(&[("a", 4), ("b", 2)]);
        assert_ne!(right, of(&[("a", 1), ("b", 2)]));
        assert_ne!(right, of(&[("a", 4)]));
        assert_ne!(right, of(&[("a", 2), ("b", 4)]));
    }
}
