//! Stored values that live for a while, through the dispatcher.

use std::sync::Arc;
use std::time::Duration;

use souk_events::due;
use souk_market::Config;
use souk_store::memory::Memory;
use souk_store::{Engine, Key, Range, Txn};

use crate::clock::HandClock;
use crate::shop::{Shop, Wares};

const WARES: Wares = Wares {
    program: "storage",
    commands: &["lend", "fill", "put", "get", "keys"],
    permissions: "[[req_permissions]]\nname = \"storage.app\"\nreason = \"To lend\"\n\
        [[req_permissions]]\nname = \"storage.user\"\nreason = \"To lend to you\"\n",
};

/// What `fill` stores: fifteen values with their keys, in bytes.
const FILLED: i64 = 15 * (4 + (64 << 10));

struct Lender {
    shop: Shop,
    engine: Arc<dyn Engine>,
}

impl Lender {
    async fn open() -> Self {
        let engine: Arc<dyn Engine> = Arc::new(Memory::default());
        let (clock, config) = (HandClock::new(), Config::default());
        let shop = Shop::open_on(engine.clone(), WARES, clock, config).await;
        Self { shop, engine }
    }

    /// How many bytes the app's bucket is said to hold.
    async fn held(&self) -> i64 {
        let size = |txn: Txn| async move {
            let bucket = Key::room("guest").with(&Shop::app()).with("app");
            txn.peek_number(&bucket.with("size")).await
        };
        self.shop.market.store().view(size).await.unwrap()
    }

    /// How many rows the store has whose keys have a part.
    async fn rows(&self, part: &str) -> usize {
        let all = Range {
            start: Vec::new(),
            end: vec![u8::MAX],
            limit: 10_000,
            reverse: false,
        };
        let has = |key: &[u8], part: &[u8]| key.windows(part.len()).any(|it| it == part);
        let rows = self.engine.scan(&all).await.unwrap();
        let keys = rows.iter().map(|(key, _)| key);
        keys.filter(|key| has(key, b"guest") && has(key, part.as_bytes()))
            .count()
    }

    /// How many things are due by now.
    async fn due(&self) -> usize {
        let due = |txn: Txn| async move { due::by_now(&txn, 100).await };
        self.shop.market.store().view(due).await.unwrap().len()
    }
}

#[tokio::test]
async fn room_is_given_back_once_whoever_looks() {
    let mut lender = Lender::open().await;
    lender.shop.types("/put app stays x").await;
    let before = lender.held().await;
    lender.shop.types("/fill app 0 5000").await;
    lender.shop.pass(4_999);
    lender.shop.dispatch().await;
    assert_eq!(lender.held().await, before + FILLED, "not before its time");
    assert_eq!(lender.rows("expiring").await, 15);
    lender.shop.restart();
    lender.shop.pass(1);
    assert_eq!(lender.due().await, 1, "one for all of the bucket");
    let (one, two) = (lender.shop.another(), lender.shop.another());
    let moment = || tokio::time::sleep(Duration::from_millis(600));
    tokio::join!(one.dispatch(moment()), two.dispatch(moment()));
    assert_eq!(lender.held().await, before);
    for (part, left) in [("expiring", 0), ("wake", 0), ("value", 1)] {
        assert_eq!(lender.rows(part).await, left, "{part}");
    }
    lender.shop.pass(1_000_000);
    assert_eq!(lender.due().await, 0);
    lender.shop.types("/keys app").await;
    assert_eq!(lender.shop.told("bucket.scan").await, "stays");
}

#[tokio::test]
async fn what_was_put_anew_to_stay_stays() {
    let lender = Lender::open().await;
    lender.shop.types("/lend app cup 5000").await;
    lender.shop.types("/put app cup tea").await;
    let held = lender.held().await;
    lender.shop.pass(10_000);
    lender.shop.dispatch().await;
    assert_eq!(lender.due().await, 0);
    assert_eq!(lender.held().await, held);
    lender.shop.types("/get app cup").await;
    assert_eq!(lender.shop.told("bucket.get").await, "tea v2");
}

#[tokio::test]
async fn who_comes_later_is_cleared_away_later() {
    let lender = Lender::open().await;
    lender.shop.types("/lend app cup 8000").await;
    lender.shop.types("/lend app pot 3000").await;
    for (millis, left) in [(3_000, 1), (4_999, 1), (1, 0)] {
        lender.shop.pass(millis);
        lender.shop.dispatch().await;
        assert_eq!(lender.rows("value").await, left, "after {millis} more");
    }
    assert_eq!(lender.held().await, 0);
}

#[tokio::test]
async fn what_was_lent_to_somebody_who_left_is_cleared_away_with_the_rest() {
    let lender = Lender::open().await;
    lender.shop.types("/lend user cup 5000").await;
    assert_eq!(lender.rows("expiring").await, 1);
    lender.shop.leaves(lender.shop.ana).await;
    lender.shop.dispatch().await;
    for part in ["expiring", "wake", "value"] {
        assert_eq!(lender.rows(part).await, 0, "{part}");
    }
    lender.shop.pass(10_000);
    assert_eq!(lender.due().await, 0);
}
