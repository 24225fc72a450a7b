//! What people decide on, one at a time: a permission, and of a profile each claim alone.
//!
//! A matter has an extent: how much, or where to. Two of the same matter can be compared: what is
//! in both, and what one has beyond the other.

use std::mem::discriminant;

use super::Permission;
use crate::{Method, Money, Reach};

impl Permission {
    /// Returns the matters it is: each of its claims alone, or itself.
    pub fn matters(&self) -> Vec<Self> {
        match self {
            Self::IdentityProfile { claims } => {
                let alone = |claim: &_| Self::IdentityProfile {
                    claims: vec![*claim],
                };
                claims.iter().map(alone).collect()
            }
            Self::MessagingPost
            | Self::MessagingPush
            | Self::MessagingListen
            | Self::IdentityMerchantId
            | Self::WalletRequest { .. }
            | Self::WalletPayOut { .. }
            | Self::StorageApp
            | Self::StorageChat
            | Self::StorageUser
            | Self::Config
            | Self::Schedule
            | Self::Http { .. } => vec![self.clone()],
        }
    }

    /// Returns the name of a matter: that of the permission, with a claim behind a colon.
    pub fn matter(&self) -> String {
        match self {
            Self::IdentityProfile { claims } => {
                let claims: Vec<_> = claims.iter().map(|claim| claim.name()).collect();
                format!("{}:{}", self.name(), claims.join("+"))
            }
            Self::MessagingPost
            | Self::MessagingPush
            | Self::MessagingListen
            | Self::IdentityMerchantId
            | Self::WalletRequest { .. }
            | Self::WalletPayOut { .. }
            | Self::StorageApp
            | Self::StorageChat
            | Self::StorageUser
            | Self::Config
            | Self::Schedule
            | Self::Http { .. } => self.name().to_owned(),
        }
    }

    /// Tells whether two are the same matter, whatever their extents.
    pub fn is_about(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::IdentityProfile { claims: one }, Self::IdentityProfile { claims: other }) => {
                one == other
            }
            (one, other) => discriminant(one) == discriminant(other),
        }
    }

    /// Returns what is in both of two that are the same matter; `None` when that is nothing.
    pub fn within(&self, most: &Self) -> Option<Self> {
        match (self, most) {
            (Self::WalletRequest { max_amount: asked }, Self::WalletRequest { max_amount }) => {
                let max_amount = lower(*asked, *max_amount)?;
                Some(Self::WalletRequest { max_amount })
            }
            (Self::WalletPayOut { max_amount: asked }, Self::WalletPayOut { max_amount }) => {
                let max_amount = lower(*asked, *max_amount)?;
                Some(Self::WalletPayOut { max_amount })
            }
            (Self::Http { reach: asked }, Self::Http { reach }) => {
                let in_both = select(asked, |at, method| covers(reach, at, method));
                (!in_both.is_empty()).then_some(Self::Http { reach: in_both })
            }
            (asked, most) => asked.is_about(most).then(|| asked.clone()),
        }
    }

    /// Returns what of it goes beyond another of the same matter; `None` when nothing does. An
    /// amount that goes beyond does so whole.
    pub fn beyond(&self, known: &Self) -> Option<Self> {
        match (self, known) {
            (Self::Http { reach: asked }, Self::Http { reach }) => {
                let more = select(asked, |at, method| !covers(reach, at, method));
                (!more.is_empty()).then_some(Self::Http { reach: more })
            }
            (asked, known) => {
                let covered = asked.within(known).as_ref() == Some(asked);
                (!covered).then(|| asked.clone())
            }
        }
    }
}

/// The lower of two amounts of one currency.
fn lower(one: Money, other: Money) -> Option<Money> {
    let same = one.currency() == other.currency();
    same.then_some(if one.minor() < other.minor() {
        one
    } else {
        other
    })
}

fn covers(all: &[Reach], at: &Reach, method: Method) -> bool {
    all.iter().any(|it| it.covers(&at.origin, method))
}

/// The methods of each origin that are wanted, without origins that have none.
fn select(all: &[Reach], wanted: impl Fn(&Reach, Method) -> bool) -> Vec<Reach> {
    let part = |at: &Reach| Reach {
        origin: at.origin.clone(),
        methods: at
            .methods
            .iter()
            .copied()
            .filter(|method| wanted(at, *method))
            .collect(),
    };
    let mut parts: Vec<_> = all.iter().map(part).collect();
    parts.retain(|at| !at.methods.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Claim;

    fn pay(most: &str) -> Permission {
        let max_amount = most.parse().unwrap();
        Permission::WalletRequest { max_amount }
    }

    fn http(reach: &[(&str, &[Method])]) -> Permission {
        let at = |(origin, methods): &(&str, &[Method])| Reach {
            origin: format!("https://{origin}.example").parse().unwrap(),
            methods: methods.to_vec(),
        };
        let reach = reach.iter().map(at).collect();
        Permission::Http { reach }
    }

    #[test]
    fn a_profile_is_decided_on_claim_by_claim() {
        let claims = Claim::ALL.to_vec();
        let matters = Permission::IdentityProfile { claims }.matters();
        assert_eq!(matters.len(), Claim::ALL.len());
        assert_eq!(matters[0].matter(), "identity.profile:name");
        assert_eq!(pay("5.00 USD").matters(), [pay("5.00 USD")]);
    }

    #[test]
    fn the_narrower_of_two_is_in_both() {
        use Method::{Get, Post};
        assert_eq!(
            pay("5.00 USD").within(&pay("9.00 USD")),
            Some(pay("5.00 USD"))
        );
        assert_eq!(
            pay("9.00 USD").within(&pay("5.00 USD")),
            Some(pay("5.00 USD"))
        );
        assert_eq!(pay("5.00 USD").within(&pay("5.00 EUR")), None);
        let asked = http(&[("a", &[Get, Post]), ("b", &[Get])]);
        let most = http(&[("a", &[Post]), ("c", &[Get])]);
        assert_eq!(asked.within(&most), Some(http(&[("a", &[Post])])));
        assert_eq!(asked.within(&http(&[("c", &[Get])])), None);
        let (post, later) = (Permission::MessagingPost, Permission::Schedule);
        assert_eq!(post.within(&post), Some(post.clone()));
        assert_eq!(post.within(&later), None);
    }

    #[test]
    fn only_the_difference_goes_beyond() {
        use Method::{Get, Post};
        assert_eq!(pay("5.00 USD").beyond(&pay("9.00 USD")), None);
        assert_eq!(
            pay("9.00 USD").beyond(&pay("5.00 USD")),
            Some(pay("9.00 USD"))
        );
        assert_eq!(
            pay("1.00 EUR").beyond(&pay("5.00 USD")),
            Some(pay("1.00 EUR"))
        );
        let known = http(&[("a", &[Get])]);
        let asked = http(&[("a", &[Get, Post]), ("b", &[Get])]);
        let more = http(&[("a", &[Post]), ("b", &[Get])]);
        assert_eq!(asked.beyond(&known), Some(more));
        assert_eq!(known.beyond(&asked), None);
        let post = Permission::MessagingPost;
        assert_eq!(post.beyond(&post), None);
    }
}
