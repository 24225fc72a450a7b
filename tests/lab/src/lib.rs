//! The test laboratory: campaigns that try to make the host lose something, and benchmarks that
//! say where it stands.
//!
//! `tests/campaign` and `tests/bench` build it and run its programs. A campaign can be run without
//! the protection it tests, to show that it can fail: the laboratory then composes a host of its
//! own from `souk`'s parts; `souk` itself has no switch for that.

pub mod bench;
pub mod campaign;
mod cell;
mod corpus;
pub mod counted;
mod crowd;
mod dice;
mod echo;
mod hesitant;
mod memory_disk;
#[path = "../../fuzz/src/lib.rs"]
#[allow(
    clippy::expect_used,
    reason = "shared with the programs that fuzz, where one fails by panicking"
)]
pub mod parsers;
mod programs;
mod report;
mod resident;
#[path = "../../postgres/server.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "shared with the suites, where a test fails by panicking"
)]
mod server;
mod stopwatch;
mod strace;
#[path = "../../targets/mod.rs"]
#[allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "shared with the tests, where one fails by panicking and its servers end with it"
)]
mod targets;
mod till;
mod trace;
mod turnstile;
pub mod unprotected;

pub use report::{exit, result, tell};

/// What went wrong, in words. The laboratory only ever tells of it.
pub type Wrong = Box<dyn std::error::Error + Send + Sync>;
