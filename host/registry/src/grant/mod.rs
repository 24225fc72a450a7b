//! What an app may do here: what its manifest asks for, as far as the operator allows it.
//!
//! Pure, so that it can be read as a truth table. The third key, the person's consent, is turned
//! where the person is known.

use souk_core::manifest::{Manifest, Permission};
use souk_core::{Claim, Money, Origin, Reach};

/// What an app may do on this host. Fixed before its first instruction runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    /// Speak in the chat an event came from.
    pub messaging_post: bool,
    /// The claims it may ask people for.
    pub profile_claims: Vec<Claim>,
    /// The most one order may come to; `None`: it may not ask for payment.
    pub wallet_request: Option<Money>,
    /// The most it may pay out of its own takings on a day; `None`: nothing.
    pub wallet_pay_out: Option<Money>,
    /// Keep data for the whole app.
    pub storage_app: bool,
    /// Keep data for each chat.
    pub storage_chat: bool,
    /// Keep data for each person.
    pub storage_user: bool,
    /// Read what its merchant set.
    pub config: bool,
    /// Be told later.
    pub schedule: bool,
    /// Where it may send requests to; empty: nowhere.
    pub http: Vec<Reach>,
}

/// What the operator allows apps to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Whether apps may speak in chats.
    pub messaging_post: bool,
    /// The claims apps may ask people for.
    pub profile_claims: Vec<Claim>,
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
            profile_claims: Claim::ALL.to_vec(),
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

/// Returns what an app may do: asked and allowed, the narrower of the two.
pub fn of(manifest: &Manifest, policy: &Policy) -> Grants {
    let mut grants = Grants::default();
    for asked in &manifest.req_permissions {
        match &asked.permission {
            Permission::MessagingPost => grants.messaging_post = policy.messaging_post,
            Permission::IdentityProfile { claims } => {
                let allowed = claims
                    .iter()
                    .filter(|claim| policy.profile_claims.contains(claim));
                grants.profile_claims = allowed.copied().collect();
            }
            Permission::WalletRequest { max_amount } => {
                grants.wallet_request = policy.wallet_request.narrow(*max_amount);
            }
            Permission::WalletPayOut { max_amount } => {
                grants.wallet_pay_out = policy.wallet_pay_out.narrow(*max_amount);
            }
            Permission::StorageApp => grants.storage_app = policy.storage_app,
            Permission::StorageChat => grants.storage_chat = policy.storage_chat,
            Permission::StorageUser => grants.storage_user = policy.storage_user,
            Permission::Config => grants.config = policy.config,
            Permission::Schedule => grants.schedule = policy.schedule,
            Permission::Http { reach } => grants.http = policy.http.narrow(reach),
        }
    }
    grants
}

impl Outside {
    /// What is asked for and allowed.
    fn narrow(&self, asked: &[Reach]) -> Vec<Reach> {
        let allowed = |reach: &&Reach| match self {
            Self::AsAsked => true,
            Self::Among(origins) => origins.contains(&reach.origin),
            Self::Closed => false,
        };
        asked.iter().filter(allowed).cloned().collect()
    }
}

impl Ceiling {
    /// The lower of what is asked for and what is allowed in its currency.
    fn narrow(&self, asked: Money) -> Option<Money> {
        match self {
            Self::AsAsked => Some(asked),
            Self::AtMost(most) => {
                let same = most
                    .iter()
                    .copied()
                    .find(|most| most.currency() == asked.currency());
                same.map(|most| {
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
