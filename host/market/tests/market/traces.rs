//! Traces of runs: what is kept, who can read it, and that it replays.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ed25519_dalek::SigningKey;
use souk_core::limits::TRACE_OK_EVERY_MS;
use souk_core::{Blame, EventId};
use souk_market::{Call, Config, MarketError, TraceKeeping, TraceLine};
use souk_registry::envelope::{self, EnvelopeError};
use souk_runtime::{Limits, Narrower, Runtime, Trace, bound};
use souk_store::Page;

use crate::clock::HandClock;
use crate::programs::program;
use crate::shop::{Shop, Wares};

const WARES: Wares = Wares {
    program: "echo",
    commands: &["echo", "open"],
    permissions: "[[req_permissions]]\nname = \"storage.user\"\nreason = \"To notice\"\n",
};
const BAD: Wares = Wares {
    program: "hostile",
    commands: &["trap", "fail"],
    permissions: "",
};
const TIMERS: Wares = Wares {
    program: "schedule",
    commands: &["in", "count"],
    permissions: "[[req_permissions]]\nname = \"schedule\"\nreason = \"To remind you\"\n\
        [[req_permissions]]\nname = \"storage.app\"\nreason = \"To count\"\n",
};
const KEPT_MS: u64 = 1_000_000;

async fn open(wares: Wares, room: &Path) -> Shop {
    let keeping = TraceKeeping {
        kept_ms: KEPT_MS,
        ..TraceKeeping::in_directory(room.to_owned())
    };
    let config = Config {
        traces: Some(keeping),
        ..Config::default()
    };
    Shop::open(wares, HandClock::new(), config).await
}

/// What is kept, once what was kept last is there.
async fn kept(shop: &Shop, count: usize) -> Vec<TraceLine> {
    for _ in 0..100 {
        let lines = shop
            .market
            .traces(shop.ana, &Shop::app(), 100)
            .await
            .unwrap();
        if lines.len() >= count {
            return lines;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("fewer than {count} traces")
}

fn key(byte: u8) -> SigningKey {
    SigningKey::from_bytes(&[byte; 32])
}

async fn sealed(shop: &Shop, line: &TraceLine) -> Result<Vec<u8>, MarketError> {
    shop.market.trace(shop.ana, &Shop::app(), line.id).await
}

#[tokio::test]
async fn the_merchant_reads_what_happened_and_replays_it() {
    let room = tempfile::tempdir().unwrap();
    let shop = open(WARES, room.path()).await;
    shop.types("/echo a secret wish").await;
    let lines = kept(&shop, 1).await;
    assert_eq!(
        (lines[0].cause.as_str(), lines[0].ended.as_str()),
        ("command", "done")
    );
    let audited = shop
        .market
        .activity(shop.ana, Page::last(10))
        .await
        .unwrap();
    assert_eq!(audited[0].1.trace, lines[0].id);

    let sealed = sealed(&shop, &lines[0]).await.unwrap();
    let other = envelope::open(&sealed, &key(8));
    assert_eq!(other, Err(EnvelopeError::NotForThisKey));
    let trace = Trace::from_bytes(&envelope::open(&sealed, &key(7)).unwrap()).unwrap();
    assert!(
        trace.run.told().contains("a secret wish"),
        "{}",
        trace.run.told()
    );
    let runtime = Runtime::new(&Limits::default()).unwrap();
    let prepared = runtime.prepare(&program("echo")).unwrap();
    let replayed = runtime.replay(&prepared, &trace, true).await.unwrap();
    assert_eq!(replayed.difference, None);
}

#[tokio::test]
async fn nobody_else_reads_it() {
    let room = tempfile::tempdir().unwrap();
    let shop = open(WARES, room.path()).await;
    shop.types("/echo a secret wish").await;
    let line = kept(&shop, 1).await.remove(0);
    let ben = shop.market.register("ben", "Ben", "one-small-market").await;
    let ben = ben.unwrap().user;
    let list = shop.market.traces(ben, &Shop::app(), 10).await;
    assert!(matches!(list, Err(MarketError::UnknownApp(_))), "{list:?}");
    let one = shop.market.trace(ben, &Shop::app(), line.id).await;
    assert!(matches!(one, Err(MarketError::UnknownApp(_))), "{one:?}");
    for entry in std::fs::read_dir(room.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let said = b"secret wish";
        assert!(!bytes.windows(said.len()).any(|it| it == said));
    }
}

#[tokio::test]
async fn it_is_erased_with_the_person_whose_event_it_was() {
    let room = tempfile::tempdir().unwrap();
    let shop = open(WARES, room.path()).await;
    shop.types("/echo a secret wish").await;
    let line = kept(&shop, 1).await.remove(0);
    let left = shop.market.leave_host(shop.ana, "one-small-market");
    left.await.unwrap();
    let gone = sealed(&shop, &line).await;
    assert!(matches!(gone, Err(MarketError::UnknownTrace)), "{gone:?}");
}

#[tokio::test]
async fn bad_runs_are_all_kept_and_good_ones_now_and_then_for_a_while() {
    let room = tempfile::tempdir().unwrap();
    let shop = open(BAD, room.path()).await;
    for text in ["/trap", "/trap", "/fail"] {
        shop.types(text).await;
    }
    let lines = kept(&shop, 3).await;
    let mut ended: Vec<_> = lines.iter().map(|line| line.ended.as_str()).collect();
    ended.sort_unstable();
    assert_eq!(ended, ["fault", "fault", "rejected"]);
    let faulty = lines.iter().filter_map(|line| line.fault.as_ref());
    assert!(
        faulty.clone().count() == 2 && faulty.into_iter().all(|it| it.what == "the app crashed")
    );
    shop.pass(KEPT_MS);
    assert!(
        shop.market
            .traces(shop.ana, &Shop::app(), 10)
            .await
            .unwrap()
            .is_empty()
    );

    let other = tempfile::tempdir().unwrap();
    let good = open(WARES, other.path()).await;
    for text in ["/echo one", "/echo two"] {
        good.types(text).await;
    }
    good.pass(TRACE_OK_EVERY_MS);
    good.types("/echo three").await;
    assert_eq!(kept(&good, 2).await.len(), 2);
}

#[tokio::test]
async fn traces_outlive_the_host() {
    let room = tempfile::tempdir().unwrap();
    let mut shop = open(WARES, room.path()).await;
    shop.types("/echo one").await;
    let before = kept(&shop, 1).await;
    shop.restart();
    assert_eq!(kept(&shop, 1).await, before);
    shop.pass(TRACE_OK_EVERY_MS);
    shop.types("/echo two").await;
    assert_eq!(kept(&shop, 2).await.len(), 2);
}

/// A shop whose timer went off, and which failed at it until it was set aside.
async fn failed_at_a_timer(room: &Path) -> (Shop, EventId) {
    let mut shop = open(TIMERS, room).await;
    shop.types("/in chat tea 60").await;
    let narrower = Narrower::default().with(bound("host_calls").unwrap(), 1);
    let terms = Arc::make_mut(&mut shop.config.terms);
    terms.narrower.single.insert(Shop::app(), narrower);
    shop.restart();
    for _ in 0..7 {
        shop.pass(60_000);
        shop.dispatch().await;
    }
    assert_eq!(shop.last().await, "timers.set: ok", "it has not happened");
    let failures = shop.market.failures(shop.ana, &Shop::app(), 10).await;
    let failing = failures.unwrap().pop().unwrap();
    assert_eq!(
        (failing.cause.as_str(), failing.blame),
        ("timer", Blame::Guest)
    );
    let lines = kept(&shop, 5).await;
    assert_eq!(
        (lines[0].id, lines[0].event),
        (failing.trace, failing.event)
    );
    let fault = lines[0].fault.as_ref().unwrap();
    assert_eq!(fault.what, failing.what);
    (shop, failing.event)
}

fn call(shop: &Shop, key: &str) -> Call {
    Call::new(shop.ana, key, "test", b"")
}

#[tokio::test]
async fn an_event_that_its_app_keeps_failing_at_is_retried_by_hand() {
    let room = tempfile::tempdir().unwrap();
    let (mut shop, event) = failed_at_a_timer(room.path()).await;
    shop.config.terms = Arc::default();
    shop.restart();
    let app = Shop::app();
    shop.market
        .retry_failure(&call(&shop, "1"), &app, event)
        .await
        .unwrap();
    let said = shop.dispatch_until_said(2).await;
    assert!(
        said.len() == 2 && said[1].starts_with("timer: tea"),
        "{said:?}"
    );
    assert!(
        shop.market
            .failures(shop.ana, &app, 10)
            .await
            .unwrap()
            .is_empty()
    );
    // The same call changes nothing; another finds nothing.
    shop.market
        .retry_failure(&call(&shop, "1"), &app, event)
        .await
        .unwrap();
    let again = shop
        .market
        .retry_failure(&call(&shop, "2"), &app, event)
        .await;
    assert!(matches!(again, Err(MarketError::UnknownEvent)), "{again:?}");
    shop.dispatch().await;
    assert_eq!(shop.said().await.len(), 2);
}

#[tokio::test]
async fn or_dropped_and_by_nobody_else() {
    let room = tempfile::tempdir().unwrap();
    let (shop, event) = failed_at_a_timer(room.path()).await;
    let app = Shop::app();
    let ben = shop.market.register("ben", "Ben", "one-small-market").await;
    let by_ben = Call::new(ben.unwrap().user, "1", "test", b"");
    for refused in [
        shop.market.retry_failure(&by_ben, &app, event).await,
        shop.market.drop_failure(&by_ben, &app, event).await,
    ] {
        assert!(
            matches!(refused, Err(MarketError::UnknownApp(_))),
            "{refused:?}"
        );
    }
    shop.market
        .drop_failure(&call(&shop, "1"), &app, event)
        .await
        .unwrap();
    assert!(
        shop.market
            .failures(shop.ana, &app, 10)
            .await
            .unwrap()
            .is_empty()
    );
    let gone = shop
        .market
        .retry_failure(&call(&shop, "2"), &app, event)
        .await;
    assert!(matches!(gone, Err(MarketError::UnknownEvent)), "{gone:?}");
}
