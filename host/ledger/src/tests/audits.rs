//! The auditor: whatever is altered behind the ledger's back is found and named.

use std::sync::Arc;

use expect_test::{Expect, expect};
use souk_core::limits::AUDIT_FAULTS_MAX;
use souk_core::{EntryId, OrderId};
use souk_store::{Bounds, Fit, Key, Place, Record, StoreError, Txn};

use super::book::{Book, holder, item, money, no_entry, no_order, tea, transfer_id};
use super::engine::Liar;
use crate::account::{Account, Cell};
use crate::audit::{self, Audit, AuditFault};
use crate::entry::{Entry, EntryKind, Phase};
use crate::order::{Order, OrderState, Paid, Refunded};
use crate::record::Outcome;
use crate::{Refusal, keys};

/// A small market: a deposit and a paid order with a refund for ana, and one open order.
struct Market {
    book: Book,
    liar: Arc<Liar>,
    paid: Paid,
    refunded: Refunded,
    open: Order,
}

async fn market() -> Market {
    let liar = Arc::new(Liar::default());
    let book = Book::on(liar.clone());
    let paid = book.paid("ana", "5.00 USD", "cup").await;
    let refunded = book
        .refund(paid.order.id, "tea", "r", "1.50 USD", "")
        .await
        .unwrap();
    let open = book.open(&tea("ana", "2.00 USD", "open")).await.unwrap();
    assert_eq!(
        book.audit().await.to_string(),
        "3 accounts, 3 entries, 2 orders, balanced"
    );
    Market {
        book,
        liar,
        paid,
        refunded,
        open,
    }
}

impl Market {
    async fn put<R: Record>(&self, key: souk_store::Key, value: &R) {
        let key = &key;
        let put = |txn: Txn| async move { Ok(txn.put(key, value)?) };
        self.book.run(put).await.unwrap();
    }

    async fn delete(&self, key: souk_store::Key) {
        let key = &key;
        let delete = |txn: Txn| async move { Ok(txn.delete(key)?) };
        self.book.run(delete).await.unwrap();
    }

    async fn add(&self, of: &str, cell: Cell, delta: i64) {
        let key = &keys::number(holder(of).account("USD".parse().unwrap()), cell);
        let add = |txn: Txn| async move {
            assert_eq!(txn.add(key, delta, Bounds::NONE).await?, Fit::Fits);
            Ok(())
        };
        self.book.run(add).await.unwrap();
    }

    /// Writes the altered order, audits, and compares what was found.
    async fn order(&self, order: Order, faults: Expect) {
        self.put(keys::order(order.id), &order).await;
        self.finds(faults).await;
    }

    async fn finds(&self, faults: Expect) {
        faults.assert_eq(&self.named(&self.book.audit().await));
    }

    /// The faults, with names for the ids that differ in each run.
    fn named(&self, audit: &Audit) -> String {
        let usd = "USD".parse().unwrap();
        let names = [
            (self.paid.entry.id.to_string(), "PAYMENT"),
            (self.refunded.entry.id.to_string(), "REFUND"),
            (self.paid.order.id.to_string(), "CUP"),
            (self.open.id.to_string(), "OPEN"),
            (holder("ana").account(usd).to_string(), "ANA"),
            (holder("tea").account(usd).to_string(), "TEA"),
            (holder("bank").account(usd).to_string(), "BANK"),
            (transfer_id("payment of cup").to_string(), "ATTEMPT"),
        ];
        let lines = audit.faults.iter().map(|fault| {
            let line = fault.to_string();
            names
                .iter()
                .fold(line, |line, (id, name)| line.replace(id, name))
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

#[tokio::test]
async fn a_number_that_was_altered() {
    let market = market().await;
    market.add("ana", Cell::Available, 1).await;
    market
        .finds(expect![
            "account ANA: available is 151, and its entries come to 150"
        ])
        .await;
    market.add("ana", Cell::Available, -1).await;
    market.add("tea", Cell::CreditsPosted, 100).await;
    market
        .finds(expect![[r#"
        account TEA: credits-posted is 600, and its entries come to 500
        USD: 1150 went out and 1250 came in"#]])
        .await;
    market.add("tea", Cell::CreditsPosted, -100).await;
    market.add("bank", Cell::DebitsPending, 7).await;
    market
        .finds(expect![[r#"
        account BANK: debits-pending is 7, and its entries come to 0
        USD: 7 went out and 0 came in"#]])
        .await;
    market.add("bank", Cell::DebitsPending, -7).await;
    market.add("ana", Cell::Available, -151).await;
    market
        .finds(expect![[r#"
        account ANA: available is -1, and its entries come to 150
        account ANA is overdrawn"#]])
        .await;
    market.add("ana", Cell::Available, 151).await;
    // Both sides at once still add up, and still do not follow from the entries.
    market.add("ana", Cell::DebitsPosted, 5).await;
    market.add("tea", Cell::CreditsPosted, 5).await;
    market
        .finds(expect![[r#"
        account ANA: debits-posted is 505, and its entries come to 500
        account TEA: credits-posted is 505, and its entries come to 500"#]])
        .await;
    market.add("ana", Cell::DebitsPosted, -5).await;
    market.add("tea", Cell::CreditsPosted, -5).await;
    assert!(market.book.audit().await.is_balanced());
}

#[tokio::test]
async fn an_id_that_leads_elsewhere() {
    let market = market().await;
    let key = || keys::transfer(market.paid.entry.transfer());
    for elsewhere in [0, 99] {
        let made = Outcome::Made(Place::at(elsewhere));
        market.put(key(), &made).await;
        market
            .finds(expect![[r#"
                entry PAYMENT is not found by its id
                order CUP: entry PAYMENT is not its payment"#]])
            .await;
    }
    market.delete(key()).await;
    market
        .finds(expect![[r#"
            entry PAYMENT is not found by its id
            order CUP: entry PAYMENT is not its payment"#]])
        .await;
    market.put(key(), &Outcome::Made(Place::at(1))).await;
    assert!(market.book.audit().await.is_balanced());
}

#[tokio::test]
async fn an_account_that_is_not_what_it_was() {
    let market = market().await;
    let (ana, usd) = (holder("ana"), "USD".parse().unwrap());
    let key = || keys::account(&ana, usd);
    let opened = market.book.store.now();
    let stranger = Account {
        id: ana.account(usd),
        holder: holder("ben"),
        currency: usd,
        opened,
    };
    market.put(key(), &stranger).await;
    market
        .finds(expect!["account ANA is not what it was opened as"])
        .await;
    market.delete(key()).await;
    market
        .finds(expect!["account ANA is not what it was opened as"])
        .await;
}

#[tokio::test]
async fn a_statement_with_a_line_too_many() {
    let market = market().await;
    let log = &keys::statement(holder("ana").account("USD".parse().unwrap()));
    let id: EntryId = market.paid.entry.id;
    let append = |txn: Txn| async move { Ok(txn.append(log, &id)?) };
    market.book.run(append).await.unwrap();
    market
        .finds(expect![
            "account ANA: the statement has 4 lines, and there are 3 entries"
        ])
        .await;
}

#[tokio::test]
async fn an_order_that_says_something_else_of_its_money() {
    let market = market().await;
    let (paid, open) = (market.refunded.order.clone(), market.open.clone());
    let zero = money("0.00 USD");
    market
        .order(
            Order {
                refunded: zero,
                ..paid.clone()
            },
            expect!["order CUP: 0 minor units are marked refunded, and 150 were"],
        )
        .await;
    let all = Order {
        refunded: paid.total,
        state: OrderState::Refunded,
        ..paid.clone()
    };
    market
        .order(
            all,
            expect!["order CUP: 500 minor units are marked refunded, and 150 were"],
        )
        .await;
    let unpaid = Order {
        state: OrderState::Declined,
        entry: None,
        refunded: zero,
        ..paid.clone()
    };
    market
        .order(
            unpaid,
            expect![[r#"
        order CUP: entry PAYMENT is not its payment
        the state of order CUP does not fit its payment
        order CUP: 0 minor units are marked refunded, and 150 were"#]],
        )
        .await;
    let cheaper = Order {
        total: money("4.00 USD"),
        ..paid.clone()
    };
    market
        .order(
            cheaper,
            expect!["the amounts of order CUP do not fit each other"],
        )
        .await;
    let others = Order {
        payer: super::book::person("ben"),
        ..paid.clone()
    };
    market
        .order(
            others,
            expect![[r#"
        order CUP: entry PAYMENT is not its payment
        order CUP: entry PAYMENT is not its payment"#]],
        )
        .await;
    let elsewhere = Order {
        entry: Some(market.refunded.entry.id),
        ..paid.clone()
    };
    market
        .order(
            elsewhere,
            expect![[r#"
        order CUP: entry PAYMENT is not its payment
        order CUP: entry REFUND is not its payment"#]],
        )
        .await;
    market.order(paid.clone(), expect![[r#""#]]).await;
    let never = Order {
        state: OrderState::Paid,
        entry: Some(no_entry()),
        ..open.clone()
    };
    market
        .order(
            never,
            expect![[r#"
        the state of order OPEN does not fit its payment
        order OPEN: entry ent_000000000000000000000000cm is not its payment"#]],
        )
        .await;
    let impossible = Order {
        state: OrderState::Paid,
        ..open.clone()
    };
    market
        .order(
            impossible,
            expect!["the state of order OPEN does not fit its payment"],
        )
        .await;
    market.order(open, expect![[r#""#]]).await;
    market.delete(keys::order(paid.id)).await;
    market
        .finds(expect![[r#"
        order CUP has entries and is missing
        order CUP has entries and is missing
        order CUP has entries and is missing"#]])
        .await;
}

#[tokio::test]
async fn an_order_that_was_never_opened() {
    let market = market().await;
    let append = |txn: Txn| async move {
        let id: OrderId = no_order();
        Ok(txn.append(&keys::orders(), &id)?)
    };
    market.book.run(append).await.unwrap();
    let audit = market.book.audit().await;
    assert_eq!(audit.faults, [AuditFault::OrderMissing(no_order())]);
}

#[tokio::test]
async fn entries_put_into_the_log_by_hand() {
    let market = market().await;
    let forged = &Entry {
        id: no_entry(),
        debit: holder("bank"),
        credit: holder("eve"),
        amount: money("9.00 USD"),
        at: market.book.store.now(),
        phase: Phase::Posted,
        kind: EntryKind::Deposit,
        order: None,
        terms: None,
        note: None,
    };
    // Whoever forges an entry knows no key by which it is looked for.
    let made = (&Key::room("forger"), &Place::LATER);
    let append = |txn: Txn| async move { Ok(txn.append_indexed(&keys::entries(), forged, made)?) };
    market.book.run(append).await.unwrap();
    let eve = holder("eve").account("USD".parse().unwrap());
    let named = market.named(&market.book.audit().await);
    let named = named.replace(&eve.to_string(), "EVE");
    let named = named.replace(&forged.id.to_string(), "FORGED");
    expect![[r#"
        entry FORGED is not found by its id
        account BANK: debits-posted is 500, and its entries come to 1400
        account BANK: available is -500, and its entries come to -1400
        account BANK: the statement has 1 lines, and there are 2 entries
        account EVE has entries and was never opened"#]]
    .assert_eq(&named);
}

/// Tells whether a raw key is an entry of the books, at a place.
fn is_book_entry(key: &[u8], place: u64) -> bool {
    let books = b"ledger\0entries\0";
    let log = key.windows(books.len()).any(|part| part == books);
    key.first() == Some(&b'e') && log && key.ends_with(&place.to_be_bytes())
}

#[tokio::test]
async fn the_chain_breaks_where_the_log_was_altered() {
    let market = market().await;
    let honest = market.paid.entry.clone();
    let cheaper = Entry {
        amount: money("4.99 USD"),
        ..honest.clone()
    };
    // The log of the entry in the middle says 4.99, with the hash it had.
    market.liar.tell(move |key, value| {
        if !is_book_entry(key, 1) {
            return Some(value);
        }
        let altered = [vec![Entry::FORM], postcard::to_allocvec(&cheaper).unwrap()].concat();
        let hash = &value[value.len() - 32..];
        Some([&altered[..], hash].concat())
    });
    market
        .finds(expect![[r#"
            the hash chain breaks at place 1 of the books, entry PAYMENT
            order CUP: entry PAYMENT is not its payment
            account ANA: debits-posted is 500, and its entries come to 499
            account ANA: available is 150, and its entries come to 151
            account ANA: balance is 150, and its entries come to 151
            account TEA: credits-posted is 500, and its entries come to 499
            account TEA: available is 350, and its entries come to 349
            order CUP: entry PAYMENT is not its payment
            usr_0000000000000000000003gxv1 spent 500 on day 20779, and the entries come to 499
            usr_0000000000000000000003gxv1 spent 500 on day 20779, and the entries come to 499"#]])
        .await;

    // The same entry under another hash breaks the chain there and after it.
    market.liar.tell(|key, mut value| {
        if is_book_entry(key, 1) {
            *value.last_mut().unwrap() ^= 1;
        }
        Some(value)
    });
    market
        .finds(expect![[r#"
        the hash chain breaks at place 1 of the books, entry PAYMENT
        the hash chain breaks at place 2 of the books, entry REFUND"#]])
        .await;
}

#[tokio::test]
async fn an_entry_taken_out_of_the_log_is_missed() {
    let market = market().await;
    market
        .liar
        .tell(|key, value| (!is_book_entry(key, 2)).then_some(value));
    market
        .finds(expect![[r#"
        the books have 2 entries and should have 3
        account ANA: credits-posted is 650, and its entries come to 500
        account ANA: available is 150, and its entries come to 0
        account ANA: balance is 150, and its entries come to 0
        account ANA: the statement has 3 lines, and there are 2 entries
        account TEA: debits-posted is 150, and its entries come to 0
        account TEA: available is 350, and its entries come to 500
        account TEA: the statement has 2 lines, and there are 1 entries
        order CUP: 150 minor units are marked refunded, and 0 were"#]])
        .await;
    market
        .liar
        .tell(|key, value| (!is_book_entry(key, 0)).then_some(value));
    let audit = market.book.audit().await;
    let first = &market.paid.entry;
    let chain = AuditFault::Chain {
        place: 1,
        entry: first.id,
    };
    assert!(audit.faults.contains(&chain), "{:?}", audit.faults);
    assert!(audit.faults.contains(&AuditFault::Short {
        found: 2,
        expected: 3
    }));
}

#[tokio::test]
async fn every_flipped_bit_of_a_book_entry_is_noticed() {
    let market = market().await;
    let books = Arc::new(std::sync::Mutex::new(0_usize));
    let length = Arc::clone(&books);
    market.liar.tell(move |key, value| {
        if is_book_entry(key, 1) {
            *length.lock().unwrap() = value.len();
        }
        Some(value)
    });
    assert!(market.book.audit().await.is_balanced());
    let length = *books.lock().unwrap();
    assert!(length > 100, "{length}");
    for bit in 0..length * 8 {
        market.liar.tell(move |key, mut value| {
            if is_book_entry(key, 1) {
                value[bit / 8] ^= 1 << (bit % 8);
            }
            Some(value)
        });
        let audit = market
            .book
            .run(|txn| async move { Ok(audit::audit(&txn).await?) })
            .await;
        match audit {
            Ok(audit) => assert!(!audit.is_balanced(), "bit {bit}"),
            // Some bits make it something that is no entry at all.
            Err(refusal) => assert_eq!(refusal, Refusal::Store(StoreError::Form), "bit {bit}"),
        }
    }
}

#[tokio::test]
async fn a_large_ledger_is_read_in_pages() {
    let book = Book::new();
    for number in 0..450 {
        let who = format!("person {number}");
        let mut ask = tea(&who, "1.00 USD", &who);
        ask.details.items = vec![item("Tea", 1, "1.00 USD")];
        book.open(&ask).await.unwrap();
        book.deposit(&who, "1.00 USD", &format!("deposit {number}"))
            .await
            .unwrap();
    }
    let audit = book.audit().await;
    assert_eq!(
        audit.to_string(),
        "451 accounts, 450 entries, 450 orders, balanced"
    );
}

#[tokio::test]
async fn the_first_hundred_faults_are_listed() {
    let book = Book::new();
    let append = |txn: Txn| async move {
        for _ in 0..150 {
            let id: OrderId = no_order();
            txn.append(&keys::orders(), &id)?;
        }
        Ok(())
    };
    book.run(append).await.unwrap();
    let audit = book.audit().await;
    assert_eq!(audit.faults.len(), AUDIT_FAULTS_MAX);
    assert_eq!(
        audit.to_string(),
        "0 accounts, 0 entries, 0 orders, 100 faults"
    );
    assert!(!audit.is_balanced());
}
