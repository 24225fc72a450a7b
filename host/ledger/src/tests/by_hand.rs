//! What the operator does by hand: books money in and out, and takes back what was settled. Each
//! once, each with a reason that whose money it is can read.

use souk_store::{Page, Txn};

use super::book::{Book, app, holder, money, person, transfer_id};
use super::rails::{settle_older, withdraw};
use crate::account::{Rail, Standing};
use crate::entry::{Entry, EntryKind};
use crate::rail::manual;
use crate::{Broken, Holder, Refusal, settlement, statement};

/// What the operator books by hand, as `deposit` or `withdraw`.
async fn by_hand(
    book: &Book,
    verb: &str,
    (whose, amount): (&str, &str),
    reason: &str,
) -> Result<Entry, Refusal> {
    let (policy, from, amount) = (&book.policy, &holder(whose), money(amount));
    let id = transfer_id(verb);
    book.run(|txn| async move {
        match verb {
            "deposit" => manual::deposit(&txn, policy, person(whose), amount, reason, id).await,
            _ => manual::withdraw(&txn, policy, from, amount, reason, id).await,
        }
    })
    .await
}

#[tokio::test]
async fn the_operator_books_by_hand_with_a_reason() {
    let book = Book::new();
    let long = "x".repeat(201);
    for (verb, other) in [("deposit", "4.00 USD"), ("withdraw", "5.00 USD")] {
        let book = async |ask, reason| by_hand(&book, verb, ask, reason).await;
        let five = ("ana", "5.00 USD");
        for reason in [" ", "\u{200b}", &long] {
            assert_eq!(book(five, reason).await, Err(Refusal::Reason));
        }
        let ask = if verb == "deposit" {
            five
        } else {
            ("ana", "4.00 USD")
        };
        let first = book(ask, "cash at the desk").await.unwrap();
        assert_eq!(book(ask, "cash at the desk").await, Ok(first));
        // The id stands for this, whatever else is wrong with what comes under it.
        for (ask, reason) in [(ask, "another"), (ask, ""), (("ana", other), "")] {
            assert_eq!(book(ask, reason).await, Err(Refusal::IdReused));
        }
    }
    assert_eq!(book.usd("ana").await, "1.00 USD");
    let read = |txn: Txn| async move {
        let page = Page::first(9);
        statement::page(&txn, &holder("ana"), "USD".parse().unwrap(), page).await
    };
    let lines = book.run(read).await.unwrap().into_iter();
    let said: Vec<_> = lines.map(|line| (line.kind, line.note.unwrap())).collect();
    let why = "cash at the desk".to_owned();
    let expected = [EntryKind::Deposit, EntryKind::Withdrawal];
    assert_eq!(said, expected.map(|kind| (kind, why.clone())));
    let manual = book.balance(&Holder::Rail(Rail::Manual), "USD").await;
    assert_eq!(manual.available, -100);
    assert!(book.audit().await.is_balanced());
}

#[tokio::test]
async fn what_cannot_be_paid_is_not_booked_as_paid() {
    let book = Book::new();
    let out = async |whose, amount| by_hand(&book, "withdraw", (whose, amount), "cash").await;
    book.deposit("ana", "9.00 USD", "d").await.unwrap();
    book.set("ana", "USD", Standing::Frozen, "stolen")
        .await
        .unwrap();
    let none = out("ana", "0.00 USD").await;
    assert_eq!(none, Err(Refusal::AmountZero));
    assert_eq!(out("ana", "9.01 USD").await, Err(Refusal::Frozen));
    book.set("ana", "USD", Standing::Open, "found")
        .await
        .unwrap();
    assert_eq!(out("ana", "9.01 USD").await, Err(Refusal::Funds));
    assert_eq!(out("mara", "0.01 USD").await, Err(Refusal::Funds));
    let nobodys = Refusal::Broken(Broken::Route(transfer_id("withdraw")));
    assert_eq!(out("tea", "1.00 USD").await, Err(nobodys));
    assert_eq!(book.usd("ana").await, "9.00 USD");
    // Of what is set aside nothing is paid out a second time.
    withdraw(&book, "8.00 USD", "w").await.unwrap();
    assert_eq!(out("ana", "2.00 USD").await, Err(Refusal::Funds));
    assert!(out("ana", "1.00 USD").await.is_ok());
    assert!(book.audit().await.is_balanced());
}

#[tokio::test]
async fn what_was_settled_is_taken_back_once_and_waits_again() {
    let book = Book::new();
    book.deposit("ana", "20.00 USD", "d").await.unwrap();
    book.paid("ana", "10.00 USD", "old").await;
    book.wait(10 * 86_400_000);
    settle_older(&book, 7).await.unwrap();
    let recall = async |amount: &str, reason: &'static str| {
        let (amount, id) = (money(amount), transfer_id("dispute"));
        let recall = |txn: Txn| async move {
            settlement::recall(&txn, &app("tea"), person("mara"), amount, reason, id).await
        };
        book.run(recall).await
    };
    assert_eq!(recall("4.00 USD", "").await, Err(Refusal::Reason));
    assert_eq!(recall("10.01 USD", "dispute").await, Err(Refusal::Funds));
    let first = recall("4.00 USD", "dispute").await.unwrap();
    assert_eq!(recall("4.00 USD", "dispute").await, Ok(first));
    assert_eq!(recall("4.00 USD", "").await, Err(Refusal::IdReused));
    assert_eq!(book.usd("mara").await, "6.00 USD");
    book.wait(6 * 86_400_000);
    assert_eq!(settle_older(&book, 7).await, None);
    book.wait(86_400_001);
    let back = settle_older(&book, 7).await;
    assert_eq!(back.as_deref(), Some("4.00 USD"));
    assert!(book.audit().await.is_balanced());
}
