//! Lists: statements, orders and histories, page by page.

use expect_test::expect;
use souk_core::limits::PAGE_ENTRIES_MAX;
use souk_core::{OrderId, TransferId, TypedId};
use souk_store::{Page, Txn};

use super::book::{Book, app, holder, money, person, tea};
use crate::Policy;
use crate::account::{self, Holder};
use crate::entry::EntryKind;
use crate::order::{self, By, Change, Order, OrderState};
use crate::statement::{self, Line};
use crate::{Refusal, rail};

async fn page(book: &Book, of: &str, currency: &str, page: Page<u64>) -> Vec<Line> {
    let (of, currency, page) = (&holder(of), currency.parse().unwrap(), &page);
    let read = |txn| async move { statement::page(&txn, of, currency, page.clone()).await };
    book.run(read).await.unwrap()
}

/// Deposits of 1, 2, 3, … cents.
async fn deposits(book: &Book, count: u64) {
    let ana = person("ana");
    let all = |txn: Txn| async move {
        for cents in 1..=count {
            let amount = souk_core::Money::new(cents, money("0.01 USD").currency()).unwrap();
            let id = TransferId::from_bits(u128::from(cents));
            rail::deposit(&txn, &Policy::default(), ana, amount, id).await?;
        }
        Ok(())
    };
    book.run(all).await.unwrap();
}

const NOTHING: [u64; 0] = [];

fn cents(lines: &[Line]) -> Vec<u64> {
    lines.iter().map(|line| line.amount.minor()).collect()
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_overlap() {
    let book = Book::new();
    deposits(&book, 25).await;
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let lines = page(&book, "ana", "USD", Page::first(10).after(after)).await;
        let Some(last) = lines.last() else { break };
        after = Some(last.place);
        seen.extend(cents(&lines));
    }
    assert_eq!(seen, (1..=25).collect::<Vec<_>>());

    let newest = page(&book, "ana", "USD", Page::last(3)).await;
    assert_eq!(cents(&newest), [25, 24, 23]);
    let older = Page::last(3).after(Some(newest[2].place));
    assert_eq!(cents(&page(&book, "ana", "USD", older).await), [22, 21, 20]);
    assert_eq!(
        cents(&page(&book, "ana", "USD", Page::first(0)).await),
        NOTHING
    );
    assert_eq!(
        cents(&page(&book, "ana", "USD", Page::first(9).after(Some(24))).await),
        NOTHING
    );
}

#[tokio::test]
async fn a_page_has_at_most_two_hundred_lines_whatever_is_asked() {
    let book = Book::new();
    deposits(&book, 201).await;
    let lines = page(&book, "ana", "USD", Page::first(usize::MAX)).await;
    assert_eq!(lines.len(), PAGE_ENTRIES_MAX);
    let rest = page(
        &book,
        "ana",
        "USD",
        Page::first(usize::MAX).after(Some(199)),
    )
    .await;
    assert_eq!(cents(&rest), [201]);
    assert_eq!(
        book.audit().await.to_string(),
        "2 accounts, 201 entries, 0 orders, balanced"
    );
}

#[tokio::test]
async fn both_ends_of_an_entry_see_it_from_their_side() {
    let book = Book::new();
    let paid = book.paid("ana", "5.00 USD", "cup").await;
    let ana = page(&book, "ana", "USD", Page::last(1)).await;
    let tea = page(&book, "tea", "USD", Page::last(1)).await;
    for (lines, incoming, other) in [(&ana, false, holder("tea")), (&tea, true, holder("ana"))] {
        let line = &lines[0];
        assert_eq!((line.incoming, &line.other), (incoming, &other));
        assert_eq!(
            (line.entry, line.order),
            (paid.entry.id, Some(paid.order.id))
        );
        assert_eq!(
            (line.kind, line.amount),
            (EntryKind::Payment, money("5.00 USD"))
        );
        assert_eq!((line.at, &line.note), (paid.entry.at, &None));
    }
    assert!(paid.entry.involves(&holder("ana")) && paid.entry.involves(&holder("tea")));
    assert!(!paid.entry.involves(&holder("bank")));
}

#[tokio::test]
async fn each_currency_has_its_own_statement() {
    let book = Book::new();
    book.deposit("ana", "5.00 USD", "d1").await.unwrap();
    book.deposit("ana", "500 JPY", "d2").await.unwrap();
    assert_eq!(
        cents(&page(&book, "ana", "USD", Page::first(9)).await),
        [500]
    );
    assert_eq!(
        cents(&page(&book, "ana", "JPY", Page::first(9)).await),
        [500]
    );
    assert_eq!(
        cents(&page(&book, "ana", "EUR", Page::first(9)).await),
        NOTHING
    );
    assert_eq!(
        cents(&page(&book, "bank", "JPY", Page::first(9)).await),
        [500]
    );

    let ana = &holder("ana");
    let read = |txn| async move { account::balances(&txn, ana).await };
    let balances = book.run(read).await.unwrap();
    let balances: Vec<_> = balances
        .iter()
        .map(|of| of.available().to_string())
        .collect();
    assert_eq!(balances, ["500 JPY", "5.00 USD"]);
}

#[tokio::test]
async fn accounts_are_named_by_holder_and_currency_alone() {
    let (usd, jpy) = ("USD".parse().unwrap(), "JPY".parse().unwrap());
    let names = ["bank", "tea", "spice", "ana", "ben"];
    let mut ids = std::collections::BTreeSet::new();
    for name in names {
        for currency in [usd, jpy] {
            assert!(ids.insert(holder(name).account(currency)), "{name}");
            assert_eq!(
                holder(name).account(currency),
                holder(name).account(currency)
            );
        }
    }
    // Stored entries and receipts name accounts by these: they may never change.
    let known = Holder::Person(souk_core::UserId::from_bits(1)).account(usd);
    expect!["acc_36bqt2w9wccqvd7h9kcqhbxamb"].assert_eq(&known.to_string());
    let known = Holder::App("com.example.tea".parse().unwrap()).account(usd);
    expect!["acc_2h4v5scvfa0mxgh8kba4pnspks"].assert_eq(&known.to_string());
    expect!["acc_09wdx44fb30mby5162rrt97vc3"].assert_eq(&holder("bank").account(usd).to_string());
}

#[tokio::test]
async fn a_rail_that_owes_has_nothing_to_spend() {
    let book = Book::new();
    book.deposit("ana", "5.00 USD", "d").await.unwrap();
    let bank = book.balance(&holder("bank"), "USD").await;
    assert_eq!(bank.available, -500);
    assert_eq!(bank.available(), money("0.00 USD"));
    assert_eq!((bank.debits_posted, bank.credits_posted), (500, 0));
    assert_eq!((bank.debits_pending, bank.credits_pending), (0, 0));
}

/// Waits a millisecond between orders, so that they have an order of their own.
async fn orders(book: &Book, count: usize) -> Vec<OrderId> {
    let mut orders = Vec::new();
    for number in 0..count {
        let mut ask = tea("ana", "1.00 USD", &format!("cup {number}"));
        ask.app = app(&format!("shop{number}"));
        orders.push(book.open(&ask).await.unwrap().id);
        book.wait(1);
    }
    orders
}

fn ids(orders: &[Order]) -> Vec<OrderId> {
    orders.iter().map(|order| order.id).collect()
}

#[tokio::test]
async fn waiting_orders_are_listed_oldest_first() {
    let book = Book::new();
    let opened = orders(&book, 7).await;
    let waiting = |txn| async move { order::waiting(&txn, person("ana")).await };
    assert_eq!(ids(&book.run(waiting).await.unwrap()), opened);
    book.decline(opened[0], "ana").await.unwrap();
    book.cancel(opened[3], "shop3", "").await.unwrap();
    let left = [opened[1], opened[2], opened[4], opened[5], opened[6]];
    assert_eq!(ids(&book.run(waiting).await.unwrap()), left);
    let eves = |txn| async move { order::waiting(&txn, person("eve")).await };
    assert_eq!(ids(&book.run(eves).await.unwrap()), []);
}

#[tokio::test]
async fn all_orders_of_a_person_are_listed_closed_ones_too() {
    let book = Book::new();
    let opened = orders(&book, 5).await;
    book.decline(opened[1], "ana").await.unwrap();
    let list = async |page: Page<u64>| -> Result<Vec<(u64, Order)>, Refusal> {
        let page = &page;
        let read = |txn| async move { order::of_payer(&txn, person("ana"), page.clone()).await };
        book.run(read).await
    };
    let all = list(Page::first(usize::MAX)).await.unwrap();
    let states: Vec<_> = all
        .iter()
        .map(|(place, order)| (*place, order.state))
        .collect();
    assert_eq!(states[1], (1, OrderState::Declined));
    assert!(
        states
            .iter()
            .all(|(place, state)| *place == 1 || *state == OrderState::Pending)
    );
    let newest = list(Page::last(2)).await.unwrap();
    let newest: Vec<_> = newest.iter().map(|(_, order)| order.id).collect();
    assert_eq!(newest, [opened[4], opened[3]]);
    let older = list(Page::last(2).after(Some(3))).await.unwrap();
    let older: Vec<_> = older.iter().map(|(_, order)| order.id).collect();
    assert_eq!(older, [opened[2], opened[1]]);
}

#[tokio::test]
async fn a_history_has_a_line_for_every_change() {
    let book = Book::new();
    let order = book.paid("ana", "5.00 USD", "cup").await.order;
    book.wait(1_000);
    book.refund(order.id, "tea", "r", "1.25 USD", "  no \u{200b} sugar ")
        .await
        .unwrap();
    let read = |txn: Txn| async move {
        let changes = order::history(&txn, order.id).await?;
        let reason = changes
            .last()
            .and_then(|change| order::reason(&txn, change));
        Ok((changes, reason))
    };
    let (changes, reason) = book.run(read).await.unwrap();
    assert_eq!(reason.as_deref(), Some("no sugar"));
    let line = |change: &Change| (change.revision, change.state, change.by, change.refunded);
    let zero = money("0.00 USD");
    let lines: Vec<_> = changes.iter().map(line).collect();
    assert_eq!(
        lines,
        [
            (1, OrderState::Pending, By::App, zero),
            (2, OrderState::Paid, By::Payer, zero),
            (3, OrderState::Paid, By::App, money("1.25 USD")),
        ]
    );
    assert_eq!(changes[2].at.millis_since(changes[0].at), 1_000);
}

#[tokio::test]
async fn of_a_long_history_the_latest_lines_are_shown() {
    let book = Book::new();
    let order = book.paid("ana", "5.00 USD", "cup").await.order;
    for number in 0..300 {
        let key = format!("r{number}");
        book.refund(order.id, "tea", &key, "0.01 USD", "")
            .await
            .unwrap();
    }
    let read = |txn| async move { order::history(&txn, order.id).await };
    let changes = book.run(read).await.unwrap();
    assert_eq!(changes.len(), PAGE_ENTRIES_MAX);
    assert_eq!(changes.first().unwrap().revision, 103);
    assert_eq!(changes.last().unwrap().revision, 302);
    assert_eq!(changes.last().unwrap().refunded, money("3.00 USD"));
    assert!(book.audit().await.is_balanced());
}
