//! What the operator allows apps to have.
//!
//! One word for each permission of [`TABLE`](crate::matter::TABLE). Where the operator says
//! nothing, its row says what holds: as much as is asked for, or nothing.

use std::collections::BTreeMap;

use souk_core::manifest::Permission;
use souk_core::{AppId, Claim, Money, Origin};

use crate::matter::{Row, row};

/// What the operator allows an app to have: what they said of each permission.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy(BTreeMap<&'static str, Allowed>);

/// How much of one permission the operator allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// As much as the manifest asks for.
    AsAsked,
    /// Nothing.
    Denied,
    /// In one order, or in the pay-outs of a day, at most so much; nothing in a currency that is
    /// not listed.
    AtMost(Vec<Money>),
    /// Requests to these origins at most.
    Origins(Vec<Origin>),
    /// These claims at most.
    Claims(Vec<Claim>),
}

/// What the operator allows every app, and single apps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policies {
    /// What holds for every app that is not named.
    pub every: Policy,
    /// What holds for those that are, whole.
    pub single: BTreeMap<AppId, Policy>,
}

impl Policies {
    /// Returns what the operator allows an app.
    pub fn of(&self, app: &AppId) -> &Policy {
        self.single.get(app).unwrap_or(&self.every)
    }
}

impl From<Policy> for Policies {
    fn from(every: Policy) -> Self {
        let single = BTreeMap::new();
        Self { every, single }
    }
}

impl Policy {
    /// Notes what the operator says of a permission, in the place of what they said before. What
    /// cannot be said of it, like an amount of a permission without one, allows nothing.
    #[must_use]
    pub fn with(mut self, of: &Row, allowed: Allowed) -> Self {
        self.0.insert(of.name, allowed);
        self
    }

    /// Returns what holds of a permission.
    pub fn allowed(&self, of: &Row) -> &Allowed {
        let unsaid = if of.is_closed {
            &Allowed::Denied
        } else {
            &Allowed::AsAsked
        };
        self.0.get(of.name).unwrap_or(unsaid)
    }

    /// Returns as much of a permission as is allowed; `None` when nothing is.
    pub fn narrow(&self, asked: &Permission) -> Option<Permission> {
        match self.allowed(&row(asked)) {
            Allowed::AsAsked => Some(asked.clone()),
            Allowed::Denied => None,
            Allowed::AtMost(most) => at_most(most, asked),
            Allowed::Origins(among) => origins(among, asked),
            Allowed::Claims(among) => claims(among, asked),
        }
    }
}

/// The lower of what is asked for and what is allowed in its currency.
fn at_most(most: &[Money], asked: &Permission) -> Option<Permission> {
    let lower = |asked: Money| {
        let mut most = most.iter().copied();
        let most = most.find(|most| most.currency() == asked.currency())?;
        Some(if most.minor() < asked.minor() {
            most
        } else {
            asked
        })
    };
    match asked {
        Permission::WalletRequest { max_amount } => {
            let max_amount = lower(*max_amount)?;
            Some(Permission::WalletRequest { max_amount })
        }
        Permission::WalletPayOut { max_amount } => {
            let max_amount = lower(*max_amount)?;
            Some(Permission::WalletPayOut { max_amount })
        }
        _ => None,
    }
}

fn origins(among: &[Origin], asked: &Permission) -> Option<Permission> {
    let Permission::Http { reach } = asked else {
        return None;
    };
    let allowed = reach.iter().filter(|it| among.contains(&it.origin));
    let reach: Vec<_> = allowed.cloned().collect();
    (!reach.is_empty()).then_some(Permission::Http { reach })
}

fn claims(among: &[Claim], asked: &Permission) -> Option<Permission> {
    let Permission::IdentityProfile { claims } = asked else {
        return None;
    };
    let allowed = claims.iter().filter(|claim| among.contains(claim));
    let claims: Vec<_> = allowed.copied().collect();
    (!claims.is_empty()).then_some(Permission::IdentityProfile { claims })
}
