//! A host whose store is in a database.

#[path = "../../../../tests/postgres/server.rs"]
#[allow(unreachable_pub, dead_code, reason = "shared with other suites")]
mod server;

use serde_json::json;
use server::{Kind, crash, fresh, say};

use crate::desk::Desk;
use crate::money::deposit;
use crate::person::Person;

/// The address of empty tables.
pub(crate) fn tables() -> String {
    fresh(Kind::Durable)
}

/// What a copy says of both sides, without the words in front.
pub(crate) fn sides(page: &str) -> [String; 2] {
    ["source  ", "copy    "].map(|side| {
        let line = page.lines().find_map(|line| line.strip_prefix(side));
        line.unwrap_or_else(|| panic!("{page}")).to_owned()
    })
}

#[test]
fn a_host_moves_into_a_database_and_out_again() {
    let (desk, tables) = (Desk::new(), tables());
    deposit(&desk);
    let moved = desk.type_in(&format!("store copy --from data --to {tables} --data data"));
    let [source, copy] = sides(&moved);
    assert_eq!(source, copy);
    let audit = format!("wallet audit --store {tables} --data data");
    assert!(
        desk.type_in(&audit)
            .contains("2 accounts, 1 entry, 0 orders, balanced\n")
    );

    let host = desk.serve_on(&tables);
    crate::host::sign_in(&host.base);
    let refused = desk.type_in(&audit);
    assert!(
        refused.contains("the store in data is in use by process"),
        "{refused}"
    );
    host.stop();

    let verified = desk.type_in(&format!("store verify --store {tables}"));
    let digest = verified.lines().nth(1).unwrap();
    assert_ne!(digest, copy, "somebody came meanwhile");
    let back = desk.type_in(&format!("store copy --from {tables} --to back --data data"));
    assert_eq!(sides(&back), [digest, digest]);
    let audit = desk.type_in("wallet audit --data back");
    assert!(
        audit.contains("2 accounts, 1 entry, 0 orders, balanced\n"),
        "{audit}"
    );
}

#[test]
fn half_a_copy_is_not_served_and_other_keys_open_nothing() {
    let (desk, tables) = (Desk::new(), tables());
    deposit(&desk);
    let copy = format!("store copy --from data --to {tables} --data data");
    sides(&desk.type_in(&copy));
    let mark = "INSERT INTO souk_cells VALUES ('copy', 1, '\\x0000000000000000')";
    say(&tables, mark);
    let serve = format!("serve --store {tables} --data data --listen 127.0.0.1:0");
    let refused = desk.type_in(&serve);
    let expected = "Error: this store is a copy that was not finished\n";
    assert!(refused.contains(expected), "{refused}");
    say(&tables, "DELETE FROM souk_cells WHERE key = 'copy'");

    let serve = format!("serve --store {tables} --data other --listen 127.0.0.1:0");
    let refused = desk.type_in(&serve);
    assert!(refused.contains("Error: the keys of this store are missing in other/keys\n"));
    // Somebody else's keys are no keys.
    desk.serve_from("other").stop();
    let refused = desk.type_in(&serve);
    assert!(refused.contains("is sealed with other keys"), "{refused}");
    assert!(refused.ends_with("[exit status: 3]\n"), "{refused}");
}

#[test]
fn a_host_outlives_a_database_that_crashes_and_no_deposit_is_lost_or_made_twice() {
    let (desk, tables) = (Desk::new(), fresh(Kind::Alone));
    let host = desk.serve_on(&tables);
    let ana = Person::join(&host.base, "ana", "Ana");
    let deposits = 60;
    std::thread::scope(|scope| {
        let pay = scope.spawn(|| {
            for number in 0..deposits {
                let dollar = json!({"amount": {"minor": 100, "currency": "USD"}});
                let key = format!("deposit-{number}");
                let (status, paid) = ana.post_once("/v1/wallet/deposits", &dollar, &key);
                assert!(matches!(status, 200..300), "{status}: {paid}");
            }
        });
        let mut crashes = 0;
        while crashes < 2 || !pay.is_finished() && crashes < 4 {
            crash(Kind::Alone);
            crashes += 1;
            std::thread::sleep(std::time::Duration::from_millis(700));
        }
    });
    let (_, balances) = ana.get("/v1/wallet");
    let text = balances.to_string();
    assert!(text.contains(&format!("{}", deposits * 100)), "{text}");
    host.stop();
    let audit = desk.type_in(&format!("wallet audit --store {tables} --data data"));
    let books = format!("2 accounts, {deposits} entries, 0 orders, balanced\n");
    assert!(audit.contains(&books), "{audit}");
}
