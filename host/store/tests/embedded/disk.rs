//! Disks that fail, fill up and take their time.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use souk_core::limits::{RECENT_MS, VALUE_BYTES_MAX};
use souk_store::embedded::Embedded;
use souk_store::{CommitError, Engine, Key, Place, StoreError, Txn};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::common::{Failing, Filling, Slow, options, options_on};
use crate::shop::{Shop, shop_with, sold};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_commits_share_one_sync() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Arc::new(Slow::taking(Duration::from_millis(2)));
    let shop = Shop::open(&options_on(folder.path(), Arc::clone(&disk) as _));
    let before = disk.syncs.load(Ordering::SeqCst);
    let mut clerks = JoinSet::new();
    for clerk in 0..64u64 {
        let store = shop.store.clone();
        clerks.spawn(async move {
            for round in 0..20 {
                let txn = store.begin().unwrap();
                txn.put(&Key::room("sale").with(clerk).with(round), &clerk)
                    .unwrap();
                store.commit(&txn).await.unwrap();
            }
        });
    }
    clerks.join_all().await;
    let syncs = disk.syncs.load(Ordering::SeqCst) - before;
    assert!(syncs * 5 < 64 * 20, "{syncs} syncs for {} commits", 64 * 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_acknowledged_after_a_write_or_a_sync_failed() {
    for calls in 0..60 {
        let folder = tempfile::tempdir().unwrap();
        let disk = Arc::new(Failing::after(calls));
        let failing = options_on(folder.path(), Arc::clone(&disk) as _);
        let acknowledged = match Embedded::open(&failing) {
            Err(_) => 0,
            Ok(_) if disk.failed.load(Ordering::SeqCst) => 0,
            Ok((engine, opened)) => sell_until_it_fails(Shop::of(engine, opened)).await,
        };
        assert!(disk.failed.load(Ordering::SeqCst), "after {calls} calls");
        let (sales, _) = sold(&options(folder.path())).await;
        // The one that failed may have reached the disk; it was not acknowledged.
        let expected = acknowledged..=acknowledged + 1;
        assert!(
            expected.contains(&sales),
            "after {calls} calls: {acknowledged} of {sales}"
        );
    }
}

/// Sells until something fails, then checks that everything has stopped.
async fn sell_until_it_fails(shop: Shop) -> u64 {
    let mut acknowledged = 0;
    let error = loop {
        match shop.sell(acknowledged).await {
            Ok(_) => acknowledged += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(error, CommitError::Store(StoreError::Stopped));
    timeout(Duration::from_millis(100), shop.engine.failed())
        .await
        .unwrap();
    assert_eq!(
        shop.sell(acknowledged).await,
        Err(CommitError::Store(StoreError::Stopped))
    );
    assert_eq!(shop.engine.get(b"v").await, Err(StoreError::Stopped));
    assert_eq!(shop.engine.durable(0).await, Err(StoreError::Stopped));
    acknowledged
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_failed_is_put_away_at_once() {
    for calls in 40..50 {
        let folder = tempfile::tempdir().unwrap();
        let disk = Arc::new(Failing::after(calls));
        let shop = Shop::open(&options_on(folder.path(), disk));
        let mut number = 0;
        while shop.sell(number).await.is_ok() {
            number += 1;
        }
        let failed = Instant::now();
        drop(shop);
        let took = failed.elapsed();
        assert!(took < Duration::from_millis(50), "{took:?}");
    }
}

#[tokio::test]
async fn a_full_disk_refuses_commits_until_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Arc::new(Filling::default());
    let options = options_on(folder.path(), Arc::clone(&disk) as _);
    let shop = Shop::open(&options);
    let mut sales = 0;
    for _ in 0..5 {
        disk.full.store(true, Ordering::SeqCst);
        let error = loop {
            match shop.sell(sales).await {
                Ok(_) => sales += 1,
                Err(error) => break error,
            }
        };
        assert_eq!(error, CommitError::Store(StoreError::Full));
        assert_eq!(
            shop.sell(sales).await,
            Err(CommitError::Store(StoreError::Full))
        );
        assert_eq!(shop.sold().await, sales);
        disk.full.store(false, Ordering::SeqCst);
        shop.sell_all(sales..sales + 100).await;
        sales += 100;
    }
    drop(shop);
    assert_eq!(sold(&options).await.0, sales);
}

#[tokio::test]
async fn no_commit_is_refused_for_a_look_that_began_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Arc::new(Filling::default());
    let options = options_on(folder.path(), Arc::clone(&disk) as _);
    let shop = Shop::open(&options);
    disk.slow.store(true, Ordering::SeqCst);
    let mut sales = 0;
    for _ in 0..5 {
        disk.full.store(true, Ordering::SeqCst);
        while shop.sell(sales).await.is_ok() {
            sales += 1;
        }
        // The refused sale asked again before it gave up: that look is slow, and finds no room.
        sleep(Duration::from_millis(10)).await;
        disk.full.store(false, Ordering::SeqCst);
        shop.sell_all(sales..sales + 1).await;
        sales += 1;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_state_waits_for_room_while_the_disk_is_full() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Arc::new(Filling::default());
    let options = options_on(folder.path(), Arc::clone(&disk) as _);
    shop_with(&options, 5).await;
    let shop = Shop::open(&options);
    shop.sell_all(5..6).await;
    disk.full.store(true, Ordering::SeqCst);
    sleep(Duration::from_millis(3 * RECENT_MS)).await;
    let before = shop.engine.reached();
    shop.sell_all(6..10).await;
    sleep(Duration::from_millis(3 * RECENT_MS)).await;
    let full = shop.engine.reached();
    assert_eq!((full.journal, full.state), (10, before.state));
    assert_eq!(shop.sold().await, 10);
    disk.full.store(false, Ordering::SeqCst);
    sleep(Duration::from_millis(4 * RECENT_MS)).await;
    assert_eq!(shop.engine.reached().state, 10);
    // A store that is closed on a full disk has the rest in its journal.
    disk.full.store(true, Ordering::SeqCst);
    shop.sell_all(10..12).await;
    drop(shop);
    disk.full.store(false, Ordering::SeqCst);
    let (sales, opened) = sold(&options).await;
    assert_eq!((sales, opened.replayed), (12, 2));
}

#[tokio::test]
async fn a_full_disk_does_not_keep_a_store_from_opening() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Arc::new(Filling::default());
    let options = options_on(folder.path(), Arc::clone(&disk) as _);
    shop_with(&options, 5).await;
    disk.full.store(true, Ordering::SeqCst);
    let shop = Shop::open(&options);
    assert_eq!(shop.sold().await, 5);
    assert_eq!(
        shop.sell(5).await,
        Err(CommitError::Store(StoreError::Full))
    );
    disk.full.store(false, Ordering::SeqCst);
    shop.sell_all(5..6).await;
}

/// Puts values of 64 KiB.
fn put_megabytes(txn: &Txn, number: u64, megabytes: u64) {
    for part in 0..megabytes * 16 {
        let key = Key::room("large").with(number).with(part);
        txn.put(&key, &"x".repeat(64 << 10)).unwrap();
    }
}

#[tokio::test]
async fn a_value_that_should_be_a_blob_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let shop = Shop::open(&options(folder.path()));
    let txn = shop.store.begin().unwrap();
    let (key, large) = (Key::room("large"), "x".repeat(VALUE_BYTES_MAX));
    assert_eq!(txn.put(&key, &large), Err(StoreError::TooLarge));
    assert_eq!(txn.append(&key, &large), Err(StoreError::TooLarge));
    let index = (&key.clone().with(0u64), &Place::LATER);
    let chained = txn.append_indexed(&key, &large, index);
    assert_eq!(chained, Err(StoreError::TooLarge));
    txn.put(&key, &"x".repeat(VALUE_BYTES_MAX - 8)).unwrap();
    shop.store.commit(&txn).await.unwrap();
}

#[tokio::test]
async fn a_commit_as_large_as_may_be_is_kept_and_a_larger_one_refused() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path());
    let shop = Shop::open(&options);
    let commit = async |megabytes: u64| {
        let txn = shop.store.begin().unwrap();
        put_megabytes(&txn, 0, megabytes);
        shop.store.commit(&txn).await
    };
    commit(7).await.unwrap();
    commit(1).await.unwrap();
    assert_eq!(
        commit(8).await,
        Err(CommitError::Store(StoreError::TooLarge))
    );
    commit(7).await.unwrap();
    drop(shop);
    assert_eq!(sold(&options).await.1.journal.records, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commits_wait_while_the_state_on_disk_is_far_behind() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path());
    let shop = Shop::open(&options);
    let mut round = 0u64;
    while round < 8 {
        let txn = shop.store.begin().unwrap();
        for number in 0..60_000u64 {
            let key = Key::room("many").with(round).with(number);
            txn.put(&key, &number).unwrap();
        }
        match shop.store.commit(&txn).await {
            Ok(_) => round += 1,
            Err(error) => assert_eq!(
                error,
                CommitError::Store(StoreError::Busy { retry_ms: 100 })
            ),
        }
    }
    drop(shop);
    let shop = Shop::open(&options);
    assert_eq!((shop.opened.replayed, shop.opened.keys), (0, 480_000));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_than_the_disk_can_take_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let options = options_on(
        folder.path(),
        Arc::new(Slow::taking(Duration::from_millis(100))),
    );
    let shop = Shop::open(&options);
    let mut commits = JoinSet::new();
    for number in 0..10u64 {
        let txn = shop.store.begin().unwrap();
        put_megabytes(&txn, number, 7);
        let store = shop.store.clone();
        commits.spawn(async move { store.commit(&txn).await });
    }
    let (mut kept, mut busy) = (0, 0);
    for outcome in commits.join_all().await {
        match outcome {
            Ok(_) => kept += 1,
            Err(CommitError::Store(StoreError::Busy { .. })) => busy += 1,
            Err(error) => panic!("{error}"),
        }
    }
    assert!(kept > 0 && busy > 0, "{kept} kept, {busy} refused");
    drop(shop);
    assert_eq!(sold(&options).await.1.journal.records, kept);
}
