//! A host whose time a test moves, that can be stopped and started again between any two steps.

use std::sync::Arc;
use std::time::Duration;

use souk_core::manifest::Manifest;
use souk_core::{ChatId, Money, TransferId, TypedId, UserId};
use souk_ledger::order::{Ask, Details, Item};
use souk_ledger::rail::chain::Fate;
use souk_ledger::rail::{Arrival, ArrivalState, DepartureState};
use souk_ledger::{Holder, Policy, Rail, audit, order};
use souk_market::{Call, Config, DepartureView, Market, MarketError};
use souk_registry::app;
use souk_registry::package::Package;
use souk_store::memory::Memory;
use souk_store::{Keyring, Page, Store, Txn};

use crate::clock::HandClock;
use crate::shop::market;

/// How long a dispatcher or a driver gets to do what is to be done now.
const TURN: Duration = Duration::from_millis(250);

/// A host that is not open yet: what its operator decides can still be changed.
pub(crate) struct Till {
    pub(crate) config: Config,
}

/// An open one, with Ana, and Ben, who is a merchant.
pub(crate) struct Open {
    pub(crate) config: Config,
    pub(crate) market: Market,
    pub(crate) ana: UserId,
    pub(crate) ben: UserId,
    store: Store,
    clock: Arc<HandClock>,
    blobs: tempfile::TempDir,
}

pub(crate) fn money(text: &str) -> Money {
    text.parse().unwrap()
}

impl Till {
    pub(crate) fn new() -> Self {
        Self {
            config: Config::default(),
        }
    }

    pub(crate) fn limit_balance(&mut self, most: &str) {
        let mut policy = Policy::default();
        policy.limits.balance.0 = vec![money(most)];
        Arc::make_mut(&mut self.config.terms).money = policy;
    }

    pub(crate) async fn open(self) -> Open {
        let clock = HandClock::new();
        let keyring = Arc::new(Keyring::ephemeral().unwrap());
        let store = Store::new(Arc::new(Memory::default()), keyring, clock.clone());
        let blobs = tempfile::tempdir().unwrap();
        let market = market(&store, &blobs, &self.config);
        let (mut ids, handles) = (Vec::new(), [("ana", "Ana"), ("ben", "Ben")]);
        for (handle, name) in handles {
            let joined = market.register(handle, name, "one-small-market").await;
            ids.push(joined.unwrap().user);
        }
        Open {
            config: self.config,
            market,
            ana: ids[0],
            ben: ids[1],
            store,
            clock,
            blobs,
        }
    }
}

impl Open {
    /// Another host on the same store, with what the operator decides now.
    pub(crate) async fn restart(&mut self) {
        self.market = market(&self.store, &self.blobs, &self.config);
    }

    /// Lets time pass, and what is due then happen.
    pub(crate) async fn pass(&self, millis: u64) {
        self.clock.advance(millis);
        self.work().await;
    }

    /// Lets happen what is due now.
    pub(crate) async fn work(&self) {
        self.market.dispatch(tokio::time::sleep(TURN)).await;
    }

    /// Lets the drivers do what they do by the clock.
    pub(crate) async fn drive(&self) {
        self.market.drive(tokio::time::sleep(TURN)).await;
    }

    pub(crate) fn call(&self, who: &str, key: &str) -> Call {
        let by = if who == "ana" { self.ana } else { self.ben };
        Call::new(by, key, "test", b"")
    }

    pub(crate) fn operator(&self, key: &str) -> Call {
        Call::of_operator(key, "test", b"")
    }

    pub(crate) async fn deposit(&self, key: &str, amount: &str) -> Result<Arrival, MarketError> {
        let call = Call::new(self.ana, key, "deposit", amount.as_bytes());
        self.market.deposit(&call, money(amount)).await
    }

    /// Gives Ana money, confirmed.
    pub(crate) async fn paid_in(&self, amount: &str) -> TransferId {
        let arrival = self.deposit("paid in", amount).await.unwrap();
        self.pass(3_000).await;
        arrival.id
    }

    pub(crate) async fn withdraw(
        &self,
        key: &str,
        rail: Rail,
        amount: &str,
        to: &str,
    ) -> Result<DepartureView, MarketError> {
        let (call, from) = (self.call("ana", key), Holder::Person(self.ana));
        self.market
            .withdraw(&call, from, rail, money(amount), to)
            .await
    }

    /// What Ana has, of whatever it is.
    pub(crate) async fn has(&self, who: &str) -> String {
        assert_eq!(who, "ana");
        let balances = self.market.balances(self.ana).await.unwrap();
        let texts = balances
            .iter()
            .map(|balance| balance.available().to_string());
        texts.collect::<Vec<_>>().join(" ")
    }

    /// Ana's arrivals, newest first.
    pub(crate) async fn arrivals(&self) -> Vec<ArrivalState> {
        let found = self.market.arrivals(self.ana, Page::last(9)).await.unwrap();
        found
            .into_iter()
            .map(|(_, arrival)| arrival.state)
            .collect()
    }

    /// Ana's departures, newest first.
    pub(crate) async fn departures(&self) -> Vec<DepartureState> {
        let found = self
            .market
            .departures(self.ana, Page::last(9))
            .await
            .unwrap();
        found
            .into_iter()
            .map(|(_, view)| view.departure.state)
            .collect()
    }

    pub(crate) async fn register(&self, asset: &str) {
        let call = self.operator(asset);
        let registered = self.market.register_asset(&call, asset.parse().unwrap());
        registered.await.unwrap();
    }

    /// Lets somebody outside pay to Ana's address.
    pub(crate) async fn pay_ana(&self, key: &str, amount: &str) {
        let to = self.market.chain_address(self.ana).await.unwrap();
        let paid = self
            .market
            .pay_on_chain(&self.operator(key), &to, money(amount))
            .await;
        assert_eq!(paid.unwrap().to, to);
    }

    pub(crate) async fn mine(&self, blocks: u64) {
        let height = self.market.chain().await.unwrap().height;
        let call = self.operator(&format!("mine {height} {blocks} {}", self.fresh()));
        let chain = self.market.mine_blocks(&call, blocks).await.unwrap();
        assert_eq!(chain.height, height + blocks);
    }

    pub(crate) async fn reorganize(&self, depth: u64, fate: Fate) -> Vec<ArrivalState> {
        let call = self.operator(&format!("turn {}", self.fresh()));
        let lost = self.market.reorganize(&call, depth, fate).await.unwrap();
        lost.into_iter().map(|arrival| arrival.state).collect()
    }

    /// A number that was not there before.
    fn fresh(&self) -> u64 {
        self.clock.advance(1)
    }

    /// Lets Ben have an app.
    pub(crate) async fn publish(&self) {
        let package = &package();
        let ben = self.ben;
        let publish = |txn: Txn| async move { app::publish(&txn, ben, package).await };
        self.store.transact(publish).await.unwrap();
    }

    /// Lets Ana buy something of Ben's app.
    pub(crate) async fn buys(&self, amount: &str) {
        let (ana, number) = (self.ana, self.fresh());
        let ask = &ask(ana, amount, number);
        let buy = |txn: Txn| async move {
            let order = order::open(&txn, &Policy::default(), ask).await?;
            let id = TransferId::from_bits(u128::from(number));
            order::approve(&txn, &Policy::default(), order.id, ana, id).await
        };
        self.store.transact(buy).await.unwrap();
    }

    /// What is pending with the app, and what is settled to Ben.
    pub(crate) async fn takings(&self) -> (String, String) {
        let takings = self.market.takings(self.ben).await.unwrap();
        let text = |balances: &[souk_ledger::Balance]| {
            let texts = balances
                .iter()
                .map(|balance| balance.available().to_string());
            texts.collect::<Vec<_>>().join(" ")
        };
        (text(&takings.apps[0].pending), text(&takings.settled))
    }

    pub(crate) async fn is_balanced(&self) {
        let audit = |txn: Txn| async move { audit::audit(&txn).await };
        let audit = self.store.transact(audit).await.unwrap();
        assert!(audit.is_balanced(), "{audit:?}");
    }
}

/// What Ben's app is called.
const APP: &str = "com.example.tea";

/// A package whose component is never run.
fn package() -> Package {
    let manifest_text = format!(
        "app_id = \"{APP}\"\nname = \"Tea\"\ndescription = \"Sells\"\n\
         version = {{ code = 1, name = \"1.0\" }}\n\
         build = {{ command = \"make\", component = \"tea.wasm\" }}\n"
    );
    Package {
        manifest: Manifest::parse(&manifest_text).unwrap(),
        manifest_text,
        assets: Vec::new(),
        signer: [1; 32],
        digest: [2; 32],
        component: Vec::new(),
    }
}

/// One cup.
fn ask(payer: UserId, amount: &str, number: u64) -> Ask {
    let item = Item {
        id: None,
        label: "Tea".to_owned(),
        quantity: 1,
        unit: money(amount),
    };
    Ask {
        app: APP.parse().unwrap(),
        chat: ChatId::from_bits(1),
        payer,
        key: number.to_string(),
        details: Details {
            items: vec![item],
            totals: Vec::new(),
            memo: String::new(),
        },
        total: money(amount),
        authorize_only: false,
        last_look: false,
        expires: None,
        ceiling: None,
    }
}
