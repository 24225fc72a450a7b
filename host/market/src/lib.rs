//! The market: what people, merchants and operators can do here, one function each.
//!
//! A use case is one transaction, begun, re-run and committed here: it decides by the rules of
//! the crates below, everything becomes durable at once, and only then does anyone hear of it.
//! What happens without a request lives here too: the dispatcher, which runs what follows from a
//! commit and what is due, the drivers, which go by the clock, and the shelf, which keeps compiled
//! mini-apps at hand.

mod admins;
mod aftermath;
mod allowed;
mod apps;
mod audit;
mod budget;
mod by_hand;
mod chats;
mod clock;
mod consents;
mod deed;
mod dispatcher;
mod drivers;
mod error;
mod events;
mod failures;
mod forgetting;
mod gifts;
mod grants;
mod invoke;
mod lanes;
mod last_look;
mod leaving;
mod links;
mod listening;
mod once;
mod operator;
mod orders;
mod outside;
mod people;
mod rails;
mod record;
mod settings;
mod shelf;
mod takings;
mod traces;
mod under_way;
mod updates;
mod wallet;

use std::sync::Arc;

use souk_core::limits::{HASHINGS_AT_ONCE_MAX, SETTLEMENT_WAITS_MS_DEFAULT};
use souk_egress::Egress;
use souk_registry::grant::Policies;
use souk_runtime::{Terms, Workshop};
use souk_store::{Blobs, Store};
use tokio::sync::Semaphore;

pub use apps::{Restricted, Shop};
pub use by_hand::Pocket;
pub use chats::{ChatView, MessageView, Said};
pub use clock::SystemClock;
pub use consents::ConsentView;
pub use error::MarketError;
pub use events::Happened;
pub use gifts::GiftView;
pub use grants::{AppGrants, MatterView, Saying};
pub use links::LinkView;
pub use listening::ListenerView;
pub use once::{Call, CallKey};
pub use operator::{AccountView, Whose};
pub use orders::{OrderView, Sheet};
pub use people::SignedIn;
pub use rails::{DepartureView, Rails, SimulatedBank, SimulatedChain};
pub use record::{AuditLine, OutsideLine, Used};
pub use souk_runtime::PrepareError;
pub use takings::{AppTakings, Takings};
pub use traces::{Fault, TraceKeeping, TraceLine};
pub use updates::{Token, Update, Updates};

/// What the operator decides.
#[derive(Clone, Debug)]
pub struct Config {
    /// What apps may do here at most.
    pub policies: Policies,
    /// The host's address, its fee and how much money may move, and how apps are bounded.
    pub terms: Arc<Terms>,
    /// How money comes in from outside and goes out again.
    pub rails: Rails,
    /// How long an app's takings wait for refunds before they are its merchant's, in milliseconds.
    pub settle_after_ms: u64,
    /// The way out for apps' requests; `None`: they have no outside.
    pub outside: Option<Egress>,
    /// How traces of runs are kept; `None`: none are.
    pub traces: Option<TraceKeeping>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            policies: Policies::default(),
            terms: Arc::default(),
            rails: Rails::default(),
            settle_after_ms: SETTLEMENT_WAITS_MS_DEFAULT,
            outside: None,
            traces: None,
        }
    }
}

/// The market. A cheap handle: clones are the same market.
#[derive(Clone)]
pub struct Market(Arc<Inner>);

struct Inner {
    store: Store,
    shelf: shelf::Shelf,
    lanes: lanes::Lanes,
    /// Passwords hashed at once.
    hashing: Semaphore,
    node: souk_events::lease::Node,
    traces: Option<traces::Traces>,
    config: Config,
}

impl Market {
    /// Opens the market on a store. Nothing happens by itself until [`Market::dispatch`] and
    /// [`Market::drive`] run.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn open(
        store: Store,
        blobs: Blobs,
        workshop: Workshop,
        config: Config,
    ) -> Result<Self, MarketError> {
        let mut node = [0; 16];
        getrandom::fill(&mut node).map_err(|_| souk_store::StoreError::Keyring)?;
        Ok(Self(Arc::new(Inner {
            traces: config.traces.clone().and_then(traces::Traces::open),
            store,
            shelf: shelf::Shelf::new(blobs, workshop),
            lanes: lanes::Lanes::default(),
            hashing: Semaphore::new(HASHINGS_AT_ONCE_MAX),
            node,
            config,
        })))
    }

    /// Returns the store, for those who look after it.
    pub fn store(&self) -> &Store {
        &self.0.store
    }
}
