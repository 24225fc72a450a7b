//! What only PostgreSQL can do to a store: answers that get lost, servers that go away, hosts that
//! share tables or must not.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test fails by panicking"
)]
#![allow(
    unreachable_pub,
    missing_docs,
    dead_code,
    reason = "test helpers, shared by several files"
)]

mod answers;
#[path = "../common/mod.rs"]
mod common;
mod copies;
mod hosts;
mod proxy;
