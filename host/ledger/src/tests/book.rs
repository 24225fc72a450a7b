//! The ledger as a test holds it: an empty store, a clock set by hand, people by their names.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use souk_core::{
    AppId, ChatId, Clock, EntryId, Money, OrderId, Timestamp, TransferId, TypedId, UserId,
};
use souk_store::{Bounds, Engine, Fit, Keyring, Owner, Store, Txn};

use super::engines;
use crate::account::{self, Balance, Cell, Holder, Rail};
use crate::audit::{self, Audit};
use crate::entry::Entry;
use crate::order::{self, Ask, Details, Item, Order, Paid, Refunded};
use crate::{Refusal, keys, rail};

/// When every test begins: 2026-11-22T09:00:00Z.
pub(super) const START: Timestamp = Timestamp::from_millis(1_795_338_000_000);

/// A clock that only moves when told to.
pub(super) struct HandClock(AtomicU64);

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// A ledger on an empty store.
pub(super) struct Book {
    pub(super) store: Store,
    clock: Arc<HandClock>,
}

impl Book {
    pub(super) fn new() -> Self {
        Self::on(engines::fresh())
    }

    pub(super) fn on(engine: Arc<dyn Engine>) -> Self {
        let clock = Arc::new(HandClock(AtomicU64::new(START.millis())));
        let keyring = Arc::new(Keyring::ephemeral().unwrap());
        let told: Arc<dyn Clock> = clock.clone();
        Self {
            store: Store::new(engine, keyring, told),
            clock,
        }
    }

    pub(super) fn wait(&self, millis: u64) {
        self.clock.0.fetch_add(millis, Ordering::SeqCst);
    }

    /// Runs one transaction.
    pub(super) async fn run<T, F>(&self, body: impl FnMut(Txn) -> F) -> Result<T, Refusal>
    where
        F: Future<Output = Result<T, Refusal>>,
    {
        self.store.transact(body).await
    }

    pub(super) async fn deposit(
        &self,
        who: &str,
        amount: &str,
        id: &str,
    ) -> Result<Entry, Refusal> {
        let (who, amount, id) = (person(who), money(amount), transfer_id(id));
        self.run(|txn| async move { rail::deposit(&txn, who, amount, id).await })
            .await
    }

    pub(super) async fn open(&self, ask: &Ask) -> Result<Order, Refusal> {
        self.run(|txn| async move { order::open(&txn, ask).await })
            .await
    }

    pub(super) async fn pay(&self, id: OrderId, by: &str, attempt: &str) -> Result<Paid, Refusal> {
        let (by, attempt) = (person(by), transfer_id(attempt));
        self.run(|txn| async move { order::approve(&txn, id, by, attempt).await })
            .await
    }

    pub(super) async fn decline(&self, id: OrderId, by: &str) -> Result<Order, Refusal> {
        let by = person(by);
        self.run(|txn| async move { order::decline(&txn, id, by).await })
            .await
    }

    pub(super) async fn cancel(
        &self,
        id: OrderId,
        by: &str,
        reason: &str,
    ) -> Result<Order, Refusal> {
        let by = &app(by);
        self.run(|txn| async move { order::cancel(&txn, by, id, reason).await })
            .await
    }

    pub(super) async fn expire(&self, id: OrderId) -> Result<Option<Order>, Refusal> {
        self.run(|txn| async move { order::expire(&txn, id).await })
            .await
    }

    pub(super) async fn refund(
        &self,
        id: OrderId,
        by: &str,
        key: &str,
        amount: &str,
        reason: &str,
    ) -> Result<Refunded, Refusal> {
        let (by, amount) = (&app(by), money(amount));
        self.run(|txn| async move { order::refund(&txn, by, id, key, amount, reason).await })
            .await
    }

    pub(super) async fn order(&self, id: OrderId) -> Order {
        let found = self
            .run(|txn| async move { order::get(&txn, id).await })
            .await;
        found.unwrap().unwrap()
    }

    pub(super) async fn by_key(&self, by: &str, key: &str) -> Order {
        let by = &app(by);
        let found = self
            .run(|txn| async move { order::by_key(&txn, by, key).await })
            .await;
        found.unwrap().unwrap()
    }

    pub(super) async fn balance(&self, of: &Holder, currency: &str) -> Balance {
        let currency = currency.parse().unwrap();
        self.run(|txn| async move { account::balance(&txn, of, currency).await })
            .await
            .unwrap()
    }

    /// Takes money away from an app, behind the back of its orders: nothing can do that yet, and
    /// one day a settlement will.
    pub(super) async fn drain(&self, of: &str, amount: &str) {
        let (account, amount) = (holder(of).account(money(amount).currency()), money(amount));
        let key = &keys::number(account, Cell::Available);
        let less = -i64::try_from(amount.minor()).unwrap();
        let take = |txn: Txn| async move {
            assert_eq!(txn.add(key, less, Bounds::NONE).await?, Fit::Fits);
            Ok(())
        };
        self.run(take).await.unwrap();
    }

    /// What a person or an app can spend, in US dollars.
    pub(super) async fn usd(&self, of: &str) -> String {
        self.balance(&holder(of), "USD")
            .await
            .available()
            .to_string()
    }

    pub(super) async fn audit(&self) -> Audit {
        self.run(|txn| async move { Ok(audit::audit(&txn).await?) })
            .await
            .unwrap()
    }

    /// Erases what was written to a person in the chat.
    pub(super) async fn erase(&self, who: &str) {
        let owner = Owner::PersonInChat(person(who), chat());
        self.store.keyring().erase(&owner).await.unwrap();
    }

    /// Opens an order for tea and pays it: what many tests begin with.
    pub(super) async fn paid(&self, who: &str, amount: &str, key: &str) -> Paid {
        self.deposit(who, amount, &format!("deposit for {key}"))
            .await
            .unwrap();
        let order = self.open(&tea(who, amount, key)).await.unwrap();
        self.pay(order.id, who, &format!("payment of {key}"))
            .await
            .unwrap()
    }
}

/// An ask of `com.example.tea` for one cup.
pub(super) fn tea(who: &str, amount: &str, key: &str) -> Ask {
    Ask {
        app: app("tea"),
        chat: chat(),
        payer: person(who),
        key: key.to_owned(),
        details: one("Tea", amount),
        total: money(amount),
        expires: None,
        ceiling: None,
    }
}

/// Details with one item and nothing else.
pub(super) fn one(label: &str, amount: &str) -> Details {
    Details {
        items: vec![item(label, 1, amount)],
        totals: Vec::new(),
        memo: String::new(),
    }
}

pub(super) fn item(label: &str, quantity: u32, unit: &str) -> Item {
    Item {
        label: label.to_owned(),
        quantity,
        unit: money(unit),
    }
}

pub(super) fn money(text: &str) -> Money {
    text.parse().unwrap()
}

/// The bits of a name, which make ids that are the same in every run.
fn bits(name: &str) -> u128 {
    name.bytes()
        .fold(1, |bits: u128, byte| bits.rotate_left(7) ^ u128::from(byte))
}

pub(super) fn person(name: &str) -> UserId {
    UserId::from_bits(bits(name))
}

pub(super) fn app(name: &str) -> AppId {
    format!("com.example.{name}").parse().unwrap()
}

pub(super) fn chat() -> ChatId {
    ChatId::from_bits(1)
}

pub(super) fn transfer_id(name: &str) -> TransferId {
    TransferId::from_bits(bits(name))
}

pub(super) fn no_order() -> OrderId {
    OrderId::from_bits(404)
}

pub(super) fn no_entry() -> EntryId {
    EntryId::from_bits(404)
}

/// `bank` is the rail, `tea` and `spice` are apps, everybody else is a person.
pub(super) fn holder(name: &str) -> Holder {
    match name {
        "bank" => Holder::Rail(Rail::Bank),
        "tea" | "spice" => Holder::App(app(name)),
        who => Holder::Person(person(who)),
    }
}

/// Names a holder the way scripts do.
pub(super) fn name_of(holder: &Holder) -> String {
    let names = ["bank", "tea", "spice", "ana", "ben", "eve"];
    let found = names.into_iter().find(|name| self::holder(name) == *holder);
    found.unwrap_or("somebody").to_owned()
}
