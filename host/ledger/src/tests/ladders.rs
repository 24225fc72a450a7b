//! The order of refusals: who did everything wrong hears the first, mends it, hears the next.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use souk_core::{Blamed, MINOR_MAX, Money};
use souk_store::StoreError;

use super::book::{Book, app, item, money, no_order, person, tea};
use crate::gift::GiftState;
use crate::invariant::Broken;
use crate::order::{self, Ask, OrderState, TotalKind, TotalLine};
use crate::rail::{ArrivalState, DepartureState};
use crate::{Refusal, approval};

/// All refusals in the order they are declared in.
fn all() -> Vec<Refusal> {
    let limit = money("5.00 USD");
    vec![
        Refusal::IdReused,
        Refusal::KeyLength,
        Refusal::KeyReused,
        Refusal::Lines,
        Refusal::Label,
        Refusal::Memo,
        Refusal::Reason,
        Refusal::Texts,
        Refusal::Quantity,
        Refusal::AmountZero,
        Refusal::SameAccount,
        Refusal::Currencies,
        Refusal::AmountLarge,
        Refusal::Discounts,
        Refusal::Subtotal {
            said: money("1.00 USD"),
            sum: money("2.00 USD"),
        },
        Refusal::Total {
            said: money("1.00 USD"),
            sum: money("2.00 USD"),
        },
        Refusal::Expiry,
        Refusal::Period,
        Refusal::StatementLong,
        Refusal::UnknownOrder,
        Refusal::UnknownEntry,
        Refusal::UnknownGift,
        Refusal::UnknownAccount,
        Refusal::UnknownAsset,
        Refusal::AssetTaken,
        Refusal::Erased,
        Refusal::OrderIs(OrderState::Paid),
        Refusal::GiftIs(GiftState::Accepted),
        Refusal::ArrivalIs(ArrivalState::Dropped),
        Refusal::DepartureIs(DepartureState::Done),
        Refusal::Nonce,
        Refusal::OverCeiling { ceiling: limit },
        Refusal::OverOrder { limit },
        Refusal::OverDay { limit },
        Refusal::OverApp { limit },
        Refusal::OverBudget { limit },
        Refusal::SheetsWaiting,
        Refusal::OverCapture { left: limit },
        Refusal::OverRefund { left: limit },
        Refusal::Frozen,
        Refusal::Closed,
        Refusal::NotEmpty,
        Refusal::Funds,
        Refusal::OverBalance { limit },
        Refusal::Overflow,
        Refusal::Broken(Broken::OrderTerms(no_order())),
        Refusal::Store(StoreError::Contended),
    ]
}

/// The place of a refusal in the declaration; a new one does not compile until it has a place.
fn place(refusal: &Refusal) -> usize {
    match refusal {
        Refusal::IdReused => 0,
        Refusal::KeyLength => 1,
        Refusal::KeyReused => 2,
        Refusal::Lines => 3,
        Refusal::Label => 4,
        Refusal::Memo => 5,
        Refusal::Reason => 6,
        Refusal::Texts => 7,
        Refusal::Quantity => 8,
        Refusal::AmountZero => 9,
        Refusal::SameAccount => 10,
        Refusal::Currencies => 11,
        Refusal::AmountLarge => 12,
        Refusal::Discounts => 13,
        Refusal::Subtotal { .. } => 14,
        Refusal::Total { .. } => 15,
        Refusal::Expiry => 16,
        Refusal::Period => 17,
        Refusal::StatementLong => 18,
        Refusal::UnknownOrder => 19,
        Refusal::UnknownEntry => 20,
        Refusal::UnknownGift => 21,
        Refusal::UnknownAccount => 22,
        Refusal::UnknownAsset => 23,
        Refusal::AssetTaken => 24,
        Refusal::Erased => 25,
        Refusal::OrderIs(_) => 26,
        Refusal::GiftIs(_) => 27,
        Refusal::ArrivalIs(_) => 28,
        Refusal::DepartureIs(_) => 29,
        Refusal::Nonce => 30,
        Refusal::OverCeiling { .. } => 31,
        Refusal::OverOrder { .. } => 32,
        Refusal::OverDay { .. } => 33,
        Refusal::OverApp { .. } => 34,
        Refusal::OverBudget { .. } => 35,
        Refusal::SheetsWaiting => 36,
        Refusal::OverCapture { .. } => 37,
        Refusal::OverRefund { .. } => 38,
        Refusal::Frozen => 39,
        Refusal::Closed => 40,
        Refusal::NotEmpty => 41,
        Refusal::Funds => 42,
        Refusal::OverBalance { .. } => 43,
        Refusal::Overflow => 44,
        Refusal::Broken(_) => 45,
        Refusal::Store(_) => 46,
    }
}

/// A climb: what was refused on the way up, and what came at its top.
#[derive(Default)]
struct Climb {
    page: String,
    last: Option<usize>,
}

impl Climb {
    fn refused<T>(&mut self, answer: Result<T, Refusal>) {
        let Err(refusal) = answer else {
            panic!("nothing was refused after:\n{}", self.page)
        };
        let place = place(&refusal);
        assert!(
            self.last < Some(place),
            "`{refusal}` comes too late:\n{}",
            self.page
        );
        self.last = Some(place);
        writeln!(self.page, "{refusal}").unwrap();
    }

    fn top<T>(mut self, answer: Result<T, Refusal>, page: &Expect) {
        if let Err(refusal) = answer {
            panic!("refused at the top: {refusal}");
        }
        self.page.push_str("done\n");
        page.assert_eq(&self.page);
    }
}

/// An ask of which nothing is right.
fn wrong() -> Ask {
    let mut ask = tea("ana", "0.00 USD", &"k".repeat(201));
    ask.details.items = vec![item("\u{200b}", 0, "1.00 EUR"); 101];
    ask.details.memo = "m".repeat(201);
    let huge = Money::new(MINOR_MAX, "USD".parse().unwrap()).unwrap();
    let line = |kind, amount| TotalLine {
        kind,
        label: "line".to_owned(),
        amount,
    };
    ask.details.totals = vec![
        line(TotalKind::Tip, huge),
        line(TotalKind::Discount, huge),
        line(TotalKind::Subtotal, money("9.00 USD")),
    ];
    ask.expires = Some(super::book::START);
    ask.ceiling = Some(money("1.00 USD"));
    ask
}

#[tokio::test]
async fn opening_an_order() {
    let book = Book::new();
    for key in ["one", "two", "three"] {
        book.open(&tea("ana", "1.00 USD", key)).await.unwrap();
    }
    let mut climb = Climb::default();
    let mut ask = wrong();
    climb.refused(book.open(&ask).await);
    ask.key = "one".to_owned();
    climb.refused(book.open(&ask).await);
    ask.key = "four".to_owned();
    climb.refused(book.open(&ask).await);
    ask.details.items.truncate(60);
    climb.refused(book.open(&ask).await);
    ask.details
        .items
        .fill(item(&"茶".repeat(200), 0, "1.00 EUR"));
    climb.refused(book.open(&ask).await);
    ask.details.memo.clear();
    climb.refused(book.open(&ask).await);
    ask.details.items.truncate(1);
    climb.refused(book.open(&ask).await);
    ask.details.items[0].quantity = 2;
    climb.refused(book.open(&ask).await);
    ask.total = money("7.00 USD");
    climb.refused(book.open(&ask).await);
    ask.details.items[0].unit = money("4.00 USD");
    climb.refused(book.open(&ask).await);
    ask.details.totals[0].amount = money("1.00 USD");
    climb.refused(book.open(&ask).await);
    ask.details.totals[1].amount = money("3.00 USD");
    climb.refused(book.open(&ask).await);
    ask.details.totals[2].amount = money("8.00 USD");
    climb.refused(book.open(&ask).await);
    ask.total = money("6.00 USD");
    climb.refused(book.open(&ask).await);
    ask.expires = None;
    climb.refused(book.open(&ask).await);
    ask.ceiling = Some(money("6.00 USD"));
    climb.refused(book.open(&ask).await);
    ask.payer = person("ben");
    climb.top(
        book.open(&ask).await,
        &expect![[r#"
        a key must have 1 to 200 bytes
        the key was already used with other contents
        an order must have at least one item and at most 100 lines
        a label must have 1 to 200 visible characters
        a memo must have at most 200 characters
        the texts of an order must have at most 32768 bytes in all
        a quantity must be at least one
        the amount must be more than zero
        all amounts must be in the currency of the total
        the amount is too large
        the discounts are more than what they are taken off
        a subtotal says 9.00 USD and the items come to 8.00 USD
        the total says 7.00 USD and the lines come to 6.00 USD
        an order must wait at least a second and at most seven days
        the app may ask for at most 1.00 USD in one order
        3 orders of this app already wait for this person
        done
    "#]],
    );
    assert!(book.audit().await.is_balanced());
}

#[tokio::test]
async fn paying_an_order() {
    let book = Book::new();
    let usd = Money::new(MINOR_MAX, "USD".parse().unwrap())
        .unwrap()
        .to_string();
    book.paid("ben", &usd, "fills the shop").await;
    let order = book.open(&tea("ana", "5.00 USD", "cup")).await.unwrap();
    let late = book.open(&tea("ana", "5.00 USD", "late")).await.unwrap();
    book.decline(late.id, "ana").await.unwrap();

    let mut climb = Climb::default();
    climb.refused(book.pay(late.id, "eve", "payment of fills the shop").await);
    climb.refused(book.pay(late.id, "eve", "a").await);
    climb.refused(book.pay(late.id, "ana", "a").await);
    climb.refused(book.pay(order.id, "ana", "a").await);
    book.deposit("ana", "5.00 USD", "d").await.unwrap();
    climb.refused(book.pay(order.id, "ana", "a").await);
    let full = book.by_key("tea", "fills the shop").await;
    book.refund(full.id, "tea", "r", "5.00 USD", "")
        .await
        .unwrap();
    climb.top(
        book.pay(order.id, "ana", "a").await,
        &expect![[r#"
        the transfer id was already used with other terms
        there is no such order
        the order is declined
        the balance is too low
        the account cannot hold that much
        done
    "#]],
    );
    assert!(book.audit().await.is_balanced());
}

#[tokio::test]
async fn refunding_an_order() {
    let book = Book::new();
    let order = book.paid("ana", "5.00 USD", "cup").await.order;
    let open = book.open(&tea("ana", "5.00 USD", "open")).await.unwrap();
    book.refund(order.id, "tea", "used", "1.00 USD", "")
        .await
        .unwrap();
    // What the shop has goes elsewhere: 4.00 USD to give back, and nothing to do it with.
    book.settle("tea", "4.00 USD", "all of it").await.unwrap();

    let mut climb = Climb::default();
    climb.refused(book.refund(order.id, "tea", "", "0.00 USD", "").await);
    climb.refused(book.refund(order.id, "tea", "used", "0.00 USD", "").await);
    climb.refused(book.refund(no_order(), "tea", "r", "0.00 USD", "").await);
    climb.refused(book.refund(open.id, "spice", "r", "9.00 USD", "").await);
    climb.refused(book.refund(open.id, "tea", "r", "9.00 USD", "").await);
    climb.refused(book.refund(order.id, "tea", "r", "4.01 USD", "").await);
    climb.refused(book.refund(order.id, "tea", "r", "4.00 USD", "").await);
    book.paid("ben", "9.00 USD", "refills the shop").await;
    let room = Money::new(MINOR_MAX - 100, "USD".parse().unwrap()).unwrap();
    book.deposit("ana", &room.to_string(), "fills ana")
        .await
        .unwrap();
    climb.refused(book.refund(order.id, "tea", "r", "4.00 USD", "").await);
    book.decline(open.id, "ana").await.unwrap();
    let spend = book
        .open(&tea("ana", "4.00 USD", "makes room"))
        .await
        .unwrap();
    book.pay(spend.id, "ana", "makes room").await.unwrap();
    let answer = book.refund(order.id, "tea", "r", "4.00 USD", "").await;
    assert!(book.audit().await.is_balanced());
    climb.top(
        answer,
        &expect![[r#"
        a key must have 1 to 200 bytes
        the key was already used with other contents
        the amount must be more than zero
        there is no such order
        the order is pending
        at most 4.00 USD is left to refund
        the balance is too low
        the account cannot hold that much
        done
    "#]],
    );
}

#[tokio::test]
async fn spending_an_approval() {
    let book = Book::new();
    let spend = async |id, who: &str, nonce: &str| {
        let who = person(who);
        book.run(|txn| async move { approval::spend(&txn, who, id, nonce).await })
            .await
    };
    let gone = book.open(&tea("ana", "5.00 USD", "gone")).await.unwrap();
    book.erase("ana").await;
    book.decline(gone.id, "ana").await.unwrap();
    let closed = book.open(&tea("ana", "5.00 USD", "closed")).await.unwrap();
    book.decline(closed.id, "ana").await.unwrap();
    let order = &book.open(&tea("ana", "5.00 USD", "cup")).await.unwrap();

    let mut climb = Climb::default();
    climb.refused(spend(gone.id, "eve", "made up").await);
    climb.refused(spend(gone.id, "ana", "made up").await);
    climb.refused(spend(closed.id, "ana", "made up").await);
    climb.refused(spend(order.id, "ana", "made up").await);
    let offer = |txn| async move { approval::offer(&txn, order, person("ana")).await };
    let nonce = book.run(offer).await.unwrap().nonce;
    climb.top(
        spend(order.id, "ana", &nonce).await,
        &expect![[r#"
        there is no such order
        what the order says was erased
        the order is declined
        the approval is used up or out of date; open the sheet again
        done
    "#]],
    );
}

#[tokio::test]
async fn closing_an_order_asks_whose_it_is_before_how_it_stands() {
    let book = Book::new();
    let paid = book.paid("ana", "5.00 USD", "cup").await.order;
    let unknown = Err(Refusal::UnknownOrder);
    let is_paid = Err(Refusal::OrderIs(OrderState::Paid));
    assert_eq!(book.decline(paid.id, "eve").await, unknown);
    assert_eq!(book.decline(paid.id, "ana").await, is_paid);
    assert_eq!(book.cancel(paid.id, "spice", "").await, unknown);
    assert_eq!(book.cancel(paid.id, "tea", "").await, is_paid);
    assert_eq!(book.expire(no_order()).await, Err(Refusal::UnknownOrder));
    assert_eq!(book.expire(paid.id).await, Ok(None));
}

#[test]
fn every_refusal_has_words_and_somebody_to_blame() {
    let mut page = String::new();
    for (at, refusal) in all().iter().enumerate() {
        assert_eq!(place(refusal), at, "{refusal:?}");
        assert!(!refusal.to_string().ends_with('.'), "{refusal}");
        writeln!(page, "{}: {refusal}", refusal.blame()).unwrap();
    }
    expect![[r#"
        user: the transfer id was already used with other terms
        guest: a key must have 1 to 200 bytes
        guest: the key was already used with other contents
        guest: an order must have at least one item and at most 100 lines
        guest: a label must have 1 to 200 visible characters
        guest: a memo must have at most 200 characters
        operator: say why, in 1 to 200 visible characters
        guest: the texts of an order must have at most 32768 bytes in all
        guest: a quantity must be at least one
        guest: the amount must be more than zero
        guest: nobody can send money to themselves
        guest: all amounts must be in the currency of the total
        guest: the amount is too large
        guest: the discounts are more than what they are taken off
        guest: a subtotal says 1.00 USD and the items come to 2.00 USD
        guest: the total says 1.00 USD and the lines come to 2.00 USD
        guest: an order must wait at least a second and at most seven days
        user: a period may not end before it begins, nor begin in the future; mend `from` or `to`
        user: a statement has at most 10000 lines; ask for a shorter period
        user: there is no such order
        user: there is no such entry
        user: there is no such transfer
        user: there is no such account
        user: there is no such asset on this host
        user: the code of the asset stands for something else already
        user: what the order says was erased
        user: the order is paid
        user: the transfer is accepted
        user: the arrival is dropped
        user: the withdrawal is done
        user: the approval is used up or out of date; open the sheet again
        guest: the app may ask for at most 5.00 USD in one order
        user: at most 5.00 USD may be spent at once
        user: at most 5.00 USD may be spent in one day
        user: at most 5.00 USD may be spent at one app in one day
        guest: the app may pay out at most 5.00 USD in one day
        guest: 3 orders of this app already wait for this person
        guest: at most 5.00 USD is there to capture
        guest: at most 5.00 USD is left to refund
        operator: the account is frozen
        operator: the account is closed
        user: there is still money in the account, or on its way to or from it
        user: the balance is too low
        user: an account may hold at most 5.00 USD
        user: the account cannot hold that much
        host: the ledger is broken: the texts of order ord_000000000000000000000000cm are not those it was opened with
        operator: others kept changing the same data; try again
    "#]].assert_eq(&page);
}

#[tokio::test]
async fn a_transfer_is_refused_in_order_too() {
    let book = Book::new();
    book.deposit("ana", "5.00 USD", "used").await.unwrap();
    let mut climb = Climb::default();
    climb.refused(book.deposit("ana", "0.00 USD", "used").await);
    climb.refused(book.deposit("ana", "0.00 USD", "d").await);
    let most = Money::new(MINOR_MAX, "USD".parse().unwrap())
        .unwrap()
        .to_string();
    climb.refused(book.deposit("ana", &most, "d").await);
    climb.top(
        book.deposit("ben", &most, "d").await,
        &expect![[r#"
        the transfer id was already used with other terms
        the amount must be more than zero
        the account cannot hold that much
        done
    "#]],
    );
}

#[tokio::test]
async fn keys_have_one_to_two_hundred_bytes() {
    let book = Book::new();
    let open = async |key: &str| book.open(&tea("ana", "1.00 USD", key)).await.map(drop);
    assert_eq!(open("").await, Err(Refusal::KeyLength));
    assert_eq!(open(&"k".repeat(200)).await, Ok(()));
    assert_eq!(open(&"k".repeat(201)).await, Err(Refusal::KeyLength));
    // Bytes, not characters.
    assert_eq!(open(&"é".repeat(101)).await, Err(Refusal::KeyLength));

    let paid = book.paid("ben", "5.00 USD", "cup").await.order;
    let refund = async |key: &str| {
        book.refund(paid.id, "tea", key, "1.00 USD", "")
            .await
            .map(drop)
    };
    assert_eq!(refund("").await, Err(Refusal::KeyLength));
    assert_eq!(refund(&"k".repeat(201)).await, Err(Refusal::KeyLength));
    assert_eq!(refund(&"k".repeat(200)).await, Ok(()));
}

#[tokio::test]
async fn totals_are_items_plus_totals_with_discounts_taken_off() {
    let book = Book::new();
    let line = |kind, amount: &str| TotalLine {
        kind,
        label: "line".to_owned(),
        amount: money(amount),
    };
    let mut ask = tea("ana", "11.50 USD", "everything");
    ask.details.items = vec![
        item("Tea", 2, "4.00 USD"),
        item("Free biscuit", 1, "0.00 USD"),
    ];
    ask.details.totals = vec![
        // A discount may be larger than what stands above it, not than all of it.
        line(TotalKind::Discount, "9.00 USD"),
        line(TotalKind::Subtotal, "8.00 USD"),
        line(TotalKind::Fulfillment, "5.00 USD"),
        line(TotalKind::Tax, "2.00 USD"),
        line(TotalKind::Fee, "0.50 USD"),
        line(TotalKind::Tip, "5.00 USD"),
    ];
    let total = Refusal::Total {
        said: money("11.49 USD"),
        sum: money("11.50 USD"),
    };
    ask.total = money("11.49 USD");
    assert_eq!(book.open(&ask).await, Err(total));
    ask.total = money("11.50 USD");
    let order = book.open(&ask).await.unwrap();
    let kept = book
        .run(|txn| {
            let order = order.clone();
            async move { Ok(order::details(&txn, &order)) }
        })
        .await
        .unwrap();
    assert_eq!(kept, Some(ask.details));
    assert_eq!(order.total, money("11.50 USD"));
    assert_eq!(order.app, app("tea"));
}
