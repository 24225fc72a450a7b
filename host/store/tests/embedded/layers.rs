//! The layers of the state: what was written lately in sled, over a checkpoint. Nobody who reads
//! can tell in which of them a value lies, and no cut in between loses one.

use std::fs;
use std::time::Duration;

use souk_core::limits::{LATE_KEYS_MAX, UPKEEP_MS};
use souk_store::Engine;
use souk_store::embedded::{Options, StateFound, verify};
use tokio::time::{sleep, timeout};

use crate::shop::{
    Shop, checkpoints, crash, eager, eventually, layers, shop_with_two_checkpoints, sold, within,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_state_rests_on_the_newest_checkpoint_and_its_old_layers_go() {
    let folder = tempfile::tempdir().unwrap();
    let options = eager(folder.path());
    let sales = shop_with_two_checkpoints(&options).await;
    // The books span all layers: sales and deletions older than the checkpoint, and newer ones.
    let shop = Shop::open(&options);
    assert_eq!(shop.sold().await, sales);
    assert_eq!(shop.opened.state, StateFound::Sound);
    eventually("one layer", || layers(&options).len() == 1).await;
    assert_ne!(layers(&options), ["1"]);
    shop.sell_all(sales..sales + 20).await;
    assert_eq!(shop.sold().await, sales + 20);
    drop(shop);
    let report = verify(&options).unwrap();
    assert_eq!(report.state, StateFound::Sound, "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_a_crash_leaves_of_turning_and_resting_opens_with_every_sale() {
    let folder = tempfile::tempdir().unwrap();
    let options = eager(folder.path());
    let (shop, mut between) = (Shop::open(&options), 0);
    for copy in 0..60_u64 {
        shop.sell_all(copy * 60..copy * 60 + 60).await;
        let left = tempfile::tempdir().unwrap();
        let left = crash(&options, left.path());
        between += usize::from(layers(&left).len() > 1);
        let (found, opened) = sold(&left).await;
        assert_eq!(found, copy * 60 + 60, "{opened}");
        assert_eq!(verify(&left).unwrap().state, StateFound::Sound);
    }
    assert!(checkpoints(&options).len() > 1, "no checkpoint was made");
    println!("{between} of 60 copies had a layer that waited");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_checkpoint_that_is_damaged_under_the_state_is_noticed_and_what_it_held_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let options = eager(folder.path());
    let sales = shop_with_two_checkpoints(&options).await;
    let newest = checkpoints(&options).pop().unwrap();
    let whole = fs::read(&newest).unwrap();
    for place in [600, whole.len() / 2, whole.len() - 40] {
        let mut bytes = whole.clone();
        bytes[place] ^= 1;
        fs::write(&newest, bytes).unwrap();
        // What nobody asks for is read by the scrub; the index is read by the start.
        let shop = Shop::open(&options);
        if shop.opened.state == StateFound::Sound {
            let stops = timeout(Duration::from_secs(10), shop.engine.failed());
            stops.await.unwrap();
        }
        drop(shop);
        assert_eq!(sold(&options).await.0, sales, "byte {place}");
        // Made anew, it rests on the newest again.
        fs::write(&newest, &whole).unwrap();
        fs::remove_dir_all(options.state()).unwrap();
        assert_eq!(sold(&options).await.0, sales, "byte {place}, put back");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn damage_that_is_met_while_the_next_checkpoint_is_made_is_damage_to_the_state() {
    let folder = tempfile::tempdir().unwrap();
    let mut options = eager(folder.path());
    let sales = shop_with_two_checkpoints(&options).await;
    let newest = checkpoints(&options).pop().unwrap();
    let mut bytes = fs::read(&newest).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&newest, bytes).unwrap();
    options.protections.scrub = false;
    let (shop, mut sold_now) = (Shop::open(&options), sales);
    assert_eq!(shop.opened.state, StateFound::Sound);
    while shop.sell(sold_now).await.is_ok() {
        sold_now += 1;
        assert!(sold_now < sales + 20_000, "it goes on");
    }
    drop(shop);
    let (found, opened) = sold(&options).await;
    assert!(
        matches!(opened.state, StateFound::Damaged { .. }),
        "{opened}"
    );
    // The sale during which it stopped may be there, though nobody was told so.
    assert!((sold_now..=sold_now + 1).contains(&found), "{found}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_layer_that_would_begin_with_much_begins_with_the_next_segment() {
    let folder = tempfile::tempdir().unwrap();
    let eager = Options {
        segment_bytes: 1 << 20,
        ..eager(folder.path())
    };
    let patient = Options {
        checkpoint_bytes: u64::MAX,
        ..eager.clone()
    };
    let (shop, segments) = (Shop::open(&patient), || within(&eager.journal()).len());
    while segments() < 2 {
        shop.put_keys(1_000).await;
    }
    let first = shop.engine.reached().journal;
    for _ in 0..=LATE_KEYS_MAX / 1_000 {
        shop.put_keys(1_000).await;
    }
    assert_eq!(segments(), 2);
    drop(shop);
    // From here on a checkpoint is due, but the state has much of the second segment.
    let shop = Shop::open(&eager);
    sleep(3 * Duration::from_millis(UPKEEP_MS)).await;
    assert_eq!(checkpoints(&eager).len(), 0);
    while segments() < 3 {
        shop.put_keys(1_000).await;
    }
    eventually("a checkpoint", || !checkpoints(&eager).is_empty()).await;
    let checkpoint = checkpoints(&eager).remove(0);
    let end = checkpoint.file_stem().unwrap().to_str().unwrap();
    assert!(end.parse::<u64>().unwrap() > first, "{end}");
}
