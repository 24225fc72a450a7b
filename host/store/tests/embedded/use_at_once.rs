//! Crashes at any moment under load, and two processes that want the same store.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::task::JoinSet;

use souk_store::Engine;
use souk_store::embedded::{Embedded, OpenError, rebuild, verify};

use crate::common::{open, options};
use crate::shop::{Shop, crash, shop_with, sold};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_at_any_moment_loses_nothing_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path());
    let shop = Arc::new(Shop::open(&options));
    let acknowledged = Arc::new(AtomicU64::new(0));
    let mut seller = JoinSet::new();
    let (stall, counter) = (Arc::clone(&shop), Arc::clone(&acknowledged));
    seller.spawn(async move {
        for number in 0..20_000 {
            stall.sell(number).await.unwrap();
            counter.store(number + 1, Ordering::SeqCst);
        }
    });
    for round in 0..12 {
        tokio::time::sleep(Duration::from_millis(40 + 7 * round)).await;
        let (image, before) = (
            tempfile::tempdir().unwrap(),
            acknowledged.load(Ordering::SeqCst),
        );
        let image_options = crash(&options, image.path());
        let (sales, opened) = sold(&image_options).await;
        assert!(
            sales >= before,
            "{before} acknowledged, {sales} found: {opened}"
        );
        let shop = Shop::open(&image_options);
        shop.sell_all(sales..sales + 20).await;
    }
    seller.shutdown().await;
}

#[tokio::test]
async fn a_store_in_use_is_refused_and_says_by_whom() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path());
    let (engine, _) = open(&options);
    let refusals = [
        Embedded::open(&options).map(drop).unwrap_err(),
        verify(&options).map(drop).unwrap_err(),
        rebuild(&options).map(drop).unwrap_err(),
    ];
    for refusal in refusals {
        let OpenError::InUse { pid, .. } = &refusal else {
            panic!("{refusal}")
        };
        assert_eq!(*pid, Some(std::process::id()));
        assert!(
            refusal.to_string().contains("in use by process"),
            "{refusal}"
        );
    }
    drop(engine);
    shop_with(&options, 1).await;
}

#[tokio::test]
async fn failed_never_comes_for_an_engine_that_is_well() {
    let folder = tempfile::tempdir().unwrap();
    let (engine, _) = open(&options(folder.path()));
    let waited = tokio::time::timeout(Duration::from_millis(50), engine.failed());
    assert!(waited.await.is_err());
}
