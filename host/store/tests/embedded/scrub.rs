//! What a quick start does not read is read in the background: no damage passes silently.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use souk_core::limits::SCRUB_MS;
use souk_store::Engine;
use souk_store::embedded::{Embedded, OpenError, Options, StateFound, verify};
use tokio::time::timeout;

use crate::common::{HandClock, files};
use crate::shop::{Shop, checkpoints, eager, shop_with, shop_with_two_checkpoints, sold, within};

/// No checkpoints: the whole journal is live.
fn long(folder: &Path) -> Options {
    Options {
        checkpoint_bytes: u64::MAX,
        ..eager(folder)
    }
}

fn flip(path: &Path, place: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[place] ^= 4;
    fs::write(path, bytes).unwrap();
}

/// Tells whether an engine stops by itself.
async fn stops(options: &Options) -> bool {
    let (engine, opened) = Embedded::open(options).unwrap();
    assert!(!opened.checked, "{opened}");
    timeout(Duration::from_secs(2), engine.failed())
        .await
        .is_ok()
}

#[tokio::test]
async fn damage_in_front_of_what_a_start_reads_stops_the_engine() {
    let folder = tempfile::tempdir().unwrap();
    let options = long(folder.path());
    shop_with(&options, 1_200).await;
    assert!(!stops(&options).await);
    let segment = files(&options.journal()).remove(1);
    flip(&segment, 9_000);
    assert!(stops(&options).await);
    let error = verify(&options).unwrap_err();
    let OpenError::Damaged { path, offset, .. } = &error else {
        panic!("{error}")
    };
    assert!(path == &segment && *offset <= 9_000, "{error}");
}

#[tokio::test]
async fn without_the_scrub_that_damage_would_go_unnoticed() {
    let folder = tempfile::tempdir().unwrap();
    let mut options = long(folder.path());
    options.protections.scrub = false;
    shop_with(&options, 1_200).await;
    flip(&files(&options.journal())[1], 9_000);
    assert!(!stops(&options).await);
}

#[tokio::test]
async fn damage_in_what_a_start_reads_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let options = long(folder.path());
    shop_with(&options, 1_200).await;
    let segment = files(&options.journal()).pop().unwrap();
    flip(&segment, 700);
    let error = Embedded::open(&options).err().unwrap();
    assert!(
        matches!(&error, OpenError::Damaged { path, .. } if *path == segment),
        "{error}"
    );
}

#[tokio::test]
async fn a_missing_file_in_front_of_what_a_start_reads_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let options = long(folder.path());
    shop_with(&options, 1_200).await;
    let segment = files(&options.journal()).remove(2);
    fs::rename(&segment, folder.path().join("aside")).unwrap();
    let error = Embedded::open(&options).err().unwrap();
    assert!(
        matches!(&error, OpenError::Damaged { path, .. } if *path == segment),
        "{error}"
    );
}

/// Takes the first key of the state away, as a page that was never written would.
fn lose_a_key(options: &Options) {
    let db = sled::open(options.state().join("1")).unwrap();
    let (key, _) = db.range([1_u8]..).next().unwrap().unwrap();
    db.remove(key).unwrap();
    db.flush().unwrap();
}

#[tokio::test]
async fn a_value_that_the_state_has_lost_stops_the_engine_and_the_next_start_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let options = long(folder.path());
    shop_with(&options, 1_200).await;
    lose_a_key(&options);
    assert!(stops(&options).await);
    let (sales, opened) = sold(&options).await;
    assert!(
        matches!(opened.state, StateFound::Damaged { .. }),
        "{opened}"
    );
    assert_eq!(sales, 1_200);
    assert!(!stops(&options).await);
}

#[tokio::test]
async fn without_the_scrub_a_lost_value_would_go_unnoticed() {
    let folder = tempfile::tempdir().unwrap();
    let mut options = long(folder.path());
    options.protections.scrub = false;
    shop_with(&options, 1_200).await;
    lose_a_key(&options);
    assert!(!stops(&options).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_state_is_counted_while_it_changes() {
    let folder = tempfile::tempdir().unwrap();
    let options = long(folder.path());
    shop_with(&options, 1_200).await;
    for round in 0..6 {
        let shop = Shop::open(&options);
        let sales = 1_200 + round * 300;
        shop.sell_all(sales..sales + 300).await;
        assert!(
            timeout(Duration::from_millis(200), shop.engine.failed())
                .await
                .is_err()
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn damage_to_archive_or_checkpoint_does_not_stop_the_shop_and_is_named_by_verify() {
    let folder = tempfile::tempdir().unwrap();
    let options = eager(folder.path());
    shop_with_two_checkpoints(&options).await;
    let old = checkpoints(&options).remove(0);
    for path in [within(&options.archive).remove(0), old] {
        flip(&path, 900);
        assert!(!stops(&options).await);
        let text = verify(&options).unwrap_err().to_string();
        assert!(text.contains(path.to_str().unwrap()), "{text}");
        flip(&path, 900);
    }
    verify(&options).unwrap();
}

/// Lets a store be damaged while it runs. Returns whether it stops by itself when its clock shows
/// so much.
async fn stops_at(millis: u64) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(HandClock::default());
    let options = Options {
        clock: Some(Arc::clone(&clock) as _),
        ..long(folder.path())
    };
    shop_with(&options, 1_200).await;
    let shop = Shop::open(&options);
    // What the start did not read has been read by then.
    let early = timeout(Duration::from_secs(2), shop.engine.failed()).await;
    assert!(early.is_err());
    flip(&files(&options.journal())[1], 9_000);
    clock.set(millis);
    timeout(Duration::from_secs(5), shop.engine.failed())
        .await
        .is_ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn damage_that_comes_while_it_runs_is_found_within_a_day() {
    let (before, after) = tokio::join!(stops_at(SCRUB_MS - 1), stops_at(SCRUB_MS));
    assert!(!before, "it was found too early to have been looked for");
    assert!(after);
}
