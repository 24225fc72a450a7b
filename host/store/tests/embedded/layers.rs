//! The layers of the state: what was written lately in sled, over a checkpoint. Nobody who reads
//! can tell in which of them a value lies, and no cut in between loses one.

use std::fs;
use std::time::Duration;

use souk_store::Engine;
use souk_store::embedded::{Options, StateFound, verify};
use tokio::time::timeout;

use crate::shop::{Shop, checkpoints, crash, eager, eventually, shop_with_two_checkpoints, sold};

/// The folders of the state's layers.
fn layers(options: &Options) -> Vec<String> {
    let names = fs::read_dir(options.state()).unwrap();
    let mut names: Vec<_> = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

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
