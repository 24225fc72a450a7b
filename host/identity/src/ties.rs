//! Ties: a person leaves an app, and every id by which the app and its merchant knew them is dead.
//!
//! Should they come back, they are somebody new. Until they do, the app is told nothing of them.
//! What still stands from before, an order above all, is of the one they were.

use souk_core::{AppId, EntryId, OrderId, UserId};
use souk_store::{StoreError, Txn};

pub use crate::record::Ties;
use crate::{Refusal, keys};

/// Returns what there is between a person and an app. The transaction rests on it.
///
/// # Errors
/// The store's.
pub async fn of(txn: &Txn, user: UserId, app: &AppId) -> Result<Ties, StoreError> {
    Ok(txn.get(&keys::ties(user, app)).await?.unwrap_or_default())
}

/// Cuts all ties of a person to an app of a merchant's.
///
/// # Errors
/// The store's.
pub async fn cut(txn: &Txn, user: UserId, merchant: UserId, app: &AppId) -> Result<(), Refusal> {
    let left = of(txn, user, app).await?.left.saturating_add(1);
    let away = true;
    txn.put(&keys::ties(user, app), &Ties { left, away })?;
    let times = left_merchant(txn, user, merchant).await?;
    let times = times.saturating_add(1);
    Ok(txn.put(&keys::left_merchant(user, merchant), &times)?)
}

/// Notes that a person uses an app, again if they had left it. Returns what there is then.
///
/// # Errors
/// The store's.
pub async fn take_up(txn: &Txn, user: UserId, app: &AppId) -> Result<Ties, Refusal> {
    let ties = of(txn, user, app).await?;
    let used = Ties {
        away: false,
        ..ties
    };
    if ties.away {
        txn.put(&keys::ties(user, app), &used)?;
    }
    Ok(used)
}

/// Notes as whom a person is asked by an order: who has left the app so many times.
///
/// # Errors
/// The store's.
pub fn ask_as(txn: &Txn, order: OrderId, left: u64) -> Result<(), StoreError> {
    // Nearly nobody ever leaves, and nothing is written of them.
    if left == 0 {
        return Ok(());
    }
    txn.put(&keys::asked_as(order), &left)
}

/// How often the payer of an order had left its app when they were asked.
///
/// # Errors
/// The store's.
pub async fn asked_as(txn: &Txn, order: OrderId) -> Result<u64, StoreError> {
    Ok(txn.get(&keys::asked_as(order)).await?.unwrap_or(0))
}

/// Notes as whom a person is paid by an app of its own accord: who has left it so many times.
///
/// # Errors
/// The store's.
pub fn pay_as(txn: &Txn, entry: EntryId, left: u64) -> Result<(), StoreError> {
    if left == 0 {
        return Ok(());
    }
    txn.put(&keys::paid_as(entry), &left)
}

/// How often whom a pay-out went to had left its app by then.
///
/// # Errors
/// The store's.
pub async fn paid_as(txn: &Txn, entry: EntryId) -> Result<u64, StoreError> {
    Ok(txn.get(&keys::paid_as(entry)).await?.unwrap_or(0))
}

/// How often a person has left an app of a merchant's, whichever it was.
pub(crate) async fn left_merchant(
    txn: &Txn,
    user: UserId,
    merchant: UserId,
) -> Result<u64, StoreError> {
    let times = txn.get(&keys::left_merchant(user, merchant)).await?;
    Ok(times.unwrap_or(0))
}
