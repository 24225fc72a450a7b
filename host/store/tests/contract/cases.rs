//! The cases of the contract, each for whatever engine it is given.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use sha2::{Digest, Sha256};
use souk_core::Timestamp;
use souk_store::{Batch, Bounds, CommitError, Fit, Key, Page, Record, Store, StoreError, Txn};

use tokio::task::JoinSet;

use crate::common::{Place, store, store_on};
use crate::serial;

fn key(name: &str) -> Key {
    Key::room("test").with(name)
}

fn text(text: &str) -> String {
    text.to_owned()
}

async fn put(store: &Store, name: &str, value: &str) {
    let txn = store.begin().unwrap();
    txn.put(&key(name), &text(value)).unwrap();
    store.commit(&txn).await.unwrap();
}

async fn get(store: &Store, name: &str) -> Option<String> {
    store.begin().unwrap().get(&key(name)).await.unwrap()
}

async fn add(store: &Store, name: &str, delta: i64) {
    let txn = store.begin().unwrap();
    assert_eq!(
        txn.add(&key(name), delta, Bounds::NONE).await.unwrap(),
        Fit::Fits
    );
    store.commit(&txn).await.unwrap();
}

async fn append(store: &Store, log: &str, value: u64) -> u64 {
    let txn = store.begin().unwrap();
    txn.append(&key(log), &value).unwrap();
    store.commit(&txn).await.unwrap().places[0]
}

async fn scan<R: Record>(txn: &Txn, page: Page<Key>) -> Vec<(Key, R)> {
    txn.scan(&Key::room("test"), page).await.unwrap()
}

/// Commits what may rest on stale data, together with a write of its own.
async fn outcome(store: &Store, txn: &Txn) -> Result<(), CommitError> {
    txn.put(&key("own"), &text("own")).unwrap();
    store.commit(txn).await.map(drop)
}

pub async fn what_was_put_is_read_until_it_is_deleted(place: &Place) {
    let store = store(&place.open());
    assert_eq!(get(&store, "a").await, None);
    put(&store, "a", "one").await;
    put(&store, "a", "two").await;
    assert_eq!(get(&store, "a").await, Some(text("two")));
    let txn = store.begin().unwrap();
    txn.delete(&key("a")).unwrap();
    txn.delete(&key("never")).unwrap();
    store.commit(&txn).await.unwrap();
    assert_eq!(get(&store, "a").await, None);
}

pub async fn nobody_sees_what_is_not_committed(place: &Place) {
    let store = store(&place.open());
    let txn = store.begin().unwrap();
    txn.put(&key("a"), &text("one")).unwrap();
    txn.append(&key("log"), &1u64).unwrap();
    let _ = txn.add(&key("n"), 1, Bounds::NONE).await.unwrap();
    assert_eq!(txn.get(&key("a")).await.unwrap(), Some(text("one")));
    assert_eq!(txn.number(&key("n")).await.unwrap(), 1);
    let other = store.begin().unwrap();
    assert_eq!(other.get::<String>(&key("a")).await.unwrap(), None);
    assert_eq!(other.count(&key("log")).await.unwrap(), 0);
    assert_eq!(other.number(&key("n")).await.unwrap(), 0);
    drop(txn);
    assert_eq!(get(&store, "a").await, None);
}

pub async fn a_value_that_changed_after_it_was_read_is_a_conflict(place: &Place) {
    let store = store(&place.open());
    put(&store, "a", "one").await;
    let stale = store.begin().unwrap();
    stale.get::<String>(&key("a")).await.unwrap();
    put(&store, "a", "one").await;
    assert_eq!(outcome(&store, &stale).await, Err(CommitError::Conflict));
    assert_eq!(get(&store, "own").await, None);
    let fresh = store.begin().unwrap();
    fresh.get::<String>(&key("a")).await.unwrap();
    put(&store, "b", "elsewhere").await;
    assert_eq!(outcome(&store, &fresh).await, Ok(()));
}

pub async fn a_value_that_appeared_after_it_was_missed_is_a_conflict(place: &Place) {
    let store = store(&place.open());
    let stale = store.begin().unwrap();
    stale.get::<String>(&key("a")).await.unwrap();
    put(&store, "a", "one").await;
    assert_eq!(outcome(&store, &stale).await, Err(CommitError::Conflict));
    let stale = store.begin().unwrap();
    stale.get::<String>(&key("a")).await.unwrap();
    let txn = store.begin().unwrap();
    txn.delete(&key("a")).unwrap();
    store.commit(&txn).await.unwrap();
    assert_eq!(outcome(&store, &stale).await, Err(CommitError::Conflict));
}

pub async fn a_range_that_changed_after_it_was_read_is_a_conflict(place: &Place) {
    let store = store(&place.open());
    put(&store, "b", "one").await;
    put(&store, "d", "one").await;
    let change = async |name: &str, value: Option<&str>| {
        let stale = store.begin().unwrap();
        scan::<String>(&stale, Page::first(10)).await;
        let txn = store.begin().unwrap();
        match value {
            Some(value) => txn.put(&key(name), &text(value)).unwrap(),
            None => txn.delete(&key(name)).unwrap(),
        }
        store.commit(&txn).await.unwrap();
        stale.put(&Key::room("elsewhere"), &text("own")).unwrap();
        store.commit(&stale).await.map(drop)
    };
    assert_eq!(change("c", Some("new")).await, Err(CommitError::Conflict));
    assert_eq!(
        change("b", Some("changed")).await,
        Err(CommitError::Conflict)
    );
    assert_eq!(change("d", None).await, Err(CommitError::Conflict));
    assert_eq!(change("never", None).await, Ok(()));
}

pub async fn what_lies_beyond_the_page_is_no_conflict(place: &Place) {
    let store = store(&place.open());
    for name in ["b", "c", "d"] {
        put(&store, name, "one").await;
    }
    let page = store.begin().unwrap();
    assert_eq!(scan::<String>(&page, Page::first(2)).await.len(), 2);
    put(&store, "d", "changed").await;
    assert_eq!(outcome(&store, &page).await, Ok(()));

    let page = store.begin().unwrap();
    assert_eq!(scan::<String>(&page, Page::last(2)).await.len(), 2);
    put(&store, "a", "new").await;
    page.put(&Key::room("elsewhere"), &text("own")).unwrap();
    assert_eq!(store.commit(&page).await.map(drop), Ok(()));

    let page = store.begin().unwrap();
    scan::<String>(&page, Page::first(2)).await;
    put(&store, "aa", "new, and within").await;
    assert_eq!(outcome(&store, &page).await, Err(CommitError::Conflict));
}

pub async fn a_peek_is_never_a_conflict(place: &Place) {
    let store = store(&place.open());
    let txn = store.begin().unwrap();
    txn.peek::<String>(&key("a")).await.unwrap();
    txn.peek_number(&key("n")).await.unwrap();
    txn.peek_count(&key("log")).await.unwrap();
    txn.entries::<u64>(&key("log"), Page::first(10))
        .await
        .unwrap();
    put(&store, "a", "one").await;
    add(&store, "n", 1).await;
    append(&store, "log", 1).await;
    assert_eq!(outcome(&store, &txn).await, Ok(()));
}

pub async fn a_key_that_is_read_again_is_what_it_was_at_first(place: &Place) {
    let store = store(&place.open());
    let stale = store.begin().unwrap();
    assert_eq!(stale.get::<String>(&key("a")).await.unwrap(), None);
    put(&store, "a", "one").await;
    assert_eq!(stale.get::<String>(&key("a")).await.unwrap(), None);
    assert_eq!(outcome(&store, &stale).await, Err(CommitError::Conflict));

    let glanced = store.begin().unwrap();
    assert_eq!(glanced.peek(&key("a")).await.unwrap(), Some(text("one")));
    put(&store, "a", "two").await;
    assert_eq!(glanced.peek(&key("a")).await.unwrap(), Some(text("one")));
    // From here on it rests on what it saw.
    assert_eq!(glanced.get(&key("a")).await.unwrap(), Some(text("one")));
    assert_eq!(outcome(&store, &glanced).await, Err(CommitError::Conflict));
}

pub async fn appends_never_conflict_and_get_their_places_in_commit_order(place: &Place) {
    let store = store(&place.open());
    let txns: Vec<_> = (0..5).map(|_| store.begin().unwrap()).collect();
    for (number, txn) in (0u64..).zip(&txns) {
        txn.append(&key("log"), &number).unwrap();
        txn.append(&key("log"), &(number + 100)).unwrap();
    }
    for (turn, txn) in (0u64..).zip(txns.iter().rev()) {
        assert_eq!(
            store.commit(txn).await.unwrap().places,
            [turn * 2, turn * 2 + 1]
        );
    }
    let txn = store.begin().unwrap();
    assert_eq!(txn.count(&key("log")).await.unwrap(), 10);
    let entries: Vec<(u64, u64)> = txn.entries(&key("log"), Page::first(3)).await.unwrap();
    assert_eq!(entries, [(0, 4), (1, 104), (2, 3)]);
    let last = txn
        .entries(&key("log"), Page::last(2).after(Some(8)))
        .await
        .unwrap();
    assert_eq!(last, [(7, 101u64), (6, 1)]);
    let rest = txn
        .entries(&key("log"), Page::first(9).after(Some(7)))
        .await
        .unwrap();
    assert_eq!(rest, [(8, 0u64), (9, 100)]);
}

pub async fn a_count_that_changed_is_a_conflict(place: &Place) {
    let store = store(&place.open());
    let stale = store.begin().unwrap();
    stale.count(&key("log")).await.unwrap();
    append(&store, "log", 1).await;
    assert_eq!(outcome(&store, &stale).await, Err(CommitError::Conflict));
}

pub async fn chained_entries_carry_a_hash_over_all_before_them(place: &Place) {
    let store = store(&place.open());
    for number in 0u64..3 {
        let txn = store.begin().unwrap();
        let index = key("index").with(number);
        let later = souk_store::Place::LATER;
        txn.append_indexed(&key("log"), &number, (&index, &later))
            .unwrap();
        store.commit(&txn).await.unwrap();
    }
    let txn = store.begin().unwrap();
    let entries = txn
        .chained_entries::<u64>(&key("log"), Page::first(9))
        .await
        .unwrap();
    let mut before = [0; 32];
    for (place, value, hash) in entries {
        assert_eq!(place, value);
        let written = [1, u8::try_from(value).unwrap()];
        let link = Sha256::new()
            .chain_update(before)
            .chain_update(place.to_be_bytes());
        before = link.chain_update(written).finalize().into();
        assert_eq!(hash, before);
        let index = key("index").with(value);
        let led = txn.get::<souk_store::Place>(&index).await.unwrap().unwrap();
        let found = txn.indexed::<u64>(&key("log"), &index, led).await.unwrap();
        assert_eq!(found, Some(value));
    }
    assert_ne!(before, [0; 32]);
}

pub async fn logs_with_similar_names_are_kept_apart(place: &Place) {
    let store = store(&place.open());
    let short = Key::room("log");
    let long = Key::room("log").with(7);
    let txn = store.begin().unwrap();
    for _ in 0..3 {
        txn.append(&short, &1u64).unwrap();
        txn.append(&long, &2u64).unwrap();
    }
    store.commit(&txn).await.unwrap();
    let txn = store.begin().unwrap();
    let short = txn.entries::<u64>(&short, Page::first(9)).await.unwrap();
    let long = txn.entries::<u64>(&long, Page::last(9)).await.unwrap();
    assert_eq!(short, [(0, 1), (1, 1), (2, 1)]);
    assert_eq!(long, [(2, 2), (1, 2), (0, 2)]);
}

pub async fn adds_never_conflict_and_stay_within_their_bounds(place: &Place) {
    let store = store(&place.open());
    let bounds = Bounds {
        floor: 0,
        ceiling: 100,
    };
    let (one, other) = (store.begin().unwrap(), store.begin().unwrap());
    assert_eq!(one.add(&key("n"), 60, bounds).await.unwrap(), Fit::Fits);
    assert_eq!(other.add(&key("n"), 40, bounds).await.unwrap(), Fit::Fits);
    assert_eq!(
        other.add(&key("n"), 61, bounds).await.unwrap(),
        Fit::Outside
    );
    store.commit(&one).await.unwrap();
    store.commit(&other).await.unwrap();
    let txn = store.begin().unwrap();
    assert_eq!(txn.number(&key("n")).await.unwrap(), 100);
    assert_eq!(txn.add(&key("n"), 1, bounds).await.unwrap(), Fit::Outside);
    assert_eq!(
        txn.add(&key("n"), -101, bounds).await.unwrap(),
        Fit::Outside
    );
    assert_eq!(
        txn.add(&key("n"), i64::MIN, Bounds::NONE).await.unwrap(),
        Fit::Fits
    );
}

pub async fn an_add_that_fits_no_more_applies_nothing_of_its_batch(place: &Place) {
    let store = store(&place.open());
    add(&store, "n", 10).await;
    let bounds = Bounds {
        floor: 0,
        ceiling: 100,
    };
    let late = store.begin().unwrap();
    assert_eq!(late.add(&key("n"), -10, bounds).await.unwrap(), Fit::Fits);
    late.append(&key("log"), &1u64).unwrap();
    add(&store, "n", -1).await;
    assert_eq!(outcome(&store, &late).await, Err(CommitError::Conflict));
    let txn = store.begin().unwrap();
    assert_eq!(txn.number(&key("n")).await.unwrap(), 9);
    assert_eq!(txn.count(&key("log")).await.unwrap(), 0);
    assert_eq!(txn.get::<String>(&key("own")).await.unwrap(), None);
}

pub async fn a_number_that_changed_after_it_was_read_is_a_conflict(place: &Place) {
    let store = store(&place.open());
    let stale = store.begin().unwrap();
    stale.number(&key("n")).await.unwrap();
    add(&store, "n", 1).await;
    assert_eq!(outcome(&store, &stale).await, Err(CommitError::Conflict));
}

pub async fn scans_go_in_pages_and_both_ways_and_include_own_writes(place: &Place) {
    let store = store(&place.open());
    for name in ["a", "b", "c", "d", "e"] {
        put(&store, name, name).await;
    }
    let txn = store.begin().unwrap();
    txn.delete(&key("b")).unwrap();
    txn.put(&key("c"), &text("C")).unwrap();
    txn.put(&key("bb"), &text("bb")).unwrap();
    let values = async |page: Page<Key>| {
        let found = scan::<String>(&txn, page).await;
        found
            .into_iter()
            .map(|(_, value)| value)
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(values(Page::first(9)).await, "a bb C d e");
    assert_eq!(values(Page::first(3)).await, "a bb C");
    assert_eq!(values(Page::last(3)).await, "e d C");
    assert_eq!(values(Page::first(2).after(Some(key("a")))).await, "bb C");
    assert_eq!(values(Page::last(9).after(Some(key("c")))).await, "bb a");
    assert_eq!(values(Page::first(0)).await, "");
    assert_eq!(values(Page::first(9).after(Some(key("zz")))).await, "");
}

async fn write_all(store: &Store, round: u64) {
    let txn = store.begin().unwrap();
    for number in 0..20u64 {
        txn.put(&key("all").with(number), &round).unwrap();
    }
    store.commit(&txn).await.unwrap();
}

pub async fn a_batch_is_applied_whole(place: &Place) {
    let store = store(&place.open());
    write_all(&store, 0).await;
    let mut writer = JoinSet::new();
    let rounds = store.clone();
    writer.spawn(async move {
        for round in 1..50 {
            write_all(&rounds, round).await;
        }
    });
    let mut over = None;
    while over.is_none() {
        let read = store.transact(async |txn: Txn| {
            let found = txn.scan::<u64>(&key("all"), Page::first(99)).await?;
            Ok::<_, StoreError>(
                found
                    .into_iter()
                    .map(|(_, round)| round)
                    .collect::<Vec<_>>(),
            )
        });
        match read.await {
            Ok(rounds) => assert_eq!(rounds, vec![rounds[0]; 20]),
            Err(error) => assert_eq!(error, StoreError::Contended),
        }
        over = writer.try_join_next();
    }
    over.unwrap().unwrap();
}

pub async fn a_read_only_commit_is_checked_too(place: &Place) {
    let store = store(&place.open());
    put(&store, "a", "one").await;
    let (stale, fresh) = (store.begin().unwrap(), store.begin().unwrap());
    stale.get::<String>(&key("a")).await.unwrap();
    fresh.get::<String>(&key("b")).await.unwrap();
    put(&store, "a", "two").await;
    assert_eq!(store.commit(&stale).await, Err(CommitError::Conflict));
    assert_eq!(store.commit(&fresh).await.unwrap().sequence, 2);
    assert_eq!(stale.get::<String>(&key("a")).await, Err(StoreError::Over));
}

pub async fn commit_time_never_goes_back(place: &Place) {
    let (store, clock) = store_on(place.open());
    let mut told = Vec::new();
    for millis in [50, 70, 60, 0, 80] {
        clock.set(millis);
        let txn = store.begin().unwrap();
        txn.append(&key("log"), &millis).unwrap();
        let committed = store.commit(&txn).await.unwrap();
        told.push((committed.sequence, committed.at.millis()));
    }
    assert_eq!(told, [(1, 50), (2, 70), (3, 70), (4, 70), (5, 80)]);
}

pub async fn an_error_answered_on_stale_data_is_run_again(place: &Place) {
    #[derive(Debug, PartialEq)]
    enum No {
        Absent,
        Store(StoreError),
    }
    impl From<StoreError> for No {
        fn from(error: StoreError) -> Self {
            Self::Store(error)
        }
    }
    let store = store(&place.open());
    let runs = Arc::new(AtomicU32::new(0));
    let answer = store.transact(|txn| {
        let (store, runs) = (store.clone(), Arc::clone(&runs));
        async move {
            let found = txn.get::<String>(&key("a")).await?;
            txn.put(&key("trace"), &text("left behind"))?;
            if runs.fetch_add(1, Ordering::SeqCst) == 0 {
                put(&store, "a", "one").await;
            }
            found.ok_or(No::Absent)
        }
    });
    assert_eq!(answer.await, Ok(text("one")));
    assert_eq!(runs.load(Ordering::SeqCst), 2);

    let answer: Result<(), No> = store
        .transact(async |txn: Txn| {
            txn.put(&key("b"), &text("never"))?;
            Err(No::Absent)
        })
        .await;
    assert_eq!(answer, Err(No::Absent));
    assert_eq!(get(&store, "b").await, None);
}

pub async fn everything_is_still_there_after_opening_again(place: &Place) {
    let (store, clock) = store_on(place.open());
    clock.set(1_000);
    put(&store, "a", "one").await;
    put(&store, "b", "one").await;
    append(&store, "log", 7).await;
    add(&store, "n", -3).await;
    let txn = store.begin().unwrap();
    txn.delete(&key("b")).unwrap();
    store.commit(&txn).await.unwrap();
    drop((store, txn));

    for round in 0..3 {
        let engine = place.open();
        let (store, _) = store_on(Arc::clone(&engine));
        assert_eq!(get(&store, "a").await, Some(text("one")));
        assert_eq!(get(&store, "b").await, None);
        let txn = store.begin().unwrap();
        assert_eq!(txn.number(&key("n")).await.unwrap(), -3);
        assert_eq!(
            txn.entries(&key("log"), Page::first(1)).await.unwrap(),
            [(0, 7u64)]
        );
        assert_eq!(append(&store, "log", 8).await, round + 1);
        let batch = Batch {
            writes: [(b"vx".to_vec(), None)].into(),
            ..Batch::default()
        };
        let committed = engine
            .commit(batch, Timestamp::from_millis(5))
            .await
            .unwrap();
        assert_eq!(
            (committed.sequence, committed.at.millis()),
            (7 + 2 * round, 1_000)
        );
    }
}

pub async fn whatever_is_interleaved_is_as_if_it_had_been_one_after_the_other(place: &Place) {
    for seed in 0..60 {
        serial::interleave(place, seed).await;
    }
}

pub async fn whatever_runs_at_once_is_as_if_it_had_been_one_after_the_other(place: &Place) {
    serial::at_once(place, 99).await;
}
