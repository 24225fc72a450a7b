//! The ledger as a test holds it: an empty store, a clock set by hand, people by their names.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use souk_core::{
    AppId, ChatId, Clock, EntryId, Money, OrderId, Timestamp, TransferId, TypedId, UserId,
};
use souk_store::{Engine, Keyring, Owner, Store, Txn};

use super::engines;
use crate::account::{self, Balance, Holder, Purse, Rail, Standing, standing};
use crate::audit::{self, Audit};
use crate::entry::Entry;
use crate::gift::{self, Gift, Offer};
use crate::once::once;
use crate::order::{self, Ask, Details, Item, Order, Paid, Refunded};
use crate::payout::{self, PayOut};
use crate::{Policy, Refusal, rail, settlement};

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
    /// No fee and no limit, unless a test sets one.
    pub(super) policy: Policy,
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
            policy: Policy::default(),
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
        self.run(|txn| async move { rail::deposit(&txn, &self.policy, who, amount, id).await })
            .await
    }

    pub(super) async fn open(&self, ask: &Ask) -> Result<Order, Refusal> {
        self.run(|txn| async move { order::open(&txn, &self.policy, ask).await })
            .await
    }

    pub(super) async fn pay(&self, id: OrderId, by: &str, attempt: &str) -> Result<Paid, Refusal> {
        let (by, attempt) = (person(by), transfer_id(attempt));
        self.run(|txn| async move { order::approve(&txn, &self.policy, id, by, attempt).await })
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
        self.run(|txn| async move { order::void(&txn, by, id, reason).await })
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

    pub(super) async fn capture(
        &self,
        id: OrderId,
        by: &str,
        amount: &str,
    ) -> Result<Paid, Refusal> {
        let (by, amount) = (&app(by), money(amount));
        self.run(|txn| async move { order::capture(&txn, by, id, amount).await })
            .await
    }

    pub(super) async fn offer(
        &self,
        from: &str,
        to: &str,
        amount: &str,
        id: &str,
        note: &str,
    ) -> Result<Gift, Refusal> {
        let offer = &Offer {
            id: transfer_id(id),
            from: person(from),
            to: person(to),
            amount: money(amount),
            note: note.to_owned(),
        };
        self.run(|txn| async move { gift::offer(&txn, &self.policy, offer).await })
            .await
    }

    /// Does to a gift what `verb` says.
    pub(super) async fn gift(&self, verb: &str, id: &str, by: &str) -> Result<Gift, Refusal> {
        let (id, by) = (transfer_id(id), person(by));
        self.run(|txn| async move {
            match verb {
                "accept" => gift::accept(&txn, id, by).await,
                "decline" => gift::decline(&txn, id, by).await,
                "cancel" => gift::cancel(&txn, id, by).await,
                other => panic!("nobody can {other} a gift"),
            }
        })
        .await
    }

    pub(super) async fn return_gift(&self, id: &str) -> Result<Option<Gift>, Refusal> {
        let id = transfer_id(id);
        self.run(|txn| async move { gift::expire(&txn, id).await })
            .await
    }

    pub(super) async fn pay_out(
        &self,
        by: &str,
        to: &str,
        key: &str,
        amount: &str,
        budget: &str,
    ) -> Result<Entry, Refusal> {
        let ask = &PayOut {
            app: app(by),
            to: person(to),
            key: key.to_owned(),
            amount: money(amount),
            memo: String::new(),
            owner: Owner::Person(person(to)),
            budget: money(budget),
        };
        self.run(|txn| async move { payout::pay(&txn, &self.policy, ask).await })
            .await
    }

    /// Moves takings to the merchant, who is called `mara`.
    pub(super) async fn settle(&self, of: &str, amount: &str, id: &str) -> Result<Entry, Refusal> {
        let (of, amount, id) = (&app(of), money(amount), transfer_id(id));
        self.run(
            |txn| async move { settlement::settle(&txn, of, person("mara"), amount, id).await },
        )
        .await
    }

    pub(super) async fn recall(&self, of: &str, amount: &str, id: &str) -> Result<Entry, Refusal> {
        let (of, amount, id) = (&app(of), money(amount), transfer_id(id));
        let (mara, why) = (person("mara"), "a dispute");
        self.run(|txn| async move { settlement::recall(&txn, of, mara, amount, why, id).await })
            .await
    }

    pub(super) async fn set(
        &self,
        of: &str,
        currency: &str,
        standing: Standing,
        reason: &str,
    ) -> Result<(), Refusal> {
        let (of, currency) = (&holder(of), currency.parse().unwrap());
        self.run(|txn| async move { standing::set(&txn, of, currency, standing, reason).await })
            .await
    }

    /// Approves an order as the host does: under an id of its own that a refusal uses up.
    pub(super) async fn try_to_pay(
        &self,
        id: OrderId,
        by: &str,
        attempt: &str,
    ) -> Result<Paid, Refusal> {
        let (by, attempt) = (person(by), transfer_id(attempt));
        let contents = order::approval_contents(id, by);
        let answer = self.run(|txn| async move {
            let decide = order::approve(&txn, &self.policy, id, by, attempt);
            once(&txn, attempt, contents, decide).await
        });
        answer.await?
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
        authorize_only: false,
        last_look: false,
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
        id: None,
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

/// `bank` is the rail, `fees` the host's purse, `mara` the merchant of all apps, `tea` and `spice`
/// are apps, everybody else is a person.
pub(super) fn holder(name: &str) -> Holder {
    match name {
        "bank" => Holder::Rail(Rail::Bank),
        "fees" => Holder::Host(Purse::Fees),
        "losses" => Holder::Host(Purse::Losses),
        "mara" => Holder::Merchant(person("mara")),
        "tea" | "spice" | "florist" => Holder::App(app(name)),
        who => Holder::Person(person(who)),
    }
}

/// Names a holder the way scripts do.
pub(super) fn name_of(holder: &Holder) -> String {
    let names = [
        "bank", "fees", "mara", "tea", "spice", "florist", "ana", "ben", "eve",
    ];
    let found = names.into_iter().find(|name| self::holder(name) == *holder);
    found.unwrap_or("somebody").to_owned()
}
