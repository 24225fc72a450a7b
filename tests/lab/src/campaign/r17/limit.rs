//! The limits of R17: how each is made ready, what one try does, what says no, and what the books
//! must show afterwards.

use souk_core::limits::SHEETS_WAITING_MAX;
use souk_core::{AppId, ChatId, Currency, Money, TransferId, TypedId, UserId};
use souk_ledger::order::{self, Ask, Details, Item};
use souk_ledger::policy::{Caps, Limits};
use souk_ledger::{Holder, Policy, Refusal, account, rail};
use souk_store::{Store, Txn};

use crate::Wrong;

/// Whose hundredths are the units.
const CURRENCY: &str = "USD";

/// A limit, and how it is tried. Whoever comes first opens the accounts, before all others start,
/// and counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limit {
    /// In one order: every second one asks for one unit more.
    Order,
    /// Spent by one person on one day.
    Day,
    /// Spent by one person at one app on one day.
    App,
    /// In one wallet: everybody puts a unit in.
    Balance,
    /// What there is to spend.
    Funds,
    /// Sheets of one app that wait for one person.
    SheetsWaiting,
}

/// All limits there are.
// WHEN ADDING A LIMIT: a case of `Limit`, its place here, and the compiler leads to the rest.
pub(super) const LIMITS: [Limit; 6] = [
    Limit::Order,
    Limit::Day,
    Limit::App,
    Limit::Balance,
    Limit::Funds,
    Limit::SheetsWaiting,
];

impl Limit {
    /// How many may come through of so many tries and the first one, which is a unit each.
    pub(super) fn most(self, tries: u64) -> u64 {
        match self {
            Self::Order | Self::Day | Self::App | Self::Balance | Self::Funds => tries / 2 + 1,
            Self::SheetsWaiting => u64::try_from(SHEETS_WAITING_MAX).unwrap_or(u64::MAX),
        }
    }

    pub(super) fn says_no(self, refusal: &Refusal) -> bool {
        match self {
            Self::Order => matches!(refusal, Refusal::OverOrder { .. }),
            Self::Day => matches!(refusal, Refusal::OverDay { .. }),
            Self::App => matches!(refusal, Refusal::OverApp { .. }),
            Self::Balance => matches!(refusal, Refusal::OverBalance { .. }),
            Self::Funds => *refusal == Refusal::Funds,
            Self::SheetsWaiting => *refusal == Refusal::SheetsWaiting,
        }
    }

    /// What the operator decided for so many tries. An order's limit counts nothing, so the checks
    /// of a commit do not hold it up: what protects there is the policy itself.
    fn policy(self, tries: u64, unprotected: bool) -> Result<Policy, Wrong> {
        let currency = CURRENCY.parse()?;
        let caps = |units| Ok::<_, Wrong>(Caps(vec![Money::new(units, currency)?]));
        let (most, mut limits) = (caps(self.most(tries))?, Limits::default());
        match self {
            Self::Order if unprotected => {}
            Self::Order => limits.order = caps(1)?,
            Self::Day => limits.day = most,
            Self::App => limits.app = most,
            Self::Balance => limits.balance = most,
            Self::Funds | Self::SheetsWaiting => {}
        }
        Ok(Policy {
            limits,
            ..Policy::default()
        })
    }

    /// What must be in the payer's wallet for so many tries; nothing where it must be empty.
    fn wallet(self, tries: u64) -> Option<u64> {
        match self {
            // Enough for everybody, also at a host that refuses nobody.
            Self::Order | Self::Day | Self::App => Some(2 * tries + 1),
            Self::Funds => Some(self.most(tries)),
            Self::Balance | Self::SheetsWaiting => None,
        }
    }
}

/// A limit, made ready for a number of tries.
pub(super) struct Trial {
    pub(super) limit: Limit,
    policy: Policy,
    app: AppId,
    currency: Currency,
}

impl Trial {
    /// Makes a limit ready. The first one comes through alone.
    pub(super) async fn prepare(
        limit: Limit,
        store: &Store,
        tries: u64,
        unprotected: bool,
    ) -> Result<Self, Wrong> {
        let trial = Self {
            limit,
            policy: limit.policy(tries, unprotected)?,
            app: "com.example.sweets".parse()?,
            currency: CURRENCY.parse()?,
        };
        if let Some(units) = limit.wallet(tries) {
            trial
                .deposit(store, &Policy::default(), units, id(tries + 1))
                .await?;
        }
        trial.attempt(store, 0).await?;
        Ok(trial)
    }

    /// Does what one try does, once.
    pub(super) async fn attempt(&self, store: &Store, number: u64) -> Result<(), Refusal> {
        match self.limit {
            Limit::Order => self.buy(store, number, 1 + number % 2).await,
            Limit::Day | Limit::App | Limit::Funds => self.buy(store, number, 1).await,
            Limit::Balance => self.deposit(store, &self.policy, 1, id(number)).await,
            Limit::SheetsWaiting => {
                let (ask, policy) = (&self.ask(number, 1)?, &self.policy);
                let open = |txn| async move { order::open(&txn, policy, ask).await };
                store.transact(open).await.map(drop)
            }
        }
    }

    /// How many units the books say came through.
    pub(super) async fn booked(&self, txn: &Txn) -> Result<u64, Wrong> {
        let holder = match self.limit {
            Limit::Order | Limit::Day | Limit::App | Limit::Funds => Holder::App(self.app.clone()),
            Limit::Balance => Holder::Person(payer()),
            Limit::SheetsWaiting => {
                return Ok(u64::try_from(order::waiting(txn, payer()).await?.len())?);
            }
        };
        let balance = account::balance(txn, &holder, self.currency).await?;
        Ok(balance.available().minor())
    }

    async fn deposit(
        &self,
        store: &Store,
        policy: &Policy,
        units: u64,
        id: TransferId,
    ) -> Result<(), Refusal> {
        let amount = self.units(units)?;
        let deposit = |txn| async move { rail::deposit(&txn, policy, payer(), amount, id).await };
        store.transact(deposit).await.map(drop)
    }

    /// Opens an order and pays it, in one.
    async fn buy(&self, store: &Store, number: u64, units: u64) -> Result<(), Refusal> {
        let (ask, policy) = (&self.ask(number, units)?, &self.policy);
        let buy = |txn: Txn| async move {
            let order = order::open(&txn, policy, ask).await?;
            order::approve(&txn, policy, order.id, payer(), id(number)).await
        };
        store.transact(buy).await.map(drop)
    }

    /// The app asks the payer for so many units.
    fn ask(&self, number: u64, units: u64) -> Result<Ask, Refusal> {
        let total = self.units(units)?;
        let item = Item {
            id: None,
            label: "One sweet".to_owned(),
            quantity: 1,
            unit: total,
        };
        Ok(Ask {
            authorize_only: false,
            last_look: false,
            app: self.app.clone(),
            chat: ChatId::from_bits(1),
            payer: payer(),
            key: number.to_string(),
            details: Details {
                items: vec![item],
                totals: Vec::new(),
                memo: String::new(),
            },
            total,
            expires: None,
            ceiling: None,
        })
    }

    fn units(&self, units: u64) -> Result<Money, Refusal> {
        Money::new(units, self.currency).map_err(|_| Refusal::AmountLarge)
    }
}

fn payer() -> UserId {
    UserId::from_bits(1)
}

fn id(number: u64) -> TransferId {
    TransferId::from_bits(u128::from(number) + 1)
}
