//! Settlement: an app's takings go to its merchant once refunds are no longer likely.
//!
//! What an app was paid stays with the app for a while, so that it can give money back. [`ready`]
//! says how much of it is older than that. [`recall`] takes it back from the merchant: for a
//! dispute, or to refund from.
//!
//! Each line of the app's statement is read once, when it is old enough: what is younger is what
//! came in altogether, less what the old lines add up to.

use souk_core::limits::PAGE_ENTRIES_MAX;
use souk_core::{AppId, Currency, Money, Timestamp, TransferId, TypedId, UserId};
use souk_store::{Page, Txn};

use crate::account::{Cell, Holder};
use crate::digest::Digest;
use crate::entry::{Entry, EntryKind};
use crate::policy::Policy;
use crate::record::Settled;
use crate::transfer::{self, Transfer};
use crate::{Broken, Refusal, keys, reason, statement};

/// Returns how much of an app's takings came in before `since` and is still there; `since` is not
/// before that of the last settlement. As it was a moment ago: [`settle`] is refused if it is no
/// longer so.
///
/// # Errors
/// [`Refusal::Broken`], [`Refusal::Store`].
pub async fn ready(
    txn: &Txn,
    app: &AppId,
    currency: Currency,
    since: Timestamp,
) -> Result<Money, Refusal> {
    let old = last(txn, app, currency).await?;
    let old = grown_old(txn, app, old, since).await?;
    there(txn, app, &old).await
}

/// How far the takings were settled last.
async fn last(txn: &Txn, app: &AppId, currency: Currency) -> Result<Settled, Refusal> {
    let last = txn.get::<Settled>(&keys::settled(app, currency)).await?;
    Ok(last.unwrap_or_else(|| Settled::nothing(currency)))
}

/// What of an app's takings is there and old enough.
async fn there(txn: &Txn, app: &AppId, old: &Settled) -> Result<Money, Refusal> {
    let currency = old.income.currency();
    let account = Holder::App(app.clone()).account(currency);
    let number = async |cell| {
        let number = txn.peek_number(&keys::number(account, cell)).await?;
        Ok::<_, Refusal>(u64::try_from(number).unwrap_or(0))
    };
    let young = number(Cell::CreditsPosted).await?;
    let young = young.saturating_sub(old.income.minor());
    let ready = number(Cell::Available).await?.saturating_sub(young);
    Ok(Money::new(ready, currency).map_err(|_| Broken::Value)?)
}

/// Counts the lines that have become old since the last settlement.
async fn grown_old(
    txn: &Txn,
    app: &AppId,
    mut old: Settled,
    since: Timestamp,
) -> Result<Settled, Refusal> {
    let currency = old.income.currency();
    let holder = Holder::App(app.clone());
    loop {
        let page = Page::first(PAGE_ENTRIES_MAX).after(old.last);
        let lines = statement::page(txn, &holder, currency, page).await?;
        let is_full = lines.len() == PAGE_ENTRIES_MAX;
        for line in lines {
            if line.at >= since {
                return Ok(old);
            }
            old.last = Some(line.place);
            if line.incoming {
                old.income = old.income.plus(line.amount).map_err(|_| Broken::Value)?;
            }
        }
        if !is_full {
            return Ok(old);
        }
    }
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
    let old = last(txn, app, currency).await?;
    if old.until >= since {
        return Ok(None);
    }
    let old = grown_old(txn, app, old, since).await?;
    let until = since;
    txn.put(&keys::settled(app, currency), &Settled { until, ..old })?;
    let amount = there(txn, app, &old).await?;
    if amount.is_zero() {
        return Ok(None);
    }
    let account = Holder::App(app.clone()).account(currency);
    let name = Digest::of("souk settlement 1").part(&account.bits().to_be_bytes());
    let name = name.part(&since.millis().to_be_bytes());
    let id = TransferId::from_bits(name.bits());
    settle(txn, app, merchant, amount, id).await.map(Some)
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

/// Puts a merchant's money back into the takings of one of their apps, once for each transfer id:
/// for a dispute, or to refund from. It waits there as long as what comes in now. `why` is kept
/// sealed for the merchant. Staged.
///
/// # Errors
/// The first of [`Refusal::IdReused`], [`Refusal::Reason`], those of [`transfer::post`].
pub async fn recall(
    txn: &Txn,
    app: &AppId,
    merchant: UserId,
    amount: Money,
    why: &str,
    id: TransferId,
) -> Result<Entry, Refusal> {
    let (debit, credit) = (Holder::Merchant(merchant), Holder::App(app.clone()));
    let ask = between(id, debit, credit, amount, EntryKind::Recall);
    reason::post(txn, &Policy::default(), ask, (merchant, why)).await
}

impl Settled {
    /// Nothing was ever settled.
    fn nothing(currency: Currency) -> Self {
        Self {
            until: Timestamp::from_millis(0),
            last: None,
            income: Money::zero(currency),
        }
    }
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
