//! The dispatcher's places: whoever has much to do leaves some to others.

use souk_core::limits::{APP_RUNS_AT_ONCE_MAX, RUNS_AT_ONCE_MAX};
use souk_core::{AppId, ChatId, TypedId};
use souk_events::{Cause, Event, Lane, lane, lease};
use souk_market::{Config, Market};
use souk_store::{StoreError, Txn};

use crate::clock::HandClock;
use crate::shop::{Shop, Wares};

const REMINDS: Wares = Wares {
    program: "schedule",
    commands: &["in"],
    permissions: "[[req_permissions]]\nname = \"schedule\"\nreason = \"To remind you\"\n\
        [[req_permissions]]\nname = \"storage.app\"\nreason = \"To count\"\n",
};

/// Another dispatcher, which has lanes and does nothing with them.
const ASLEEP: lease::Node = [9; 16];

/// Has a timer go off in an app's lane.
async fn goes_off(market: &Market, app: &AppId, chat: ChatId) {
    let push = |txn: Txn| async move {
        let event = Event {
            id: txn.fresh(),
            app: app.clone(),
            chat: Some(chat),
            user: None,
            left: 0,
            at: txn.now(),
            tries: 0,
            locale: None,
            cause: Cause::Timer {
                name: "tea".to_owned(),
                due: txn.now(),
                payload: b"\"chat\"".to_vec(),
            },
        };
        lane::push(&txn, &event).await
    };
    market.store().transact(push).await.unwrap();
}

/// Has an app be busy in so many chats, in lanes that nothing moves on.
async fn hog(market: &Market, app: &AppId, lanes: usize) {
    for number in 1..=lanes {
        let chat = ChatId::from_bits(u128::try_from(number).unwrap());
        goes_off(market, app, chat).await;
        let lane = &Lane {
            app: app.clone(),
            chat: Some(chat),
        };
        let sleep = |txn: Txn| async move {
            lease::claim(&txn, lane, ASLEEP).await?;
            Ok::<_, StoreError>(())
        };
        market.store().transact(sleep).await.unwrap();
    }
}

#[tokio::test]
async fn an_app_that_is_busy_everywhere_keeps_no_other_waiting() {
    let shop = Shop::open(REMINDS, HandClock::new(), Config::default()).await;
    // They all come before the shop, in the order of their names.
    for app in ["com.a.one", "com.a.two", "com.a.three", "com.a.four"] {
        let app = app.parse().unwrap();
        hog(&shop.market, &app, 2 * RUNS_AT_ONCE_MAX).await;
    }
    goes_off(&shop.market, &Shop::app(), shop.chat).await;
    let said = shop.dispatch_until_said(1).await;
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with("timer: tea\n"), "{said:?}");
}

#[tokio::test]
async fn each_look_gives_every_app_its_share_and_goes_round() {
    let shop = Shop::open(REMINDS, HandClock::new(), Config::default()).await;
    let apps = ["com.a.a", "com.a.b", "com.a.c", "com.a.d", "com.a.e"];
    let apps = apps.map(|app| app.parse::<AppId>().unwrap());
    for app in &apps {
        hog(&shop.market, app, APP_RUNS_AT_ONCE_MAX + 4).await;
    }
    let look = |after: Option<&AppId>, limit: usize| {
        let after = after.cloned();
        let look = move |txn: Txn| {
            let after = after.clone();
            async move { lane::busy(&txn, after.as_ref(), APP_RUNS_AT_ONCE_MAX, limit).await }
        };
        let store = shop.market.store();
        async move { store.view(look).await.unwrap() }
    };
    let counted = |lanes: &[Lane]| {
        let of = |app: &AppId| lanes.iter().filter(|lane| lane.app == *app).count();
        apps.each_ref().map(of)
    };
    let all = look(None, 5 * APP_RUNS_AT_ONCE_MAX).await;
    assert_eq!(counted(&all), [APP_RUNS_AT_ONCE_MAX; 5]);
    assert_eq!(counted(&look(None, 64).await), [16, 16, 16, 16, 0]);
    let on = look(Some(&apps[3]), 64).await;
    assert_eq!(counted(&on), [16, 16, 16, 0, 16]);
    assert_eq!(on[0].app, apps[4]);
    assert_eq!(counted(&look(Some(&apps[4]), 20).await), [16, 4, 0, 0, 0]);
    assert_eq!(counted(&look(Some(&apps[1]), 1).await), [0, 0, 1, 0, 0]);
}
