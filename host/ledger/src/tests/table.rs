//! The table of an order's life: printed, compared with the rules in other words, and walked for
//! real, every state with every request.

use std::collections::BTreeSet;

use expect_test::expect;

use super::book::{Book, tea};
use crate::Refusal;
use crate::order::Order;
use crate::order::OrderState::{self, Canceled, Declined, Expired, Paid, Pending, Refunded};
use crate::order::table::Request::{Approve, Cancel, Decline, Expire, RefundPart, RefundRest};
use crate::order::table::{Request, Step, markdown, step};

/// Everything that happens to orders. What is not in this list is refused or changes nothing.
const MOVES: [(OrderState, Request, OrderState); 6] = [
    (Pending, Approve, Paid),
    (Pending, Decline, Declined),
    (Pending, Cancel, Canceled),
    (Pending, Expire, Expired),
    (Paid, RefundPart, Paid),
    (Paid, RefundRest, Refunded),
];

/// What is so already: saying no or taking back a second time, and time running out of what is no
/// longer waiting.
fn is_so_already(state: OrderState, request: Request) -> bool {
    let again = (state, request) == (Declined, Decline) || (state, request) == (Canceled, Cancel);
    again || (request == Expire && state != Pending)
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
    assert_eq!(cells, 36);
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
fn only_one_request_makes_an_order_paid_and_only_a_paid_one_is_refunded() {
    for state in OrderState::ALL {
        for request in Request::ALL {
            match step(state, request) {
                Step::To(Paid) if state != Paid => {
                    assert_eq!((state, request), (Pending, Approve));
                }
                Step::To(Refunded) => assert_eq!((state, request), (Paid, RefundRest)),
                Step::To(_) | Step::Stay | Step::No => {}
            }
        }
    }
}

#[test]
fn the_table_is_printed_for_the_documentation() {
    expect![[r#"
        |  | approve | decline | cancel | expire | refund a part | refund the rest |
        | --- | --- | --- | --- | --- | --- | --- |
        | **pending** | → paid | → declined | → canceled | → expired | refused | refused |
        | **paid** | refused | refused | refused | nothing happens | → paid | → refunded |
        | **declined** | refused | nothing happens | refused | nothing happens | refused | refused |
        | **canceled** | refused | refused | nothing happens | nothing happens | refused | refused |
        | **expired** | refused | refused | refused | nothing happens | refused | refused |
        | **refunded** | refused | refused | refused | nothing happens | refused | refused |
    "#]]
    .assert_eq(&markdown());
}

/// An order in a state, for real.
async fn order_in(book: &Book, state: OrderState) -> Order {
    let order = book
        .open(&tea("ana", "10.00 USD", state.name()))
        .await
        .unwrap();
    match state {
        Pending => order,
        Paid => book.pay(order.id, "ana", "paid").await.unwrap().order,
        Declined => book.decline(order.id, "ana").await.unwrap(),
        Canceled => book.cancel(order.id, "tea", "").await.unwrap(),
        Expired => {
            book.wait(2 * 60 * 60 * 1_000);
            book.expire(order.id).await.unwrap().unwrap()
        }
        Refunded => {
            book.pay(order.id, "ana", "paid").await.unwrap();
            let refunded = book.refund(order.id, "tea", "all", "10.00 USD", "").await;
            refunded.unwrap().order
        }
    }
}

/// Does what a request says, for real: the order as it is then.
async fn request(book: &Book, order: &Order, request: Request) -> Result<Order, Refusal> {
    match request {
        Approve => Ok(book.pay(order.id, "ana", "again").await?.order),
        Decline => book.decline(order.id, "ana").await,
        Cancel => book.cancel(order.id, "tea", "").await,
        Expire => {
            book.wait(2 * 60 * 60 * 1_000);
            Ok(book
                .expire(order.id)
                .await?
                .unwrap_or(book.order(order.id).await))
        }
        RefundPart => Ok(book
            .refund(order.id, "tea", "r", "4.00 USD", "")
            .await?
            .order),
        RefundRest => Ok(book
            .refund(order.id, "tea", "r", "10.00 USD", "")
            .await?
            .order),
    }
}

#[tokio::test]
async fn every_state_with_every_request_does_what_the_table_says() {
    for state in OrderState::ALL {
        for wanted in Request::ALL {
            let book = Book::new();
            book.deposit("ana", "20.00 USD", "d").await.unwrap();
            let before = order_in(&book, state).await;
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
                    assert_eq!(after, before);
                }
            }
            assert!(book.audit().await.is_balanced(), "{state} {wanted}");
        }
    }
}
