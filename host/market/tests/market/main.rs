//! The market as a whole, with real guests and a clock that tests move: one file for each subject.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod again;
mod clock;
#[path = "../../../runtime/tests/guests/programs.rs"]
mod programs;
mod server;
mod shop;
mod till;

mod expiry;
mod fairness;
mod gifts;
mod grants;
mod interleaving;
mod keys;
mod lanes;
mod last_look;
mod leaving;
mod links;
mod outside;
mod publishing;
mod rails;
mod schedule;
mod social;
mod traces;
