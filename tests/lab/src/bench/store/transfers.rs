//! A transfer as the store sees it: two accounts' numbers, an entry in a hash-chained log, and the
//! transfer's id, which must be new.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use souk_market::SystemClock;
use souk_store::embedded::{Embedded, Options};
use souk_store::{Bounds, CommitError, Engine, Fit, Key, Keyring, Store, StoreError};
use tokio::task::JoinSet;

use super::per_second;
use crate::Wrong;
use crate::stopwatch::Stopwatch;

/// Accounts that transfers go between.
const ACCOUNTS: u64 = 10_000;

/// What an entry says, about.
const ENTRY: &str = "0123456789012345678901234567890123456789012345678901234567890123456789\
                     0123456789012345678901234567890123456789012345678901234567890123456789";

/// A store on an embedded engine.
pub(super) fn open(options: &Options) -> Result<Store, Wrong> {
    let (engine, _) = Embedded::open(options)?;
    on(Arc::new(engine))
}

/// A store on an engine.
pub(super) fn on(engine: Arc<dyn Engine>) -> Result<Store, Wrong> {
    let keyring = Arc::new(Keyring::ephemeral()?);
    Ok(Store::new(engine, keyring, Arc::new(SystemClock)))
}

/// Makes one transfer; durable when it returns.
pub(super) async fn transfer(store: &Store, number: u64) -> Result<(), CommitError> {
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let room = || Key::room("ledger");
    let txn = store.begin()?;
    let id = room().with("transfer").with(mixed).with(number);
    if txn.get::<u64>(&id).await?.is_some() {
        return Ok(());
    }
    let (debit, credit) = (mixed % ACCOUNTS, (mixed >> 20) % ACCOUNTS);
    for (account, cell, delta) in [
        (debit, "available", -1),
        (credit, "available", 1),
        (debit, "debits", 1),
        (credit, "credits", 1),
    ] {
        let key = room().with("number").with(account).with(cell);
        if txn.add(&key, delta, Bounds::NONE).await? == Fit::Outside {
            return Err(CommitError::Store(StoreError::Form));
        }
    }
    txn.put(&id, &number)?;
    txn.append_chained(&room().with("entries"), &format!("{number}{ENTRY}"))?;
    store.commit(&txn).await?;
    Ok(())
}

/// Makes transfers from `first` on, one after the other, until `go` says no. Waits when the store
/// is busy. Returns how many.
pub(super) async fn client(
    store: Store,
    numbers: impl Iterator<Item = u64>,
    go: impl Fn() -> bool,
) -> Result<u64, CommitError> {
    let mut done = 0;
    for number in numbers {
        if !go() {
            break;
        }
        loop {
            match transfer(&store, number).await {
                Ok(()) => break,
                Err(CommitError::Conflict) => {}
                Err(CommitError::Store(StoreError::Busy { retry_ms })) => {
                    tokio::time::sleep(Duration::from_millis(retry_ms)).await;
                }
                Err(error) => return Err(error),
            }
        }
        done += 1;
    }
    Ok(done)
}

/// Returns how many transfers a second so many clients make in a new store.
pub(super) async fn rate(data: &Path, clients: u64, time: Duration) -> Result<f64, Wrong> {
    let store = open(&Options::at(data))?;
    let watch = Stopwatch::start();
    let mut running = JoinSet::new();
    for first in 0..clients {
        let store = store.clone();
        let numbers = (first..).step_by(usize::try_from(clients)?);
        running.spawn(client(store, numbers, move || watch.elapsed() < time));
    }
    let mut all = 0;
    while let Some(done) = running.join_next().await {
        all += done??;
    }
    Ok(per_second(all, watch.elapsed()))
}
