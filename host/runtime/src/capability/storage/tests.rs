//! Buckets, without a guest.

use souk_core::limits::{BUCKET_BYTES_MAX, COUNTER_STEPS_MAX, EXPIRED_AT_ONCE_VALUES};
use souk_core::{Timestamp, TypedId, UserId};
use souk_events::{BucketPlace, Event, due};
use souk_store::{Bounds, Fit, Page, Record, Sealed, Txn};

use super::bucket::{Bucket, Put};
use super::record::{Expiring, Stored};
use super::{expire, forget, keys as places};
use crate::bindings::souk::storage::buckets::{Condition, Scope};
use crate::denied::{Denied, No};
use crate::testing::{event, store};

const PLENTY: usize = 1 << 20;

/// What to put, to stay, if a condition holds.
fn when<'a>(key: &'a str, value: &'a [u8], condition: Condition) -> Put<'a> {
    Put {
        key,
        value,
        condition,
        ttl_ms: None,
    }
}

async fn put(bucket: &Bucket, txn: &Txn, key: &str, value: &str) -> u64 {
    let put = when(key, value.as_bytes(), Condition::Always);
    bucket.put(txn, put).await.unwrap()
}

/// Puts something of one letter that lives for so long.
async fn lend(bucket: &Bucket, txn: &Txn, key: &str, ttl_ms: u64) -> u64 {
    let put = Put {
        ttl_ms: Some(ttl_ms),
        ..when(key, b"x", Condition::Always)
    };
    bucket.put(txn, put).await.unwrap()
}

/// The same event's bucket, so much later than noon.
fn later(scope: Scope, millis: u64) -> Bucket {
    let event = event(1, 1);
    let at = event.at.after_millis(millis);
    Bucket::of(&Event { at, ..event }, scope).unwrap()
}

async fn keys(bucket: &Bucket, txn: &Txn, prefix: &str, after: Option<&str>) -> Vec<String> {
    let found = bucket
        .scan(txn, prefix, after.map(str::to_owned), 100, PLENTY)
        .await
        .unwrap();
    found.into_iter().map(|entry| entry.key).collect()
}

fn is_over_limit<T>(answer: &Result<T, No>) -> bool {
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
    let much = when("much", &much, Condition::Always);
    assert!(is_over_limit(&bucket.put(&txn, much).await));
    assert_eq!(left().await, whole - 5);
}

#[tokio::test]
async fn a_bucket_that_may_hold_less_can_still_be_emptied() {
    let txn = store().begin().unwrap();
    let bucket = Bucket::of(&event(1, 1), Scope::App).unwrap();
    put(&bucket, &txn, "cup", "1234567").await;
    let narrow = bucket.clone().within(8);
    assert_eq!(narrow.room(&txn).await.unwrap(), 0);
    let more = narrow.put(&txn, when("k", b"", Condition::Always)).await;
    assert!(is_over_limit(&more));
    put(&narrow, &txn, "cup", "123456").await;
    narrow.delete(&txn, "cup", Condition::Always).await.unwrap();
    put(&narrow, &txn, "cup", "12345").await;
    assert_eq!(narrow.room(&txn).await.unwrap(), 0);
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
    let put = when("cup", b"bo's", Condition::Absent);
    assert_eq!(bo.put(&txn, put).await.unwrap(), 2);
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

#[tokio::test]
async fn what_has_expired_is_gone_in_every_respect() {
    let txn = store().begin().unwrap();
    let (noon, before, after) = (
        later(Scope::Chat, 0),
        later(Scope::Chat, 1_999),
        later(Scope::Chat, 2_000),
    );
    let empty = noon.room(&txn).await.unwrap();
    put(&noon, &txn, "pot", "stays").await;
    let room = noon.room(&txn).await.unwrap();
    assert_eq!(lend(&noon, &txn, "cup", 2_000).await, 1);
    assert_eq!(keys(&before, &txn, "", None).await, ["cup", "pot"]);
    assert_eq!(before.room(&txn).await.unwrap(), room - 4);

    assert!(after.get(&txn, "cup").await.unwrap().is_none());
    assert_eq!(keys(&after, &txn, "", None).await, ["pot"]);
    assert_eq!(after.room(&txn).await.unwrap(), room);
    let version = when("cup", b"new", Condition::Version(1));
    let denied = after.put(&txn, version).await;
    assert!(
        matches!(denied, Err(No::Denied(Denied::Conflict(present))) if present.code == "absent")
    );
    let deleted = after.delete(&txn, "cup", Condition::Version(1)).await;
    assert!(matches!(deleted, Err(No::Denied(Denied::Conflict(_)))));
    let absent = when("cup", b"new", Condition::Absent);
    assert_eq!(after.put(&txn, absent).await.unwrap(), 2, "versions go on");
    after.delete(&txn, "cup", Condition::Always).await.unwrap();
    after.delete(&txn, "pot", Condition::Always).await.unwrap();
    assert_eq!(after.room(&txn).await.unwrap(), empty);
}

#[tokio::test]
async fn a_value_lives_as_long_as_its_last_put_says() {
    let txn = store().begin().unwrap();
    let (noon, after) = (later(Scope::App, 0), later(Scope::App, 2_000));
    for key in ["stays", "longer", "gone"] {
        lend(&noon, &txn, key, 2_000).await;
    }
    put(&noon, &txn, "stays", "y").await;
    lend(&noon, &txn, "longer", 2_001).await;
    assert_eq!(keys(&after, &txn, "", None).await, ["longer", "stays"]);
    let beyond = later(Scope::App, 2_001);
    assert_eq!(keys(&beyond, &txn, "", None).await, ["stays"]);
}

#[tokio::test]
async fn a_full_bucket_has_room_where_something_expired() {
    let txn = store().begin().unwrap();
    let (noon, after) = (later(Scope::App, 0), later(Scope::App, 2_000));
    lend(&noon, &txn, "cup", 2_000).await;
    let size = places::size(&places::of(&BucketPlace::App(event(1, 1).app)));
    let (floor, ceiling) = (0, BUCKET_BYTES_MAX);
    let filled = txn.add(&size, ceiling - 6, Bounds { floor, ceiling });
    assert_eq!(filled.await.unwrap(), Fit::Fits);
    let more = || when("abc", b"123", Condition::Always);
    assert!(is_over_limit(&noon.put(&txn, more()).await));
    after.put(&txn, more()).await.unwrap();
    assert_eq!(after.room(&txn).await.unwrap(), 0);
}

/// How many values a bucket lists that expire.
async fn lines(txn: &Txn, place: &BucketPlace) -> usize {
    let all = places::all_expiring(&places::of(place));
    let found = txn.scan::<Expiring>(&all, Page::first(1_000));
    found.await.unwrap().len()
}

#[tokio::test]
async fn expired_values_are_deleted_so_many_at_once() {
    let txn = store().begin().unwrap();
    let place = BucketPlace::App(event(1, 1).app);
    // An event that waited: what it lends is over before it is done.
    let earlier = event(1, 1).at.millis() - 10_000;
    let waited = Event {
        at: Timestamp::from_millis(earlier),
        ..event(1, 1)
    };
    let waited = Bucket::of(&waited, Scope::App).unwrap();
    let room = waited.room(&txn).await.unwrap();
    for number in 0..=EXPIRED_AT_ONCE_VALUES {
        lend(&waited, &txn, &format!("{number:03}"), 2_000).await;
    }
    lend(&waited, &txn, "zzz", 60_000).await;
    let due = async || due::by_now(&txn, 10).await.unwrap().len();
    assert_eq!(due().await, 1);
    for (left, comes_up_again) in [(2, 1), (1, 0), (1, 0)] {
        expire(&txn, &place).await.unwrap();
        assert_eq!(
            (lines(&txn, &place).await, due().await),
            (left, comes_up_again)
        );
    }
    assert_eq!(keys(&waited, &txn, "", None).await, ["zzz"]);
    assert_eq!(waited.room(&txn).await.unwrap(), room - 4);
    assert_eq!(put(&waited, &txn, "new", "x").await, 2, "versions go on");
}

#[tokio::test]
async fn whoever_leaves_leaves_nothing_that_expires() {
    let txn = store().begin().unwrap();
    let bucket = later(Scope::User, 0);
    lend(&bucket, &txn, "cup", 2_000).await;
    let (app, user) = (event(1, 1).app, UserId::from_bits(1));
    assert!(!forget(&txn, &app, user, 0).await.unwrap());
    let place = BucketPlace::User(app, user, 0);
    assert_eq!(lines(&txn, &place).await, 0);
    expire(&txn, &place).await.unwrap();
    assert_eq!(bucket.room(&txn).await.unwrap(), 64 << 20);
}

#[test]
fn values_of_the_first_form_stay() {
    let sealed: Sealed = postcard::from_bytes(b"\x03tea").unwrap();
    let wanted = Stored {
        version: 7,
        bytes: 300,
        expires: None,
        value: sealed,
    };
    // As it was written then.
    assert_eq!(
        Stored::read_older(b"\x01\x07\xac\x02\x03tea").unwrap(),
        wanted
    );
}
