//! Ten thousand at once against one limit: as many as fit, never one more.

use std::sync::Arc;

use souk_core::TypedId;

use super::book::{Book, holder, money, no_order};
use crate::account::Cell;
use crate::entry::EntryKind;
use crate::policy::{Caps, Limits};
use crate::transfer::{self, Transfer};
use crate::{Policy, Refusal, keys};

/// How many try at once.
const TRIES: u64 = 10_000;
/// How many of them fit under the limit; each moves one minor unit.
const FIT: u64 = 700;

/// One of the many tries: one minor unit, under an id of its own.
fn one(number: u64, from: &str, to: &str, kind: EntryKind) -> Transfer {
    Transfer {
        id: TypedId::from_bits(u128::from(number) + 1),
        debit: holder(from),
        credit: holder(to),
        amount: money("0.01 USD"),
        kind,
        order: kind.is_of_an_order().then(no_order),
        terms: (kind == EntryKind::Payment).then_some([0; 32]),
        note: None,
    }
}

/// Lets all try at once. Returns how many succeeded; every other one must hear `refusal`.
async fn rush(policy: Policy, from: &str, to: &str, kind: EntryKind, refusal: Refusal) -> u64 {
    let mut book = Book::new();
    if kind != EntryKind::Deposit {
        book.deposit(from, "1000.00 USD", "a lot").await.unwrap();
    }
    // Whoever comes first opens the accounts.
    let first = &one(TRIES, from, to, kind);
    let post = |txn| async move { transfer::post(&txn, &Policy::default(), first).await };
    book.run(post).await.unwrap();
    book.policy = policy;
    let (book, start) = (Arc::new(book), Arc::new(tokio::sync::Barrier::new(64)));
    let mut tasks = Vec::new();
    for client in 0..64 {
        let (book, start) = (Arc::clone(&book), Arc::clone(&start));
        let (from, to, refusal) = (from.to_owned(), to.to_owned(), refusal.clone());
        tasks.push(tokio::spawn(async move {
            start.wait().await;
            let mut done = 0;
            for number in (client..TRIES).step_by(64) {
                let ask = &one(number, &from, &to, kind);
                let post = |txn| {
                    let book = Arc::clone(&book);
                    async move { transfer::post(&txn, &book.policy, ask).await }
                };
                match book.run(post).await {
                    Ok(_) => done += 1,
                    Err(answer) => assert_eq!(answer, refusal),
                }
            }
            done
        }));
    }
    let mut done = 0;
    for task in tasks {
        done += task.await.unwrap();
    }
    let usd = "USD".parse().unwrap();
    let credits = keys::number(holder(to).account(usd), Cell::CreditsPosted);
    let credits = &credits;
    let read = |txn: souk_store::Txn| async move { Ok(txn.number(credits).await?) };
    assert_eq!(book.run(read).await, Ok(i64::try_from(done).unwrap() + 1));
    done
}

/// A limit that lets `FIT` more through, the first one counted in.
fn caps() -> Caps {
    Caps(vec![money("7.01 USD")])
}

fn policy(limits: Limits) -> Policy {
    Policy {
        limits,
        ..Policy::default()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_limit_of_a_day() {
    let limits = Limits {
        day: caps(),
        ..Limits::default()
    };
    let refusal = Refusal::OverDay {
        limit: money("7.01 USD"),
    };
    let done = rush(policy(limits), "ana", "ben", EntryKind::Gift, refusal).await;
    assert_eq!(done, FIT);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_limit_of_an_app() {
    let limits = Limits {
        app: caps(),
        ..Limits::default()
    };
    let refusal = Refusal::OverApp {
        limit: money("7.01 USD"),
    };
    let done = rush(policy(limits), "ana", "tea", EntryKind::Payment, refusal).await;
    assert_eq!(done, FIT);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_limit_of_a_balance() {
    let limits = Limits {
        balance: caps(),
        ..Limits::default()
    };
    let refusal = Refusal::OverBalance {
        limit: money("7.01 USD"),
    };
    let done = rush(policy(limits), "bank", "ben", EntryKind::Deposit, refusal).await;
    assert_eq!(done, FIT);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_limit_of_one_order() {
    let limits = Limits {
        order: Caps(vec![money("0.00 USD")]),
        ..Limits::default()
    };
    let refusal = Refusal::OverOrder {
        limit: money("0.00 USD"),
    };
    let done = rush(policy(limits), "ana", "tea", EntryKind::Payment, refusal).await;
    assert_eq!(done, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_a_limit_all_get_through() {
    let none = Policy::default();
    let done = rush(none, "ana", "ben", EntryKind::Gift, Refusal::Funds).await;
    assert_eq!(done, TRIES);
}
