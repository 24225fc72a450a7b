//! Statements of a period: they add up, they join without a gap, and they prove themselves.

use expect_test::expect;
use souk_core::Timestamp;

use super::book::{Book, START, holder, tea};
use crate::Refusal;
use crate::proof::ProofError;
use crate::statement::{self, Period, Statement};

const DAY: u64 = 86_400_000;

fn days(from: u64, to: u64) -> Period {
    let at = |day: u64| Timestamp::from_millis(START.millis() + day * DAY);
    Period {
        from: at(from),
        to: at(to),
    }
}

async fn of(book: &Book, who: &str, period: Period) -> Statement {
    let (holder, usd) = (&holder(who), "USD".parse().unwrap());
    let read = |txn| async move { statement::period(&txn, holder, usd, period).await };
    book.run(read).await.unwrap()
}

async fn signed(book: &Book, statement: &Statement) -> String {
    let sign = |txn: souk_store::Txn| async move { statement::sign(&txn, statement) };
    book.run(sign).await.unwrap()
}

/// Something happens on every day, and something is held over the edge of two.
async fn busy() -> Book {
    let book = Book::new();
    for day in 0..4 {
        let key = format!("cup {day}");
        let paid = book.paid("ana", "5.00 USD", &key).await.order;
        if day == 1 {
            let refund = book.refund(paid.id, "tea", "r", "1.50 USD", "cold").await;
            refund.unwrap();
            let ask = crate::order::Ask {
                authorize_only: true,
                last_look: false,
                ..tea("ana", "1.00 USD", "held")
            };
            let held = book.open(&ask).await.unwrap();
            book.pay(held.id, "ana", "hold").await.unwrap();
        }
        if day == 3 {
            let held = book.by_key("tea", "held").await;
            book.capture(held.id, "tea", "0.75 USD").await.unwrap();
        }
        book.wait(DAY);
    }
    book
}

#[tokio::test]
async fn opening_and_lines_come_to_the_closing_balance() {
    let book = busy().await;
    let statement = of(&book, "ana", days(1, 4)).await;
    let page = statement::csv(&statement);
    let masked = page.lines().map(|line| {
        let cells: Vec<_> = line.split(',').collect();
        let kept = cells.iter().take(5).copied().collect::<Vec<_>>();
        let ids = cells
            .iter()
            .skip(5)
            .map(|cell| cell.split('_').next().unwrap());
        kept.into_iter().chain(ids).collect::<Vec<_>>().join(",")
    });
    expect![[r#"
        at,kind,change,balance,currency,entry,order,other
        2026-11-23T09:00:00.000Z,opening,,0.00,USD,,,
        2026-11-23T09:00:00.000Z,deposit,5.00,5.00,USD,ent,,acc
        2026-11-23T09:00:00.000Z,payment,-5.00,0.00,USD,ent,ord,acc
        2026-11-23T09:00:00.000Z,refund,1.50,1.50,USD,ent,ord,acc
        2026-11-24T09:00:00.000Z,deposit,5.00,6.50,USD,ent,,acc
        2026-11-24T09:00:00.000Z,payment,-5.00,1.50,USD,ent,ord,acc
        2026-11-25T09:00:00.000Z,deposit,5.00,6.50,USD,ent,,acc
        2026-11-25T09:00:00.000Z,payment,-5.00,1.50,USD,ent,ord,acc
        2026-11-25T09:00:00.000Z,payment,-0.75,0.75,USD,ent,ord,acc
        2026-11-26T09:00:00.000Z,closing,,0.75,USD,,,
    "#]]
    .assert_eq(&(masked.collect::<Vec<_>>().join("\n") + "\n"));
    assert!(page.ends_with("\r\n"));
    let sum: i64 = statement.lines.iter().map(|line| line.change).sum();
    assert_eq!(statement.opening + sum, statement.closing);
}

#[tokio::test]
async fn periods_join_without_a_gap_and_the_last_closes_with_what_is_there() {
    let book = busy().await;
    for who in ["ana", "tea", "bank"] {
        let mut last = 0;
        let mut lines = 0;
        for day in 0..5 {
            let statement = of(&book, who, days(day, day + 1)).await;
            assert_eq!(statement.opening, last, "{who}, day {day}");
            last = statement.closing;
            lines += statement.lines.len();
        }
        let whole = of(&book, who, days(0, 5)).await;
        assert_eq!((whole.opening, whole.closing), (0, last));
        assert_eq!(whole.lines.len(), lines);
        let balance = book.balance(&holder(who), "USD").await;
        let posted = i64::try_from(balance.credits_posted).unwrap();
        assert_eq!(last, posted - i64::try_from(balance.debits_posted).unwrap());
    }
    let nothing = of(&book, "eve", days(0, 5)).await;
    assert_eq!((nothing.opening, nothing.closing), (0, 0));
}

async fn refused(book: &Book, period: Period) -> Option<Refusal> {
    let (ana, usd) = (&holder("ana"), "USD".parse().unwrap());
    let read = |txn| async move { statement::period(&txn, ana, usd, period).await };
    book.run(read).await.err()
}

#[tokio::test]
async fn a_period_ends_after_it_begins_and_when_the_statement_is_made_at_the_latest() {
    let book = busy().await;
    // Four days have passed.
    for backwards in [days(3, 1), days(5, 6), days(6, 5)] {
        let answer = refused(&book, backwards).await;
        assert_eq!(answer, Some(Refusal::Period), "{backwards:?}");
    }
    let empty = of(&book, "ana", days(3, 3)).await;
    assert_eq!((empty.lines.len(), empty.opening), (0, empty.closing));
    let present = days(0, 4);
    for later in [days(0, 4), days(0, 5), days(0, 9_999)] {
        let statement = of(&book, "ana", later).await;
        assert_eq!((statement.to, statement.made), (present.to, present.to));
        assert!(statement::csv(&statement).contains("2026-11-26T09:00:00.000Z,closing,"));
    }
    // What happens in the moment itself is in the next one.
    book.deposit("ana", "2.00 USD", "now").await.unwrap();
    let before = of(&book, "ana", days(0, 5)).await;
    book.wait(1);
    let next = Period {
        from: before.to,
        to: days(0, 5).to,
    };
    let after = of(&book, "ana", next).await;
    assert_eq!((after.opening, after.lines.len()), (before.closing, 1));
}

#[tokio::test]
async fn a_transaction_that_commits_late_is_in_the_statement_of_when_it_began() {
    let book = Book::new();
    // Both accounts are there, so that nobody is in anybody's way.
    book.deposit("ben", "1.00 USD", "first").await.unwrap();
    book.deposit("ana", "1.00 USD", "second").await.unwrap();
    book.wait(1_000);
    let began = book.store.now();
    let late = book.store.begin().unwrap();
    let (ana, one) = (super::book::person("ana"), super::book::money("1.00 USD"));
    let policy = crate::Policy::default();
    let id = super::book::transfer_id("late");
    crate::rail::deposit(&late, &policy, ana, one, id)
        .await
        .unwrap();
    book.wait(60_000);
    book.deposit("ben", "2.00 USD", "early").await.unwrap();
    book.store.commit(&late).await.unwrap();
    book.wait(1);
    let first = Period {
        from: began,
        to: began.after_millis(1),
    };
    let statement = of(&book, "bank", first).await;
    assert_eq!((statement.opening, statement.closing), (-200, -300));
    let rest = Period {
        from: first.to,
        to: began.after_millis(DAY),
    };
    let statement = of(&book, "bank", rest).await;
    assert_eq!((statement.opening, statement.closing), (-300, -500));
}

#[tokio::test]
async fn a_signed_statement_verifies_and_an_altered_one_does_not() {
    let book = busy().await;
    let statement = of(&book, "ana", days(0, 5)).await;
    let text = signed(&book, &statement).await;
    let keys = book.store.keyring().public_keys();
    assert_eq!(statement::verify(&text, &keys), Ok(statement.clone()));
    let cut = &text[..text.len() - 1];
    assert_eq!(statement::verify(cut, &keys), Err(ProofError::Form));
    let altered = text.replacen("eyJ", "eyI", 1);
    let answer = statement::verify(&altered, &keys);
    assert_eq!(answer, Err(ProofError::Signature));
    let other = Book::new().store.keyring().public_keys();
    let answer = statement::verify(&text, &other);
    assert_eq!(answer, Err(ProofError::OtherKey));
    // A statement is no receipt, and one that does not add up is none either.
    let answer = crate::receipt::verify(&text, &keys);
    assert_eq!(answer, Err(ProofError::PayloadType));
    let wrong = Statement {
        closing: statement.closing + 1,
        ..statement
    };
    let wrong = signed(&book, &wrong).await;
    assert_eq!(statement::verify(&wrong, &keys), Err(ProofError::Sums));
}

#[tokio::test]
async fn a_statement_has_ten_thousand_lines_at_most() {
    let book = Book::new();
    for number in 0..100 {
        book.run(|txn: souk_store::Txn| async move {
            for place in 0..101 {
                let (ana, one) = (super::book::person("ana"), super::book::money("0.01 USD"));
                let id = souk_core::TypedId::from_bits(number * 1_000 + place + 1);
                let policy = crate::Policy::default();
                crate::rail::deposit(&txn, &policy, ana, one, id).await?;
            }
            Ok(())
        })
        .await
        .unwrap();
    }
    book.wait(DAY);
    let answer = refused(&book, days(0, 1)).await;
    assert_eq!(answer, Some(Refusal::StatementLong));
    assert_eq!(of(&book, "ana", days(1, 2)).await.opening, 10_100);
}
