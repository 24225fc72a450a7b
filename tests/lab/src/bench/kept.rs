//! What a press of a button reads and keeps, in the host's own store, and nothing of what decides
//! it: no rule of the house, no right, no host call. What is left of a press when all of that costs
//! nothing.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};
use souk_core::{TypedId, UserId};
use souk_market::SystemClock;
use souk_store::embedded::{Embedded, Options};
use souk_store::{Bounds, Key, Keyring, Owner, Record, Sealed, Store, StoreError, Txn};

use crate::Wrong;

/// As many as press in `tests/bench invoke`.
const PEOPLE: u64 = 1_024;
/// Records a press reads beside the value it keeps: who calls, the chat and its members, the
/// message, the app and its version, what it may do and what it spent.
const READS: u64 = 12;
/// How long such a record is in the middle.
const RECORD_BYTES: usize = 120;
/// How long a message, a kept value and an answer are before they are sealed.
const TEXT: &[u8] = &[b't'; 24];
/// How long an audit line is.
const LINE_BYTES: usize = 190;

/// A text that nobody else can read.
#[derive(Serialize, Deserialize)]
struct Text(Sealed);

impl Record for Text {}

/// The store, with the records of everybody who presses.
pub struct Kept {
    store: Store,
    presses: AtomicU64,
}

impl Kept {
    /// Makes a store in a folder, and the records.
    ///
    /// # Errors
    /// When the store cannot be made there.
    pub async fn create(folder: &Path) -> Result<Self, Wrong> {
        let (engine, _) = Embedded::open(&Options::at(folder))?;
        let (engine, keyring) = (Arc::new(engine), Arc::new(Keyring::ephemeral()?));
        let store = Store::new(engine, keyring, Arc::new(SystemClock));
        for person in 0..PEOPLE {
            store.transact(|txn| welcome(txn, person)).await?;
        }
        Ok(Self {
            store,
            presses: AtomicU64::new(0),
        })
    }

    /// Reads and keeps what one press does; durable when it returns.
    ///
    /// # Errors
    /// When the store refuses.
    pub async fn press(&self) -> Result<(), Wrong> {
        let number = self.presses.fetch_add(1, Ordering::Relaxed);
        Ok(self.store.transact(|txn| press(txn, number)).await?)
    }
}

async fn welcome(txn: Txn, person: u64) -> Result<(), StoreError> {
    for number in 0..READS {
        txn.put(&record(person, number), &"r".repeat(RECORD_BYTES))?;
    }
    let sealed = txn.seal(&owner(person), TEXT).await?;
    txn.put(&value(person), &Text(sealed))
}

/// Twelve records and a value read, two texts opened, three sealed, eight keys written: a message,
/// its place in the chat, an audit line and its place, the event's end, a value and its size.
async fn press(txn: Txn, number: u64) -> Result<(), StoreError> {
    let (person, owner) = (number % PEOPLE, owner(number % PEOPLE));
    for number in 0..READS {
        txn.get::<String>(&record(person, number)).await?;
    }
    for _ in 0..2 {
        let found = txn.get::<Text>(&value(person)).await?;
        found.and_then(|Text(sealed)| txn.open(&sealed));
    }
    let id = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let message = Key::room("message").with(person).with(id);
    for place in [message, Key::room("done").with(id), value(person)] {
        txn.put(&place, &Text(txn.seal(&owner, TEXT).await?))?;
    }
    txn.append(&Key::room("chat").with(person / 4), &number)?;
    txn.append(&Key::room("audit").with(person), &"l".repeat(LINE_BYTES))?;
    let size = Key::room("size").with(person);
    let _ = txn.add(&size, 1, Bounds::NONE).await?;
    Ok(())
}

fn record(person: u64, number: u64) -> Key {
    Key::room("record").with(person).with(number)
}

fn value(person: u64) -> Key {
    Key::room("value").with(person)
}

fn owner(person: u64) -> Owner {
    Owner::Person(UserId::from_bits(u128::from(person)))
}
