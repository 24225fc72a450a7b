//! Budgets: the most a person wants to spend at one app.
//!
//! A budget is the person's own, a ceiling beside the operator's limits; it approves nothing. It is
//! kept here and counted where money moves, in the transaction that moves it.

use souk_core::limits::BUDGET_DAYS_MAX;
use souk_core::{AppId, Currency, Money, Timestamp, UserId};
use souk_store::Txn;

use crate::pages::whole;
use crate::record::Bounded;
pub use crate::record::Budget;
use crate::{Refusal, keys};

/// Sets a person's budget at an app in the place of the one before; one without any amount takes
/// it away.
///
/// # Errors
/// [`Refusal::BudgetCurrencies`], [`Refusal::BudgetTime`].
pub async fn set(txn: &Txn, user: UserId, app: &AppId, budget: Budget) -> Result<(), Refusal> {
    let key = keys::budget(user, app);
    let Some(currency) = budget.currency() else {
        return Ok(txn.delete(&key)?);
    };
    if budget.amounts().any(|it| it.currency() != currency) {
        return Err(Refusal::BudgetCurrencies);
    }
    let now = txn.now();
    let last = now.day().saturating_add(BUDGET_DAYS_MAX);
    let in_time = match budget.until {
        Some(until) => now < until && until.day() <= last,
        None => budget.in_all.is_none(),
    };
    if !in_time {
        return Err(Refusal::BudgetTime);
    }
    let app = app.clone();
    Ok(txn.put(&key, &Bounded { app, budget })?)
}

/// Returns a person's budget at an app, unless its time is up. The transaction rests on it.
///
/// # Errors
/// The store's.
pub async fn of(txn: &Txn, user: UserId, app: &AppId) -> Result<Option<Budget>, Refusal> {
    let found: Option<Bounded> = txn.get(&keys::budget(user, app)).await?;
    let found = found.map(|bounded| bounded.budget);
    Ok(found.filter(|budget| budget.is_good(txn.now())))
}

/// Returns the apps at which a person has a budget whose time is not up.
///
/// # Errors
/// The store's.
pub async fn list(txn: &Txn, user: UserId) -> Result<Vec<AppId>, Refusal> {
    let found: Vec<(_, Bounded)> = whole(txn, &keys::budgets_of(user)).await?;
    let bounded = found.into_iter().map(|(_, bounded)| bounded);
    let good = bounded.filter(|it| it.budget.is_good(txn.now()));
    Ok(good.map(|it| it.app).collect())
}

impl Budget {
    fn is_good(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }

    /// Returns the currency it is counted in; `None` when it bounds nothing.
    pub fn currency(&self) -> Option<Currency> {
        self.amounts().next().map(Money::currency)
    }

    /// Returns the days of UTC before this one that count towards all of it.
    pub fn days_before(&self, now: Timestamp) -> std::ops::Range<u64> {
        self.since.day()..now.day()
    }

    /// Returns the most one order may come to, if there is a bound. In another currency than the
    /// budget's that is nothing.
    pub fn in_one_order(&self, currency: Currency) -> Option<Money> {
        if self.currency() == Some(currency) {
            self.order
        } else {
            Some(Money::zero(currency))
        }
    }

    /// Returns the most that may be spent on this day, when so much was spent on the
    /// [days before](Self::days_before), in minor units.
    pub fn in_one_day(&self, currency: Currency, before: u64) -> Option<Money> {
        let left = |all: Money| Money::new(all.minor().saturating_sub(before), all.currency()).ok();
        let amounts = [self.day, self.in_all.and_then(left)].into_iter().flatten();
        let same = amounts.filter(|it| it.currency() == currency);
        same.min_by_key(|it| it.minor())
    }

    fn amounts(&self) -> impl Iterator<Item = Money> {
        [self.order, self.day, self.in_all].into_iter().flatten()
    }
}
