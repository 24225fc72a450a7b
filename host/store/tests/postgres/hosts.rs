//! Several hosts and one database: those who share it corrupt nothing and hear of each other, and
//! one that has it to itself stays alone.

use std::sync::Arc;
use std::time::Duration;

use souk_store::postgres::{Hold, OpenError, Options, Postgres};
use souk_store::{Bounds, CommitError, Engine, Fit, Key, Page, Place, Store, StoreError, survey};
use tokio::task::JoinSet;

use crate::common::server::{Kind, fresh, say};
use crate::common::{store, store_on, tables};

fn key(name: &str) -> Key {
    Key::room("test").with(name)
}

fn open(options: &Options) -> Arc<dyn Engine> {
    Arc::new(Postgres::open(options).unwrap().0)
}

fn alone() -> Options {
    let mut options = tables();
    options.hold = Hold::Alone;
    options
}

/// Moves money between ten accounts and writes it down. Returns how often that was acknowledged,
/// and why the host stopped, if it did.
async fn trade(store: Store, seed: u64) -> (u64, Option<StoreError>) {
    let mut done = 0;
    for turn in 0..100 {
        let (from, to) = ((seed + turn) % 10, (seed + turn * 7 + 1) % 10);
        let bounds = Bounds {
            floor: 0,
            ceiling: i64::MAX,
        };
        let txn = store.begin().unwrap();
        let account = |number: u64| key("account").with(number);
        let debit = txn.add(&account(from), -1, bounds).await;
        let credit = txn.add(&account(to), 1, Bounds::NONE).await;
        // Without the lock a host may stop: it notices.
        let (debit, credit) = match (debit, credit) {
            (Ok(debit), Ok(credit)) => (debit, credit),
            (Err(error), _) | (_, Err(error)) => return (done, Some(error)),
        };
        assert_eq!((debit, credit), (Fit::Fits, Fit::Fits));
        let index = (&key("made").with(turn), &Place::LATER);
        txn.append_indexed(&key("journal"), &turn, index).unwrap();
        match store.commit(&txn).await {
            Ok(_) => done += 1,
            Err(CommitError::Conflict) => {}
            Err(CommitError::Store(error)) => return (done, Some(error)),
        }
    }
    (done, None)
}

/// Two hosts trade at once. Returns what is wrong afterwards.
async fn two_hosts(lock: bool) -> Vec<String> {
    let mut options = tables();
    options.protections.lock = lock;
    let engines = [open(&options), open(&options)];
    let first = store(&engines[0]);
    let txn = first.begin().unwrap();
    for account in 0..10_u64 {
        let fit = txn
            .add(&key("account").with(account), 1_000, Bounds::NONE)
            .await;
        assert_eq!(fit.unwrap(), Fit::Fits);
    }
    first.commit(&txn).await.unwrap();
    let mut trades = JoinSet::new();
    for trader in 0..8_usize {
        let store = store(&engines[trader % 2]);
        trades.spawn(trade(store, u64::try_from(trader).unwrap()));
    }
    let (done, stopped): (Vec<_>, Vec<_>) = trades.join_all().await.into_iter().unzip();
    let done: u64 = done.into_iter().sum();
    drop(engines);
    let engine = open(&options);
    let after = store(&engine);
    let txn = after.begin().unwrap();
    let mut sum = 0;
    for account in 0..10_u64 {
        sum += txn
            .peek_number(&key("account").with(account))
            .await
            .unwrap();
    }
    let journal = txn.chained_count(&key("journal")).await.unwrap();
    let stopped = stopped.into_iter().flatten();
    let mut wrong: Vec<_> = stopped.map(|error| error.to_string()).collect();
    if sum != 10_000 {
        wrong.push(format!("{sum} is there"));
    }
    if journal != done {
        wrong.push(format!("{done} were acknowledged, {journal} are there"));
    }
    wrong.extend(survey(&*engine).await.err().map(|error| error.to_string()));
    wrong
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hosts_on_the_same_tables_corrupt_nothing() {
    assert_eq!(two_hosts(true).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_row_that_all_commits_pass_hosts_collide() {
    // Two groups take one number, which stops a host, or other numbers, and one's writes are lost.
    // They may miss each other by luck once, not ten times.
    for _ in 0..10 {
        if !two_hosts(false).await.is_empty() {
            return;
        }
    }
    panic!("nothing was lost");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_hears_of_what_another_appends() {
    let options = tables();
    let (one, _) = store_on(open(&options));
    let (other, _) = store_on(open(&options));
    let mut changes = other.changes();
    changes.follow([key("log")].into());
    let txn = one.begin().unwrap();
    txn.append(&key("log"), &1_u64).unwrap();
    one.commit(&txn).await.unwrap();
    let heard = tokio::time::timeout(Duration::from_secs(5), changes.grew());
    heard.await.unwrap();
    let txn = other.begin().unwrap();
    let log = txn
        .entries::<u64>(&key("log"), Page::first(9))
        .await
        .unwrap();
    assert_eq!(log, [(0, 1)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_that_is_alone_stays_alone() {
    let options = alone();
    let engine = open(&options);
    let in_use =
        |options: &Options| matches!(Postgres::open(options).err(), Some(OpenError::InUse { .. }));
    assert!(in_use(&options));
    let mut shared = options.clone();
    shared.hold = Hold::Shared;
    assert!(in_use(&shared));
    drop(engine);
    drop(open(&options));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_that_lost_its_tables_to_another_stops() {
    let address = fresh(Kind::Fast);
    let mut options = Options::at(&address).unwrap();
    options.protections.durable_server = false;
    let (engine, _) = Postgres::open(&options).unwrap();
    let engine: Arc<dyn Engine> = Arc::new(engine);
    // Another took them while this one could not be reached: its lock was gone.
    say(&address, "UPDATE souk_store SET holder = 'another'");
    let txn = store(&engine).begin().unwrap();
    txn.put(&key("a"), &1_u64).unwrap();
    let refused = store(&engine).commit(&txn).await;
    assert_eq!(refused, Err(CommitError::Store(StoreError::Stopped)));
    let failed = tokio::time::timeout(Duration::from_secs(1), engine.failed());
    failed.await.unwrap();
    assert_eq!(engine.get(b"v").await, Err(StoreError::Stopped));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_is_not_opened_with_other_keys() {
    let mut options = alone();
    options.keyring = Some([1; 32]);
    drop(open(&options));
    options.keyring = Some([2; 32]);
    let refused = Postgres::open(&options).err();
    assert!(matches!(refused, Some(OpenError::OtherKeys { .. })));
    options.keyring = Some([1; 32]);
    drop(open(&options));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_does_not_sync_is_refused() {
    let options = Options::at(&fresh(Kind::Fast)).unwrap();
    let refused = Postgres::open(&options).err();
    assert!(matches!(
        refused,
        Some(OpenError::NotDurable { setting: "fsync" })
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_looks_makes_nothing() {
    let mut options = tables();
    options.hold = Hold::Look;
    let refused = Postgres::open(&options).err();
    assert!(matches!(refused, Some(OpenError::Absent { .. })));
}
