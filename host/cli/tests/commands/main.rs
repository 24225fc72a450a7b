//! Every command, used wrongly: the transcript is what a person sees, exit status included.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod apps;
mod copy;
mod copy_cut;
mod database;
mod desk;
mod erasure;
mod grants;
mod host;
mod money;
mod operator;
mod person;
mod policy;
#[path = "../../../runtime/tests/guests/programs.rs"]
mod programs;
mod social;
mod store;
mod traces;
mod transfers;
