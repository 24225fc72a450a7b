//! Sent twice, it happens once: across transactions, within one, and for ever.

use souk_core::{Money, OrderId};
use souk_store::{Key, Owner, Txn};

use super::book::{Book, app, chat, holder, money, person, tea, transfer_id};
use crate::Policy;
use crate::entry::{Entry, EntryKind};
use crate::order::{self, OrderState};
use crate::transfer::{self, Transfer};
use crate::{Refusal, keys, rail};

/// How many entries are in the books.
async fn entries(book: &Book) -> u64 {
    let read = |txn: Txn| async move { Ok(txn.chained_count(&keys::entries()).await?) };
    book.run(read).await.unwrap()
}

/// How many things have a given log.
async fn count(book: &Book, log: &Key) -> u64 {
    let read = |txn: Txn| async move { Ok(txn.peek_count(log).await?) };
    book.run(read).await.unwrap()
}

fn deposit_of(amount: Money) -> Transfer {
    Transfer {
        id: transfer_id("t"),
        debit: holder("bank"),
        credit: holder("ana"),
        amount,
        kind: EntryKind::Deposit,
        order: None,
        terms: None,
        note: None,
    }
}

async fn post(book: &Book, ask: &Transfer) -> Result<Entry, Refusal> {
    book.run(|txn| async move { transfer::post(&txn, &Policy::default(), ask).await })
        .await
}

#[tokio::test]
async fn a_transfer_sent_a_hundred_times_and_ten_years_later_is_one_entry() {
    let book = Book::new();
    let first = book.deposit("ana", "5.00 USD", "d").await.unwrap();
    for _ in 0..100 {
        assert_eq!(
            book.deposit("ana", "5.00 USD", "d").await.as_ref(),
            Ok(&first)
        );
    }
    book.wait(10 * 365 * 86_400_000);
    assert_eq!(book.deposit("ana", "5.00 USD", "d").await, Ok(first));
    assert_eq!(book.usd("ana").await, "5.00 USD");
    assert_eq!(entries(&book).await, 1);
}

#[tokio::test]
async fn within_one_transaction_too() {
    let book = Book::new();
    let twice = |txn: Txn| async move {
        let (ana, five) = (person("ana"), money("5.00 USD"));
        let one = rail::deposit(&txn, &Policy::default(), ana, five, transfer_id("d")).await?;
        let two = rail::deposit(&txn, &Policy::default(), ana, five, transfer_id("d")).await?;
        let other = rail::deposit(
            &txn,
            &Policy::default(),
            ana,
            money("6.00 USD"),
            transfer_id("d"),
        )
        .await;
        assert_eq!(other, Err(Refusal::IdReused));
        Ok((one, two))
    };
    let (one, two) = book.run(twice).await.unwrap();
    assert_eq!(one, two);
    assert_eq!(book.usd("ana").await, "5.00 USD");
    assert!(book.audit().await.is_balanced());
}

#[tokio::test]
async fn an_id_with_any_other_term_is_refused() {
    let book = Book::new();
    let ask = deposit_of(money("5.00 USD"));
    let made = post(&book, &ask).await.unwrap();
    let others = [
        Transfer {
            amount: money("5.01 USD"),
            ..ask.clone()
        },
        Transfer {
            amount: money("5.00 EUR"),
            ..ask.clone()
        },
        Transfer {
            credit: holder("ben"),
            ..ask.clone()
        },
        Transfer {
            debit: holder("tea"),
            ..ask.clone()
        },
        Transfer {
            kind: EntryKind::Refund,
            ..ask.clone()
        },
        Transfer {
            order: Some(super::book::no_order()),
            ..ask.clone()
        },
        Transfer {
            terms: Some([0; 32]),
            ..ask.clone()
        },
    ];
    for other in others {
        assert_eq!(
            post(&book, &other).await,
            Err(Refusal::IdReused),
            "{other:?}"
        );
    }
    assert_eq!(post(&book, &ask).await, Ok(made));
}

#[tokio::test]
async fn notes_are_compared_by_what_they_say() {
    let book = Book::new();
    let owner = Owner::Person(person("ana"));
    let seal = async |text: &str| {
        let sealed = book.store.keyring().seal(&owner, text.as_bytes()).await;
        Some(sealed.unwrap())
    };
    let plain = deposit_of(money("5.00 USD"));
    let noted = Transfer {
        note: seal("rent").await,
        ..plain.clone()
    };
    let made = post(&book, &noted).await.unwrap();
    let again = Transfer {
        note: seal("rent").await,
        ..plain.clone()
    };
    assert_ne!(noted.note, again.note, "sealed twice, they look different");
    assert_eq!(post(&book, &again).await.as_ref(), Ok(&made));
    let other = Transfer {
        note: seal("food").await,
        ..plain.clone()
    };
    assert_eq!(post(&book, &other).await, Err(Refusal::IdReused));
    assert_eq!(post(&book, &plain).await, Err(Refusal::IdReused));
    // After an erasure nobody can tell.
    book.store.keyring().erase(&owner).await.unwrap();
    let other = Transfer {
        note: seal("food").await,
        ..plain.clone()
    };
    assert_eq!(post(&book, &other).await, Ok(made));
    assert_eq!(post(&book, &plain).await, Err(Refusal::IdReused));
}

#[tokio::test]
async fn a_refusal_in_the_middle_leaves_what_was_done_before_it() {
    let book = Book::new();
    book.deposit("ana", "7.00 USD", "d").await.unwrap();
    let one = book.open(&tea("ana", "5.00 USD", "one")).await.unwrap();
    let two = book.open(&tea("ana", "5.00 USD", "two")).await.unwrap();
    let both = |txn: Txn| async move {
        let ana = person("ana");
        order::approve(&txn, &Policy::default(), one.id, ana, transfer_id("a1")).await?;
        // Only 2.00 USD are left in this transaction's own eyes.
        let refused =
            order::approve(&txn, &Policy::default(), two.id, ana, transfer_id("a2")).await;
        assert_eq!(refused.map(drop), Err(Refusal::Funds));
        Ok(())
    };
    book.run(both).await.unwrap();
    assert_eq!(book.usd("ana").await, "2.00 USD");
    assert_eq!(book.order(one.id).await.state, OrderState::Paid);
    assert_eq!(book.order(two.id).await.state, OrderState::Pending);
    assert_eq!(
        book.audit().await.to_string(),
        "3 accounts, 2 entries, 2 orders, balanced"
    );
}

#[tokio::test]
async fn a_payee_that_is_full_takes_nothing_from_the_payer() {
    let book = Book::new();
    let most = "90071992547409.91 USD";
    book.paid("ben", most, "fills the shop").await;
    book.deposit("ana", "7.00 USD", "d").await.unwrap();
    let cup = book.open(&tea("ana", "5.00 USD", "cup")).await.unwrap();
    let after = book.open(&spice("ana", "6.00 USD")).await.unwrap();
    let both = |txn: Txn| async move {
        let ana = person("ana");
        let refused =
            order::approve(&txn, &Policy::default(), cup.id, ana, transfer_id("a1")).await;
        assert_eq!(refused.map(drop), Err(Refusal::Overflow));
        // The refused one had taken 5.00 USD already, and gave them back.
        order::approve(&txn, &Policy::default(), after.id, ana, transfer_id("a2")).await
    };
    book.run(both).await.unwrap();
    assert_eq!(book.usd("ana").await, "1.00 USD");
    assert!(book.audit().await.is_balanced());
}

fn spice(who: &str, amount: &str) -> order::Ask {
    order::Ask {
        app: app("spice"),
        ..tea(who, amount, "jar")
    }
}

#[tokio::test]
async fn an_order_asked_for_again_is_the_same_whatever_became_of_it() {
    let book = Book::new();
    book.deposit("ana", "20.00 USD", "d").await.unwrap();
    for end in ["pay", "decline", "cancel", "expire"] {
        let ask = tea("ana", "1.00 USD", end);
        let order = book.open(&ask).await.unwrap();
        match end {
            "pay" => drop(book.pay(order.id, "ana", "a").await.unwrap()),
            "decline" => drop(book.decline(order.id, "ana").await.unwrap()),
            "cancel" => drop(book.cancel(order.id, "tea", "").await.unwrap()),
            _ => {
                book.wait(7_200_000);
                book.expire(order.id).await.unwrap().unwrap();
            }
        }
        let again = book.open(&ask).await.unwrap();
        assert_eq!(again, book.order(order.id).await);
        assert_eq!(again.revision, 2);
    }
    assert_eq!(count(&book, &keys::orders()).await, 4);
}

#[tokio::test]
async fn texts_that_look_the_same_are_the_same() {
    let book = Book::new();
    let mut ask = tea("ana", "1.00 USD", "cup");
    ask.details.memo = "  For\u{202e} you ".to_owned();
    let order = book.open(&ask).await.unwrap();
    ask.details.memo = "For you".to_owned();
    assert_eq!(book.open(&ask).await, Ok(order));
    ask.chat = souk_core::TypedId::from_bits(2);
    assert_eq!(book.open(&ask).await, Err(Refusal::KeyReused));
    assert_ne!(ask.chat, chat());
}

#[tokio::test]
async fn a_refund_key_belongs_to_its_order() {
    let book = Book::new();
    let one = book.paid("ana", "5.00 USD", "one").await.order;
    let two = book.paid("ana", "5.00 USD", "two").await.order;
    let refund = async |id: OrderId, amount: &str| {
        let done = book.refund(id, "tea", "r", amount, "cold").await;
        done.map(|done| done.entry.id)
    };
    let first = refund(one.id, "1.00 USD").await.unwrap();
    let second = refund(two.id, "2.00 USD").await.unwrap();
    assert_ne!(first, second);
    assert_eq!(refund(one.id, "1.00 USD").await, Ok(first));
    assert_eq!(refund(two.id, "2.00 USD").await, Ok(second));
    assert_eq!(refund(two.id, "1.00 USD").await, Err(Refusal::KeyReused));
    // Another app does not learn that there is such a refund.
    let foreign = book.refund(one.id, "spice", "r", "1.00 USD", "cold").await;
    assert_eq!(foreign.map(drop), Err(Refusal::UnknownOrder));
}

#[tokio::test]
async fn closing_twice_writes_nothing_the_second_time() {
    let book = Book::new();
    let order = book.open(&tea("ana", "1.00 USD", "cup")).await.unwrap();
    let canceled = book.cancel(order.id, "tea", "sold out").await.unwrap();
    let news = count(&book, &keys::news(person("ana"))).await;
    assert_eq!(
        book.cancel(order.id, "tea", "other words").await,
        Ok(canceled)
    );
    assert_eq!(count(&book, &keys::news(person("ana"))).await, news);
    assert_eq!(count(&book, &keys::history(order.id)).await, 2);
}
