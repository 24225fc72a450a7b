//! What a run may still use.

use crate::denied::{Allowance, allowances};
use crate::wit::souk::miniapp::limits as wit;

/// Returns what is left now: of host calls, of bytes that calls may hand to the app, of memory, of
/// handles and of the log. Time is none of them: a run sees no time pass.
///
/// ```no_run
/// let calls = souk_sdk::limits::left();
/// let calls = calls.iter().find(|left| left.name == "host-calls");
/// if calls.is_some_and(|left| left.remaining < 10) {
///     println!("better come to an end");
/// }
/// ```
pub fn left() -> Vec<Allowance> {
    allowances(wit::left())
}
