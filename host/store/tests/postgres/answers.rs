//! A commit whose answer is lost happened or it did not, and whoever asked is told which.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use souk_store::postgres::Postgres;
use souk_store::{CommitError, Key, Page, Place, Store, StoreError};

use crate::common::server::{Kind, fresh, say};
use crate::common::store_on;
use crate::proxy::{Cut, Proxy};

fn log() -> Key {
    Key::room("log")
}

async fn append(store: &Store, value: u64) -> Result<(), CommitError> {
    let txn = store.begin().unwrap();
    let index = (&log().with(value), &Place::LATER);
    txn.append_indexed(&log(), &value, index).unwrap();
    store.commit(&txn).await.map(drop)
}

/// Returns what is in the log, asking again while the database is away.
async fn entries(store: &Store) -> Vec<u64> {
    loop {
        let txn = store.begin().unwrap();
        match txn.chained_entries::<u64>(&log(), Page::first(9_999)).await {
            Ok(found) => return found.into_iter().map(|(_, value, _)| value).collect(),
            Err(StoreError::Busy { .. }) => tokio::time::sleep(Duration::from_millis(50)).await,
            Err(error) => panic!("{error}"),
        }
    }
}

async fn cut_again_and_again(find_out: bool) -> (Vec<u64>, Vec<u64>) {
    let (proxy, mut options) = Proxy::before(&fresh(Kind::Fast)).await;
    options.protections.find_out = find_out;
    let (store, _) = store_on(Arc::new(Postgres::open(&options).unwrap().0));
    let mut acknowledged = Vec::new();
    for number in 0..60 {
        match number % 3 {
            0 => proxy.cut(Cut::After).await,
            1 => proxy.cut(Cut::Before).await,
            _ => {}
        }
        match append(&store, number).await {
            Ok(()) => acknowledged.push(number),
            Err(error) => {
                let busy = matches!(error, CommitError::Store(StoreError::Busy { .. }));
                assert!(busy, "{number}: {error}");
            }
        }
    }
    (acknowledged, entries(&store).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_became_of_a_commit_is_found_out() {
    let (acknowledged, there) = cut_again_and_again(true).await;
    // Those cut before it did not happen and were told so; the others did, and were told so.
    let expected: Vec<u64> = (0..60).filter(|number| number % 3 != 1).collect();
    assert_eq!(there, expected);
    assert_eq!(acknowledged, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_that_does_not_find_out_says_what_is_not_so() {
    let (acknowledged, there) = cut_again_and_again(false).await;
    // It takes what happened for what did not: whoever tries again pays twice.
    assert_eq!(acknowledged.len(), 20);
    assert_eq!(there.len(), 40);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn as_long_as_nobody_knows_nobody_is_told_anything_else() {
    let (proxy, mut options) = Proxy::before(&fresh(Kind::Fast)).await;
    options.outcome_waits = Duration::from_millis(700);
    let (store, _) = store_on(Arc::new(Postgres::open(&options).unwrap().0));
    append(&store, 0).await.unwrap();
    proxy.dead.store(true, Ordering::SeqCst);
    proxy.cut(Cut::After).await;
    let error = append(&store, 1).await.unwrap_err();
    assert_eq!(error, CommitError::Store(StoreError::Unknown));
    // It goes on when the database is back.
    proxy.dead.store(false, Ordering::SeqCst);
    append(&store, 2).await.unwrap();
    assert_eq!(entries(&store).await, [0, 1, 2]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_hangs_up_on_everybody_is_called_again() {
    let address = fresh(Kind::Fast);
    let (_, options) = Proxy::before(&address).await;
    let (store, _) = store_on(Arc::new(Postgres::open(&options).unwrap().0));
    let (server, schema) = address.split_once("?options=-csearch_path%3D").unwrap();
    append(&store, 0).await.unwrap();
    // As a restart does it: everybody who holds a lock on these tables or has used them.
    let hang_up = format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid IN (
            SELECT pid FROM pg_locks WHERE locktype = 'advisory'
            AND objid = '{schema}.souk_store'::regclass::oid)"
    );
    for number in 1..5 {
        say(server, &hang_up);
        append(&store, number).await.unwrap();
        assert_eq!(entries(&store).await.len() as u64, number + 1);
    }
}
