//! What a person spent at an app on a day: the number that limits are counted with, to be read.

use souk_core::{AppId, Currency, Money, UserId};
use souk_store::Txn;

use crate::{Broken, Refusal, keys};

/// Returns what a person spent at an app on a day of UTC, what is set aside included. The
/// transaction rests on it.
///
/// # Errors
/// [`Refusal::Broken`] when the number cannot be one, [`Refusal::Store`].
pub async fn at(
    txn: &Txn,
    by: UserId,
    app: &AppId,
    currency: Currency,
    day: u64,
) -> Result<Money, Refusal> {
    let spent = txn.number(&keys::spent_at(by, app, currency, day)).await?;
    let minor = u64::try_from(spent).map_err(|_| Broken::Value)?;
    Ok(Money::new(minor, currency).map_err(|_| Broken::Value)?)
}
