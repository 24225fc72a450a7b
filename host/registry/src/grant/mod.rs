//! What an app may do here: asked by its manifest, allowed by the operator, agreed to by the
//! person. The narrowest of the three wins.
//!
//! Pure, so that it can be read as a truth table; the tests are one.

mod policy;
mod record;
mod said;
#[cfg(test)]
mod tests;

use souk_core::manifest::{Manifest, Permission};
use souk_core::{Answer, Consents, Line};

pub use self::policy::{Allowed, Policies, Policy};
pub use self::record::{Grant, Grants};
use crate::matter::{By, row};

/// Returns what an app may do in an event: what it asks for, as far as the operator allows it and
/// the person agreed. `None` is an event that nobody caused: there is nobody to agree.
pub fn of(asked: &Manifest, allowed: &Policy, consented: Option<&Consents>) -> Grants {
    let mut grants = Grants::default();
    for (matter, _) in asked.matters() {
        grants.set(&matter, decide(&matter, allowed, consented));
    }
    grants
}

/// Returns what comes of one matter that an app asks for.
pub fn decide(
    asked: &Permission,
    allowed: &Policy,
    consented: Option<&Consents>,
) -> Grant<Permission> {
    let Some(matter) = allowed.narrow(asked) else {
        return Grant::Denied;
    };
    let by = row(&matter).by;
    let Some(consents) = consented.filter(|_| by.is_person()) else {
        return Grant::Granted(matter);
    };
    let Some(stance) = consents.on(&matter) else {
        // Whoever has not opened the app has not been told of it either.
        return if by == By::Opening && !consents.opened() {
            Grant::Granted(matter)
        } else {
            Grant::Unasked
        };
    };
    match (stance.answer, matter.within(&stance.matter)) {
        (Answer::Refused, _) | (Answer::AtMost, None) => Grant::Refused,
        (Answer::Granted, None) => Grant::Unasked,
        (Answer::Granted | Answer::AtMost, Some(within)) => Grant::Granted(within),
    }
}

/// Returns what opening an app is a yes to: what it asks for and is allowed, and nobody is asked
/// about otherwise.
pub fn opening<'a>(
    asked: &'a Manifest,
    allowed: &'a Policy,
) -> impl Iterator<Item = (Permission, &'a str)> {
    let matters = asked.matters().filter_map(|(matter, reason)| {
        let matter = allowed.narrow(&matter)?;
        Some((matter, reason))
    });
    matters.filter(|(matter, _)| row(matter).by == By::Opening)
}

/// Returns what an app asks for beyond what a person agreed to when they opened it: what is to be
/// put before them. Nothing to those who never opened it, and nothing they refused.
pub fn more(asked: &Manifest, allowed: &Policy, consents: &Consents) -> Vec<Line> {
    let all = opening(asked, allowed).filter(|_| consents.opened());
    let line = |(matter, reason): (Permission, &str)| {
        let agreed = match consents.on(&matter) {
            None => None,
            Some(stance) if stance.answer == Answer::Granted => {
                matter.beyond(&stance.matter)?;
                Some(stance.matter.clone())
            }
            Some(_) => return None,
        };
        let reason = reason.to_owned();
        Some(Line {
            matter,
            agreed,
            reason,
        })
    };
    all.filter_map(line).collect()
}

impl<T> Grant<T> {
    /// Returns what is granted, if it is.
    pub fn granted(&self) -> Option<&T> {
        match self {
            Self::Granted(extent) => Some(extent),
            Self::Denied | Self::Unasked | Self::Refused => None,
        }
    }

    /// Returns whether the app asked and the operator allows it, whatever the person says.
    pub const fn is_allowed(&self) -> bool {
        !matches!(self, Self::Denied)
    }

    fn with<U>(self, extent: U) -> Grant<U> {
        match self {
            Self::Denied => Grant::Denied,
            Self::Unasked => Grant::Unasked,
            Self::Refused => Grant::Refused,
            Self::Granted(_) => Grant::Granted(extent),
        }
    }
}

impl Grants {
    /// Notes what has come of a matter.
    fn set(&mut self, asked: &Permission, grant: Grant<Permission>) {
        let matter = grant.granted().unwrap_or(asked).clone();
        match matter {
            Permission::MessagingPost => self.messaging_post = grant.with(()),
            Permission::MessagingPush => self.messaging_push = grant.with(()),
            Permission::MessagingListen => self.messaging_listen = grant.with(()),
            Permission::IdentityMerchantId => self.merchant_id = grant.with(()),
            Permission::IdentityProfile { claims } => {
                let claims = claims.into_iter();
                let each = claims.map(|claim| (claim, grant.clone().with(())));
                self.profile_claims.extend(each);
            }
            Permission::WalletRequest { max_amount } => {
                self.wallet_request = grant.with(max_amount);
            }
            Permission::WalletPayOut { max_amount } => self.wallet_pay_out = grant.with(max_amount),
            Permission::StorageApp => self.storage_app = grant.with(()),
            Permission::StorageChat => self.storage_chat = grant.with(()),
            Permission::StorageUser => self.storage_user = grant.with(()),
            Permission::Config => self.config = grant.with(()),
            Permission::Schedule => self.schedule = grant.with(()),
            Permission::Http { reach } => self.http = grant.with(reach),
        }
    }
}
