//! The edge: HTTP and WebSocket, and the first web page.
//!
//! [`router()`](router::router) is the list of all addresses. A handler takes out what it needs,
//! makes one call of the market and converts the answer; what goes in and out is in [`wire`], and
//! every error becomes words in one table, [`problem`].

mod apps;
mod chats;
mod consents;
mod events;
mod extract;
mod gifts;
mod grants;
mod links;
mod listen;
mod operator;
mod orders;
mod passages;
mod people;
mod problem;
mod router;
mod stream;
mod traces;
mod wallet;
mod web;
pub mod wire;

use souk_market::Market;
use tokio::sync::watch;

pub use listen::{Limits, serve};
pub use router::router;

/// What every handler can reach.
#[derive(Clone)]
pub struct Edge {
    /// The use cases.
    pub market: Market,
    /// Turns true when the host is going down: sockets then close.
    pub stopping: watch::Receiver<bool>,
}
