//! Ties: a person leaves an app, and every id by which the app and its merchant knew them is dead.
//!
//! Should they come back, they are somebody new. Until they do, the app is told nothing of them.

use souk_core::{AppId, UserId};
use souk_store::{StoreError, Txn};

use crate::record::Ties;
use crate::{Refusal, keys};

/// Cuts all ties of a person to an app of a merchant's.
///
/// # Errors
/// The store's.
pub async fn cut(txn: &Txn, user: UserId, merchant: UserId, app: &AppId) -> Result<(), Refusal> {
    let left = left(txn, user, app).await?.saturating_add(1);
    let away = true;
    txn.put(&keys::ties(user, app), &Ties { left, away })?;
    let times = left_merchant(txn, user, merchant).await?;
    let times = times.saturating_add(1);
    Ok(txn.put(&keys::left_merchant(user, merchant), &times)?)
}

/// Notes that a person uses an app, again if they had left it.
///
/// # Errors
/// The store's.
pub async fn take_up(txn: &Txn, user: UserId, app: &AppId) -> Result<(), Refusal> {
    let ties = get(txn, user, app).await?;
    if ties.away {
        let away = false;
        txn.put(&keys::ties(user, app), &Ties { away, ..ties })?;
    }
    Ok(())
}

/// Whether a person has left an app and not used it since.
///
/// # Errors
/// The store's.
pub async fn is_away(txn: &Txn, user: UserId, app: &AppId) -> Result<bool, Refusal> {
    Ok(get(txn, user, app).await?.away)
}

/// How often a person has left an app.
///
/// # Errors
/// The store's.
pub async fn left(txn: &Txn, user: UserId, app: &AppId) -> Result<u64, StoreError> {
    Ok(get(txn, user, app).await?.left)
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

async fn get(txn: &Txn, user: UserId, app: &AppId) -> Result<Ties, StoreError> {
    Ok(txn.get(&keys::ties(user, app)).await?.unwrap_or_default())
}
