//! The ledger's tests. Start with [`pages`]: each is a page from the ledger.
//!
//! Everything runs on the engine that [`engines`] chooses, with a clock set by hand. [`book`] is
//! the ledger as a test holds it, [`script`] the small language of the pages, [`model`] the naive
//! ledger that the real one is compared with.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::string_slice,
    clippy::too_many_lines,
    reason = "tests may panic; that is how they fail"
)]

mod approvals;
mod audits;
mod book;
mod by_hand;
mod crowd;
mod engine;
mod engines;
mod holds;
mod idempotency;
mod invariants;
mod ladders;
mod limits;
mod model;
mod money;
mod pages;
mod periods;
mod rails;
mod receipts;
mod script;
mod statements;
mod table;
mod texts;
