//! Where guests' data is kept. Room `guest`.

use souk_core::{AppId, ChatId, UserId};
use souk_store::{Key, KeyPart};

/// A guest's key as the last part: it may contain anything, and what it starts with can be scanned.
struct Last<'a>(&'a str);

impl KeyPart for Last<'_> {
    fn write(&self, to: &mut Vec<u8>) {
        to.extend(self.0.as_bytes());
    }
}

/// Everything an app keeps for all.
pub(super) fn of_app(app: &AppId) -> Key {
    Key::room("guest").with(app).with("app")
}

/// Everything an app keeps for a chat.
pub(super) fn of_chat(app: &AppId, chat: ChatId) -> Key {
    Key::room("guest").with(app).with("chat").with(chat)
}

/// Everything an app keeps for a person who has left it so many times.
pub(super) fn of_user(app: &AppId, user: UserId, left: u64) -> Key {
    Key::room("guest")
        .with(app)
        .with("user")
        .with(user)
        .with(left)
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
