//! Timers, through the dispatcher: once in effect, whatever happens meanwhile.

use std::time::Duration;

use souk_core::limits::{DUE_BUSY_MS, LANE_EVENTS_MAX, RUNS_AT_ONCE_MAX};
use souk_core::{EventId, TypedId};
use souk_events::{Cause, Event, lane, lease, timer};
use souk_market::{Config, MarketError};
use souk_registry::grant::Policies;
use souk_store::{Page, StoreError, Txn};

use crate::clock::HandClock;
use crate::shop::{Shop, Wares, denying};

const WARES: Wares = Wares {
    program: "schedule",
    commands: &["in", "off", "all", "count"],
    permissions: "[[req_permissions]]\nname = \"schedule\"\nreason = \"To remind you\"\n\
        [[req_permissions]]\nname = \"storage.app\"\nreason = \"To count\"\n",
};

const SET: &str = "timers.set: ok";
const MINUTE_MS: u64 = 60_000;

async fn open() -> Shop {
    Shop::open(WARES, HandClock::new(), Config::default()).await
}

#[tokio::test]
async fn a_timer_goes_off_once_whoever_looks() {
    let mut shop = open().await;
    shop.types("/in chat tea 240").await;
    shop.pass(4 * MINUTE_MS - 1);
    shop.dispatch().await;
    assert_eq!(shop.said().await, [SET], "not before its time");
    shop.restart();
    shop.pass(1);
    let (one, two) = (shop.another(), shop.another());
    let moment = || tokio::time::sleep(Duration::from_millis(600));
    tokio::join!(one.dispatch(moment()), two.dispatch(moment()));
    let said = shop.dispatch_until_said(2).await;
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[1].starts_with("timer: tea\n"), "{said:?}");
    shop.pass(1_000 * MINUTE_MS);
    shop.dispatch().await;
    assert_eq!(shop.said().await.len(), 2);
}

#[tokio::test]
async fn a_timer_tells_when_it_was_due_however_late_it_goes_off() {
    let mut shop = open().await;
    shop.types("/in chat tea 240").await;
    shop.pass(4 * MINUTE_MS + 90_000);
    shop.restart();
    let said = shop.dispatch_until_said(2).await;
    let told = "timer: tea\nscope: chat\nlate: 90s\n";
    assert!(said[1].starts_with(told), "{said:?}");
}

#[tokio::test]
async fn a_timer_set_anew_goes_off_at_its_new_time_and_a_cancelled_one_never() {
    let shop = open().await;
    shop.types("/in chat tea 60").await;
    shop.types("/in chat tea 120").await;
    shop.types("/in chat cake 60").await;
    shop.types("/off chat cake").await;
    shop.pass(MINUTE_MS);
    shop.dispatch().await;
    assert_eq!(shop.last().await, "timers.cancel: ok");
    shop.pass(MINUTE_MS);
    let said = shop.dispatch_until_said(5).await;
    assert_eq!(said.len(), 5, "{said:?}");
    assert!(said[4].starts_with("timer: tea\n"));
    shop.types("/all chat").await;
    assert_eq!(shop.last().await, "timers.list: ");
}

#[tokio::test]
async fn a_timer_of_the_app_belongs_to_nobody() {
    let shop = open().await;
    shop.types("/in app again 60").await;
    for _ in 0..3 {
        shop.pass(MINUTE_MS);
        shop.dispatch().await;
    }
    shop.types("/count").await;
    assert_eq!(
        shop.last().await,
        "count: 3",
        "it winds itself up, and each goes off once"
    );
    let lines = shop
        .market
        .activity_of_app(shop.ana, &Shop::app(), Page::last(10))
        .await
        .unwrap();
    assert_eq!(lines.len(), 3);
    assert!(
        lines
            .iter()
            .all(|(_, line)| line.ended == "done" && line.chat.is_none())
    );
    let page = Page::last(2).after(Some(lines[0].0));
    let earlier = shop
        .market
        .activity_of_app(shop.ana, &Shop::app(), page)
        .await;
    let places = |lines: &[(u64, _)]| lines.iter().map(|(place, _)| *place).collect::<Vec<_>>();
    let earlier = earlier.unwrap();
    assert_eq!(places(&earlier), places(&lines[1..]), "newest first");
    let stranger = shop.bo().await;
    let asked = shop
        .market
        .activity_of_app(stranger, &Shop::app(), Page::last(10))
        .await;
    assert!(matches!(asked, Err(MarketError::UnknownApp(_))));
}

#[tokio::test]
async fn what_was_revoked_does_not_go_off() {
    let mut shop = open().await;
    shop.types("/in chat tea 60").await;
    shop.config.policies = denying("schedule");
    shop.restart();
    shop.pass(MINUTE_MS);
    shop.dispatch().await;
    assert_eq!(shop.said().await, [SET]);
    shop.config.policies = Policies::default();
    shop.restart();
    shop.dispatch().await;
    shop.types("/all chat").await;
    assert_eq!(
        shop.last().await,
        "timers.list: ",
        "it is gone, not put off"
    );
}

impl Shop {
    /// How many of the last runs, up to `most`, there are that nobody caused.
    async fn nobodys(&self, most: usize) -> usize {
        let (market, app) = (&self.market, &Self::app());
        let lines = market.activity_of_app(self.ana, app, Page::last(most));
        lines.await.unwrap().len()
    }
}

/// Another dispatcher, which holds a lane and does nothing.
const ASLEEP: lease::Node = [9; 16];

#[tokio::test]
async fn timers_behind_a_full_lane_hold_up_nobody_else() {
    let shop = open().await;
    let event = Event {
        id: EventId::from_bits(1),
        app: Shop::app(),
        chat: Some(shop.chat),
        user: None,
        left: 0,
        at: shop.market.store().now(),
        tries: 0,
        locale: None,
        cause: Cause::Timer {
            name: "full".to_owned(),
            due: shop.market.store().now(),
            payload: b"\"chat\"".to_vec(),
        },
    };
    let (event, soon) = (&event, shop.market.store().now().after_millis(1_000));
    let fill = |txn: Txn| async move {
        for number in 0..=RUNS_AT_ONCE_MAX {
            let name = format!("t{number}");
            let set = timer::set(&txn, event, event.chat, &name, soon, b"\"chat\"").await?;
            set.unwrap();
        }
        let later = soon.after_millis(1);
        timer::set(&txn, event, None, "tea", later, b"\"app\"")
            .await?
            .unwrap();
        for number in 0..LANE_EVENTS_MAX {
            let id = EventId::from_bits(u128::from(number) + 100);
            lane::push(
                &txn,
                &Event {
                    id,
                    ..event.clone()
                },
            )
            .await?;
        }
        lease::claim(&txn, &event.lane(), ASLEEP).await?;
        Ok::<_, StoreError>(())
    };
    shop.market.store().transact(fill).await.unwrap();
    shop.pass(1_001);
    shop.dispatch().await;
    assert_eq!(
        shop.nobodys(10).await,
        1,
        "the app's own timer has gone off"
    );

    shop.pass(DUE_BUSY_MS);
    let all = usize::try_from(LANE_EVENTS_MAX).unwrap() + RUNS_AT_ONCE_MAX + 1;
    let enough = async {
        while shop.nobodys(all + 10).await <= all {
            shop.pass(DUE_BUSY_MS / 10);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let stop = async { drop(tokio::time::timeout(Duration::from_secs(60), enough).await) };
    shop.market.dispatch(stop).await;
    assert_eq!(
        shop.nobodys(all + 10).await,
        all + 1,
        "and each other one, once"
    );
}
