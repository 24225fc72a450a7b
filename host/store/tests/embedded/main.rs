//! The embedded engine against everything that can happen to its files and its disk.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![allow(
    unreachable_pub,
    missing_docs,
    dead_code,
    reason = "test helpers, shared by several files"
)]

mod archive;
mod backup;
mod checkpoint;
#[path = "../common/mod.rs"]
mod common;
mod disk;
mod erasure;
mod journal;
mod layers;
mod power;
mod scrub;
mod shop;
mod state;
mod use_at_once;
