//! What the operator allows apps to have.

use souk_core::manifest::Permission;
use souk_core::{Claim, Money, Origin};

/// What the operator allows apps to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Whether apps may speak in chats.
    pub messaging_post: bool,
    /// Whether apps may write to people who gave them a push token.
    pub messaging_push: bool,
    /// Whether apps may hear what is said in groups.
    pub messaging_listen: bool,
    /// The claims apps may ask people for.
    pub profile_claims: Vec<Claim>,
    /// Whether merchants may know people across their apps.
    pub merchant_id: bool,
    /// Whether apps may ask for payment, and for how much.
    pub wallet_request: Ceiling,
    /// Whether apps may pay people out of their takings, and how much on a day.
    pub wallet_pay_out: Ceiling,
    /// Whether apps may keep data of their own.
    pub storage_app: bool,
    /// Whether apps may keep data of chats.
    pub storage_chat: bool,
    /// Whether apps may keep data of persons.
    pub storage_user: bool,
    /// Whether apps may read what their merchants set.
    pub config: bool,
    /// Whether apps may be told later.
    pub schedule: bool,
    /// Where apps may send requests to.
    pub http: Outside,
}

/// Where the operator lets requests go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outside {
    /// Where the manifest asks for.
    AsAsked,
    /// To these origins at most.
    Among(Vec<Origin>),
    /// Nowhere.
    Closed,
}

/// How much the operator lets one order, or the pay-outs of a day, come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ceiling {
    /// As much as the manifest asks for.
    AsAsked,
    /// At most so much; nothing in a currency that is not listed.
    AtMost(Vec<Money>),
    /// Nothing.
    Closed,
}

impl Default for Policy {
    /// Everything there is may be asked for.
    fn default() -> Self {
        Self {
            messaging_post: true,
            messaging_push: true,
            messaging_listen: true,
            profile_claims: Claim::ALL.to_vec(),
            merchant_id: true,
            wallet_request: Ceiling::AsAsked,
            wallet_pay_out: Ceiling::AsAsked,
            storage_app: true,
            storage_chat: true,
            storage_user: true,
            config: true,
            schedule: true,
            http: Outside::AsAsked,
        }
    }
}

impl Policy {
    /// Returns as much of a permission as is allowed; `None` when nothing is.
    pub fn narrow(&self, asked: &Permission) -> Option<Permission> {
        let whole = |allowed: bool| allowed.then(|| asked.clone());
        match asked {
            Permission::MessagingPost => whole(self.messaging_post),
            Permission::MessagingPush => whole(self.messaging_push),
            Permission::MessagingListen => whole(self.messaging_listen),
            Permission::IdentityMerchantId => whole(self.merchant_id),
            Permission::IdentityProfile { claims } => {
                let allowed = |claim: &&Claim| self.profile_claims.contains(claim);
                let claims: Vec<_> = claims.iter().filter(allowed).copied().collect();
                (!claims.is_empty()).then_some(Permission::IdentityProfile { claims })
            }
            Permission::WalletRequest { max_amount } => {
                let max_amount = self.wallet_request.narrow(*max_amount)?;
                Some(Permission::WalletRequest { max_amount })
            }
            Permission::WalletPayOut { max_amount } => {
                let max_amount = self.wallet_pay_out.narrow(*max_amount)?;
                Some(Permission::WalletPayOut { max_amount })
            }
            Permission::StorageApp => whole(self.storage_app),
            Permission::StorageChat => whole(self.storage_chat),
            Permission::StorageUser => whole(self.storage_user),
            Permission::Config => whole(self.config),
            Permission::Schedule => whole(self.schedule),
            Permission::Http { reach } => {
                let allowed = reach.iter().filter(|it| self.http.allows(&it.origin));
                let reach: Vec<_> = allowed.cloned().collect();
                (!reach.is_empty()).then_some(Permission::Http { reach })
            }
        }
    }
}

impl Outside {
    fn allows(&self, origin: &Origin) -> bool {
        match self {
            Self::AsAsked => true,
            Self::Among(origins) => origins.contains(origin),
            Self::Closed => false,
        }
    }
}

impl Ceiling {
    /// The lower of what is asked for and what is allowed in its currency.
    fn narrow(&self, asked: Money) -> Option<Money> {
        match self {
            Self::AsAsked => Some(asked),
            Self::AtMost(most) => {
                let same = |most: &&Money| most.currency() == asked.currency();
                let most = most.iter().find(same).copied();
                most.map(|most| {
                    if most.minor() < asked.minor() {
                        most
                    } else {
                        asked
                    }
                })
            }
            Self::Closed => None,
        }
    }
}
