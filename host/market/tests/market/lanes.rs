//! A lane goes on, whatever one person leaves undone.

use souk_core::limits::{LEASE_MS, QUESTION_EVENTS_MAX};
use souk_core::{Blame, EventId, UserId};
use souk_events::{Lane, Outcome, lease};
use souk_market::{Call, Config, Said};
use souk_store::{StoreError, Txn};

use crate::clock::HandClock;
use crate::shop::{Shop, Wares};

const SPEAKS: Wares = Wares {
    program: "messaging",
    commands: &["many"],
    permissions: "",
};
const REMINDS: &str = "[[req_permissions]]\nname = \"schedule\"\nreason = \"To remind you\"\n";

/// Another dispatcher, which has a lane and does nothing with it.
const ASLEEP: lease::Node = [9; 16];

impl Shop {
    /// Somebody types a command. Returns the event, and what became of it so far.
    async fn hears(&self, who: UserId, text: &str, number: usize) -> (EventId, Outcome) {
        let key = format!("{text} {number}");
        let call = Call::new(who, key.as_str(), "say", text.as_bytes());
        match self.market.say(&call, self.chat, text, None).await.unwrap() {
            Said::Happened(happened) => (happened.event, happened.outcome),
            Said::Posted(_) => panic!("{text} is a command"),
        }
    }
}

#[tokio::test]
async fn who_answers_nothing_holds_up_nobody_behind_them() {
    let mut shop = Shop::open(SPEAKS, HandClock::new(), Config::default()).await;
    let bo = shop.with_bo().await;
    shop.types("/many 1").await;
    shop.wares.permissions = REMINDS;
    shop.publish(2).await;
    for number in 0..QUESTION_EVENTS_MAX {
        let (_, outcome) = shop.hears(shop.ana, "/many 1", number).await;
        assert_eq!(outcome, Outcome::Parked);
    }

    let lane = Lane {
        app: Shop::app(),
        chat: Some(shop.chat),
    };
    let sleep = |txn: Txn| {
        let lane = lane.clone();
        async move {
            lease::claim(&txn, &lane, ASLEEP).await?;
            Ok::<_, StoreError>(())
        }
    };
    shop.market.store().transact(sleep).await.unwrap();
    let (one_more, _) = shop.hears(shop.ana, "/many 1", QUESTION_EVENTS_MAX).await;
    let (behind, outcome) = shop.hears(bo, "/many 1", 0).await;
    assert_eq!(outcome, Outcome::Parked, "the lane is another's for now");
    shop.pass(LEASE_MS);
    shop.dispatch().await;

    let behind = shop.market.event(bo, behind).await.unwrap();
    assert_eq!(behind.outcome, Outcome::Done);
    let ended = shop.market.event(shop.ana, one_more).await.unwrap();
    let Outcome::Fault { blame, what } = ended.outcome else {
        panic!("{:?}", ended.outcome);
    };
    assert_eq!(blame, Blame::User);
    assert_eq!(
        what,
        "16 events wait for this answer already; answer it first"
    );
}
