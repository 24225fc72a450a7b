//! The archive: what a checkpoint stands for is kept for a while, then deleted.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Arc;

use souk_store::embedded::{OpenError, Options, StateFound, verify};

use crate::common::HandClock;
use crate::shop::{
    Shop, checkpoints, eager, eventually, shop_with_checkpoint, shop_with_two_checkpoints, sold,
    within,
};

/// The same store, in which only what has expired changes from now on.
fn with_no_more_checkpoints(options: Options) -> Options {
    Options {
        checkpoint_bytes: u64::MAX,
        ..options
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_has_expired_is_deleted_and_the_rest_opens() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(HandClock::default());
    let options = Options {
        archive_ms: 1_000,
        clock: Some(Arc::clone(&clock) as _),
        ..eager(folder.path())
    };
    let sales = shop_with_two_checkpoints(&options).await;
    let (archived, kept) = (within(&options.archive), checkpoints(&options));
    let options = with_no_more_checkpoints(options);
    clock.set(999);
    let shop = Shop::open(&options);
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    assert_eq!(within(&options.archive), archived);
    clock.set(1_000);
    eventually("a smaller archive", || !archived[0].exists()).await;
    drop(shop);

    // The state rests on the newest; the one before and what follows it would make it again.
    assert_eq!(checkpoints(&options), kept);
    assert!(archived.last().unwrap().exists());
    assert_eq!(verify(&options).unwrap().state, StateFound::Sound);
    fs::remove_file(&kept[1]).unwrap();
    assert_eq!(sold(&options).await.0, sales);
    assert_eq!(verify(&options).unwrap().state, StateFound::Sound);
    // Now the other one is the only one who knows what was before it.
    fs::remove_file(&kept[0]).unwrap();
    let error = verify(&options).unwrap_err();
    assert!(
        matches!(
            error,
            OpenError::Checkpoint { .. } | OpenError::Damaged { .. }
        ),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_segment_that_should_be_in_the_archive_is_missed() {
    let folder = tempfile::tempdir().unwrap();
    let options = eager(folder.path());
    shop_with_checkpoint(&options, 2_000).await;
    for segment in within(&options.archive) {
        fs::rename(&segment, folder.path().join("aside")).unwrap();
        let error = verify(&options).unwrap_err();
        let name = segment.file_name().unwrap().to_str().unwrap().to_owned();
        assert!(error.to_string().contains(&name), "{error}");
        fs::rename(folder.path().join("aside"), &segment).unwrap();
    }
    verify(&options).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_checkpoint_that_is_damaged_takes_nothing_with_it_when_it_is_old() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(HandClock::default());
    let options = Options {
        archive_ms: 1_000,
        clock: Some(Arc::clone(&clock) as _),
        ..eager(folder.path())
    };
    shop_with_checkpoint(&options, 2_000).await;
    let newest = checkpoints(&options).pop().unwrap();
    let archived = within(&options.archive);
    let options = with_no_more_checkpoints(options);
    assert!(!archived.is_empty());
    let mut bytes = fs::read(&newest).unwrap();
    bytes[700] ^= 1;
    fs::write(&newest, bytes).unwrap();
    clock.set(5_000);
    let shop = Shop::open(&options);
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    drop(shop);
    assert!(archived.iter().all(|segment| segment.exists()));
}

/// A place in memory: another file system than that of temporary folders.
const MEMORY: &str = "/dev/shm";

fn device(folder: &Path) -> u64 {
    fs::metadata(folder).unwrap().dev()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_archive_on_another_disk_is_as_good() {
    let (folder, elsewhere) = (
        tempfile::tempdir().unwrap(),
        tempfile::tempdir_in(MEMORY).unwrap(),
    );
    let clock = Arc::new(HandClock::default());
    let options = Options {
        archive: elsewhere.path().join("archive"),
        archive_ms: 1_000,
        clock: Some(Arc::clone(&clock) as _),
        ..eager(folder.path())
    };
    let sales = shop_with_two_checkpoints(&options).await;
    assert_ne!(device(&options.archive), device(&options.journal()));
    // What was begun there and cut off is written over.
    let archived = within(&options.archive).pop().unwrap();
    let live = options.journal().join(archived.file_name().unwrap());
    fs::copy(&archived, &live).unwrap();
    fs::remove_file(&archived).unwrap();
    fs::write(archived.with_extension("new"), b"half").unwrap();
    let shop = Shop::open(&options);
    eventually("archived again", || archived.exists() && !live.exists()).await;
    assert_eq!(shop.sold().await, sales);
    drop(shop);

    assert_eq!(verify(&options).unwrap().state, StateFound::Sound);
    let copied = folder.path().join("backup");
    let prefix = souk_store::embedded::backup(&options, &copied).unwrap();
    assert_eq!(prefix.records, sales);
    let options = with_no_more_checkpoints(options);
    let oldest = within(&options.archive).remove(0);
    clock.set(1_000);
    let shop = Shop::open(&options);
    eventually("a smaller archive", || !oldest.exists()).await;
    assert_eq!(shop.sold().await, sales);
}
