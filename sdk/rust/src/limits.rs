//! What a run may still use.

use crate::denied::{self, Allowance};
use crate::wit::souk::runtime::limits as wit;

/// Returns what is left now: of host calls, of bytes that calls may hand to the app, of memory, of
/// handles and of the log. Time is none of them: a run sees no time pass.
///
/// ```no_run
/// let calls = souk_sdk::limits::allowances();
/// let calls = calls.iter().find(|left| left.name == "host-calls");
/// if calls.is_some_and(|left| left.remaining < 10) {
///     println!("better come to an end");
/// }
/// ```
pub fn allowances() -> Vec<Allowance> {
    denied::allowances(wit::allowances())
}
