//! How much a run may ask and send, counted.

use souk_core::EventId;
use souk_core::TypedId;
use souk_core::limits::CHAIN_EVENTS_MAX;
use souk_events::{Cause, Silence};

use crate::bindings::souk::http::outbox::{Host as Outbox, Request};
use crate::bindings::souk::http::reader::Host as Reader;
use crate::bindings::souk::types::common::Allowance;
use crate::denied::{Denied, No};
use crate::limits::Limits;
use crate::testing::{everything, run, store};

const URL: &str = "https://api.example.com/tea";

fn letter(method: &str, url: &str) -> Request {
    Request {
        method: method.to_owned(),
        url: url.to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
    }
}

fn code<T>(answer: Result<T, No>) -> String {
    match answer {
        Ok(_) => "ok".to_owned(),
        Err(No::Denied(Denied::OverLimit(limit))) => limit.name,
        Err(No::Denied(denied)) => denied.to_string(),
        Err(No::Halt(halt)) => panic!("{halt}"),
    }
}

#[tokio::test]
async fn questions_are_few_and_waited_for_together() {
    let limits = Limits {
        reads: 3,
        reads_ms: 1_500,
        ..Limits::default()
    };
    let mut ctx = run(&store(), everything(), &limits);
    let mut left = Vec::new();
    for _ in 0..3 {
        assert!(matches!(
            Reader::get(&mut ctx, URL.to_owned(), Vec::new()).await,
            Err(No::Denied(Denied::Unavailable))
        ));
        left.push(ctx.http.wait_left_ms);
    }
    assert_eq!(left, [500, 0, 0]);
    let one_more = Reader::get(&mut ctx, URL.to_owned(), Vec::new()).await;
    assert_eq!(code(one_more), "reads");
    let left = Reader::allowances(&mut ctx).await.unwrap();
    let expected = [("reads", 0, 3), ("read-ms", 0, 1_500)];
    assert_eq!(left.iter().map(read).collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn only_what_is_granted_is_sent_and_only_so_much() {
    let limits = Limits {
        sends: 2,
        ..Limits::default()
    };
    let mut ctx = run(&store(), everything(), &limits);
    for (method, url) in [
        ("GET", URL),
        ("DELETE", URL),
        ("POST", "https://www.example.com/"),
        ("POST", "https://127.0.0.1/"),
    ] {
        let refused = Outbox::send(&mut ctx, letter(method, url)).await;
        assert_ne!(code(refused), "ok", "{method} {url}");
    }
    for expected in ["ok", "ok", "sends"] {
        let sent = Outbox::send(&mut ctx, letter("POST", URL)).await;
        assert_eq!(code(sent), expected);
    }
    let left = Outbox::allowances(&mut ctx).await.unwrap();
    let expected = [("sends", 0, 2), ("sends-waiting", 998, 1_000)];
    assert_eq!(left.iter().map(read).collect::<Vec<_>>(), expected);
}

fn read(left: &Allowance) -> (&str, u64, u64) {
    (&left.name, left.remaining, left.allowed)
}

#[tokio::test]
async fn answers_to_answers_end() {
    let mut ctx = run(&store(), everything(), &Limits::default());
    for (depth, expected) in [
        (CHAIN_EVENTS_MAX - 1, "ok"),
        (CHAIN_EVENTS_MAX, "chain-events"),
    ] {
        ctx.job.event.cause = Cause::Response {
            request: EventId::from_bits(7),
            depth,
            outcome: Err(Silence {
                code: "slow".to_owned(),
                text: String::new(),
            }),
        };
        assert_eq!(
            code(Outbox::send(&mut ctx, letter("POST", URL)).await),
            expected
        );
    }
}
