//! Links of an app's, followed by those they are for and by others.

use souk_core::{AppId, UserId};
use souk_events::Outcome;
use souk_identity::pairwise;
use souk_market::{Call, Config, Happened, LinkView, MarketError};

use crate::clock::HandClock;
use crate::shop::{Shop, Wares};

/// `start` comes first: it reports what the link said.
const LINKS: Wares = Wares {
    program: "messaging",
    commands: &["start", "all"],
    permissions: "",
};

impl Shop {
    async fn with_links() -> Self {
        Self::open(LINKS, HandClock::new(), Config::default()).await
    }

    /// How the app knows the group.
    fn place(&self) -> String {
        let keyring = self.market.store().keyring();
        pairwise::chat_id(keyring, &Self::app(), self.chat)
    }

    /// Where a link of the app's leads somebody.
    async fn leads(&self, who: UserId, place: &str) -> Result<LinkView, MarketError> {
        self.market.link(who, &Self::app(), place).await
    }

    async fn follows(
        &self,
        who: UserId,
        place: &str,
        start: &str,
        key: &str,
    ) -> Result<Happened, MarketError> {
        let call = Call::new(who, key, "follow", start.as_bytes());
        let start = start.parse().unwrap();
        self.market.follow(&call, Self::app(), place, &start).await
    }
}

#[tokio::test]
async fn a_link_of_the_apps_leads_to_its_chat_and_says_what_it_was_given() {
    let shop = Shop::with_links().await;
    shop.types("/all").await;
    let report = shop.last().await;
    let place = shop.place();
    let link = format!("http:  localhost #start=com.example.shop {place} table-4");
    assert!(report.contains(&link), "{report}");

    let way = shop.leads(shop.ana, &place).await.unwrap();
    assert_eq!(
        (&*way.app_name, &*way.command, way.chat.chat.id),
        ("Shop", "start", shop.chat)
    );
    let followed = shop.follows(shop.ana, &place, "table-4", "once").await;
    let followed = followed.unwrap();
    assert_eq!(followed.outcome, Outcome::Done);
    let told = "chat.current: ok\narguments: \nstart: table-4";
    assert_eq!(shop.last().await, told);
    shop.types("/start").await;
    assert!(shop.last().await.ends_with("start: none"));

    // The same press is the same event; another parameter under its key is none.
    let said = shop.said().await.len();
    let again = shop.follows(shop.ana, &place, "table-4", "once").await;
    assert_eq!(again.unwrap().event, followed.event);
    let other = shop.follows(shop.ana, &place, "table-5", "once").await;
    assert!(matches!(other, Err(MarketError::KeyReused)), "{other:?}");
    assert_eq!(shop.said().await.len(), said);
}

#[tokio::test]
async fn a_link_makes_nobody_a_member() {
    let shop = Shop::with_links().await;
    let (bo, place) = (shop.bo().await, shop.place());
    let not_found = |error: MarketError| {
        let refused = MarketError::Chat(souk_chat::Refusal::NotFound).to_string();
        assert_eq!(error.to_string(), refused);
    };
    not_found(shop.leads(bo, &place).await.unwrap_err());
    not_found(shop.follows(bo, &place, "", "bo").await.unwrap_err());
    // Neither the host's own name of the chat nor another app's leads anywhere.
    let keyring = shop.market.store().keyring();
    let inn: AppId = "com.example.inn".parse().unwrap();
    for wrong in [
        shop.chat.to_string(),
        pairwise::chat_id(keyring, &inn, shop.chat),
        String::new(),
    ] {
        not_found(shop.follows(shop.ana, &wrong, "", "ana").await.unwrap_err());
    }
    let unknown = shop.market.link(shop.ana, &inn, &place).await.unwrap_err();
    assert!(matches!(unknown, MarketError::UnknownApp(_)), "{unknown}");
    assert_eq!(shop.said().await.len(), 0);

    shop.lets_bo_in().await;
    let followed = shop.follows(bo, &place, "", "bo").await.unwrap();
    assert_eq!(followed.outcome, Outcome::Done);
}

#[tokio::test]
async fn a_link_follows_the_first_command_of_what_is_live() {
    let mut shop = Shop::with_links().await;
    shop.wares.commands = &["all", "start"];
    shop.publish(2).await;
    let place = shop.place();
    let way = shop.leads(shop.ana, &place).await.unwrap();
    assert_eq!(way.command, "all");
    shop.wares.commands = &[];
    shop.publish(3).await;
    let none = shop.leads(shop.ana, &place).await.unwrap_err();
    assert!(matches!(none, MarketError::NoCommand(_)), "{none}");
}
