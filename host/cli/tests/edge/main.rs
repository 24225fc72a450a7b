//! Every address of the host, asked wrongly: the answer is a problem that says what is wrong and
//! what to do next, never a failure of the host.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod desk;
mod launch;
mod links;
#[path = "../../../runtime/tests/guests/programs.rs"]
mod programs;
mod routes;
mod wrong;
