//! A shop on a host: a guest program that is published, and Ana who uses it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ed25519_dalek::SigningKey;
use souk_core::{AppId, ChatId, UserId};
use souk_market::{Call, Config, Market, Said};
use souk_registry::grant::{Allowed, Policies, Policy};
use souk_registry::matter::named;
use souk_registry::package;
use souk_runtime::{Limits, Runtime, Workshop};
use souk_store::memory::Memory;
use souk_store::{Blobs, Engine, Keyring, Page, Store};
use tokio::time::timeout;

use crate::clock::HandClock;
use crate::programs::program;

/// What is published: a guest program, its commands and what it asks for.
#[derive(Clone, Copy)]
pub(crate) struct Wares {
    pub(crate) program: &'static str,
    pub(crate) commands: &'static [&'static str],
    pub(crate) permissions: &'static str,
}

/// A host with a shop, and Ana.
pub(crate) struct Shop {
    pub(crate) wares: Wares,
    store: Store,
    pub(crate) blobs: tempfile::TempDir,
    clock: Arc<HandClock>,
    pub(crate) config: Config,
    pub(crate) market: Market,
    pub(crate) ana: UserId,
    pub(crate) chat: ChatId,
}

/// What an operator decides who denies every app one permission.
pub(crate) fn denying(permission: &str) -> Policies {
    Policies::from(Policy::default().with(named(permission).unwrap(), Allowed::Denied))
}

impl Shop {
    pub(crate) async fn open(wares: Wares, clock: Arc<HandClock>, config: Config) -> Self {
        Self::open_on(Arc::new(Memory::default()), wares, clock, config).await
    }

    pub(crate) async fn open_on(
        engine: Arc<dyn Engine>,
        wares: Wares,
        clock: Arc<HandClock>,
        config: Config,
    ) -> Self {
        let keyring = Arc::new(Keyring::ephemeral().unwrap());
        let store = Store::new(engine, keyring, clock.clone());
        let blobs = tempfile::tempdir().unwrap();
        let market = market(&store, &blobs, &config);
        let ana = market.register("ana", "Ana", "one-small-market").await;
        let ana = ana.unwrap().user;
        let opening = Call::new(ana, "opening", "test", b"");
        let chat = market.open_group(&opening, "Tea", &[]).await.unwrap();
        let shop = Self {
            wares,
            store,
            blobs,
            clock,
            config,
            market,
            ana,
            chat,
        };
        shop.publish(1).await;
        shop
    }

    /// A shop whose Ana has 90.00 USD.
    pub(crate) async fn with_a_purse(wares: Wares) -> Self {
        let shop = Self::open(wares, HandClock::new(), Config::default()).await;
        let call = Call::of_operator("float", "deposit", b"");
        let amount = "90.00 USD".parse().unwrap();
        let deposit = shop.market.deposit_by_hand(&call, "ana", amount, "float");
        deposit.await.unwrap();
        shop
    }

    /// Another host on the same store, with what the operator decides now.
    pub(crate) fn another(&self) -> Market {
        market(&self.store, &self.blobs, &self.config)
    }

    pub(crate) fn restart(&mut self) {
        self.market = self.another();
    }

    pub(crate) fn app() -> AppId {
        "com.example.shop".parse().unwrap()
    }

    pub(crate) async fn publish(&self, code: u32) {
        let command =
            |name| format!("[[commands]]\nname = \"{name}\"\ndescription = \"Does it\"\n");
        let commands: String = self.wares.commands.iter().map(command).collect();
        let manifest = format!(
            "app_id = \"{}\"\nname = \"Shop\"\ndescription = \"Sells\"\n\
             version = {{ code = {code}, name = \"{code}\" }}\n\
             build = {{ command = \"make\", component = \"shop.wasm\" }}\n{commands}\
             [[req_permissions]]\nname = \"messaging.post\"\nreason = \"To say so\"\n{}",
            Self::app(),
            self.wares.permissions
        );
        let (component, key) = (
            program(self.wares.program),
            SigningKey::from_bytes(&[7; 32]),
        );
        let package = package::build(&component, &manifest, &[], &key).unwrap();
        let call = Call::new(
            self.ana,
            format!("publish {code}").as_str(),
            "publish",
            &package,
        );
        self.market.publish(&call, &package).await.unwrap();
    }

    /// Ana types a command.
    pub(crate) async fn types(&self, text: &str) {
        let call = self.call("say");
        let said = self.market.say(&call, self.chat, text, None).await.unwrap();
        assert!(matches!(said, Said::Happened(_)), "{text}");
    }

    /// A call of Ana's that nobody has made.
    pub(crate) fn call(&self, what: &str) -> Call {
        call_of(self.ana, what)
    }

    /// Bo, who is not in the group.
    pub(crate) async fn bo(&self) -> UserId {
        let bo = self.market.register("bo", "Bo", "one-small-market").await;
        bo.unwrap().user
    }

    /// Bo, who is let into the group.
    pub(crate) async fn with_bo(&self) -> UserId {
        let bo = self.bo().await;
        self.lets_bo_in().await;
        bo
    }

    pub(crate) async fn lets_bo_in(&self) {
        let call = self.call("add");
        let added = self.market.add_member(&call, self.chat, "bo").await;
        added.unwrap();
    }

    /// Somebody leaves the shop.
    pub(crate) async fn leaves(&self, who: UserId) {
        let call = call_of(who, "leave");
        self.market.leave_app(&call, &Self::app()).await.unwrap();
    }

    /// What the shop has said so far.
    pub(crate) async fn said(&self) -> Vec<String> {
        let page = Page::first(100);
        let history = self
            .market
            .history(self.ana, self.chat, page)
            .await
            .unwrap();
        let texts = history
            .into_iter()
            .filter_map(|(_, view)| view.message.body);
        let texts = texts.map(|body| body.text);
        texts.filter(|text| !text.starts_with('/')).collect()
    }

    /// What the shop said last.
    pub(crate) async fn last(&self) -> String {
        self.said().await.pop().unwrap_or_default()
    }

    /// What the shop reported last behind a word.
    pub(crate) async fn told(&self, word: &str) -> String {
        let last = self.last().await;
        let mut lines = last.lines();
        let line = lines.find_map(|line| line.strip_prefix(word)?.strip_prefix(": "));
        line.unwrap_or_else(|| panic!("{word}? {last}")).to_owned()
    }

    /// Dispatches until the shop has said so many things, or a while, and then a moment longer.
    pub(crate) async fn dispatch_until_said(&self, count: usize) -> Vec<String> {
        let enough = async {
            while self.said().await.len() < count {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        };
        let stop = async { drop(timeout(Duration::from_secs(10), enough).await) };
        self.market.dispatch(stop).await;
        self.said().await
    }

    /// Dispatches for a moment.
    pub(crate) async fn dispatch(&self) {
        let moment = tokio::time::sleep(Duration::from_millis(400));
        self.market.dispatch(moment).await;
    }

    pub(crate) fn pass(&self, millis: u64) {
        self.clock.advance(millis);
    }
}

/// A call that nobody has made.
pub(crate) fn call_of(who: UserId, what: &str) -> Call {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let key = format!("{what} {}", NEXT.fetch_add(1, Ordering::Relaxed));
    Call::new(who, key.as_str(), what, b"")
}

/// A market on a store.
pub(crate) fn market(store: &Store, blobs: &tempfile::TempDir, config: &Config) -> Market {
    let runtime = Runtime::new(&Limits::default()).unwrap();
    let shelf = Blobs::open(blobs.path()).unwrap();
    let workshop = Workshop::bare(runtime);
    Market::open(store.clone(), shelf, workshop, config.clone()).unwrap()
}
