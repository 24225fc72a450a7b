//! What a request brings, and how it is read.

use super::convert;
use crate::bindings::souk::wallet::payments as wit;

fn money(minor: u64, currency: &str) -> wit::Money {
    wit::Money {
        minor,
        currency: currency.to_owned(),
    }
}

fn request(labels: usize) -> wit::Request {
    let item = wit::Item {
        label: "x".repeat(10),
        quantity: 1,
        unit: money(100, "USD"),
    };
    wit::Request {
        key: "cup".to_owned(),
        items: vec![item; labels],
        totals: vec![wit::TotalLine {
            kind: wit::TotalKind::Tip,
            label: "thanks".to_owned(),
            amount: money(1, "USD"),
        }],
        total: money(101, "USD"),
        memo: "memo".to_owned(),
        authorize_only: false,
        expires: None,
    }
}

#[test]
fn everything_a_request_brings_is_measured() {
    assert_eq!(convert::bytes(&request(0)), 3 + 4 + (6 + 11) + 11);
    assert_eq!(
        convert::bytes(&request(2)) - convert::bytes(&request(1)),
        10 + 11
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
