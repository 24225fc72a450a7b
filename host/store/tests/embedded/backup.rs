//! Backups: each a consistent prefix of a shop that is open, and a shop again.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use souk_core::Timestamp;
use souk_store::Blobs;
use souk_store::embedded::{BackupError, Moment, Options, backup, backup_options, restore, verify};
use tokio::task::JoinSet;

use crate::common::{Dice, HandClock, files, store_on};
use crate::shop::{
    Shop, eager, shop_with, shop_with_checkpoint, shop_with_two_checkpoints, sold, within,
};

/// Restores a backup into a new folder and counts what was sold there.
async fn restored(from: &Path, moment: Moment) -> Result<u64, BackupError> {
    let folder = tempfile::tempdir().unwrap();
    let options = eager(folder.path());
    let prefix = restore(from, &options, moment)?;
    assert_eq!(verify(&options).unwrap().journal.records, prefix.records);
    let shop = Shop::open(&options);
    let sales = shop.sold().await;
    shop.sell_all(sales..sales + 5).await;
    drop(shop);
    assert_eq!(sold(&options).await.0, sales + 5);
    Ok(sales)
}

/// Tries to restore what cannot be, and sees that nothing of it is left.
fn refused(from: &Path, moment: Moment) -> BackupError {
    let folder = tempfile::tempdir().unwrap();
    let options = eager(&folder.path().join("new"));
    let error = restore(from, &options, moment).unwrap_err();
    assert_eq!(files(folder.path()), Vec::<std::path::PathBuf>::new());
    error
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_an_open_shop_holds_all_that_was_acknowledged_before_it() {
    let (folder, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let options = eager(folder.path());
    let shop = Arc::new(Shop::open(&options));
    let told = Arc::new(AtomicU64::new(0));
    let mut seller = JoinSet::new();
    let (stall, counter) = (Arc::clone(&shop), Arc::clone(&told));
    seller.spawn(async move {
        for number in 0.. {
            stall.sell(number).await.unwrap();
            counter.store(number + 1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_micros(500)).await;
        }
    });
    let archived = || !within(&options.archive).is_empty();
    for round in 0..100 {
        if round >= 6 && archived() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        let before = told.load(Ordering::SeqCst);
        let backup_at = to.path().join(format!("{round}.5"));
        let prefix = backup(&options, &backup_at).unwrap();
        let after = told.load(Ordering::SeqCst);
        // The last one may be acknowledged and not yet counted here.
        assert!(
            (before..=after + 1).contains(&prefix.records),
            "{before} {prefix:?} {after}"
        );
        assert_eq!(
            verify(&backup_options(&backup_at)).unwrap().journal.records,
            prefix.records
        );
        assert_eq!(
            restored(&backup_at, Moment::End).await.unwrap(),
            prefix.records
        );
        fs::remove_dir_all(backup_at).unwrap();
    }
    seller.shutdown().await;
    assert!(archived(), "nothing was archived meanwhile");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_earlier_record_can_be_restored() {
    let (folder, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let options = eager(folder.path());
    shop_with_checkpoint(&options, 2_000).await;
    let to = to.path().join("backup");
    backup(&options, &to).unwrap();
    let mut dice = Dice::new(5);
    let mut moments: Vec<_> = (0..12).map(|_| 1 + dice.below(2_000)).collect();
    moments.extend([1, 1_999, 2_000]);
    let checkpoints = fs::read_dir(to.join("checkpoints")).unwrap();
    let names = checkpoints.map(|file| file.unwrap().file_name().into_string().unwrap());
    let ends: Vec<u64> = names
        .filter_map(|name| name.strip_suffix(".checkpoint")?.parse().ok())
        .collect();
    assert!(!ends.is_empty());
    moments.extend(ends);
    for record in moments {
        assert_eq!(restored(&to, Moment::Record(record)).await.unwrap(), record);
    }
    for outside in [0, 2_001] {
        let refused = refused(&to, Moment::Record(outside));
        let BackupError::Outside { first, last } = refused else {
            panic!("{refused}")
        };
        assert_eq!((first, last), (1, 2_000));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_earlier_time_can_be_restored() {
    let (folder, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let options = eager(folder.path());
    {
        let (engine, opened) = crate::common::open(&options);
        let mut shop = Shop::of(engine, opened);
        let (store, clock): (_, Arc<HandClock>) = store_on(Arc::clone(&shop.engine) as _);
        shop.store = store;
        for number in 0..50 {
            clock.set(1_000 + number / 10 * 1_000);
            shop.sell_all(number..number + 1).await;
        }
    }
    let to = to.path().join("backup");
    backup(&options, &to).unwrap();
    let early = refused(&to, Moment::Time(Timestamp::from_millis(999)));
    let BackupError::TooEarly { first } = early else {
        panic!("{early}")
    };
    assert_eq!(first, Timestamp::from_millis(1_000));
    for (time, sales) in [(1_000, 10), (2_999, 20), (3_000, 30), (9_000, 50)] {
        let moment = Moment::Time(Timestamp::from_millis(time));
        assert_eq!(restored(&to, moment).await.unwrap(), sales, "at {time}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_has_expired_can_be_restored_no_more_and_the_rest_can() {
    let (folder, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let clock = Arc::new(HandClock::default());
    let options = Options {
        archive_ms: 1_000,
        clock: Some(Arc::clone(&clock) as _),
        ..eager(folder.path())
    };
    let sales = shop_with_two_checkpoints(&options).await;
    let oldest = within(&options.archive).remove(0);
    clock.set(1_000);
    let shop = Shop::open(&options);
    crate::shop::eventually("a smaller archive", || !oldest.exists()).await;
    drop(shop);
    let to = to.path().join("backup");
    backup(&options, &to).unwrap();
    let early = restored(&to, Moment::Record(1)).await.unwrap_err();
    let BackupError::Outside { first, last: _ } = early else {
        panic!("{early}")
    };
    assert!((1..sales).contains(&first));
    assert_eq!(restored(&to, Moment::Record(first)).await.unwrap(), first);
    assert_eq!(restored(&to, Moment::End).await.unwrap(), sales);
}

#[tokio::test]
async fn blobs_are_copied_and_a_damaged_one_is_named() {
    let (folder, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let options = eager(folder.path());
    shop_with(&options, 5).await;
    let blobs = Blobs::open(&options.data.join("blobs")).unwrap();
    let digest = blobs.put(b"a component".to_vec()).await.unwrap();
    let at = to.path().join("one");
    assert_eq!(backup(&options, &at).unwrap().blobs, 1);
    let target = eager(&to.path().join("again"));
    restore(&at, &target, Moment::End).unwrap();
    let copied = Blobs::open(&target.data.join("blobs")).unwrap();
    assert_eq!(copied.get(&digest).await.unwrap().unwrap(), b"a component");

    let blob = files(&options.data.join("blobs")).remove(0);
    fs::write(&blob, b"a Component").unwrap();
    let text = backup(&options, &to.path().join("two"))
        .unwrap_err()
        .to_string();
    assert!(text.contains(blob.to_str().unwrap()), "{text}");
    assert!(!to.path().join("two").exists());
}

#[tokio::test]
async fn nothing_is_overwritten() {
    let (folder, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let options = eager(folder.path());
    shop_with(&options, 5).await;
    let at = to.path().join("one");
    backup(&options, &at).unwrap();
    for refused in [
        backup(&options, &at).unwrap_err(),
        restore(&at, &options, Moment::End).unwrap_err(),
    ] {
        assert!(matches!(refused, BackupError::Occupied { .. }), "{refused}");
    }
    assert_eq!(sold(&options).await.0, 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_damage_is_restored() {
    let (folder, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let options = eager(folder.path());
    shop_with_checkpoint(&options, 1_500).await;
    let at = to.path().join("backup");
    backup(&options, &at).unwrap();
    let mut dice = Dice::new(9);
    let all = files(&at);
    for round in 0..60 {
        let path = &all[usize::try_from(dice.below(all.len().try_into().unwrap())).unwrap()];
        let bytes = fs::read(path).unwrap();
        let mut spoilt = bytes.clone();
        let place = usize::try_from(dice.below(bytes.len().try_into().unwrap())).unwrap();
        spoilt[place] ^= 1 << dice.below(8);
        fs::write(path, spoilt).unwrap();
        // The anchor has two halves of which one will do, and room between them.
        let mended = path.ends_with("anchor");
        match restored(&at, Moment::End).await {
            Ok(sales) => assert!(mended && sales == 1_500, "round {round}: {path:?} {place}"),
            Err(BackupError::Store(_)) => {}
            Err(error) => panic!("round {round}: {path:?} {place}: {error}"),
        }
        fs::write(path, bytes).unwrap();
    }
}
