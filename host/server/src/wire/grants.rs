//! What apps may do with a person, and what the person says to it.

use serde::{Deserialize, Serialize};
use souk_core::manifest::Permission;
use souk_core::{AppId, ChatId, Currency, Money, MoneyError, Origin, Timestamp};
use souk_identity::Budget as Kept;
use souk_market::{AppGrants, MatterView, Saying};
use souk_registry::grant::Grant;
use souk_registry::matter::words;

/// What one app may do with a person.
#[derive(Debug, Serialize, Deserialize)]
pub struct Grants {
    /// The app.
    pub app: AppId,
    /// What it calls itself.
    pub app_name: String,
    /// What it asks for.
    pub matters: Vec<Matter>,
    /// The most the person wants to spend there.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub budget: Option<Budget>,
    /// When it last ran for them, in milliseconds since 1970; absent when that is long ago.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ran_last: Option<u64>,
}

/// One thing an app asks for, and how it stands.
#[derive(Debug, Serialize, Deserialize)]
pub struct Matter {
    /// Its name: that of the permission, with a claim behind a colon.
    pub matter: String,
    /// What it means, in the host's words; of what is granted, as much as that is.
    pub words: String,
    /// Why, in the app's words. Show them quoted, as the app's.
    pub reason: String,
    /// Who decides: opening, asking, admins, operator or merchant.
    pub by: String,
    /// granted, refused, not-asked or not-allowed.
    pub state: String,
    /// The most one order may come to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub at_most: Option<Money>,
    /// Where requests may go.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub origins: Option<Vec<Origin>>,
    /// The groups whose admins let it, of those the person is in.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub groups: Vec<ChatId>,
    /// When the person said so, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub said: Option<u64>,
    /// When the app last used it for them; absent when that is long ago, or never was.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub used_last: Option<u64>,
}

/// The most a person wants to spend at an app.
#[derive(Debug, Serialize, Deserialize)]
pub struct Budget {
    /// In one order.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub order: Option<Money>,
    /// On one day of UTC.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub day: Option<Money>,
    /// From the day it was set until it ends.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub in_all: Option<Money>,
    /// When it ends, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub until: Option<u64>,
}

/// What a person says to a matter.
#[derive(Debug, Serialize, Deserialize)]
pub struct SayAsk {
    /// The matter's name.
    pub matter: String,
    /// What they say.
    pub say: Say,
}

/// What a person can say.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Say {
    /// Yes, as much as the app asks for.
    Allow,
    /// Yes, up to this in one order.
    AtMost(Money),
    /// Yes, but only to these origins.
    Only(Vec<Origin>),
    /// Nothing any more: the app has to ask.
    Revoke,
    /// No, for good.
    Refuse,
}

/// A budget to be set; one without amounts is none. Amounts are in minor units.
#[derive(Debug, Serialize, Deserialize)]
pub struct BudgetAsk {
    /// What it is counted in. In other currencies nothing may be spent at the app then.
    pub currency: Currency,
    /// In one order.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub order: Option<u64>,
    /// On one day of UTC.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub day: Option<u64>,
    /// From today until it ends.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub in_all: Option<u64>,
    /// When it ends, in milliseconds since 1970; at most 31 days from now.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub until: Option<u64>,
}

impl BudgetAsk {
    /// The budget that is asked for.
    pub(crate) fn budget(&self) -> Result<Kept, MoneyError> {
        let money = |minor: Option<u64>| minor.map(|it| Money::new(it, self.currency)).transpose();
        Ok(Kept {
            order: money(self.order)?,
            day: money(self.day)?,
            in_all: money(self.in_all)?,
            until: self.until.map(Timestamp::from_millis),
            since: Timestamp::from_millis(0),
        })
    }
}

impl From<Say> for Saying {
    fn from(say: Say) -> Self {
        match say {
            Say::Allow => Self::Allow,
            Say::AtMost(most) => Self::AtMost(most),
            Say::Only(origins) => Self::Only(origins),
            Say::Revoke => Self::Revoke,
            Say::Refuse => Self::Refuse,
        }
    }
}

impl From<AppGrants> for Grants {
    fn from(grants: AppGrants) -> Self {
        Self {
            app: grants.app,
            app_name: grants.name,
            matters: grants.matters.into_iter().map(Into::into).collect(),
            budget: grants.budget.map(Into::into),
            ran_last: grants.ran_last.map(Timestamp::millis),
        }
    }
}

impl From<MatterView> for Matter {
    fn from(view: MatterView) -> Self {
        let shown = view.grant.granted().unwrap_or(&view.matter);
        Self {
            matter: view.matter.matter(),
            words: words(shown),
            by: view.by.name().to_owned(),
            state: state(&view.grant).to_owned(),
            at_most: at_most(shown),
            origins: origins(shown),
            groups: view.groups,
            said: view.said.map(Timestamp::millis),
            used_last: view.used_last.map(Timestamp::millis),
            reason: view.reason,
        }
    }
}

impl From<Kept> for Budget {
    fn from(budget: Kept) -> Self {
        let Kept {
            order,
            day,
            in_all,
            until,
            since: _,
        } = budget;
        Self {
            order,
            day,
            in_all,
            until: until.map(Timestamp::millis),
        }
    }
}

fn state(grant: &Grant<Permission>) -> &'static str {
    match grant {
        Grant::Granted(_) => "granted",
        Grant::Refused => "refused",
        Grant::Unasked => "not-asked",
        Grant::Denied => "not-allowed",
    }
}

fn at_most(matter: &Permission) -> Option<Money> {
    match matter {
        Permission::WalletRequest { max_amount } | Permission::WalletPayOut { max_amount } => {
            Some(*max_amount)
        }
        Permission::MessagingPost
        | Permission::MessagingPush
        | Permission::MessagingListen
        | Permission::IdentityMerchantId
        | Permission::IdentityProfile { .. }
        | Permission::StorageApp
        | Permission::StorageChat
        | Permission::StorageUser
        | Permission::Config
        | Permission::Schedule
        | Permission::Http { .. } => None,
    }
}

fn origins(matter: &Permission) -> Option<Vec<Origin>> {
    match matter {
        Permission::Http { reach } => Some(reach.iter().map(|it| it.origin.clone()).collect()),
        Permission::MessagingPost
        | Permission::MessagingPush
        | Permission::MessagingListen
        | Permission::IdentityMerchantId
        | Permission::IdentityProfile { .. }
        | Permission::WalletRequest { .. }
        | Permission::WalletPayOut { .. }
        | Permission::StorageApp
        | Permission::StorageChat
        | Permission::StorageUser
        | Permission::Config
        | Permission::Schedule => None,
    }
}
