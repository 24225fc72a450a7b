//! Damage to the state on disk: it is made anew from the journal, and nothing is lost.

use std::fs;

use souk_store::embedded::{Options, StateFound, rebuild, verify};

use crate::common::{Dice, files, options};
use crate::shop::{Shop, crash, shop_with, sold};

#[tokio::test]
async fn a_missing_state_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path());
    shop_with(&options, 50).await;
    let (_, opened) = sold(&options).await;
    assert_eq!((opened.state, opened.replayed), (StateFound::Sound, 0));
    fs::remove_dir_all(options.state()).unwrap();
    assert_eq!(verify(&options).unwrap().state, StateFound::Missing);
    let (sales, opened) = sold(&options).await;
    assert_eq!(
        (sales, opened.state, opened.replayed),
        (50, StateFound::Missing, 50)
    );
    assert_eq!(verify(&options).unwrap().state, StateFound::Sound);
}

#[tokio::test]
async fn a_state_that_is_behind_is_brought_up() {
    let (folder, old) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let options = options(folder.path());
    shop_with(&options, 300).await;
    let old = crash(&options, old.path());
    {
        let shop = Shop::open(&options);
        shop.sell_all(300..700).await;
    }
    fs::remove_dir_all(options.state()).unwrap();
    crate::common::copy(&old.state(), &options.state());
    let behind = StateFound::Behind { applied: 300 };
    assert_eq!(verify(&options).unwrap().state, behind);
    let (sales, opened) = sold(&options).await;
    assert_eq!((sales, opened.state, opened.replayed), (700, behind, 400));
}

#[tokio::test]
async fn a_state_that_is_ahead_or_another_store_s_is_made_anew() {
    let (folder, old) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let options = options(folder.path());
    shop_with(&options, 30).await;
    let old = crash(&options, old.path());
    {
        let shop = Shop::open(&options);
        shop.sell_all(30..40).await;
    }
    fs::remove_dir_all(old.state()).unwrap();
    crate::common::copy(&options.state(), &old.state());
    let (sales, opened) = sold(&old).await;
    assert!(
        sales == 30 && matches!(opened.state, StateFound::Damaged { .. }),
        "{opened}"
    );

    let elsewhere = tempfile::tempdir().unwrap();
    let other = crate::common::options(elsewhere.path());
    shop_with(&other, 30).await;
    fs::remove_dir_all(old.state()).unwrap();
    crate::common::copy(&other.state(), &old.state());
    let (sales, opened) = sold(&old).await;
    assert!(
        sales == 30 && matches!(opened.state, StateFound::Damaged { .. }),
        "{opened}"
    );
}

#[tokio::test]
async fn flipped_bytes_anywhere_in_the_state_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let whole = options(folder.path());
    shop_with(&whole, 400).await;
    let mut rebuilt = 0;
    for seed in 0..150 {
        let spoilt = tempfile::tempdir().unwrap();
        let options = crash(&whole, spoilt.path());
        spoil(&options, seed);
        let (sales, opened) = sold(&options).await;
        assert_eq!(sales, 400, "seed {seed}");
        rebuilt += usize::from(matches!(opened.state, StateFound::Damaged { .. }));
        assert_eq!(
            verify(&options).unwrap().state,
            StateFound::Sound,
            "seed {seed}"
        );
    }
    assert!(rebuilt > 20, "only {rebuilt} of 150 were noticed at all");
}

/// Flips a few bytes among those that are not zero, or cuts a file, or takes one away.
fn spoil(options: &Options, seed: u64) {
    let mut dice = Dice::new(seed);
    let files = files(&options.state());
    for _ in 0..=dice.below(8) {
        let path = &files[usize::try_from(dice.below(files.len().try_into().unwrap())).unwrap()];
        let Ok(mut bytes) = fs::read(path) else {
            continue;
        };
        let used = bytes
            .iter()
            .rposition(|byte| *byte != 0)
            .map_or(0, |last| last + 1);
        if used == 0 {
            continue;
        }
        let place = usize::try_from(dice.below(used.try_into().unwrap())).unwrap();
        match dice.below(20) {
            0 => fs::remove_file(path).unwrap(),
            1 => fs::write(path, &bytes[..place]).unwrap(),
            2 => {
                let end = (place + 4_096).min(bytes.len());
                bytes[place..end].fill(0);
                fs::write(path, bytes).unwrap();
            }
            _ => {
                bytes[place] ^= 1 << dice.below(8);
                fs::write(path, bytes).unwrap();
            }
        }
    }
}

#[tokio::test]
async fn damage_that_is_met_while_running_stops_and_the_next_start_repairs() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path());
    shop_with(&options, 400).await;
    fs::write(
        folder.path().join("data/state.unsound"),
        "a value's checksum is wrong",
    )
    .unwrap();
    let (sales, opened) = sold(&options).await;
    assert_eq!(sales, 400);
    let reason = "a value's checksum is wrong".to_owned();
    assert_eq!(opened.state, StateFound::Damaged { reason });
    assert_eq!(sold(&options).await.1.state, StateFound::Sound);
}

#[tokio::test]
async fn a_rebuilt_state_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path());
    shop_with(&options, 200).await;
    let opened = rebuild(&options).unwrap();
    assert_eq!((opened.state, opened.replayed), (StateFound::Sound, 200));
    assert_eq!(sold(&options).await.0, 200);
}
