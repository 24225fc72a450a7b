//! `souk store copy`, killed again and again on its way into a database and out of it.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use souk_core::{Clock, Timestamp};
use souk_store::embedded::{Embedded, Options};
use souk_store::{Key, Keyring, Store};

use crate::database::{sides, tables};
use crate::desk::Desk;
use crate::money::deposit;

/// What the store is filled with: so much that a copy has a middle.
const VALUES: u64 = 300;
const VALUE_BYTES: usize = 40_000;
/// When a copy is killed for the first time. It comes to nothing so soon.
const FIRST: Duration = Duration::from_millis(10);

/// It is always nine.
struct NineOClock;

impl Clock for NineOClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(1_795_338_000_000)
    }
}

/// Fills a store with more than money, beside the host's own.
fn fill(desk: &Desk) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let (engine, _) = Embedded::open(&Options::at(&desk.path("data"))).unwrap();
        let keyring = Arc::new(Keyring::ephemeral().unwrap());
        let store = Store::new(Arc::new(engine), keyring, Arc::new(NineOClock));
        for number in 0..VALUES {
            let txn = store.begin().unwrap();
            let value = number.to_string().repeat(VALUE_BYTES / 3);
            txn.put(&Key::room("much").with(number), &value).unwrap();
            store.commit(&txn).await.unwrap();
        }
    });
}

/// Runs a copy and kills it after a while. Returns what it said if it was done before.
fn cut(desk: &Desk, copy: &str, after: Duration) -> Option<String> {
    let mut copying = desk.souk(copy);
    let mut copying = copying
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(after);
    copying.kill().unwrap();
    let said = copying.wait_with_output().unwrap();
    let page = String::from_utf8(said.stdout).unwrap();
    said.status.success().then_some(page)
}

/// Kills a copy later and later, by a sixth each time, until it ends first. `look` opens
/// the target without changing it: as long as the copy is half done it must not open. One that was
/// killed when it had done all is whole: `onward`, which copies the target, has to say the same.
/// Returns what the finished copy says.
fn copied_in_the_end(desk: &Desk, copy: &str, (look, onward): (&str, &str)) -> [String; 2] {
    let (mut after, mut refused) = (FIRST, 0);
    let done = loop {
        if let Some(done) = cut(desk, copy, after) {
            break done;
        }
        let seen = desk.type_in(look);
        // Before its first part there is nothing there.
        if seen.contains("balanced") && !seen.contains("0 accounts") {
            break desk.type_in(onward);
        }
        refused += u32::from(seen.contains("a copy that was not finished"));
        after += after / 6;
    };
    assert!(refused > 0, "nothing was killed half-way");
    sides(&done)
}

#[test]
fn a_copy_that_is_killed_is_never_served_and_ends_as_the_same() {
    let desk = Desk::new();
    deposit(&desk);
    fill(&desk);
    let (whole, cut) = (tables(), tables());
    let into = |tables: &str| format!("store copy --from data --to {tables} --data data");
    let expected = sides(&desk.type_in(&into(&whole)));
    let look = format!("wallet audit --store {cut} --data data");
    let onward = format!("store copy --from {cut} --to onward --data data");
    let copied = copied_in_the_end(&desk, &into(&cut), (&look, &onward));
    assert_eq!(copied, expected);

    let back = |to: &str| format!("store copy --from {cut} --to {to} --data data");
    assert_eq!(sides(&desk.type_in(&back("whole"))), expected);
    let (look, onward) = (
        "wallet audit --data back",
        "store copy --from back --to further",
    );
    let copied = copied_in_the_end(&desk, &back("back"), (look, onward));
    assert_eq!(copied, expected);
    let audit = desk.type_in("wallet audit --data back");
    assert!(
        audit.contains("2 accounts, 1 entry, 0 orders, balanced\n"),
        "{audit}"
    );
    desk.serve_from("back").stop();
}
