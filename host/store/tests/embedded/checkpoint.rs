//! Checkpoints: made while the shop is open, and as good as the segments they stand for.

use std::fs::{self, File};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use souk_store::Disk;
use souk_store::Engine;
use souk_store::embedded::{OpenError, StateFound, rebuild, verify};

use crate::common::{Dice, options_on};
use crate::shop::{Shop, checkpoints, eager, eventually, shop_with_checkpoint, sold, within};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn checkpoints_are_made_while_it_runs_and_keep_the_journal_short() {
    let folder = tempfile::tempdir().unwrap();
    let options = eager(folder.path());
    {
        let shop = Shop::open(&options);
        let mut sales = 0;
        // Each is at least as far behind the one before as that one is long.
        for round in 1..=3 {
            let newest = checkpoints(&options).pop();
            while checkpoints(&options).pop() == newest {
                shop.sell_all(sales..sales + 100).await;
                sales += 100;
            }
            eventually("an archived segment", || {
                within(&options.archive).len() >= round
            })
            .await;
            assert_eq!(shop.sold().await, sales);
        }
    }
    let report = verify(&options).unwrap();
    assert!(report.checkpoints > 0, "{report}");
    assert_eq!(report.state, StateFound::Sound);
    let (sales, opened) = sold(&options).await;
    assert_eq!((sales, opened.replayed), (report.journal.records, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_state_is_made_from_the_newest_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    let options = eager(folder.path());
    shop_with_checkpoint(&options, 2_000).await;
    let before = verify(&options).unwrap();
    for round in 0..2 {
        fs::remove_dir_all(options.state()).unwrap();
        if round == 1 {
            // What it stands for is not needed any more, only missed by those who verify.
            fs::remove_dir_all(&options.archive).unwrap();
        }
        let (sales, opened) = sold(&options).await;
        assert_eq!((sales, &opened.state), (2_000, &StateFound::Missing));
        assert!(opened.replayed < 2_000, "{opened}");
        assert_eq!(opened.keys, 1 + 1 + 10 + 2_000 + 1);
    }
    assert!(before.checkpoints > 0);
    let error = verify(&options).unwrap_err();
    assert!(
        matches!(error, OpenError::Damaged { sequence: 1, .. }),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_checkpoint_is_named_and_the_archive_stands_in() {
    let folder = tempfile::tempdir().unwrap();
    let options = eager(folder.path());
    shop_with_checkpoint(&options, 1_500).await;
    let checkpoint = checkpoints(&options).pop().unwrap();
    let bytes = fs::read(&checkpoint).unwrap();
    let mut dice = Dice::new(3);
    for round in 0..60 {
        let mut spoilt = bytes.clone();
        let place = usize::try_from(dice.below(bytes.len().try_into().unwrap())).unwrap();
        match round % 10 {
            0 => spoilt.truncate(place),
            _ => spoilt[place] ^= 1 << dice.below(8),
        }
        fs::write(&checkpoint, spoilt).unwrap();
        let error = verify(&options).unwrap_err();
        let OpenError::Checkpoint { path, .. } = &error else {
            panic!("byte {place}: {error}")
        };
        assert_eq!(path, &checkpoint, "byte {place}");
        if round % 6 == 0 {
            rebuild(&options).unwrap();
            fs::write(&checkpoint, &bytes).unwrap();
            assert_eq!(sold(&options).await.0, 1_500, "byte {place}");
        }
        fs::write(&checkpoint, &bytes).unwrap();
    }
    fs::remove_file(&checkpoint).unwrap();
    rebuild(&options).unwrap();
    assert_eq!(sold(&options).await.0, 1_500);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_store_s_checkpoint_is_not_taken() {
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (options, other) = (eager(folder.path()), eager(elsewhere.path()));
    shop_with_checkpoint(&options, 1_500).await;
    shop_with_checkpoint(&other, 1_500).await;
    let (own, stranger) = (checkpoints(&options), checkpoints(&other));
    let own = own.last().unwrap();
    fs::copy(stranger.last().unwrap(), own).unwrap();
    assert!(matches!(
        verify(&options),
        Err(OpenError::Checkpoint { .. })
    ));
    fs::remove_dir_all(options.state()).unwrap();
    assert_eq!(sold(&options).await.0, 1_500);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_a_cut_leaves_of_archiving_and_checkpoints_opens() {
    let folder = tempfile::tempdir().unwrap();
    let options = eager(folder.path());
    shop_with_checkpoint(&options, 1_500).await;
    // Segments that were about to be archived, and a checkpoint that was about to be finished.
    for archived in within(&options.archive).into_iter().rev() {
        fs::rename(
            &archived,
            options.journal().join(archived.file_name().unwrap()),
        )
        .unwrap();
        fs::write(options.checkpoints().join("000000.new"), b"begun").unwrap();
        assert_eq!(verify(&options).unwrap().state, StateFound::Sound);
        fs::remove_dir_all(options.state()).unwrap();
        assert_eq!(sold(&options).await.0, 1_500);
    }
    // A segment that was copied to another disk and not yet removed here.
    let shop = Shop::open(&options);
    eventually("archived again", || !within(&options.archive).is_empty()).await;
    drop(shop);
    let archived = within(&options.archive).remove(0);
    fs::copy(
        &archived,
        options.journal().join(archived.file_name().unwrap()),
    )
    .unwrap();
    assert_eq!(verify(&options).unwrap().state, StateFound::Sound);
    assert_eq!(sold(&options).await.0, 1_500);
}

/// A disk that fails in the middle of one write or sync of a checkpoint: the power is cut there.
struct CutAt {
    /// Calls for checkpoints until then.
    left: AtomicU64,
}

impl CutAt {
    /// Tells whether this call is the one, or comes after it.
    fn is_cut(&self, file: &File) -> bool {
        let path = fs::read_link(format!("/proc/self/fd/{}", file.as_raw_fd())).unwrap();
        let of_a_checkpoint = path.to_str().unwrap().contains("/checkpoints/");
        let less = |left: u64| left.checked_sub(1);
        let order = Ordering::SeqCst;
        of_a_checkpoint && self.left.fetch_update(order, order, less).is_err()
    }
}

impl Disk for CutAt {
    fn write(&self, file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
        if self.is_cut(file) {
            file.write_all_at(&bytes[..bytes.len() / 2], at)?;
            return Err(io::Error::from_raw_os_error(5));
        }
        file.write_all_at(bytes, at)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        if self.is_cut(file) {
            return Err(io::Error::from_raw_os_error(5));
        }
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_checkpoint_cut_at_any_write_leaves_all_that_was_sold() {
    let mut cuts = 0;
    for calls in 0.. {
        let folder = tempfile::tempdir().unwrap();
        let sound = eager(folder.path());
        let cut = Arc::new(CutAt {
            left: AtomicU64::new(calls),
        });
        let mut options = sound.clone();
        options.protections = options_on(folder.path(), cut).protections;
        let shop = Shop::open(&options);
        let mut sales = 0;
        while sales < 2_000 && shop.sell(sales).await.is_ok() {
            sales += 1;
        }
        let whole = tokio::select! {
            () = shop.engine.failed() => false,
            () = eventually("a checkpoint", || !checkpoints(&options).is_empty()) => true,
        };
        drop(shop);
        let (found, _) = sold(&sound).await;
        // The last one may have been written and not acknowledged.
        assert!(
            (sales..=sales + 1).contains(&found),
            "{calls}: {found}, not {sales}"
        );
        assert_eq!(verify(&sound).unwrap().state, StateFound::Sound, "{calls}");
        if whole {
            break;
        }
        cuts += 1;
    }
    assert!(cuts > 3, "only {cuts} cuts");
}
