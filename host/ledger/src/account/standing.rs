//! What the operator makes of an account: freezes it, lets it go again, closes it.

use std::fmt;

use souk_core::limits::PAGE_ENTRIES_MAX;
use souk_core::{AccountId, Currency};
use souk_store::{Bounds, Fit, Page, StoreError, Txn};

use super::{Holder, balance};
use crate::record::{Standing, StandingChange};
use crate::{Broken, Refusal, keys, news, reason};

/// Changes what may happen on an account; to what it is already, changes nothing. Staged. `why` is
/// quoted and kept in clear, for the operator. A person is told that their account changed.
///
/// # Errors
/// The first of [`Refusal::Reason`], [`Refusal::UnknownAccount`], [`Refusal::Closed`],
/// [`Refusal::NotEmpty`].
pub async fn set(
    txn: &Txn,
    holder: &Holder,
    currency: Currency,
    standing: Standing,
    why: &str,
) -> Result<(), Refusal> {
    let reason = reason::check(why)?;
    let account = holder.account(currency);
    let before = read(txn, account).await?.ok_or(Refusal::UnknownAccount)?;
    if before == standing {
        return Ok(());
    }
    match (before, standing) {
        (Standing::Closed, _) => return Err(Refusal::Closed),
        (_, Standing::Closed) => must_be_empty(txn, holder, currency).await?,
        (_, Standing::Open | Standing::Frozen) => {}
    }

    // From here on it happens.
    let at = txn.now();
    let change = StandingChange {
        at,
        standing,
        reason,
    };
    txn.append(&keys::standings(account), &change)?;
    news::of_account(txn, holder, account)?;
    goes_to(txn, account, Some(before), standing).await
}

/// Returns what may happen on an account; everything, on one that nobody has used yet.
///
/// # Errors
/// [`Refusal::Broken`] for a number that stands for nothing, [`Refusal::Store`].
pub async fn of(txn: &Txn, holder: &Holder, currency: Currency) -> Result<Standing, Refusal> {
    let standing = read(txn, holder.account(currency)).await?;
    Ok(standing.unwrap_or(Standing::Open))
}

/// Reads what may happen on an account, resting the transaction on it; `None` if there is none.
pub(super) async fn read(txn: &Txn, account: AccountId) -> Result<Option<Standing>, Refusal> {
    let number = txn.number(&keys::standing(account)).await?;
    Ok(standing(account, number)?)
}

/// Reads what may happen on an account; `None` if there is none. The transaction rests on it once
/// it says what it [`goes_to`].
pub(super) async fn peek(txn: &Txn, account: AccountId) -> Result<Option<Standing>, Refusal> {
    let number = txn.peek_number(&keys::standing(account)).await?;
    Ok(standing(account, number)?)
}

/// Stages what may happen on an account from now on, given what it was until now; nothing changes
/// if that is the same. The commit checks that it was.
pub(super) async fn goes_to(
    txn: &Txn,
    account: AccountId,
    before: Option<Standing>,
    after: Standing,
) -> Result<(), Refusal> {
    let (before, after) = (number(before), number(Some(after)));
    let bounds = Bounds {
        floor: after,
        ceiling: after,
    };
    let change = after.saturating_sub(before);
    match txn.add(&keys::standing(account), change, bounds).await? {
        Fit::Fits => Ok(()),
        // It has changed since it was read.
        Fit::Outside => Err(StoreError::Contended.into()),
    }
}

/// What a standing is stored as, and that there is no account.
pub(crate) fn number(standing: Option<Standing>) -> i64 {
    match standing {
        None => 0,
        Some(Standing::Open) => 1,
        Some(Standing::Frozen) => 2,
        Some(Standing::Closed) => 3,
    }
}

/// What a number stands for.
pub(super) fn standing(account: AccountId, stored: i64) -> Result<Option<Standing>, Broken> {
    match stored {
        0 => Ok(None),
        1 => Ok(Some(Standing::Open)),
        2 => Ok(Some(Standing::Frozen)),
        3 => Ok(Some(Standing::Closed)),
        _ => Err(Broken::Account(account)),
    }
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
