//! What the operator makes of an account: freezes it, lets it go again, closes it.

use std::fmt;

use souk_core::Currency;
use souk_core::limits::PAGE_ENTRIES_MAX;
use souk_store::{Page, Txn};

use super::{Account, Holder, balance};
use crate::record::{Standing, StandingChange};
use crate::{Refusal, keys, quote};

/// Changes what may happen on an account; to what it is already, changes nothing. Staged. `reason`
/// is quoted and kept in clear.
///
/// # Errors
/// The first of [`Refusal::UnknownAccount`], [`Refusal::Closed`], [`Refusal::NotEmpty`].
pub async fn set(
    txn: &Txn,
    holder: &Holder,
    currency: Currency,
    standing: Standing,
    reason: &str,
) -> Result<(), Refusal> {
    let key = keys::account(holder, currency);
    let account = txn.get::<Account>(&key).await?;
    let account = account.ok_or(Refusal::UnknownAccount)?;
    if account.standing == standing {
        return Ok(());
    }
    match (account.standing, standing) {
        (Standing::Closed, _) => return Err(Refusal::Closed),
        (_, Standing::Closed) => must_be_empty(txn, holder, currency).await?,
        (_, Standing::Open | Standing::Frozen) => {}
    }

    // From here on it happens.
    let (at, reason) = (txn.now(), quote(reason));
    let change = StandingChange {
        at,
        standing,
        reason,
    };
    txn.append(&keys::standings(account.id), &change)?;
    Ok(txn.put(
        &key,
        &Account {
            standing,
            ..account
        },
    )?)
}

/// Returns what may happen on an account; everything, on one that nobody has used yet.
///
/// # Errors
/// [`Refusal::Store`].
pub async fn of(txn: &Txn, holder: &Holder, currency: Currency) -> Result<Standing, Refusal> {
    let account = txn.get::<Account>(&keys::account(holder, currency)).await?;
    Ok(account.map_or(Standing::Open, |account| account.standing))
}

/// Returns what the operator made of an account, oldest first; at most [`PAGE_ENTRIES_MAX`] lines.
///
/// # Errors
/// [`Refusal::Store`].
pub async fn history(
    txn: &Txn,
    holder: &Holder,
    currency: Currency,
) -> Result<Vec<StandingChange>, Refusal> {
    let log = keys::standings(holder.account(currency));
    let lines = txn.entries(&log, Page::first(PAGE_ENTRIES_MAX)).await?;
    Ok(lines.into_iter().map(|(_, line)| line).collect())
}

/// Nothing in it, nothing on its way to or from it. Rests on its numbers.
async fn must_be_empty(txn: &Txn, holder: &Holder, currency: Currency) -> Result<(), Refusal> {
    let balance = balance(txn, holder, currency).await?;
    let pending = (balance.debits_pending, balance.credits_pending);
    if balance.available == 0 && pending == (0, 0) {
        Ok(())
    } else {
        Err(Refusal::NotEmpty)
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "open",
            Self::Frozen => "frozen",
            Self::Closed => "closed",
        })
    }
}
