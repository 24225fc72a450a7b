//! A person's budget at an app, as limits of the approval that it bounds.
//!
//! It draws the operator's policy narrower: the ledger counts it as it counts every limit, in the
//! approval's own transaction.

use std::borrow::Cow;

use souk_core::Money;
use souk_identity::{Budget, budget};
use souk_ledger::policy::Caps;
use souk_ledger::{Order, Policy, spent};
use souk_store::Txn;

use crate::MarketError;

/// Returns the policy under which an order's payer approves it. The transaction rests on their
/// budget, and on what was spent of it on earlier days.
pub(crate) async fn narrowed<'a>(
    txn: &Txn,
    policy: &'a Policy,
    order: &Order,
) -> Result<Cow<'a, Policy>, MarketError> {
    let Some(budget) = budget::of(txn, order.payer, &order.app).await? else {
        return Ok(Cow::Borrowed(policy));
    };
    let before = spent_before(txn, &budget, order).await?;
    let (mut narrowed, currency) = (policy.clone(), order.total.currency());
    let limits = &mut narrowed.limits;
    lower(&mut limits.order, budget.in_one_order(currency));
    lower(&mut limits.app, budget.in_one_day(currency, before));
    Ok(Cow::Owned(narrowed))
}

/// What counts towards all of a budget from the days before this one, in minor units.
async fn spent_before(txn: &Txn, budget: &Budget, order: &Order) -> Result<u64, MarketError> {
    let mut before: u64 = 0;
    let days = budget.days_before(txn.now());
    for day in days.filter(|_| budget.in_all.is_some()) {
        let currency = order.total.currency();
        let spent = spent::at(txn, order.payer, &order.app, currency, day).await?;
        before = before.saturating_add(spent.minor());
    }
    Ok(before)
}

/// Draws a cap narrower, where the other is the lower one.
fn lower(Caps(caps): &mut Caps, cap: Option<Money>) {
    let Some(cap) = cap else { return };
    match caps.iter_mut().find(|it| it.currency() == cap.currency()) {
        Some(most) if cap.minor() < most.minor() => *most = cap,
        Some(_) => {}
        None => caps.push(cap),
    }
}
