//! Where guests' data is kept. Room `guest`.

use souk_core::Timestamp;
use souk_events::BucketPlace;
use souk_store::{Key, KeyPart};

/// A guest's key as the last part: it may contain anything, and what it starts with can be scanned.
struct Last<'a>(&'a str);

impl KeyPart for Last<'_> {
    fn write(&self, to: &mut Vec<u8>) {
        to.extend(self.0.as_bytes());
    }
}

/// Everything in a bucket.
pub(super) fn of(place: &BucketPlace) -> Key {
    let room = Key::room("guest");
    match place {
        BucketPlace::App(app) => room.with(app).with("app"),
        BucketPlace::Chat(app, chat) => room.with(app).with("chat").with(*chat),
        BucketPlace::User(app, user, left) => room.with(app).with("user").with(*user).with(*left),
    }
}

/// The values whose keys start with `prefix`.
pub(super) fn values(bucket: &Key, prefix: &str) -> Key {
    bucket.clone().with("value").with(Last(prefix))
}

/// A value.
pub(super) fn value(bucket: &Key, key: &str) -> Key {
    values(bucket, key)
}

/// The key a value is under, as the guest wrote it.
pub(super) fn name(bucket: &Key, value: &Key) -> Option<String> {
    String::from_utf8(value.after(&values(bucket, ""))?.to_vec()).ok()
}

/// The values of a bucket that expire, by time.
pub(super) fn all_expiring(bucket: &Key) -> Key {
    bucket.clone().with("expiring")
}

/// The values of a bucket that expire at a time or later begin here.
pub(super) fn expiring_from(bucket: &Key, at: Timestamp) -> Key {
    all_expiring(bucket).with(at.millis())
}

/// A value that expires at a time.
pub(super) fn expiring(bucket: &Key, at: Timestamp, key: &str) -> Key {
    expiring_from(bucket, at).with(Last(key))
}

/// When a value on the list of those that expire does, and its key, as the guest wrote it.
pub(super) fn expiring_name(bucket: &Key, expiring: &Key) -> Option<(Timestamp, String)> {
    let (millis, name) = expiring.after(&all_expiring(bucket))?.split_first_chunk()?;
    let at = Timestamp::from_millis(u64::from_be_bytes(*millis));
    Some((at, String::from_utf8(name.to_vec()).ok()?))
}

/// When the bucket is due: at one time, or not at all.
pub(super) fn wake(bucket: &Key) -> Key {
    bucket.clone().with("wake")
}

/// A counter's number, and the mark that room was taken for it.
pub(super) fn counter(bucket: &Key, key: &str) -> Key {
    bucket.clone().with("counter").with(Last(key))
}

/// The last number of a series, and the mark that room was taken for it.
pub(super) fn series(bucket: &Key, key: &str) -> Key {
    bucket.clone().with("series").with(Last(key))
}

/// The number of bytes the bucket holds.
pub(super) fn size(bucket: &Key) -> Key {
    bucket.clone().with("size")
}

/// The highest version a deleted value had.
pub(super) fn floor(bucket: &Key) -> Key {
    bucket.clone().with("floor")
}

/// All counters and all series of a bucket.
pub(super) fn numbers(bucket: &Key) -> [Key; 2] {
    ["counter", "series"].map(|kind| bucket.clone().with(kind))
}
