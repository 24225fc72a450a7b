//! What a request brings, and how it is read.

use souk_core::{Money, Timestamp};
use souk_ledger::Refusal;

use super::{convert, not_paid};
use crate::bindings::souk::wallet::payments as wit;
use crate::denied::{Denied, No};

fn money(minor: u64, currency: &str) -> wit::Money {
    wit::Money {
        minor,
        currency: currency.to_owned(),
    }
}

fn request(labels: usize) -> wit::Request {
    let item = wit::Item {
        id: Some("tea-1".to_owned()),
        label: "x".repeat(10),
        quantity: 1,
        unit: money(100, "USD"),
    };
    wit::Request {
        key: "cup".to_owned(),
        items: vec![item; labels],
        totals: vec![wit::TotalLine {
            kind: "tip".to_owned(),
            label: "thanks".to_owned(),
            amount: money(1, "USD"),
        }],
        total: money(101, "USD"),
        memo: "memo".to_owned(),
        authorize_only: false,
        last_look: false,
        expires: None,
    }
}

#[test]
fn everything_a_request_brings_is_measured() {
    assert_eq!(convert::bytes(&request(0)), 3 + 4 + (6 + 3 + 11) + 11);
    assert_eq!(
        convert::bytes(&request(2)) - convert::bytes(&request(1)),
        5 + 10 + 11
    );
}

#[test]
fn amounts_that_no_account_holds_are_not_read() {
    assert!(convert::money(&money((1 << 53) - 1, "JPY")).is_ok());
    for wrong in [
        money(1 << 53, "USD"),
        money(u64::MAX, "USD"),
        money(1, "usd"),
        money(1, ""),
    ] {
        assert!(convert::money(&wrong).is_err(), "{wrong:?}");
    }
    let request = request(3);
    let details = convert::details(request.items, request.totals, request.memo).unwrap();
    assert_eq!((details.items.len(), details.totals.len()), (3, 1));
}

#[test]
fn a_kind_or_an_id_that_is_none_is_invalid() {
    let read = |change: fn(&mut wit::Request)| {
        let mut request = request(1);
        change(&mut request);
        match convert::details(request.items, request.totals, request.memo) {
            Ok(details) => details.items[0].id.clone().unwrap_or_default(),
            Err(No::Denied(Denied::Invalid(what))) => what,
            Err(other) => panic!("{other:?}"),
        }
    };
    assert_eq!(read(|_| ()), "tea-1");
    assert_eq!(read(|it| it.items[0].id = None), "");
    assert_eq!(
        read(|it| it.totals[0].kind = "Tip".to_owned()),
        "totals: a kind is one of subtotal, discount, fulfillment, tax, fee, tip"
    );
    for id in [String::new(), "a\nb".to_owned(), "x".repeat(65)] {
        let mut request = request(1);
        request.items[0].id = Some(id);
        let refused = convert::details(request.items, request.totals, request.memo);
        assert!(matches!(refused, Err(No::Denied(Denied::Invalid(_)))));
    }
}

#[test]
fn a_pay_out_tells_nothing_of_whom_it_goes_to() {
    let limit: Money = "10.00 USD".parse().unwrap();
    let now = Timestamp::from_millis(1_700_000_000_000);
    let told = |refusal| match not_paid(refusal, now) {
        No::Denied(Denied::Other(note)) => (note.code, note.text),
        other => panic!("{other:?}"),
    };
    let full = told(Refusal::OverBalance { limit });
    assert_eq!(full.0, "not-accepted");
    assert_eq!(full, told(Refusal::Closed));
    assert_eq!(full, told(Refusal::Overflow));

    let over = not_paid(Refusal::OverBudget { limit }, now);
    let No::Denied(Denied::OverLimit(over)) = over else {
        panic!("{over:?}")
    };
    let currency = over.currency.as_deref();
    assert_eq!((over.allowed, currency), (1_000, Some("USD")));
    // It is 22:13:20.
    assert_eq!(over.retry_after_ms, Some(6_400_000));
}
