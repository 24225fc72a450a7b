//! Where requests go: hundreds of targets that must not be reached, and what becomes of a request
//! that may go out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that cannot go on has failed, and its servers end with it"
)]

mod exchange;
#[path = "../../../../tests/targets/mod.rs"]
mod table;
mod targets;
