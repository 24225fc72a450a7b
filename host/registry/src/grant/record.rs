//! What comes of what an app asks for, as runs have it and as traces keep it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use souk_core::{Claim, Money, Reach};

/// What has come of something an app asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Grant<T> {
    /// It was not asked for, or is not allowed here.
    #[default]
    Denied,
    /// The person has to be asked first.
    Unasked,
    /// The person said no.
    Refused,
    /// It may, so much.
    Granted(T),
}

/// What an app may do in one event. Fixed before its first instruction runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grants {
    /// Speak in the chat an event came from.
    pub messaging_post: Grant<()>,
    /// Write once more to whom a push token is of.
    pub messaging_push: Grant<()>,
    /// Hear what is said in groups whose admins let it.
    pub messaging_listen: Grant<()>,
    /// Know these claims; one that is not here was not asked for.
    pub profile_claims: BTreeMap<Claim, Grant<()>>,
    /// Know people across its merchant's apps.
    pub merchant_id: Grant<()>,
    /// Ask for payment: the most one order may come to.
    pub wallet_request: Grant<Money>,
    /// Pay out of its own takings: the most on a day.
    pub wallet_pay_out: Grant<Money>,
    /// Keep data for the whole app.
    pub storage_app: Grant<()>,
    /// Keep data for each chat.
    pub storage_chat: Grant<()>,
    /// Keep data for each person.
    pub storage_user: Grant<()>,
    /// Read what its merchant set.
    pub config: Grant<()>,
    /// Be told later.
    pub schedule: Grant<()>,
    /// Send requests to the outside: where to.
    pub http: Grant<Vec<Reach>>,
}
