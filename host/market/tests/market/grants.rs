//! What a person lets an app do, through the market: asked again only for more, taken back in the
//! middle of a run, bounded by a budget, and written down.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use souk_core::{Clock, OrderId, Timestamp};
use souk_identity::Budget;
use souk_market::{Config, ConsentView, MarketError, Saying};
use souk_registry::grant::Grant;
use souk_registry::matter::words;
use souk_store::memory::Memory;
use souk_store::{
    Batch, CommitError, Committed, Engine, Key, Page, Range, RawKey, StoreError, Versioned,
};

use crate::clock::HandClock;
use crate::server::{Answers, Server};
use crate::shop::{Shop, Wares};

const ASKS: Wares = Wares {
    program: "http",
    commands: &["get", "send"],
    permissions: "[[req_permissions]]\nname = \"http\"\nreason = \"To ask\"\n\
        origins = [{ origin = \"http://api.example.com\", methods = [\"GET\", \"POST\"] }]\n",
};

const SELLS: Wares = Wares {
    program: "wallet",
    commands: &["ask", "hold", "purse"],
    permissions: "[[req_permissions]]\nname = \"wallet.request\"\nreason = \"To sell\"\n\
        max_amount = { amount = \"50.00\", currency = \"USD\" }\n",
};

const SPEAKS: Wares = Wares {
    program: "messaging",
    commands: &["all", "stumble", "many"],
    permissions: "",
};

const DAY_MS: u64 = 86_400_000;

impl Shop {
    async fn decides(&self, matter: &str, saying: Saying) -> Result<(), MarketError> {
        let call = self.call("say");
        self.market
            .say_to(&call, &Self::app(), matter, &saying)
            .await
    }

    /// The next version asks for this.
    async fn asks_for(&mut self, code: u32, permissions: &'static str) {
        self.wares.permissions = permissions;
        self.publish(code).await;
    }

    /// What Ana is asked, line by line: what is new, and what there was.
    async fn questions(&self) -> Vec<Vec<String>> {
        let waiting = self.market.waiting_consents(self.ana).await.unwrap();
        let lines = |view: ConsentView| {
            let lines = view.waiting.question.lines.into_iter();
            let line = |line: souk_core::Line| {
                let so_far = line
                    .agreed
                    .as_ref()
                    .map(|it| format!(", so far: {}", words(it)));
                let so_far = so_far.unwrap_or_default();
                format!("{} \"{}\"{so_far}", words(&line.difference()), line.reason)
            };
            lines.map(line).collect()
        };
        waiting.into_iter().map(lines).collect()
    }

    /// Ana answers the one question there is, and what waited for it runs.
    async fn answers(&self, yes: bool) {
        let waiting = self.market.waiting_consents(self.ana).await.unwrap();
        let id = waiting[0].waiting.id;
        let call = self.call("answer");
        self.market.answer_consent(&call, id, yes).await.unwrap();
        self.dispatch().await;
    }

    /// How every matter stands.
    async fn stands(&self) -> Vec<String> {
        let grants = self.market.grants_of(self.ana, &Self::app()).await.unwrap();
        let matters = grants.matters.into_iter();
        let stands = |grant: &Grant<_>| match grant {
            Grant::Granted(_) => "granted",
            Grant::Refused => "refused",
            Grant::Unasked => "not asked",
            Grant::Denied => "not allowed",
        };
        let line =
            |it: souk_market::MatterView| format!("{} {}", it.matter.matter(), stands(&it.grant));
        matters.map(line).collect()
    }
}

/// An engine that does not see whether what people said has changed since a run read it: grants as
/// if they were read beside the transaction.
struct Beside(Memory);

#[async_trait]
impl Engine for Beside {
    async fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        self.0.get(key).await
    }

    async fn scan(&self, range: &Range) -> Result<Vec<(RawKey, Versioned)>, StoreError> {
        self.0.scan(range).await
    }

    async fn commit(&self, mut batch: Batch, now: Timestamp) -> Result<Committed, CommitError> {
        let room = Key::room("identity").with("said");
        let said = |key: &RawKey| {
            let mut parts = key.windows(room.as_bytes().len());
            parts.any(|part| part == room.as_bytes())
        };
        batch.reads.keys.retain(|key, _| !said(key));
        self.0.commit(batch, now).await
    }

    async fn durable(&self, sequence: u64) -> Result<(), StoreError> {
        self.0.durable(sequence).await
    }
}

/// Ana has the shop ask the outside, and says no while it waits for the answer. Returns what it
/// said then.
async fn revoked_in_the_middle(engine: Arc<dyn Engine>) -> String {
    let server = Server::open(Answers::With("tea"), true);
    let clock = HandClock::new();
    let config = server.outside(clock.clone());
    let shop = Shop::open_on(engine, ASKS, clock, config).await;
    let revoke = async {
        server.is_asked().await;
        shop.decides("http", Saying::Refuse).await.unwrap();
        server.let_through();
    };
    tokio::join!(shop.types("/get http://api.example.com/rates"), revoke);
    shop.last().await
}

#[tokio::test]
async fn what_is_taken_back_in_the_middle_of_a_run_is_not_there_when_it_commits() {
    let said = revoked_in_the_middle(Arc::new(Memory::default())).await;
    assert!(
        said.starts_with("reader.get: denied consent-refused"),
        "{said}"
    );
}

#[tokio::test]
async fn grants_read_beside_the_transaction_would_outlive_what_a_person_says() {
    let said = revoked_in_the_middle(Arc::new(Beside(Memory::default()))).await;
    assert_eq!(said, "reader.get: 200 tea", "this is what the check is for");
}

const MORE: &str = "[[req_permissions]]\nname = \"http\"\nreason = \"To ask more\"\n\
    origins = [{ origin = \"http://api.example.com\", methods = [\"GET\", \"POST\"] }, \
    { origin = \"http://b.example.com\", methods = [\"GET\"] }]\n\
    [[req_permissions]]\nname = \"schedule\"\nreason = \"To remind you\"\n\
    [[req_permissions]]\nname = \"storage.app\"\nreason = \"To count\"\n";

#[tokio::test]
async fn a_new_version_that_wants_more_asks_only_for_that() {
    let mut shop = Shop::open(ASKS, HandClock::new(), Config::default()).await;
    shop.types("/get nowhere").await;
    assert_eq!(
        shop.questions().await,
        [[""; 0]; 0],
        "opening it is the consent"
    );
    assert_eq!(shop.said().await.len(), 1);
    shop.asks_for(2, ASKS.permissions).await;
    shop.types("/get nowhere").await;
    assert_eq!(
        shop.said().await.len(),
        2,
        "as much as before is not asked again"
    );

    shop.asks_for(3, MORE).await;
    shop.types("/get nowhere").await;
    shop.types("/get nowhere").await;
    assert_eq!(shop.said().await.len(), 2, "both wait for one answer");
    let asked = [
        "Exchange data with http://b.example.com \"To ask more\", so far: Exchange data with \
         http://api.example.com",
        "Set itself reminders \"To remind you\"",
    ];
    assert_eq!(shop.questions().await, [asked]);
    let stands = [
        "messaging.post granted",
        "http granted",
        "schedule not asked",
    ];
    assert_eq!(shop.stands().await[..3], stands);
    shop.answers(true).await;
    assert_eq!(
        shop.said().await.len(),
        4,
        "the same events run with the answer"
    );
    assert_eq!(shop.questions().await, [[""; 0]; 0]);
    assert_eq!(shop.stands().await[2], "schedule granted");
}

#[tokio::test]
async fn who_says_no_to_more_keeps_what_they_agreed_to_and_is_left_alone() {
    let mut shop = Shop::open(ASKS, HandClock::new(), Config::default()).await;
    shop.types("/get nowhere").await;
    shop.asks_for(2, MORE).await;
    shop.types("/get nowhere").await;
    shop.answers(false).await;
    assert_eq!(
        shop.said().await,
        ["reader.get: denied invalid url: an origin starts with `https://` or `http://`"; 2],
        "it runs without"
    );
    let stands = ["messaging.post granted", "http granted", "schedule refused"];
    assert_eq!(shop.stands().await[..3], stands);
    let grants = shop.market.grants_of(shop.ana, &Shop::app()).await.unwrap();
    let http = grants.matters[1].grant.granted().map(words);
    assert_eq!(http.unwrap(), "Exchange data with http://api.example.com");
    shop.asks_for(3, MORE).await;
    shop.types("/get nowhere").await;
    assert_eq!(
        (shop.said().await.len(), shop.questions().await.len()),
        (3, 0)
    );
}

#[tokio::test]
async fn a_person_says_yes_less_nothing_and_no() {
    let mut shop = Shop::open(SELLS, HandClock::new(), Config::default()).await;
    let asks = "/ask a 2000";
    for (matter, saying) in [
        ("wallet.pay-out", Saying::Allow),
        ("identity.profile:name", Saying::Refuse),
    ] {
        let said = shop.decides(matter, saying).await;
        assert!(
            matches!(said, Err(MarketError::UnknownMatter(_))),
            "{matter}"
        );
    }
    let many = Saying::Only(vec!["https://a.example".parse().unwrap()]);
    for saying in [many, Saying::AtMost("5 JPY".parse().unwrap())] {
        let said = shop.decides("wallet.request", saying).await;
        assert!(matches!(said, Err(MarketError::NotNarrower)));
    }
    shop.decides("wallet.request", Saying::Refuse)
        .await
        .unwrap();
    shop.types(asks).await;
    assert!(
        shop.last()
            .await
            .starts_with("order: denied consent-refused")
    );
    shop.types("/purse USD").await;
    assert!(
        !shop.last().await.contains("denied"),
        "{}",
        shop.last().await
    );

    let most = "10.00 USD".parse().unwrap();
    let less = Saying::AtMost(most);
    shop.decides("wallet.request", less).await.unwrap();
    shop.types(asks).await;
    let last = shop.last().await;
    assert!(
        last.contains("over the limit of 1000 (max-amount)"),
        "{last}"
    );
    shop.asks_for(2, SELLS.permissions).await;
    shop.types(asks).await;
    assert_eq!(shop.questions().await.len(), 0, "they said how much");

    shop.decides("wallet.request", Saying::Revoke)
        .await
        .unwrap();
    assert_eq!(shop.stands().await[1], "wallet.request not asked");
    shop.types(asks).await;
    let words = "Ask you for payments of at most 50.00 USD each; you approve every one of them";
    assert_eq!(shop.questions().await, [[format!("{words} \"To sell\"")]]);
    shop.answers(true).await;
    assert!(shop.last().await.contains("order.total: 20.00 USD"));
}

#[tokio::test]
async fn who_refuses_before_opening_is_not_asked() {
    let shop = Shop::open(SELLS, HandClock::new(), Config::default()).await;
    shop.decides("messaging.post", Saying::Refuse)
        .await
        .unwrap();
    shop.types("/purse USD").await;
    assert_eq!(
        (shop.said().await.len(), shop.questions().await.len()),
        (0, 0)
    );
    shop.decides("messaging.post", Saying::Allow).await.unwrap();
    shop.types("/purse USD").await;
    assert_eq!(shop.said().await.len(), 1);
}

/// A shop that Ana has money for.
struct Purse {
    shop: Shop,
    asked: AtomicU64,
}

impl Purse {
    async fn open() -> Self {
        let shop = Shop::with_a_purse(SELLS).await;
        let asked = AtomicU64::new(0);
        Self { shop, asked }
    }

    async fn budget(&self, order: &str, day: &str, in_all: &str, until: Option<Timestamp>) {
        let money = |text: &str| text.parse().ok();
        let budget = Budget {
            order: money(order),
            day: money(day),
            in_all: money(in_all),
            until,
            since: Timestamp::from_millis(0),
        };
        let (market, call) = (&self.shop.market, self.shop.call("budget"));
        let app = Shop::app();
        let set = market.set_budget(&call, &app, &budget);
        set.await.unwrap();
    }

    /// The shop asks for this much.
    async fn asks(&self, command: &str, cents: u64) -> OrderId {
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        self.shop
            .types(&format!("/{command} k{number} {cents}"))
            .await;
        let waiting = self.shop.market.waiting_orders(self.shop.ana).await;
        let key = format!("k{number}");
        let waiting = waiting.unwrap().into_iter();
        let order = waiting
            .map(|view| view.order)
            .find(|order| order.key == key);
        order.unwrap().id
    }

    async fn approves(&self, order: OrderId) -> String {
        let (market, ana) = (&self.shop.market, self.shop.ana);
        let sheet = market.sheet(ana, order).await.unwrap();
        let call = self.shop.call("approve");
        match market.approve(&call, order, &sheet.nonce).await {
            Ok(entry) => entry.amount.to_string(),
            Err(refusal) => refusal.to_string(),
        }
    }

    /// Ana declines it, so that others can be asked.
    async fn declines(&self, order: OrderId) {
        let call = self.shop.call("decline");
        self.shop.market.decline(&call, order).await.unwrap();
    }

    async fn buys(&self, cents: u64) -> String {
        let order = self.asks("ask", cents).await;
        let bought = self.approves(order).await;
        if bought.starts_with("at most") {
            self.declines(order).await;
        }
        bought
    }
}

#[tokio::test]
async fn a_budget_bounds_an_order_a_day_and_all() {
    let purse = Purse::open().await;
    let until = HandClock::new().now().after_millis(20 * DAY_MS);
    purse
        .budget("4.00 USD", "6.00 USD", "9.00 USD", Some(until))
        .await;
    assert_eq!(
        purse.buys(401).await,
        "at most 4.00 USD may be spent at once"
    );
    assert_eq!(purse.buys(400).await, "4.00 USD");
    let day = "at most 6.00 USD may be spent at one app in one day";
    assert_eq!(purse.buys(201).await, day);
    assert_eq!(purse.buys(200).await, "2.00 USD");
    purse.shop.pass(DAY_MS);
    let left = "at most 3.00 USD may be spent at one app in one day";
    assert_eq!(purse.buys(301).await, left, "of 9.00 in all, 6.00 are gone");
    assert_eq!(purse.buys(300).await, "3.00 USD");
    purse.shop.pass(DAY_MS);
    let left = "at most 0.00 USD may be spent at one app in one day";
    assert_eq!(purse.buys(1).await, left);
    purse.shop.pass(20 * DAY_MS);
    assert_eq!(purse.buys(1_000).await, "10.00 USD", "its time is up");
    purse.budget("", "", "", None).await;
    assert_eq!(purse.buys(1_000).await, "10.00 USD");
}

#[tokio::test]
async fn what_is_set_aside_counts_and_three_at_once_are_never_over_the_budget() {
    let purse = Purse::open().await;
    purse.budget("", "2.00 USD", "", None).await;
    let orders = [
        purse.asks("hold", 100).await,
        purse.asks("ask", 100).await,
        purse.asks("hold", 100).await,
    ];
    let [one, two, three] = orders.map(|order| purse.approves(order));
    let answers: [String; 3] = tokio::join!(one, two, three).into();
    let paid = answers.iter().filter(|answer| *answer == "1.00 USD");
    assert_eq!(paid.count(), 2, "{answers:?}");
}

#[tokio::test]
async fn a_budget_in_another_currency_lets_nothing_through() {
    let purse = Purse::open().await;
    purse.budget("", "500.00 EUR", "", None).await;
    assert_eq!(purse.buys(1).await, "at most 0.00 USD may be spent at once");
}

#[tokio::test]
async fn every_run_leaves_a_line_its_person_can_read() {
    let shop = Shop::open(SPEAKS, HandClock::new(), Config::default()).await;
    shop.types("/many 1").await;
    shop.pass(1_000);
    shop.types("/stumble").await;
    let lines = shop
        .market
        .activity(shop.ana, Page::last(10))
        .await
        .unwrap();
    let ended: Vec<_> = lines.iter().map(|(_, line)| line.ended.as_ref()).collect();
    assert_eq!(ended, ["fault", "done"]);
    for (_, line) in &lines {
        let posted = line.uses.iter().find(|used| used.function == "chat.post");
        let posted = posted.expect("a run that failed too says what it used");
        assert_eq!(posted.permission, "messaging.post");
    }
    let grants = shop.market.grants(shop.ana).await.unwrap();
    let at = lines[0].1.at;
    assert_eq!((grants.len(), grants[0].ran_last), (1, Some(at)));
    assert_eq!(grants[0].matters[0].used_last, Some(at));
}
