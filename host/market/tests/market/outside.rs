//! Requests to the outside, through the dispatcher: once in effect, whatever happens meanwhile.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use souk_store::Page;
use tokio::time::timeout;

use crate::clock::HandClock;
use crate::server::{Answers, Server};
use crate::shop::{Shop, Wares, denying};

const WARES: Wares = Wares {
    program: "http",
    commands: &["get", "send", "twice"],
    permissions: "[[req_permissions]]\nname = \"http\"\nreason = \"To ask\"\n\
        origins = [{ origin = \"http://api.example.com\", methods = [\"GET\", \"POST\"] }]\n",
};

/// A shop that asks the outside.
struct Table {
    shop: Shop,
    server: Arc<Server>,
}

impl Deref for Table {
    type Target = Shop;

    fn deref(&self) -> &Shop {
        &self.shop
    }
}

impl DerefMut for Table {
    fn deref_mut(&mut self) -> &mut Shop {
        &mut self.shop
    }
}

impl Table {
    async fn set(answers: Answers, gate: bool) -> Self {
        let clock = HandClock::new();
        let server = Server::open(answers, gate);
        let config = server.outside(clock.clone());
        let shop = Shop::open(WARES, clock, config).await;
        Self { shop, server }
    }

    /// The idempotency keys of the requests that arrived.
    fn keys(&self) -> Vec<String> {
        let asked = self.server.asked();
        let key = |request: &String| {
            let line = request
                .lines()
                .find(|line| line.starts_with("idempotency-key: "));
            line.unwrap_or_default().to_owned()
        };
        asked.iter().map(key).collect()
    }

    /// Dispatches until so many requests have arrived and what follows from the last is stored.
    async fn dispatch_until_asked(&self, requests: usize) {
        let arrived = async {
            while self.keys().len() < requests {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        };
        let stop = async { drop(timeout(Duration::from_secs(10), arrived).await) };
        self.market.dispatch(stop).await;
    }
}

#[tokio::test]
async fn a_letter_leaves_after_the_commit_and_its_answer_is_an_event() {
    let table = Table::set(Answers::Well, false).await;
    table
        .types("/send POST http://api.example.com/parcels jasmine")
        .await;
    assert_eq!(table.said().await, ["outbox.send: ok"]);
    assert!(
        table.keys().is_empty(),
        "nothing leaves before the dispatcher runs"
    );
    let said = table.dispatch_until_said(2).await;
    assert_eq!(said, ["outbox.send: ok", "response: 200 /parcels"]);
    assert_eq!(table.keys().len(), 1);
    let requests = table
        .market
        .requests(table.ana, &Shop::app(), Page::first(10))
        .await
        .unwrap();
    let lines: Vec<_> = requests.iter().map(|(_, line)| line).collect();
    assert_eq!(lines[0].ended, "200");
    assert_eq!(lines[0].address, "93.184.216.34:80");
    assert!(table.keys()[0].ends_with(&lines[0].event.to_string()));
}

#[tokio::test]
async fn a_letter_nobody_answers_is_sent_again_under_the_same_key() {
    let table = Table::set(Answers::HangsUp, false).await;
    table
        .types("/send POST http://api.example.com/parcels")
        .await;
    for (tries, wait) in [(1, 60_000), (2, 240_000), (3, 960_000), (4, 3_840_000)] {
        table.dispatch_until_asked(tries).await;
        assert_eq!(table.said().await.len(), 1, "no answer yet");
        table.pass(wait);
    }
    let said = table.dispatch_until_said(2).await;
    assert_eq!(said[1], "response: none: unreachable");
    let keys = table.keys();
    assert_eq!(keys.len(), 5);
    assert!(keys.iter().all(|key| *key == keys[0] && !key.is_empty()));
}

#[tokio::test]
async fn a_host_that_stops_in_the_middle_leaves_the_letter_to_the_next() {
    let mut table = Table::set(Answers::Never, false).await;
    table
        .types("/send POST http://api.example.com/parcels")
        .await;
    table.market.dispatch(table.server.is_asked()).await;
    table.server.changes_to(Answers::Well);
    table.restart();
    table.pass(31_000);
    let said = table.dispatch_until_said(2).await;
    assert_eq!(said, ["outbox.send: ok", "response: 200 /parcels"]);
    let keys = table.keys();
    assert_eq!(
        (keys.len(), &keys[0]),
        (2, &keys[1]),
        "twice on its way, once in effect"
    );
    table.pass(3_600_000);
    table.dispatch().await;
    assert_eq!((table.keys().len(), table.said().await.len()), (2, 2));
}

#[tokio::test]
async fn what_was_revoked_meanwhile_does_not_leave() {
    let mut table = Table::set(Answers::Well, false).await;
    table
        .types("/send POST http://api.example.com/parcels")
        .await;
    table.config.policies = denying("http");
    table.restart();
    let said = table.dispatch_until_said(2).await;
    assert_eq!(said[1], "response: none: not-granted");
    assert!(table.keys().is_empty());
    table.types("/get http://api.example.com/rates").await;
    let last = table.last().await;
    assert!(last.starts_with("reader.get: denied not-granted"), "{last}");
}

#[tokio::test]
async fn the_same_question_has_one_answer_in_an_event() {
    let table = Table::set(Answers::Well, false).await;
    table.types("/twice http://api.example.com/rates").await;
    assert_eq!(
        table.said().await,
        ["reader.get: 200 /rates\nreader.get: 200 /rates"]
    );
    assert_eq!(table.keys().len(), 1);
    table.types("/get http://api.example.com/rates").await;
    assert_eq!(table.keys().len(), 2, "another event asks anew");
}

#[tokio::test]
async fn a_run_that_repeats_does_not_ask_again() {
    let table = Table::set(Answers::Well, true).await;
    // While the answer is waited for, a new version goes live: what the run rests on has changed.
    let change = async {
        table.server.is_asked().await;
        table.publish(2).await;
        table.server.let_through();
    };
    tokio::join!(table.types("/get http://api.example.com/rates"), change);
    assert_eq!(table.said().await, ["reader.get: 200 /rates"]);
    assert_eq!(table.keys().len(), 1, "asked once");
    let lines = table
        .market
        .activity(table.ana, Page::last(10))
        .await
        .unwrap();
    assert_eq!(
        lines[0].1.version, 2,
        "the run that counts is the second one"
    );
}
