//! Moments nobody can foresee.

use std::ops::Range;
use std::time::Duration;

/// Returns a time of this range, any as likely as any other, to the microsecond; the earliest one
/// if the system has no randomness to give.
pub(crate) fn moment(range: &Range<Duration>) -> Duration {
    let width = micros(range.end).saturating_sub(micros(range.start)).max(1);
    range.start + Duration::from_micros(getrandom::u64().unwrap_or_default() % width)
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
