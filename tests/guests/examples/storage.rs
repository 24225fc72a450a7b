//! Proves `storage`: values, conditions, times to live, counters, series and scans, each scope on
//! its own.
//!
//! | command | does |
//! |---|---|
//! | `all SCOPE` | calls every function once in `app`, `chat` or `user`, and reports |
//! | `put SCOPE KEY VALUE`, `get SCOPE KEY`, `delete SCOPE KEY` | one value |
//! | `lend SCOPE KEY MS` | puts a value that lives for so long, where none is |
//! | `fill SCOPE FROM MS` | puts 15 of the largest, numbered from there, that live so long |
//! | `swap SCOPE KEY` | writes twice, the second time on the version the first one gave |
//! | `keys SCOPE` | all keys in order, and the room that is left |
//! | `next SCOPE KEY`, `add SCOPE KEY N`, `count SCOPE KEY` | one number |
//! | `big SCOPE BYTES` | stores a value of that size as JSON |
//! | `long SCOPE BYTES` | reads a key of that size |
//!
//! A scope whose permission is missing is `denied not-granted`.

use std::time::Duration;

use guests::{Report, words};
use souk_sdk::prelude::*;
use souk_sdk::storage::{Entry, If};

struct Storage;

impl MiniApp for Storage {
    fn command(_: &Event, command: Command) -> Result {
        let mut report = Report::default();
        let [scope, key, value] = words(&command);
        let opened = match scope {
            "app" => Bucket::app(),
            "chat" => Bucket::chat(),
            "user" => Bucket::user(),
            _ => return Err(Failure::rejected("which scope: app, chat or user?")),
        };
        let Some(bucket) = report.check("bucket.open", opened) else {
            return report.tell();
        };
        let number = || key.parse().unwrap_or(0);
        match command.name() {
            "all" => all(&mut report, &bucket),
            "put" => drop(report.check("bucket.put", bucket.put(key, value))),
            "get" => report.note("bucket.get", get(&bucket, key)),
            "delete" => drop(report.check("bucket.delete", bucket.delete(key))),
            "lend" => {
                let lent = bucket.put_if_for(key, "lent", If::Absent, millis(value));
                report.note("bucket.put", lent);
            }
            "fill" => fill(&mut report, &bucket, number(), millis(value)),
            "swap" => swap(&mut report, &bucket, key),
            "keys" => all_keys(&mut report, &bucket),
            "next" => report.note("bucket.next", bucket.next(key)),
            "add" => {
                let delta = value.parse().unwrap_or(0);
                report.check("bucket.increment", bucket.add(key, delta));
            }
            "count" => report.note("bucket.count", bucket.count(key)),
            "big" => {
                // The JSON of a text is two quotes longer than the text.
                let value = "x".repeat(number() - 2);
                report.check("bucket.put", bucket.put("big", &value));
            }
            "long" => report.note("bucket.get", get(&bucket, &"k".repeat(number()))),
            _ => return Err(command.unknown()),
        }
        report.tell()
    }
}

/// The value and its version.
fn get(bucket: &Bucket, key: &str) -> Result<String, Denied> {
    let entry = bucket.entry::<String>(key)?;
    let found = entry.map(|entry| format!("{} v{}", entry.value, entry.version));
    Ok(found.unwrap_or_else(|| "nothing".to_owned()))
}

fn millis(text: &str) -> Duration {
    Duration::from_millis(text.parse().unwrap_or(0))
}

fn fill(report: &mut Report, bucket: &Bucket, from: usize, ttl: Duration) {
    let large = "x".repeat((64 << 10) - 2);
    for number in from..from + 15 {
        let put = bucket.put_for(&format!("{number:04}"), &large, ttl);
        if put.is_err() {
            report.check("bucket.put", put);
        }
    }
}

fn swap(report: &mut Report, bucket: &Bucket, key: &str) {
    let first = bucket.put(key, "one");
    let version = *first.as_ref().unwrap_or(&0);
    report.note("put", first);
    report.note("swap", bucket.put_if(key, "two", If::Version(version)));
}

fn all_keys(report: &mut Report, bucket: &Bucket) {
    report.note("bucket.scan", bucket.entries("").map(keys));
    room(report, bucket);
}

fn keys(found: Vec<Entry<String>>) -> String {
    let keys: Vec<_> = found.into_iter().map(|entry| entry.key).collect();
    keys.join(" ")
}

fn room(report: &mut Report, bucket: &Bucket) {
    for left in bucket.allowances() {
        report.say(
            "allowance",
            format_args!("{} {}", left.name, left.remaining),
        );
    }
}

fn all(report: &mut Report, bucket: &Bucket) {
    values(report, bucket);
    numbers(report, bucket);
    for key in ["tea/oolong", "tea/jasmine", "teapot"] {
        report.check(key, bucket.put(key, "hot"));
    }
    report.note("scan tea/", bucket.scan("tea/", None, 100).map(keys));
    report.note(
        "scan 1 beyond",
        bucket.scan("tea", Some("tea/jasmine"), 1).map(keys),
    );
    report.note("scan 101", bucket.scan("tea", None, 101).map(keys));
    report.note("all of tea", bucket.entries("tea").map(keys));
    room(report, bucket);
}

fn values(report: &mut Report, bucket: &Bucket) {
    report.check("delete nothing", bucket.delete("cup"));
    report.note("get nothing", get(bucket, "cup"));
    report.check("put if absent", bucket.put_if("cup", "one", If::Absent));
    report.note("get", get(bucket, "cup"));
    report.check(
        "put if absent again",
        bucket.put_if("cup", "two", If::Absent),
    );
    let version = bucket
        .entry::<String>("cup")
        .ok()
        .flatten()
        .map_or(0, |entry| entry.version);
    report.check(
        "put if that version",
        bucket.put_if("cup", "two", If::Version(version)),
    );
    report.check(
        "put if that version again",
        bucket.put_if("cup", "3", If::Version(version)),
    );
    report.note("get changed", get(bucket, "cup"));
    report.check(
        "delete if that version",
        bucket.delete_if("cup", If::Version(version)),
    );
    report.check("delete", bucket.delete("cup"));
    report.note("get deleted", get(bucket, "cup"));
}

fn numbers(report: &mut Report, bucket: &Bucket) {
    report.note("next", bucket.next("series"));
    report.note("next again", bucket.next("series"));
    report.check("add 5", bucket.add("counter", 5));
    report.check("add -2", bucket.add("counter", -2));
    report.note("count", bucket.count("counter"));
}

souk_sdk::export!(Storage);
