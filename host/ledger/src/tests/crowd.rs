//! Many at once: nobody loses a cent, nobody waits for a popular shop, and a refusal rests on what
//! was so.

use std::sync::Arc;

use souk_store::{CommitError, Txn};

use super::book::{Book, holder, money, person, tea, transfer_id};
use crate::Policy;
use crate::account;
use crate::order::{self, OrderState};
use crate::{Refusal, rail};

#[tokio::test]
async fn two_pay_one_shop_at_the_same_moment_and_neither_is_in_the_others_way() {
    let book = Book::new();
    book.paid("eve", "1.00 USD", "first use of the shop").await;
    let mut orders = Vec::new();
    for who in ["ana", "ben"] {
        book.deposit(who, "5.00 USD", who).await.unwrap();
        orders.push((who, book.open(&tea(who, "5.00 USD", who)).await.unwrap().id));
    }
    let mut open = Vec::new();
    for (who, id) in orders {
        let txn = book.store.begin().unwrap();
        let attempt = transfer_id(&format!("{who} pays"));
        order::approve(&txn, &Policy::default(), id, person(who), attempt)
            .await
            .unwrap();
        open.push(txn);
    }
    for txn in open {
        assert!(book.store.commit(&txn).await.is_ok());
    }
    assert_eq!(book.usd("tea").await, "11.00 USD");
    assert!(book.audit().await.is_balanced());
}

#[tokio::test]
async fn one_purse_pays_once_however_many_reach_for_it() {
    let book = Book::new();
    book.deposit("ana", "5.00 USD", "d").await.unwrap();
    let one = book.open(&tea("ana", "5.00 USD", "one")).await.unwrap();
    let two = book.open(&tea("ana", "5.00 USD", "two")).await.unwrap();
    let (first, second) = (book.store.begin().unwrap(), book.store.begin().unwrap());
    let ana = person("ana");
    order::approve(&first, &Policy::default(), one.id, ana, transfer_id("a1"))
        .await
        .unwrap();
    // Both see the money: neither has read what the other is about to do.
    order::approve(&second, &Policy::default(), two.id, ana, transfer_id("a2"))
        .await
        .unwrap();
    assert!(book.store.commit(&first).await.is_ok());
    assert_eq!(book.store.commit(&second).await, Err(CommitError::Conflict));
    assert_eq!(book.usd("ana").await, "0.00 USD");
    assert!(book.audit().await.is_balanced());
}

#[tokio::test]
async fn a_refusal_rests_on_the_balance_it_was_given_for() {
    let book = Book::new();
    let order = book.open(&tea("ana", "5.00 USD", "cup")).await.unwrap();
    let late = book.store.begin().unwrap();
    let refused = order::approve(
        &late,
        &Policy::default(),
        order.id,
        person("ana"),
        transfer_id("a"),
    )
    .await;
    assert_eq!(refused.map(drop), Err(Refusal::Funds));
    book.deposit("ana", "5.00 USD", "d").await.unwrap();
    // It is not so any more: whoever was about to hear it is asked again.
    assert_eq!(book.store.commit(&late).await, Err(CommitError::Conflict));
}

#[tokio::test]
async fn an_order_is_paid_or_declined_and_never_both() {
    let book = Book::new();
    book.deposit("ana", "5.00 USD", "d").await.unwrap();
    let order = book.open(&tea("ana", "5.00 USD", "cup")).await.unwrap();
    let (pays, declines) = (book.store.begin().unwrap(), book.store.begin().unwrap());
    order::approve(
        &pays,
        &Policy::default(),
        order.id,
        person("ana"),
        transfer_id("a"),
    )
    .await
    .unwrap();
    order::decline(&declines, order.id, person("ana"))
        .await
        .unwrap();
    assert!(book.store.commit(&declines).await.is_ok());
    assert_eq!(book.store.commit(&pays).await, Err(CommitError::Conflict));
    assert_eq!(book.order(order.id).await.state, OrderState::Declined);
    assert_eq!(book.usd("ana").await, "5.00 USD");
}

#[tokio::test]
async fn reading_a_balance_rests_on_it_and_looking_at_balances_does_not() {
    let book = Book::new();
    book.deposit("ana", "5.00 USD", "d").await.unwrap();
    let usd = "USD".parse().unwrap();
    let (reads, looks) = (book.store.begin().unwrap(), book.store.begin().unwrap());
    account::balance(&reads, &holder("ana"), usd).await.unwrap();
    account::balances(&looks, &holder("ana")).await.unwrap();
    for txn in [&reads, &looks] {
        txn.put(&souk_store::Key::room("elsewhere"), &1_u64)
            .unwrap();
    }
    book.deposit("ana", "5.00 USD", "e").await.unwrap();
    assert_eq!(book.store.commit(&reads).await, Err(CommitError::Conflict));
    assert!(book.store.commit(&looks).await.is_ok());
}

#[tokio::test]
async fn an_audit_is_of_one_moment() {
    let book = Book::new();
    book.deposit("ana", "5.00 USD", "d").await.unwrap();
    let txn = book.store.begin().unwrap();
    assert!(crate::audit::audit(&txn).await.unwrap().is_balanced());
    book.deposit("ana", "5.00 USD", "e").await.unwrap();
    assert_eq!(book.store.commit(&txn).await, Err(CommitError::Conflict));
}

/// People, each with money and an order, on several threads.
async fn crowd(people: usize, each: &str, order: &str) -> (Arc<Book>, Vec<(String, String)>) {
    let book = Arc::new(Book::new());
    book.paid("eve", "1.00 USD", "first use of the shop").await;
    let mut crowd = Vec::new();
    for number in 0..people {
        let who = format!("person {number}");
        book.deposit(&who, each, &format!("deposit {number}"))
            .await
            .unwrap();
        crowd.push((who, order.to_owned()));
    }
    (book, crowd)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_people_pay_one_shop_at_once() {
    let (book, crowd) = crowd(100, "5.00 USD", "5.00 USD").await;
    let mut tasks = Vec::new();
    for (who, amount) in crowd {
        let book = Arc::clone(&book);
        tasks.push(tokio::spawn(async move {
            let order = book.open(&tea(&who, &amount, &who)).await?;
            book.pay(order.id, &who, &format!("{who} pays")).await
        }));
    }
    for task in tasks {
        assert_eq!(task.await.unwrap().unwrap().order.state, OrderState::Paid);
    }
    assert_eq!(book.usd("tea").await, "501.00 USD");
    let audit = book.audit().await.to_string();
    assert_eq!(audit, "103 accounts, 202 entries, 101 orders, balanced");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_order_is_paid_once_by_fifty_attempts() {
    let book = Arc::new(Book::new());
    book.deposit("ana", "500.00 USD", "d").await.unwrap();
    let id = book.open(&tea("ana", "5.00 USD", "cup")).await.unwrap().id;
    let mut tasks = Vec::new();
    for number in 0..50 {
        let book = Arc::clone(&book);
        tasks.push(tokio::spawn(async move {
            book.pay(id, "ana", &format!("try {number}")).await
        }));
    }
    let (mut paid, mut refused) = (0, 0);
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => paid += 1,
            Err(refusal) => {
                assert_eq!(refusal, Refusal::OrderIs(OrderState::Paid));
                refused += 1;
            }
        }
    }
    assert_eq!((paid, refused), (1, 49));
    assert_eq!(book.usd("ana").await, "495.00 USD");
    assert!(book.audit().await.is_balanced());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_dollars_pay_for_ten_of_thirty_orders() {
    let book = Arc::new(Book::new());
    book.deposit("ana", "10.00 USD", "d").await.unwrap();
    let mut tasks = Vec::new();
    for number in 0..30 {
        let mut ask = tea("ana", "1.00 USD", "cup");
        ask.app = super::book::app(&format!("shop{number}"));
        let id = book.open(&ask).await.unwrap().id;
        let book = Arc::clone(&book);
        tasks.push(tokio::spawn(async move {
            loop {
                match book.pay(id, "ana", &format!("pay {number}")).await {
                    Err(Refusal::Store(_)) => tokio::task::yield_now().await,
                    answer => return answer.map(drop),
                }
            }
        }));
    }
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    assert_eq!(
        answers.iter().filter(|answer| **answer == Ok(())).count(),
        10
    );
    let broke = answers
        .iter()
        .filter(|answer| **answer == Err(Refusal::Funds))
        .count();
    assert_eq!(broke, 20, "{answers:?}");
    assert_eq!(book.usd("ana").await, "0.00 USD");
    assert!(book.audit().await.is_balanced());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_deposit_sent_by_fifty_at_once_arrives_once() {
    let book = Arc::new(Book::new());
    let mut tasks = Vec::new();
    for _ in 0..50 {
        let book = Arc::clone(&book);
        tasks.push(tokio::spawn(async move {
            book.deposit("ana", "5.00 USD", "d").await
        }));
    }
    let mut ids = std::collections::BTreeSet::new();
    for task in tasks {
        ids.insert(task.await.unwrap().unwrap().id);
    }
    assert_eq!(ids.len(), 1);
    assert_eq!(book.usd("ana").await, "5.00 USD");
    assert!(book.audit().await.is_balanced());
}

/// What use cases run on several threads must be able to move between them.
#[test]
fn every_rule_can_be_awaited_on_any_thread() {
    fn sent<T: Send>(_: impl Fn(Txn) -> T) {}
    let (ana, usd, policy) = (person("ana"), money("1.00 USD"), &Policy::default());
    let (deposit, attempt) = (transfer_id("d"), transfer_id("a"));
    sent(|txn| async move { rail::deposit(&txn, policy, ana, usd, deposit).await });
    sent(|txn| async move { order::open(&txn, policy, &tea("ana", "1.00 USD", "k")).await });
    sent(|txn| async move { account::balances(&txn, &holder("ana")).await });
    sent(|txn| async move { crate::audit::audit(&txn).await });
    let id = super::book::no_order();
    sent(|txn| async move { order::approve(&txn, policy, id, ana, attempt).await });
    sent(|txn| async move { order::waiting(&txn, ana).await });
    sent(|txn| async move { crate::approval::spend(&txn, ana, id, "").await });
}
