//! What a merchant's apps took.

use serde::{Deserialize, Serialize};
use souk_core::AppId;
use souk_market::{AppTakings as OfApp, Takings as All};

use super::wallet::Balance;

/// What a merchant's apps took.
#[derive(Debug, Serialize, Deserialize)]
pub struct Takings {
    /// What waits with each app for refunds.
    pub apps: Vec<AppTakings>,
    /// What is the merchant's, and can be taken out.
    pub settled: Vec<Balance>,
}

/// What one app took and still has.
#[derive(Debug, Serialize, Deserialize)]
pub struct AppTakings {
    /// The app.
    pub app: AppId,
    /// What it calls itself.
    pub app_name: String,
    /// What is not settled yet.
    pub pending: Vec<Balance>,
}

impl From<All> for Takings {
    fn from(takings: All) -> Self {
        Self {
            apps: takings.apps.into_iter().map(Into::into).collect(),
            settled: takings.settled.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<OfApp> for AppTakings {
    fn from(takings: OfApp) -> Self {
        Self {
            app: takings.app,
            app_name: takings.app_name,
            pending: takings.pending.into_iter().map(Into::into).collect(),
        }
    }
}
