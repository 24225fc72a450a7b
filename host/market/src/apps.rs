//! Mini-apps on this host: publishing, and what is there to open.

use souk_core::manifest::{Manifest, Permission};
use souk_core::{AppId, UserId};
use souk_registry::app::{self, Version};
use souk_registry::package;
use souk_store::Txn;

use crate::{Call, Market, MarketError};

/// A mini-app people can open here.
#[derive(Clone, Debug)]
pub struct Shop {
    /// What is live.
    pub version: Version,
    /// What it says of itself.
    pub manifest: Manifest,
}

/// A matter that an app asks for and the operator allows less of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restricted {
    /// What the app asks for.
    pub asked: Permission,
    /// What it can have of it here, if anything.
    pub left: Option<Permission>,
}

impl Market {
    /// Publishes a package: checked, compiled, stored, then live for everyone in one commit. What
    /// this host would refuse is not compiled first, and leaves nothing behind.
    ///
    /// # Errors
    /// A package that cannot be read or run; an app id, key, version or command that is not the
    /// publisher's to use.
    pub async fn publish(&self, call: &Call, bytes: &[u8]) -> Result<Version, MarketError> {
        let package = &package::read(bytes)?;
        let ask = |txn: Txn| async move { app::publish(&txn, call.by, package).await };
        self.store().view(ask).await?;
        self.0.shelf.add(package).await?;
        let work = |txn: Txn| async move {
            call.once(&txn, async {
                Ok(app::publish(&txn, call.by, package).await?)
            })
            .await
        };
        self.store().transact(work).await
    }

    /// Returns what the operator allows less of than an app asks for, each with what is left of it.
    ///
    /// # Errors
    /// [`MarketError::UnknownApp`].
    pub async fn restricted(&self, of: &AppId) -> Result<Vec<Restricted>, MarketError> {
        let read = |txn: Txn| async move {
            let live = app::live(&txn, of).await?;
            let live = live.ok_or_else(|| MarketError::UnknownApp(of.clone()))?;
            Ok::<_, MarketError>(app::manifest(&txn, &live).await?)
        };
        let manifest = self.store().view(read).await?;
        let policy = self.0.config.policies.of(of);
        let restricted = manifest.matters().filter_map(|(asked, _)| {
            let left = policy.narrow(&asked);
            (left.as_ref() != Some(&asked)).then_some(Restricted { asked, left })
        });
        Ok(restricted.collect())
    }

    /// Compiles what is live and was compiled for another engine, or not at all. A host does so
    /// before it serves, so that nobody waits for it; an app that fails here fails when it is used.
    ///
    /// # Errors
    /// The store's.
    pub async fn make_ready(&self) -> Result<(), MarketError> {
        let live = self
            .store()
            .view(|txn: Txn| async move { Ok::<_, MarketError>(app::list(&txn).await?) })
            .await?;
        for version in live {
            if let Err(error) = self.0.shelf.make_ready(&version).await {
                tracing::error!(%error, app = %version.app, "an app cannot be made ready");
            }
        }
        Ok(())
    }

    /// Returns the apps people can open here.
    ///
    /// # Errors
    /// The store's.
    pub async fn shops(&self) -> Result<Vec<Shop>, MarketError> {
        let read = |txn: Txn| async move {
            let mut shops = Vec::new();
            for version in app::list(&txn).await? {
                let manifest = app::manifest(&txn, &version).await?;
                shops.push(Shop { version, manifest });
            }
            Ok(shops)
        };
        self.store().view(read).await
    }
}

/// Refuses everybody but the app's merchant; who else asks does not learn that there is one.
pub(crate) async fn check_merchant(
    txn: &Txn,
    merchant: UserId,
    of: &AppId,
) -> Result<(), MarketError> {
    if app::merchant(txn, of).await? == Some(merchant) {
        Ok(())
    } else {
        Err(MarketError::UnknownApp(of.clone()))
    }
}

/// What an app calls itself; its id when it is gone.
pub(crate) async fn name(txn: &Txn, app: &AppId) -> Result<String, MarketError> {
    match app::live(txn, app).await? {
        Some(version) => Ok(app::manifest(txn, &version).await?.name),
        None => Ok(app.to_string()),
    }
}
