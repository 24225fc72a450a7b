//! Buckets, without a guest.

use souk_core::limits::{BUCKET_BYTES_MAX, COUNTER_STEPS_MAX};
use souk_store::Txn;

use super::bucket::Bucket;
use crate::bindings::souk::storage::buckets::{Condition, Scope};
use crate::denied::{Denied, No};
use crate::testing::{event, store};

const PLENTY: usize = 1 << 20;

async fn put(bucket: &Bucket, txn: &Txn, key: &str, value: &str) {
    bucket
        .put(txn, key, value.as_bytes(), Condition::Always)
        .await
        .unwrap();
}

async fn keys(bucket: &Bucket, txn: &Txn, prefix: &str, after: Option<&str>) -> Vec<String> {
    let found = bucket
        .scan(txn, prefix, after.map(str::to_owned), 100, PLENTY)
        .await
        .unwrap();
    found.into_iter().map(|entry| entry.key).collect()
}

fn is_over_limit(answer: &Result<(), No>) -> bool {
    matches!(answer, Err(No::Denied(Denied::OverLimit(_))))
}

#[tokio::test]
async fn no_key_reaches_another_bucket() {
    let txn = store().begin().unwrap();
    let (ana, bo) = (event(1, 1), event(2, 1));
    let places = [
        Bucket::of(&ana, Scope::App),
        Bucket::of(&ana, Scope::Chat),
        Bucket::of(&ana, Scope::User),
        Bucket::of(&bo, Scope::User),
    ]
    .map(Option::unwrap);
    let tricky = [
        "",
        "\0",
        "a\0b",
        "value",
        "\u{ff}",
        "../user",
        "app\0value\0a",
    ];
    for (number, bucket) in places.iter().enumerate() {
        for key in tricky {
            put(bucket, &txn, key, &format!("{number}{key}")).await;
        }
    }
    for (number, bucket) in places.iter().enumerate() {
        let mut expected = tricky.map(str::to_owned);
        expected.sort();
        assert_eq!(keys(bucket, &txn, "", None).await, expected);
        for key in tricky {
            let entry = bucket.get(&txn, key).await.unwrap().unwrap();
            assert_eq!(entry.value, format!("{number}{key}").as_bytes());
        }
    }
}

#[tokio::test]
async fn a_scan_goes_on_where_it_was_told_over_many_pages() {
    let txn = store().begin().unwrap();
    let bucket = Bucket::of(&event(1, 1), Scope::Chat).unwrap();
    for number in 0..50 {
        put(&bucket, &txn, &format!("cup/{number:02}"), "hot").await;
    }
    put(&bucket, &txn, "cup0", "beyond the prefix").await;
    let all = keys(&bucket, &txn, "cup/", None).await;
    assert_eq!(
        (all.len(), all.first(), all.last()),
        (50, Some(&"cup/00".into()), Some(&"cup/49".into()))
    );
    assert_eq!(keys(&bucket, &txn, "cup/", Some("cup/40")).await.len(), 9);
    assert_eq!(
        keys(&bucket, &txn, "cup/", Some("zzz")).await,
        [] as [&str; 0]
    );
    assert_eq!(
        bucket
            .scan(&txn, "cup", None, 33, PLENTY)
            .await
            .unwrap()
            .len(),
        33
    );
    let narrow = bucket.scan(&txn, "cup", None, 100, 200).await;
    assert!(is_over_limit(&narrow.map(drop)));
}

#[tokio::test]
async fn room_is_taken_and_given_back() {
    let txn = store().begin().unwrap();
    let bucket = Bucket::of(&event(1, 1), Scope::App).unwrap();
    let whole = usize::try_from(BUCKET_BYTES_MAX).unwrap();
    let left = async || bucket.room(&txn).await.unwrap();
    put(&bucket, &txn, "cup", "1234567").await;
    assert_eq!(left().await, whole - 10);
    put(&bucket, &txn, "cup", "1").await;
    assert_eq!(left().await, whole - 4);
    bucket.increment(&txn, "count", 1).await.unwrap();
    bucket.increment(&txn, "count", 1).await.unwrap();
    assert_eq!(left().await, whole - 9, "a counter takes its key, once");
    bucket.delete(&txn, "cup", Condition::Always).await.unwrap();
    assert_eq!(left().await, whole - 5);
    let much = vec![0; whole];
    assert!(is_over_limit(
        &bucket.put(&txn, "much", &much, Condition::Always).await
    ));
    assert_eq!(left().await, whole - 5);
}

#[tokio::test]
async fn what_was_erased_is_not_there_any_more() {
    let store = store();
    let txn = store.begin().unwrap();
    let (chat, app) = (
        Bucket::of(&event(1, 1), Scope::Chat).unwrap(),
        Bucket::of(&event(1, 1), Scope::App).unwrap(),
    );
    for bucket in [&chat, &app] {
        put(bucket, &txn, "cup", "ana's").await;
    }
    let ana = event(1, 1);
    store.keyring().erase(&ana.owner()).await.unwrap();

    assert!(chat.get(&txn, "cup").await.unwrap().is_none());
    assert_eq!(keys(&chat, &txn, "", None).await, [] as [&str; 0]);
    let bo = Bucket::of(&event(2, 1), Scope::Chat).unwrap();
    bo.put(&txn, "cup", b"bo's", Condition::Absent)
        .await
        .unwrap();
    assert_eq!(
        chat.get(&txn, "cup").await.unwrap().unwrap().version,
        2,
        "versions go on"
    );
    assert!(
        app.get(&txn, "cup").await.unwrap().is_some(),
        "the shop keeps its own"
    );
}

#[tokio::test]
async fn counters_stay_within_what_every_language_holds() {
    let txn = store().begin().unwrap();
    let bucket = Bucket::of(&event(1, 1), Scope::User).unwrap();
    bucket
        .increment(&txn, "n", COUNTER_STEPS_MAX)
        .await
        .unwrap();
    assert!(is_over_limit(&bucket.increment(&txn, "n", 1).await));
    assert!(is_over_limit(&bucket.increment(&txn, "n", i64::MAX).await));
    assert!(is_over_limit(&bucket.increment(&txn, "n", i64::MIN).await));
    assert_eq!(bucket.count(&txn, "n").await.unwrap(), COUNTER_STEPS_MAX);
    assert_eq!(
        bucket.next(&txn, "n").await.unwrap(),
        1,
        "a series is not a counter"
    );
}
