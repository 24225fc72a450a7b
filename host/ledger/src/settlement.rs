//! Settlement: an app's takings go to its merchant once refunds are no longer likely.
//!
//! What an app was paid stays with the app for a while, so that it can give money back. [`ready`]
//! says how much of it is older than that. A merchant who needs to refund more puts it back with
//! [`recall`].

use souk_core::limits::PAGE_ENTRIES_MAX;
use souk_core::{AppId, Currency, Money, Timestamp, TransferId, TypedId, UserId};
use souk_store::{Page, Txn};

use crate::account::{Cell, Holder};
use crate::digest::Digest;
use crate::entry::{Entry, EntryKind};
use crate::policy::Policy;
use crate::transfer::{self, Transfer};
use crate::{Broken, Refusal, keys, statement};

/// Returns how much of an app's takings came in before `since` and is still there. As it was a
/// moment ago: [`settle`] is refused if it is no longer so.
///
/// # Errors
/// [`Refusal::Broken`], [`Refusal::Store`].
pub async fn ready(
    txn: &Txn,
    app: &AppId,
    currency: Currency,
    since: Timestamp,
) -> Result<Money, Refusal> {
    let holder = Holder::App(app.clone());
    let mut young = Money::zero(currency);
    let mut after = None;
    loop {
        let page = Page::last(PAGE_ENTRIES_MAX).after(after);
        let lines = statement::page(txn, &holder, currency, page).await?;
        let all = lines.iter().all(|line| line.at >= since);
        let income = lines
            .iter()
            .filter(|line| line.incoming && line.at >= since);
        for line in income {
            young = young.plus(line.amount).map_err(|_| Broken::Value)?;
        }
        after = lines.last().map(|line| line.place);
        if after.is_none() || !all {
            break;
        }
    }
    let key = keys::number(holder.account(currency), Cell::Available);
    let there = u64::try_from(txn.peek_number(&key).await?).unwrap_or(0);
    let there = Money::new(there, currency).map_err(|_| Broken::Value)?;
    Ok(there.minus(young).unwrap_or(Money::zero(currency)))
}

/// Moves what of an app's takings came in before `since` to its merchant, once for each `since`:
/// with the same or an earlier one than last time, nothing moves. `None` when nothing did. Staged.
///
/// # Errors
/// Those of [`settle`].
pub async fn settle_until(
    txn: &Txn,
    app: &AppId,
    merchant: UserId,
    currency: Currency,
    since: Timestamp,
) -> Result<Option<Entry>, Refusal> {
    let settled = keys::settled(app, currency);
    if txn.get::<Timestamp>(&settled).await? >= Some(since) {
        return Ok(None);
    }
    let amount = ready(txn, app, currency, since).await?;
    if amount.is_zero() {
        return Ok(None);
    }
    let account = Holder::App(app.clone()).account(currency);
    let name = Digest::of("souk settlement 1").part(&account.bits().to_be_bytes());
    let name = name.part(&since.millis().to_be_bytes());
    let id = TransferId::from_bits(name.bits());
    let entry = settle(txn, app, merchant, amount, id).await?;
    txn.put(&settled, &since)?;
    Ok(Some(entry))
}

/// Moves some of an app's takings to its merchant, once for each transfer id. Staged.
///
/// # Errors
/// Those of [`transfer::post`].
pub async fn settle(
    txn: &Txn,
    app: &AppId,
    merchant: UserId,
    amount: Money,
    id: TransferId,
) -> Result<Entry, Refusal> {
    let (debit, credit) = (Holder::App(app.clone()), Holder::Merchant(merchant));
    let ask = between(id, debit, credit, amount, EntryKind::Settlement);
    transfer::post(txn, &Policy::default(), &ask).await
}

/// Puts a merchant's money back into the takings of one of their apps, once for each transfer id.
/// Staged.
///
/// # Errors
/// Those of [`transfer::post`].
pub async fn recall(
    txn: &Txn,
    app: &AppId,
    merchant: UserId,
    amount: Money,
    id: TransferId,
) -> Result<Entry, Refusal> {
    let (debit, credit) = (Holder::Merchant(merchant), Holder::App(app.clone()));
    let ask = between(id, debit, credit, amount, EntryKind::Recall);
    transfer::post(txn, &Policy::default(), &ask).await
}

fn between(
    id: TransferId,
    debit: Holder,
    credit: Holder,
    amount: Money,
    kind: EntryKind,
) -> Transfer {
    Transfer {
        id,
        debit,
        credit,
        amount,
        kind,
        order: None,
        terms: None,
        note: None,
    }
}
