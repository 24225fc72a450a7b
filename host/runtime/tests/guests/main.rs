//! Guest programs on the real sandbox: each capability granted, denied and over its limit, and what
//! a hostile guest cannot do.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests may panic, that is how they fail, and measure how long a run takes"
)]

#[macro_use]
mod languages;

mod config;
mod console;
mod deputy;
mod engines;
mod hostile;
mod http;
mod identity;
mod limits;
mod messaging;
mod outside;
mod programs;
mod raw;
mod recorded;
mod released;
mod replay;
mod revoked;
mod schedule;
mod social;
mod stage;
mod storage;
mod wallet;
mod workshop;
