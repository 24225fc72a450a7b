//! How fast one side of a comparison is.

use std::fmt;
use std::time::Duration;

/// A rate, and how long single ones took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Figures {
    /// How many in a second.
    pub(super) rate: f64,
    /// Half of them took no longer.
    pub(super) p50: Duration,
    /// Of a hundred, one took longer.
    pub(super) p99: Duration,
}

impl Figures {
    /// Counts up what was done in `elapsed`.
    pub(super) fn of(mut took: Vec<Duration>, elapsed: Duration) -> Self {
        took.sort_unstable();
        let percentile = |of_hundred: usize| {
            let place = (took.len() * of_hundred / 100).min(took.len().saturating_sub(1));
            took.get(place).copied().unwrap_or_default()
        };
        let count = u32::try_from(took.len()).unwrap_or(u32::MAX);
        let rate = f64::from(count) / elapsed.as_secs_f64();
        Self {
            rate,
            p50: percentile(50),
            p99: percentile(99),
        }
    }

    /// Returns the median of several slices, figure by figure: a slice in which the machine was
    /// busy with something else does not count.
    pub(super) fn median(slices: &[Self]) -> Self {
        let middle = |figure: fn(&Self) -> f64| middle(slices.iter().map(figure).collect());
        let time = |seconds| Duration::try_from_secs_f64(seconds).unwrap_or_default();
        Self {
            rate: middle(|slice| slice.rate),
            p50: time(middle(|slice| slice.p50.as_secs_f64())),
            p99: time(middle(|slice| slice.p99.as_secs_f64())),
        }
    }
}

/// Returns the median.
pub(super) fn middle(mut figures: Vec<f64>) -> f64 {
    figures.sort_unstable_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = |time: Duration| time.as_secs_f64() * 1e6;
        let (p50, p99) = (micros(self.p50), micros(self.p99));
        write!(
            f,
            "{:>9.0}/s   p50 {p50:>8.1} µs   p99 {p99:>8.1} µs",
            self.rate
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_calls_in_a_second() {
        let took = (1..=100).rev().map(Duration::from_micros).collect();
        let figures = Figures::of(took, Duration::from_secs(1));
        assert_eq!(
            figures.to_string(),
            "      100/s   p50     51.0 µs   p99    100.0 µs"
        );
    }

    #[test]
    fn a_slice_that_was_disturbed_does_not_count() {
        let slice = |rate| Figures {
            rate,
            p50: Duration::ZERO,
            p99: Duration::ZERO,
        };
        assert_eq!(
            Figures::median(&[slice(90.0), slice(1.0), slice(100.0)])
                .rate
                .round(),
            90.0
        );
    }
}
