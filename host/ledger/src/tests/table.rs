//! The table of an order's life: printed, compared with the rules in other words, and walked for
//! real, every state with every request.

use std::collections::BTreeSet;

use souk_core::{Blame, Blamed};

use super::book::{Book, tea};
use crate::Refusal;
use crate::gift;
use crate::order::OrderState::{
    self, Authorized, Canceled, Declined, Expired, Paid, Pending, Refunded, Voided,
};
use crate::order::table::Request::{
    Approve, Authorize, Capture, Decline, Expire, RefundPart, RefundRest, Void,
};
use crate::order::table::{Request, Step, markdown, step};
use crate::order::{Ask, Order};

/// Everything that happens to orders. What is not in this list is refused or changes nothing.
const MOVES: [(OrderState, Request, OrderState); 10] = [
    (Pending, Approve, Paid),
    (Pending, Authorize, Authorized),
    (Pending, Decline, Declined),
    (Pending, Void, Canceled),
    (Pending, Expire, Expired),
    (Authorized, Capture, Paid),
    (Authorized, Void, Voided),
    (Authorized, Expire, Voided),
    (Paid, RefundPart, Paid),
    (Paid, RefundRest, Refunded),
];

/// What is so already: saying no or taking back a second time, and time running out of what is no
/// longer waiting.
fn is_so_already(state: OrderState, request: Request) -> bool {
    let again = [(Declined, Decline), (Canceled, Void), (Voided, Void)];
    again.contains(&(state, request)) || (request == Expire && state != Pending)
}

/// The same table, from the list and the sentence above.
fn expected(state: OrderState, request: Request) -> Step {
    let mut moves = MOVES.iter();
    match moves.find(|(from, by, _)| *from == state && *by == request) {
        Some((_, _, to)) => Step::To(*to),
        None if is_so_already(state, request) => Step::Stay,
        None => Step::No,
    }
}

#[test]
fn every_state_with_every_request_is_as_the_rules_say() {
    let mut cells = 0;
    for state in OrderState::ALL {
        for request in Request::ALL {
            assert_eq!(
                step(state, request),
                expected(state, request),
                "{state} {request}"
            );
            cells += 1;
        }
    }
    assert_eq!(cells, 64);
}

#[test]
fn all_lists_each_state_and_each_request_once() {
    let names: BTreeSet<_> = OrderState::ALL.iter().map(|state| state.name()).collect();
    assert_eq!(names.len(), OrderState::ALL.len());
    let titles: BTreeSet<_> = Request::ALL.iter().map(Request::to_string).collect();
    assert_eq!(titles.len(), Request::ALL.len());
}

#[test]
fn states_never_go_back() {
    // A state can be left for others; from none of them is there a way back to it.
    for state in OrderState::ALL {
        let mut reached = BTreeSet::new();
        let mut open = vec![state];
        while let Some(from) = open.pop() {
            for request in Request::ALL {
                if let Step::To(to) = step(from, request)
                    && to != from
                    && reached.insert(to)
                {
                    open.push(to);
                }
            }
        }
        assert!(!reached.contains(&state), "there is a way back to {state}");
    }
}

#[test]
fn an_order_is_paid_by_approval_or_capture_and_only_a_paid_one_is_refunded() {
    for state in OrderState::ALL {
        for request in Request::ALL {
            match step(state, request) {
                Step::To(Paid) if state != Paid => {
                    let ways = [(Pending, Approve), (Authorized, Capture)];
                    assert!(ways.contains(&(state, request)));
                }
                Step::To(Refunded) => assert_eq!((state, request), (Paid, RefundRest)),
                Step::To(_) | Step::Stay | Step::No => {}
            }
        }
    }
}

/// An order in a state, for real, that asks to be paid or authorized.
async fn order_in(book: &Book, state: OrderState, authorize_only: bool) -> Order {
    let ask = Ask {
        authorize_only,
        ..tea("ana", "10.00 USD", state.name())
    };
    let order = book.open(&ask).await.unwrap();
    let id = order.id;
    match state {
        Pending => order,
        Authorized => book.pay(id, "ana", "paid").await.unwrap().order,
        Paid => {
            let paid = book.pay(id, "ana", "paid").await.unwrap().order;
            if authorize_only {
                let captured = book.capture(id, "tea", "10.00 USD").await;
                return captured.unwrap().order;
            }
            paid
        }
        Declined => book.decline(id, "ana").await.unwrap(),
        Canceled => book.cancel(id, "tea", "").await.unwrap(),
        Expired => {
            book.wait(2 * 60 * 60 * 1_000);
            book.expire(id).await.unwrap().unwrap()
        }
        Voided => {
            book.pay(id, "ana", "paid").await.unwrap();
            book.cancel(id, "tea", "").await.unwrap()
        }
        Refunded => {
            Box::pin(order_in(book, Paid, authorize_only)).await;
            let id = book.by_key("tea", Paid.name()).await.id;
            let refunded = book.refund(id, "tea", "all", "10.00 USD", "").await;
            refunded.unwrap().order
        }
    }
}

/// Does what a request says, for real: the order as it is then.
async fn request(book: &Book, order: &Order, request: Request) -> Result<Order, Refusal> {
    let id = order.id;
    match request {
        Approve | Authorize => Ok(book.pay(id, "ana", "again").await?.order),
        Decline => book.decline(id, "ana").await,
        Capture => Ok(book.capture(id, "tea", "9.00 USD").await?.order),
        Void => book.cancel(id, "tea", "").await,
        Expire => {
            book.wait(7 * 24 * 60 * 60 * 1_000);
            Ok(book.expire(id).await?.unwrap_or(book.order(id).await))
        }
        RefundPart => Ok(book.refund(id, "tea", "r", "4.00 USD", "").await?.order),
        RefundRest => Ok(book.refund(id, "tea", "r", "10.00 USD", "").await?.order),
    }
}

/// Whether an order that asks to be paid, or authorized, can be in a state and asked a thing.
fn possible(state: OrderState, request: Request, authorize_only: bool) -> bool {
    let state = match state {
        Authorized | Voided => authorize_only,
        Pending | Paid | Declined | Canceled | Expired | Refunded => true,
    };
    let request = match request {
        Approve => !authorize_only,
        Authorize => authorize_only,
        Decline | Capture | Void | Expire | RefundPart | RefundRest => true,
    };
    state && request
}

#[tokio::test]
async fn every_state_with_every_request_does_what_the_table_says() {
    let mut walked = 0;
    for (state, wanted, authorize_only) in everything() {
        let book = Book::new();
        book.deposit("ana", "20.00 USD", "d").await.unwrap();
        let before = order_in(&book, state, authorize_only).await;
        assert_eq!(before.state, state);

        let answer = request(&book, &before, wanted).await;
        let after = book.order(before.id).await;
        match expected(state, wanted) {
            Step::To(to) => {
                assert_eq!(answer.as_ref(), Ok(&after), "{state} {wanted}");
                assert_eq!((after.state, after.revision), (to, before.revision + 1));
            }
            Step::Stay => assert_eq!((answer, after), (Ok(before.clone()), before)),
            Step::No => {
                assert_eq!(answer, Err(Refusal::OrderIs(state)), "{state} {wanted}");
                assert_eq!(Refusal::OrderIs(state).blame(), Blame::User);
                assert_eq!(after, before);
            }
        }
        let audit = book.audit().await;
        assert_eq!(audit.faults, [], "{state} {wanted}");
        walked += 1;
    }
    // Eight states and seven requests of an order to authorize, six and seven of one to pay.
    assert_eq!(walked, 8 * 7 + 6 * 7);
}

/// Every state with every request, for an order to pay and one to authorize.
fn everything() -> Vec<(OrderState, Request, bool)> {
    let mut all = Vec::new();
    for authorize_only in [false, true] {
        for state in OrderState::ALL {
            let requests = Request::ALL.into_iter();
            let requests = requests.filter(|wanted| possible(state, *wanted, authorize_only));
            all.extend(requests.map(|wanted| (state, wanted, authorize_only)));
        }
    }
    all
}

/// The page of the documentation, written from the tables.
fn documented() -> String {
    let orders = markdown();
    let gifts = gift::table::markdown();
    format!(
        "# What may happen to money when\n\n\
         Written from the tables in `host/ledger`; a test keeps it fresh. Every row is a state, \
         every column\na request. States never go back.\n\n\
         *Refused* is one thing everywhere: the caller hears the state that it is in (`OrderIs`, \
         `GiftIs`), blame\n`user`, and it stays as it is. Who asks for something unknown, or wrong \
         by itself, hears that first.\n\n\
         ## Orders\n\n{orders}\n## Transfers between people\n\n{gifts}"
    )
}

#[test]
fn the_documentation_prints_the_tables() {
    expect_test::expect_file!["../../../docs/money-tables.md"].assert_eq(&documented());
}
