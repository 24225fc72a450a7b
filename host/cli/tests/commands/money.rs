//! `souk wallet` and `souk receipt`.

use std::path::PathBuf;

use expect_test::expect;
use serde_json::{Value, json};
use souk::client::Client;
use souk::host::Places;
use souk_core::UserId;
use souk_ledger::Holder;
use souk_store::{Bounds, Fit, Key, Number, StoreError, Txn};

use crate::desk::Desk;

/// Deposits 5.00 USD for Ana on a new host, and returns her id and the receipt.
pub(crate) fn deposit(desk: &Desk) -> (UserId, String, String) {
    let host = desk.serve();
    let token = crate::host::token(&host.base);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let made = runtime.block_on(async {
        let ana = Client::new(&host.base, &token);
        let amount = json!({"amount": {"minor": 500, "currency": "USD"}});
        let arrival: Value = ana.post("/v1/wallet/deposits", &amount).await.unwrap();
        let me: Value = ana.get("/v1/me").await.unwrap();
        let key: Value = ana.get("/v1/key").await.unwrap();
        let receipt = format!("/v1/receipts/{}", arrival["entry"].as_str().unwrap());
        (
            me["id"].as_str().unwrap().parse().unwrap(),
            ana.get_text(&receipt).await.unwrap(),
            key["public_key"].as_str().unwrap().to_owned(),
        )
    });
    host.stop();
    made
}

#[test]
fn an_audit_needs_a_store() {
    let desk = Desk::new();
    desk.check(
        "wallet audit --data nowhere",
        expect![[r#"
        Error: there is no data directory nowhere
        Hint: Name the host's data directory with --data
        [exit status: 1]
    "#]],
    );
    assert!(
        !desk.path("nowhere").exists(),
        "whoever only looks makes nothing"
    );
}

#[test]
fn a_ledger_that_does_not_add_up_is_not_called_balanced() {
    let desk = Desk::new();
    let (ana, ..) = deposit(&desk);
    desk.check(
        "wallet audit --data data",
        expect![[r#"
            Opened the store: journal: 4 records in 1 file; state: sound, 0 records applied.
            2 accounts, 1 entry, 0 orders, balanced
            [exit status: 0]
        "#]],
    );
    alter(desk.path("data"), ana);
    let seen = desk.type_in("wallet audit --data data");
    let account = Holder::Person(ana).account("USD".parse().unwrap());
    expect![[r#"
        Opened the store: journal: 5 records in 1 file; state: sound, 0 records applied.
        Error: the ledger does not add up
        Hint: Keep a copy of the data directory, then run `souk store verify`
        account ANA: available is 501, and its entries come to 500
        2 accounts, 1 entry, 0 orders, 1 fault
        [exit status: 3]
    "#]]
    .assert_eq(&seen.replace(&account.to_string(), "ANA"));
}

/// Gives Ana a cent that no entry gave her.
fn alter(data: PathBuf, ana: UserId) {
    let places = Places {
        store: None,
        data,
        anchor: None,
        archive: None,
        master_key: None,
    };
    let account = Holder::Person(ana).account("USD".parse().unwrap());
    // What is available is the sixth of the numbers beside an account's statement.
    let (key, slot) = (Key::room("ledger").with("statement").with(account), 5);
    let available = &Number { key, slot };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let stored = places.store().await.unwrap();
        let add = |txn: Txn| async move { txn.add(available, 1, Bounds::NONE).await };
        let added: Result<Fit, StoreError> = stored.store.transact(add).await;
        assert_eq!(added, Ok(Fit::Fits));
    });
}

#[test]
fn only_what_the_host_signed_is_a_receipt() {
    let desk = Desk::new();
    let (_, receipt, key) = deposit(&desk);
    desk.put("receipt.json", &receipt);
    let verify = |key: &str| format!("receipt verify receipt.json --key {key}");
    let good = desk.type_in(&verify(&key));
    assert!(
        good.contains("The signature is good") && good.contains("exit status: 0"),
        "{good}"
    );
    desk.check(
        &verify("nonsense"),
        expect![[r#"
        Error: the key is not 64 hexadecimal digits
        Hint: `souk receipt keys` prints it
        [exit status: 1]
    "#]],
    );
    desk.check(
        &verify(&"0".repeat(64)),
        expect![[r#"
            Error: receipt.json does not come from this host like that
            Caused by: it was signed with another key
            Hint: Get it again, and the keys from the host itself
            [exit status: 1]
        "#]],
    );
    desk.check(
        &format!("receipt verify nowhere.json --key {key}"),
        expect![[r#"
            Error: nowhere.json cannot be read
            Caused by: No such file or directory (os error 2)
            Hint: Look there: a receipt is a file
            [exit status: 1]
        "#]],
    );
    desk.put("receipt.json", "not a receipt");
    desk.check(
        &verify(&key),
        expect![[r#"
            Error: receipt.json does not come from this host like that
            Caused by: this is no receipt and no statement; each is one JSON object, as `souk` printed it
            Hint: Get it again, and the keys from the host itself
            [exit status: 1]
        "#]],
    );
    desk.put(
        "receipt.json",
        receipt.replacen("\"sig\":\"", "\"sig\":\"AAAA", 1),
    );
    desk.check(
        &verify(&key),
        expect![[r#"
            Error: receipt.json does not come from this host like that
            Caused by: this is no receipt and no statement; each is one JSON object, as `souk` printed it
            Hint: Get it again, and the keys from the host itself
            [exit status: 1]
        "#]],
    );
}

/// Deposits 5.00 USD on a new host, and returns the statement of a period as its person got it,
/// with the host's key.
fn statement_of(desk: &Desk, period: &str) -> (Result<String, String>, String) {
    let host = desk.serve();
    let token = crate::host::token(&host.base);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let made = runtime.block_on(async {
        let ana = Client::new(&host.base, &token);
        let amount = json!({"amount": {"minor": 500, "currency": "USD"}});
        let arrival: Value = ana.post("/v1/wallet/deposits", &amount).await.unwrap();
        assert_eq!(arrival["state"], "posted");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        let key: Value = ana.get("/v1/key").await.unwrap();
        let path = format!("/v1/wallet/statement.json?currency=USD&{period}");
        let statement = ana.get_text(&path).await;
        (
            statement.map_err(|error| format!("{error:?}")),
            key["public_key"].as_str().unwrap().to_owned(),
        )
    });
    host.stop();
    made
}

#[test]
fn a_statement_says_when_it_was_made_and_ends_then_at_the_latest() {
    let desk = Desk::new();
    // Until the year 2100.
    let (statement, key) = statement_of(&desk, "to=4102444800000");
    desk.put("statement.json", statement.unwrap());
    let page = desk.type_in(&format!("receipt verify statement.json --key {key}"));
    let said = "The signature is good. The statement, made at ";
    let made = page.split_once(said).and_then(|(_, rest)| rest.get(..24));
    let made = made.unwrap_or_else(|| panic!("{page}"));
    assert!(page.contains(&format!("{said}{made}, says:\n")), "{page}");
    let closing = format!("\n{made},closing,,5.00,USD,,,\n");
    assert!(page.contains(&closing), "{page}");
}

#[test]
fn a_period_that_ends_before_it_begins_is_refused() {
    let (statement, _) = statement_of(&Desk::new(), "from=2000&to=1000");
    let refused = statement.unwrap_err();
    let words = "a period may not end before it begins, nor begin in the future";
    assert!(refused.contains(words), "{refused}");
}

#[test]
fn a_statement_takes_times_as_a_restore_does() {
    let desk = Desk::new();
    for words in [
        "statement USD --from",
        "statement USD --to",
        "store restore b --to-time",
    ] {
        let page = desk.type_in(&format!("{words} yesterday"));
        assert!(
            page.contains("write it like 2026-11-22T09:05:00Z"),
            "{page}"
        );
    }
}
