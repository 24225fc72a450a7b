//! Chance that can be repeated: the same seed, the same throws.

use std::ops::Range;
use std::time::Duration;

/// The generator SplitMix64 (Steele, Lea and Flood, 2014).
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Throws a number below `sides`; 0 where there are none.
    pub(crate) fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides.max(1)
    }

    /// Throws a place in something so long.
    pub(crate) fn place(&mut self, length: usize) -> usize {
        usize::try_from(self.below(u64::try_from(length).unwrap_or(u64::MAX))).unwrap_or(0)
    }

    /// Picks one of these; nothing where there is nothing.
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.place(from.len()))
    }

    /// Throws a time of this range, to the microsecond.
    pub(crate) fn moment(&mut self, range: &Range<Duration>) -> Duration {
        let width = micros(range.end).saturating_sub(micros(range.start));
        range.start + Duration::from_micros(self.below(width))
    }
}

/// An id like those that are digests: in no order, and another for each number.
pub(crate) fn scattered(number: u64) -> u128 {
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31);
    u128::from(mixed) << 64 | u128::from(number)
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_throws() {
        let throws = |seed| {
            let mut dice = Dice::new(seed);
            [0; 6].map(|_: u64| dice.below(100))
        };
        assert_eq!(throws(7), throws(7));
        assert_ne!(throws(7), throws(8));
    }

    #[test]
    fn a_moment_is_in_its_range() {
        let (from, to) = (Duration::from_millis(3), Duration::from_millis(5));
        let mut dice = Dice::new(1);
        for _ in 0..1_000 {
            assert!((from..to).contains(&dice.moment(&(from..to))));
        }
    }
}
