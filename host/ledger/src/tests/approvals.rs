//! Approvals: what they are bound to, how long they are good, and that they are spent once.

use souk_core::limits::{APPROVAL_MS_MAX, APPROVALS_OPEN_MAX};
use souk_core::{OrderId, UserId};
use souk_store::{CommitError, Txn};

use super::book::{Book, money, one, person, tea, transfer_id};
use crate::Policy;
use crate::approval::{self, Approval};
use crate::invariant::Broken;
use crate::order::{self, Order, OrderState};
use crate::record::Challenges;
use crate::{Refusal, keys};

async fn offer(book: &Book, order: &Order, by: &str) -> Result<Approval, Refusal> {
    let by = person(by);
    book.run(|txn| async move { approval::offer(&txn, order, by).await })
        .await
}

async fn spend(book: &Book, by: &str, id: OrderId, nonce: &str) -> Result<Order, Refusal> {
    let by = person(by);
    book.run(|txn| async move { approval::spend(&txn, by, id, nonce).await })
        .await
}

async fn order(book: &Book) -> Order {
    book.deposit("ana", "20.00 USD", "d").await.unwrap();
    book.open(&tea("ana", "5.00 USD", "cup")).await.unwrap()
}

/// Changes a stored order behind the ledger's back.
async fn alter(book: &Book, order: &Order) {
    let put = |txn: Txn| async move { Ok(txn.put(&keys::order(order.id), order)?) };
    book.run(put).await.unwrap();
}

#[tokio::test]
async fn each_is_good_once() {
    let book = Book::new();
    let order = order(&book).await;
    let first = offer(&book, &order, "ana").await.unwrap();
    let second = offer(&book, &order, "ana").await.unwrap();
    assert_ne!(first.nonce, second.nonce);
    assert_eq!(
        spend(&book, "ana", order.id, &first.nonce).await,
        Ok(order.clone())
    );
    assert_eq!(
        spend(&book, "ana", order.id, &first.nonce).await,
        Err(Refusal::Nonce)
    );
    assert_eq!(
        spend(&book, "ana", order.id, &second.nonce).await,
        Ok(order.clone())
    );
    assert_eq!(
        spend(&book, "ana", order.id, &second.nonce).await,
        Err(Refusal::Nonce)
    );
}

#[tokio::test]
async fn a_try_that_does_not_commit_spends_nothing() {
    let book = Book::new();
    let order = book.open(&tea("ana", "5.00 USD", "cup")).await.unwrap();
    let offered = &offer(&book, &order, "ana").await.unwrap();
    let pay = |txn| async move {
        let order = approval::spend(&txn, person("ana"), offered.order, &offered.nonce).await?;
        order::approve(
            &txn,
            &Policy::default(),
            order.id,
            person("ana"),
            transfer_id("a"),
        )
        .await
    };
    assert_eq!(book.run(pay).await.map(drop), Err(Refusal::Funds));
    book.deposit("ana", "5.00 USD", "d").await.unwrap();
    assert!(book.run(pay).await.is_ok());
    assert_eq!(
        book.run(pay).await.map(drop),
        Err(Refusal::OrderIs(OrderState::Paid))
    );
}

#[tokio::test]
async fn it_is_good_for_ten_minutes_and_not_a_millisecond_longer() {
    let book = Book::new();
    let order = order(&book).await;
    let offered = offer(&book, &order, "ana").await.unwrap();
    assert_eq!(
        offered.good_until.millis_since(book.store.now()),
        APPROVAL_MS_MAX
    );
    book.wait(APPROVAL_MS_MAX - 1);
    let other = offer(&book, &order, "ana").await.unwrap();
    assert!(spend(&book, "ana", order.id, &offered.nonce).await.is_ok());
    book.wait(APPROVAL_MS_MAX);
    assert_eq!(
        spend(&book, "ana", order.id, &other.nonce).await,
        Err(Refusal::Nonce)
    );
}

#[tokio::test]
async fn only_the_payer_is_offered_one_and_only_the_payer_spends_it() {
    let book = Book::new();
    let order = order(&book).await;
    assert_eq!(
        offer(&book, &order, "eve").await,
        Err(Refusal::UnknownOrder)
    );
    let offered = offer(&book, &order, "ana").await.unwrap();
    let eve = spend(&book, "eve", order.id, &offered.nonce).await;
    assert_eq!(eve, Err(Refusal::UnknownOrder));
    assert!(spend(&book, "ana", order.id, &offered.nonce).await.is_ok());
}

#[tokio::test]
async fn it_is_for_one_order_even_if_another_says_the_same() {
    let book = Book::new();
    let order = order(&book).await;
    let twin = book.open(&tea("ana", "5.00 USD", "cup 2")).await.unwrap();
    let offered = offer(&book, &order, "ana").await.unwrap();
    offer(&book, &twin, "ana").await.unwrap();
    assert_eq!(
        spend(&book, "ana", twin.id, &offered.nonce).await,
        Err(Refusal::Nonce)
    );
}

#[tokio::test]
async fn it_is_bound_to_the_revision() {
    let book = Book::new();
    let order = order(&book).await;
    let offered = offer(&book, &order, "ana").await.unwrap();
    alter(
        &book,
        &Order {
            revision: 2,
            ..order.clone()
        },
    )
    .await;
    assert_eq!(
        spend(&book, "ana", order.id, &offered.nonce).await,
        Err(Refusal::Nonce)
    );
    alter(&book, &order).await;
    assert!(spend(&book, "ana", order.id, &offered.nonce).await.is_ok());
}

#[tokio::test]
async fn a_sheet_that_was_tampered_with_is_not_even_drawn() {
    let book = Book::new();
    let order = order(&book).await;
    let offered = offer(&book, &order, "ana").await.unwrap();
    let mut other = tea("ana", "5.00 USD", "another");
    other.details = one("Coffee", "5.00 USD");
    let other = book.open(&other).await.unwrap();
    let altered = [
        Order {
            total: money("6.00 USD"),
            ..order.clone()
        },
        Order {
            total: money("5.00 EUR"),
            captured: money("0.00 EUR"),
            refunded: money("0.00 EUR"),
            fee: money("0.00 EUR"),
            ..order.clone()
        },
        Order {
            app: "com.example.spice".parse().unwrap(),
            ..order.clone()
        },
        Order {
            key: "other".to_owned(),
            ..order.clone()
        },
        Order {
            texts: other.texts.clone(),
            ..order.clone()
        },
        Order {
            terms: other.terms,
            ..order.clone()
        },
    ];
    for altered in altered {
        alter(&book, &altered).await;
        let broken = Refusal::Broken(Broken::OrderTerms(order.id));
        let spent = spend(&book, "ana", order.id, &offered.nonce).await;
        assert_eq!(spent, Err(broken.clone()), "{altered:?}");
        assert_eq!(
            offer(&book, &order, "ana").await,
            Err(broken),
            "{altered:?}"
        );
    }
    // The texts and terms of another order, both at once, are still not this order's.
    let (texts, terms) = (other.texts.clone(), other.terms);
    alter(
        &book,
        &Order {
            texts,
            terms,
            ..order.clone()
        },
    )
    .await;
    let spent = spend(&book, "ana", order.id, &offered.nonce).await;
    assert_eq!(spent, Err(Refusal::Broken(Broken::OrderTerms(order.id))));
}

#[tokio::test]
async fn of_too_many_the_oldest_stop_being_good() {
    let book = Book::new();
    let order = order(&book).await;
    let mut offered = Vec::new();
    for _ in 0..=APPROVALS_OPEN_MAX {
        offered.push(offer(&book, &order, "ana").await.unwrap().nonce);
    }
    assert_eq!(
        spend(&book, "ana", order.id, &offered[0]).await,
        Err(Refusal::Nonce)
    );
    for nonce in &offered[1..] {
        assert!(spend(&book, "ana", order.id, nonce).await.is_ok());
    }
}

#[tokio::test]
async fn what_is_stored_does_not_let_anybody_approve() {
    let book = Book::new();
    let order = &order(&book).await;
    let offered = offer(&book, order, "ana").await.unwrap();
    let read =
        |txn: Txn| async move { Ok(txn.get::<Challenges>(&keys::challenges(order.id)).await?) };
    let stored = book.run(read).await.unwrap().unwrap();
    assert_eq!(stored.0.len(), 1);
    assert!(!format!("{stored:?}").contains(&offered.nonce));
    assert!(offered.nonce.len() >= 43, "32 bytes nobody can guess");
    // Nothing is left of them once the order is closed.
    book.decline(order.id, "ana").await.unwrap();
    assert_eq!(book.run(read).await.unwrap(), None);
}

#[tokio::test]
async fn two_spend_one_at_the_same_time_and_one_of_them_gets_it() {
    let book = Book::new();
    let order = order(&book).await;
    let offered = offer(&book, &order, "ana").await.unwrap();
    let ana: UserId = person("ana");
    let (one, two) = (book.store.begin().unwrap(), book.store.begin().unwrap());
    for txn in [&one, &two] {
        approval::spend(txn, ana, order.id, &offered.nonce)
            .await
            .unwrap();
    }
    assert!(book.store.commit(&one).await.is_ok());
    assert_eq!(book.store.commit(&two).await, Err(CommitError::Conflict));
}
