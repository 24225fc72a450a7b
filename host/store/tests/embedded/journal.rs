//! Damage to the journal and its anchor: what was acknowledged is there or the start is refused.

use std::fs;
use std::path::PathBuf;

use souk_store::embedded::{Adopted, Damage, OpenError, Options, StateFound, rebuild, verify};

use crate::common::{Dice, files, options};
use crate::shop::{Shop, crash, refused, shop_with, sold};

/// The segments there are.
fn segments(options: &Options) -> Vec<PathBuf> {
    files(&options.journal())
}

fn flip(path: &PathBuf, place: usize, bits: u8) {
    let mut bytes = fs::read(path).unwrap();
    bytes[place] ^= bits;
    fs::write(path, bytes).unwrap();
}

fn append(path: &PathBuf, tail: &[u8]) {
    let mut bytes = fs::read(path).unwrap();
    bytes.extend(tail);
    fs::write(path, bytes).unwrap();
}

/// Where each record of a segment starts.
fn records(bytes: &[u8]) -> Vec<usize> {
    let (mut starts, mut place) = (Vec::new(), 512);
    while place < bytes.len() {
        starts.push(place);
        let length = u32::from_be_bytes(bytes[place..place + 4].try_into().unwrap());
        place += 40 + usize::try_from(length).unwrap();
    }
    starts
}

#[tokio::test]
async fn any_flipped_byte_is_refused_by_file_and_place() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path());
    shop_with(&options, 6).await;
    let segment = segments(&options).remove(0);
    let bytes = fs::read(&segment).unwrap();
    let starts = records(&bytes);
    assert_eq!(starts.len(), 6);
    for place in 0..bytes.len() {
        flip(&segment, place, 1 << (place % 8));
        let error = refused(&options);
        let text = error.to_string();
        assert!(
            text.contains(segment.to_str().unwrap()),
            "byte {place}: {text}"
        );
        let OpenError::Damaged {
            offset, sequence, ..
        } = error
        else {
            panic!("byte {place}: {text}");
        };
        let record = starts.iter().rposition(|start| *start <= place);
        let start = record.map_or(0, |record| starts[record]);
        let number = record.map_or(1, |record| record + 1);
        assert_eq!(
            (offset, sequence),
            (start.try_into().unwrap(), number.try_into().unwrap())
        );
        assert!(matches!(verify(&options), Err(OpenError::Damaged { .. })));
        fs::write(&segment, &bytes).unwrap();
    }
    assert_eq!(sold(&options).await.0, 6);
}

#[tokio::test]
async fn damage_is_found_in_every_segment() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path());
    shop_with(&options, 600).await;
    assert!(segments(&options).len() > 2);
    let mut dice = Dice::new(1);
    for segment in segments(&options) {
        let bytes = fs::read(&segment).unwrap();
        for _ in 0..30 {
            let place = dice.below(bytes.len().try_into().unwrap());
            flip(&segment, place.try_into().unwrap(), 1);
            let error = refused(&options);
            let OpenError::Damaged { path, offset, .. } = error else {
                panic!("{error}")
            };
            assert!(
                path == segment && offset <= place,
                "byte {place}: {path:?} {offset}"
            );
            fs::write(&segment, &bytes).unwrap();
        }
    }
    assert_eq!(sold(&options).await.0, 600);
}

#[tokio::test]
async fn a_write_that_was_never_acknowledged_may_be_torn() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path());
    shop_with(&options, 20).await;
    let segment = segments(&options).remove(0);
    let bytes = fs::read(&segment).unwrap();
    let last = &bytes[records(&bytes)[19]..];
    let tails = [
        &last[..4],
        &last[..39],
        &last[..40],
        &last[..60],
        &[0, 0, 0, 7, 9],
        last,
    ];
    for (round, tail) in (0..).zip(tails) {
        append(&segment, tail);
        let found = verify(&options).unwrap().journal;
        let dropped = found.dropped.unwrap();
        assert_eq!(
            (&dropped.path, dropped.offset),
            (
                &segment,
                fs::metadata(&segment).unwrap().len() - u64::try_from(tail.len()).unwrap()
            )
        );
        let (sales, opened) = sold(&options).await;
        assert_eq!(sales, 20 + round);
        assert_eq!(opened.journal.dropped.unwrap().offset, dropped.offset);
        // It goes on where the torn write was, and the next start finds nothing wrong.
        let shop = Shop::open(&options);
        assert_eq!(shop.opened.journal.dropped, None);
        shop.sell_all(20 + round..21 + round).await;
    }
}

#[tokio::test]
async fn holes_in_front_of_an_unacknowledged_write_are_cut_off_too() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path());
    shop_with(&options, 5).await;
    let segment = segments(&options).remove(0);
    append(
        &segment,
        &[vec![0; 4_096], vec![7; 100], vec![0; 4_096]].concat(),
    );
    let (sales, opened) = sold(&options).await;
    assert_eq!((sales, opened.journal.dropped.unwrap().bytes), (5, 4_196));
}

#[tokio::test]
async fn a_whole_write_beyond_the_anchor_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path());
    shop_with(&options, 5).await;
    let anchor = fs::read(&options.anchor).unwrap();
    {
        let shop = Shop::open(&options);
        shop.sell_all(5..8).await;
    }
    fs::write(&options.anchor, anchor).unwrap();
    let (sales, opened) = sold(&options).await;
    assert_eq!((sales, opened.journal.beyond_anchor), (8, 3));
    assert_eq!(sold(&options).await.1.journal.beyond_anchor, 0);
}

#[tokio::test]
async fn a_cut_tail_is_refused_wherever_it_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path());
    shop_with(&options, 8).await;
    let segment = segments(&options).remove(0);
    let bytes = fs::read(&segment).unwrap();
    let starts = records(&bytes);
    for cut in 0..bytes.len() {
        fs::write(&segment, &bytes[..cut]).unwrap();
        let error = refused(&options);
        match error {
            OpenError::TailMissing {
                path,
                offset,
                last,
                anchored: 8,
            } => {
                let end = starts[usize::try_from(last).unwrap()];
                assert!(end <= cut && path == segment);
                assert_eq!(offset, end.try_into().unwrap());
            }
            OpenError::Damaged { path, .. } => assert_eq!(path, segment),
            error => panic!("cut at {cut}: {error}"),
        }
    }
}

#[tokio::test]
async fn old_files_put_back_are_refused_and_can_be_adopted() {
    let (folder, backup) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let options = options(folder.path());
    shop_with(&options, 5).await;
    let old = crash(&options, backup.path());
    {
        let shop = Shop::open(&options);
        shop.sell_all(5..9).await;
    }
    // The data directory of then, the anchor of now.
    let mixed = Options {
        anchor: options.anchor.clone(),
        ..old
    };
    let error = refused(&mixed);
    assert!(
        matches!(
            error,
            OpenError::TailMissing {
                last: 5,
                anchored: 9,
                ..
            }
        ),
        "{error}"
    );
    assert!(error.to_string().contains("--adopt-anchor"), "{error}");
    assert!(matches!(
        rebuild(&mixed),
        Err(OpenError::TailMissing { .. })
    ));
    let adopting = Options {
        adopt: true,
        ..mixed.clone()
    };
    let missing = rebuild(&adopting).unwrap();
    assert_eq!(missing.adopted, Some(Adopted::Missing { anchored: 9 }));
    let words = "accepted although records up to 9 were acknowledged: 4 records missing";
    assert!(missing.to_string().ends_with(words), "{missing}");
    let intact = rebuild(&adopting).unwrap();
    assert_eq!(intact.adopted, Some(Adopted::Nothing));
    assert_eq!(rebuild(&mixed).unwrap().adopted, None);
    assert_eq!(sold(&mixed).await.0, 5);
}

#[tokio::test]
async fn a_journal_that_took_another_way_is_refused() {
    let (folder, fork) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let options = options(folder.path());
    shop_with(&options, 5).await;
    let other = crash(&options, fork.path());
    for (options, extra) in [(&options, 1), (&other, 2)] {
        let shop = Shop::open(options);
        let txn = shop.store.begin().unwrap();
        txn.put(&souk_store::Key::room("way"), &u64::from(extra == 1))
            .unwrap();
        shop.store.commit(&txn).await.unwrap();
    }
    let error = refused(&Options {
        anchor: options.anchor.clone(),
        ..other
    });
    assert!(
        matches!(error, OpenError::Altered { sequence: 6, .. }),
        "{error}"
    );
}

#[tokio::test]
async fn another_store_s_anchor_is_refused() {
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (one, other) = (options(folder.path()), options(elsewhere.path()));
    shop_with(&one, 3).await;
    shop_with(&other, 3).await;
    let error = refused(&Options {
        anchor: other.anchor,
        ..one
    });
    assert!(matches!(error, OpenError::OtherStore { .. }), "{error}");
}

#[tokio::test]
async fn a_missing_segment_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path());
    shop_with(&options, 600).await;
    let all = segments(&options);
    for (number, segment) in all.iter().enumerate() {
        let aside = folder.path().join("aside");
        fs::rename(segment, &aside).unwrap();
        let error = refused(&options);
        match error {
            OpenError::Damaged {
                path,
                damage: Damage::Missing,
                ..
            } => assert_eq!(&path, segment),
            OpenError::TailMissing { path, .. } => assert_eq!(path, all[number - 1]),
            error => panic!("{error}"),
        }
        fs::rename(&aside, segment).unwrap();
    }
    fs::rename(options.journal(), folder.path().join("aside")).unwrap();
    let error = refused(&options);
    assert!(
        matches!(
            error,
            OpenError::TailMissing {
                last: 0,
                anchored: 600,
                ..
            }
        ),
        "{error}"
    );
    fs::rename(folder.path().join("aside"), options.journal()).unwrap();
    assert_eq!(sold(&options).await.0, 600);
}

#[tokio::test]
async fn a_missing_or_damaged_anchor_is_refused_and_can_be_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path());
    shop_with(&options, 5).await;
    let anchor = fs::read(&options.anchor).unwrap();
    // One damaged slot is what a cut leaves; the other one counts.
    for slot in [0, 4_096] {
        flip(&options.anchor, slot + 50, 1);
        assert_eq!(sold(&options).await.0, 5);
        fs::write(&options.anchor, &anchor).unwrap();
    }
    flip(&options.anchor, 50, 1);
    flip(&options.anchor, 4_146, 1);
    assert!(matches!(refused(&options), OpenError::AnchorDamaged { .. }));
    fs::remove_file(&options.anchor).unwrap();
    let error = refused(&options);
    assert!(matches!(error, OpenError::AnchorMissing { .. }), "{error}");
    assert!(!options.anchor.exists());

    let adopting = Options {
        adopt: true,
        ..options.clone()
    };
    let blind = rebuild(&adopting).unwrap();
    assert_eq!(blind.adopted, Some(Adopted::Unanchored));
    assert_eq!(sold(&options).await.0, 5);
}

#[tokio::test]
async fn looking_makes_no_lock_and_respects_one() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path());
    shop_with(&options, 5).await;
    fs::remove_file(options.data.join("lock")).unwrap();
    assert_eq!(verify(&options).unwrap().journal.records, 5);
    assert!(!options.data.join("lock").exists());
    let shop = Shop::open(&options);
    assert!(matches!(verify(&options), Err(OpenError::InUse { .. })));
    drop(shop);
    assert_eq!(verify(&options).unwrap().journal.records, 5);
}

#[tokio::test]
async fn adopting_cuts_off_a_torn_tail_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path());
    shop_with(&options, 8).await;
    let segment = segments(&options).remove(0);
    let bytes = fs::read(&segment).unwrap();
    let adopting = Options {
        adopt: true,
        ..options.clone()
    };
    flip(&segment, records(&bytes)[5] + 3, 4);
    // The anchor still says that record 6 was acknowledged.
    assert!(matches!(
        rebuild(&adopting),
        Err(OpenError::Damaged { sequence: 6, .. })
    ));
    fs::remove_file(&options.anchor).unwrap();
    // Nobody says so any more, but sound records follow it.
    assert!(matches!(
        rebuild(&adopting),
        Err(OpenError::Damaged { sequence: 6, .. })
    ));
    fs::write(&segment, &bytes[..records(&bytes)[7] + 30]).unwrap();
    assert_eq!(rebuild(&adopting).unwrap().journal.records, 7);
    assert_eq!(sold(&options).await.0, 7);
}

#[tokio::test]
async fn a_state_without_journal_and_anchor_is_not_taken_for_a_new_store() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path());
    assert!(matches!(verify(&options), Err(OpenError::Absent { .. })));
    assert!(!options.data.exists());
    shop_with(&options, 5).await;
    fs::remove_dir_all(options.journal()).unwrap();
    fs::remove_file(&options.anchor).unwrap();
    assert!(matches!(
        refused(&options),
        OpenError::JournalMissing { .. }
    ));
    fs::remove_dir_all(options.state()).unwrap();
    let (sales, opened) = sold(&options).await;
    assert!(opened.new && sales == 0 && opened.state == StateFound::Missing);
}

#[tokio::test]
async fn a_store_whose_making_was_cut_short_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path());
    drop(Shop::open(&options));
    let segment = segments(&options).remove(0);
    let header = fs::read(&segment).unwrap();
    fs::remove_dir_all(options.state()).unwrap();
    for cut in [0, 100, 511, 512] {
        fs::write(&segment, &header[..cut]).unwrap();
        assert_eq!(sold(&options).await.0, 0);
        fs::remove_dir_all(options.state()).unwrap();
    }
    fs::remove_dir_all(options.journal()).unwrap();
    assert_eq!(sold(&options).await.0, 0);
    shop_with(&options, 3).await;
}
