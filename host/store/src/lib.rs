//! One transactional store: everything the host remembers goes through here.
//!
//! A [`Store`] hands out transactions. A [`Txn`] reads, decides and stages; nothing is visible to
//! anybody until it commits, then all of it is, durably, or none. What a transaction read is
//! checked when it commits (optimistic concurrency), so a busy store re-runs instead of locking.
//! Two operations need no check because they do not read: [`Txn::append`] (the next place of a
//! log, given at commit) and [`Txn::add`] (a number kept within bounds at commit).
//!
//! The port is [`Engine`]; crates above the store never see which one they run on.

mod apply;
mod batch;
mod blobs;
mod changes;
mod copy;
mod disk;
mod draw;
pub mod embedded;
mod engine;
mod key;
pub mod keyring;
pub mod memory;
mod page;
pub mod postgres;
mod record;
mod store;
mod survey;
mod txn;

pub use batch::{Add, Append, Batch, Bounds, Committed, Read, Reads};
pub use blobs::Blobs;
pub use changes::{Changes, Hub};
pub use copy::{CopyError, copy, is_whole};
pub use disk::{Disk, Durable};
pub use engine::{CommitError, Engine, Range, RawKey, StoreError, Versioned};
pub use key::{Key, KeyPart, Number};
pub use keyring::{Keyring, Owner, Sealed};
pub use page::Page;
pub use record::{Place, Record, step};
pub use store::Store;
pub use survey::{Survey, SurveyError, survey};
pub use txn::{Fit, Numbers, Savepoint, Seed, Txn};
