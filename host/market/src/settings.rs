//! What merchants set for their apps on this host.

use souk_core::{AppId, UserId};
use souk_registry::setting::{self, Setting};
use souk_store::Txn;

use crate::{Call, Market, MarketError, apps};

impl Market {
    /// Sets a value of an app of the caller's, or takes it away. A run that has read it and has not
    /// committed runs again.
    ///
    /// # Errors
    /// [`MarketError::UnknownApp`], also for other people's; what the registry refuses of a value.
    pub async fn set_setting(
        &self,
        call: &Call,
        app: &AppId,
        name: &str,
        value: Option<&str>,
        secret: bool,
    ) -> Result<(), MarketError> {
        let work = |txn: Txn| async move {
            let set = async {
                apps::check_merchant(&txn, call.by, app).await?;
                match value {
                    Some(value) => setting::set(&txn, app, name, value, secret).await?,
                    None => drop(setting::unset(&txn, app, name).await?),
                }
                Ok(())
            };
            call.once(&txn, set).await
        };
        self.store().transact(work).await
    }

    /// Returns all that is set for an app of a merchant's, by name.
    ///
    /// # Errors
    /// [`MarketError::UnknownApp`], also for other people's.
    pub async fn settings(
        &self,
        merchant: UserId,
        app: &AppId,
    ) -> Result<Vec<Setting>, MarketError> {
        let read = |txn: Txn| async move {
            apps::check_merchant(&txn, merchant, app).await?;
            Ok(setting::list(&txn, app).await?)
        };
        self.store().view(read).await
    }
}
