//! What a merchant's apps took: pending with each app for a while, then settled to the merchant,
//! who may take it out.

use std::time::Duration;

use souk_core::limits::{SETTLEMENT_EVERY_MS_MAX, SETTLEMENT_EVERY_MS_MIN};
use souk_core::{AppId, Timestamp, UserId};
use souk_ledger::account::{self, Balance};
use souk_ledger::{Holder, Refusal, settlement};
use souk_registry::app::{self, Version};
use souk_store::Txn;

use crate::{Market, MarketError, apps};

/// What one app took and still has.
#[derive(Clone, Debug)]
pub struct AppTakings {
    /// The app.
    pub app: AppId,
    /// What it calls itself.
    pub app_name: String,
    /// What is not settled yet, per currency.
    pub pending: Vec<Balance>,
}

/// What a merchant's apps took.
#[derive(Clone, Debug)]
pub struct Takings {
    /// What waits with the apps.
    pub apps: Vec<AppTakings>,
    /// What is the merchant's, per currency.
    pub settled: Vec<Balance>,
}

impl Market {
    /// Returns what a merchant's apps took.
    ///
    /// # Errors
    /// The store's.
    pub async fn takings(&self, merchant: UserId) -> Result<Takings, MarketError> {
        let read = |txn: Txn| async move {
            let mut takings = Vec::new();
            let all = app::list(&txn).await?.into_iter();
            for own in all.filter(|version| version.merchant == merchant) {
                takings.push(takings_of(&txn, own.app).await?);
            }
            Ok(Takings {
                apps: takings,
                settled: account::balances(&txn, &Holder::Merchant(merchant)).await?,
            })
        };
        self.store().view(read).await
    }

    /// Returns how often takings are settled: a dozen times while they wait.
    pub(crate) fn settles_every(&self) -> Duration {
        let twelfth = self.0.config.settle_after_ms / 12;
        let every = twelfth.clamp(SETTLEMENT_EVERY_MS_MIN, SETTLEMENT_EVERY_MS_MAX);
        Duration::from_millis(every)
    }

    /// Settles what waited long enough, for every app; one that cannot be settled holds up no
    /// other.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn settle_all(&self) -> Result<(), MarketError> {
        let list = |txn: Txn| async move { Ok::<_, MarketError>(app::list(&txn).await?) };
        for version in self.store().view(list).await? {
            if let Err(error) = self.settle(&version).await {
                tracing::warn!(app = %version.app, "takings are held up: {error}");
            }
        }
        Ok(())
    }

    async fn settle(&self, version: &Version) -> Result<(), MarketError> {
        let holder = &Holder::App(version.app.clone());
        let read = |txn: Txn| async move {
            let balances = account::balances(&txn, holder).await?;
            Ok::<_, Refusal>(balances)
        };
        for balance in self.store().view(read).await? {
            if balance.available <= 0 {
                continue;
            }
            let settle = |txn: Txn| async move {
                let since = self.settled_until(txn.now());
                let (app, merchant) = (&version.app, version.merchant);
                settlement::settle_until(&txn, app, merchant, balance.currency, since).await
            };
            self.store().transact(settle).await?;
        }
        Ok(())
    }

    /// Returns until when takings are old enough, in steps: within one, there is one settlement.
    fn settled_until(&self, now: Timestamp) -> Timestamp {
        let step = u64::try_from(self.settles_every().as_millis()).unwrap_or(u64::MAX);
        let steps = now.millis().checked_div(step).unwrap_or(0);
        let reached = steps.saturating_mul(step);
        Timestamp::from_millis(reached.saturating_sub(self.0.config.settle_after_ms))
    }
}

async fn takings_of(txn: &Txn, app: AppId) -> Result<AppTakings, MarketError> {
    Ok(AppTakings {
        app_name: apps::name(txn, &app).await?,
        pending: account::balances(txn, &Holder::App(app.clone())).await?,
        app,
    })
}
