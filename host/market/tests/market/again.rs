//! Events that an app wants to have again: when they run, and how long they may wait.

use souk_core::limits::{EVENT_RETRY_AFTER_MS_MAX, EVENT_RETRY_MS, EVENT_TRIES_MAX};
use souk_events::Locale;
use souk_market::{Config, Said};
use souk_store::Page;

use crate::clock::HandClock;
use crate::shop::{Shop, Wares};

const WARES: Wares = Wares {
    program: "again",
    commands: &["wait", "open"],
    permissions: "[[req_permissions]]\nname = \"storage.app\"\nreason = \"To keep a door\"\n",
};

async fn open() -> Shop {
    Shop::open(WARES, HandClock::new(), Config::default()).await
}

impl Shop {
    /// Lets time pass, and returns how often the app has run since it was opened.
    async fn runs_after(&self, millis: u64) -> usize {
        self.pass(millis);
        self.dispatch().await;
        let lines = self.market.activity(self.ana, Page::last(100)).await;
        lines.unwrap().len()
    }
}

#[tokio::test]
async fn an_event_waits_at_least_as_long_as_its_app_says() {
    let shop = open().await;
    shop.types("/wait 60000").await;
    assert_eq!(shop.runs_after(59_999).await, 1, "not before");
    assert_eq!(shop.runs_after(1).await, 2);
    assert_eq!(shop.runs_after(59_999).await, 2, "each time anew");
    shop.types("/open").await;
    assert_eq!(shop.said().await, [""; 0]);
    assert_eq!(shop.runs_after(1).await, 4);
    assert_eq!(shop.said().await, ["come in (no language)"]);
}

#[tokio::test]
async fn an_event_that_runs_again_has_the_language_of_its_request() {
    let mut shop = open().await;
    let call = shop.call("say").in_language(Locale::of("pt-BR"));
    let said = shop.market.say(&call, shop.chat, "/wait", None);
    assert!(matches!(said.await.unwrap(), Said::Happened(_)));
    shop.restart();
    let call = shop.call("say").in_language(Locale::of("fr"));
    let said = shop.market.say(&call, shop.chat, "/open", None);
    assert!(matches!(said.await.unwrap(), Said::Happened(_)));
    shop.runs_after(EVENT_RETRY_MS).await;
    assert_eq!(shop.said().await, ["come in (pt-BR)"]);
}

#[tokio::test]
async fn the_usual_wait_is_the_least_and_a_day_the_most() {
    let shop = open().await;
    shop.types("/wait 1").await;
    assert_eq!(shop.runs_after(EVENT_RETRY_MS - 1).await, 1);
    assert_eq!(shop.runs_after(1).await, 2);
    shop.types("/open").await;
    shop.runs_after(2 * EVENT_RETRY_MS).await;
    assert_eq!(shop.said().await, ["come in (no language)"]);

    let shop = open().await;
    shop.types(&format!("/wait {}", u64::MAX)).await;
    assert_eq!(shop.runs_after(EVENT_RETRY_AFTER_MS_MAX - 1).await, 1);
    assert_eq!(shop.runs_after(1).await, 2);
}

#[tokio::test]
async fn an_app_that_always_waits_is_given_up() {
    let shop = open().await;
    shop.types("/wait").await;
    let mut runs = 0;
    for try_number in 0..2 * EVENT_TRIES_MAX {
        runs = shop.runs_after(EVENT_RETRY_MS << try_number).await;
    }
    assert_eq!(runs, usize::try_from(EVENT_TRIES_MAX).unwrap());
}
