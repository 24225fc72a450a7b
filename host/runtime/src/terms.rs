//! What the operator decides that runs go by, whichever app they are of.

use crate::narrower::Narrowers;

/// What holds for all runs of a host. They share one value, since cores that count references to
/// the same one wait for each other.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The address people know this host by: what launch tokens call it, and where links lead.
    pub issuer: String,
    /// The host's fee, and how much money may move.
    pub money: souk_ledger::Policy,
    /// How much narrower the bounds of runs are drawn.
    pub narrower: Narrowers,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            issuer: "http://localhost".to_owned(),
            money: souk_ledger::Policy::default(),
            narrower: Narrowers::default(),
        }
    }
}
