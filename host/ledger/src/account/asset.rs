//! Assets: what is not a currency of ISO 4217 has to be registered before anybody holds it.
//!
//! A code stands for one scale, for ever, so that amounts of one asset always mean the same.

use souk_core::Currency;
use souk_core::limits::PAGE_ENTRIES_MAX;
use souk_store::{Page, Txn};

use crate::{Refusal, keys};

/// Registers an asset; a second time changes nothing. Staged.
///
/// # Errors
/// [`Refusal::AssetTaken`] when its code stands for another scale, or it is of ISO 4217.
pub async fn register(txn: &Txn, asset: Currency) -> Result<(), Refusal> {
    let key = keys::asset(asset.code());
    let known = txn.get::<String>(&key).await?;
    let free = known.is_none_or(|known| known == asset.as_str());
    if !free || !asset.is_asset() {
        return Err(Refusal::AssetTaken);
    }
    Ok(txn.put(&key, &asset.as_str().to_owned())?)
}

/// Returns the assets that are registered, by code; at most [`PAGE_ENTRIES_MAX`].
///
/// # Errors
/// [`Refusal::Store`].
pub async fn all(txn: &Txn) -> Result<Vec<Currency>, Refusal> {
    let page = Page::first(PAGE_ENTRIES_MAX);
    let found = txn.scan::<String>(&keys::assets(), page).await?;
    let assets = found.into_iter().map(|(_, text)| text.parse().ok());
    Ok(assets.flatten().collect())
}

/// Refuses an asset that is not registered with this scale.
pub(super) async fn must_be_known(txn: &Txn, currency: Currency) -> Result<(), Refusal> {
    if !currency.is_asset() {
        return Ok(());
    }
    let known = txn.get::<String>(&keys::asset(currency.code())).await?;
    if known.as_deref() == Some(currency.as_str()) {
        Ok(())
    } else {
        Err(Refusal::UnknownAsset)
    }
}
