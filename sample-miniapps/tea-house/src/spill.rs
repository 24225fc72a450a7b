//! Failing half-way, on purpose: `/spill` writes down, says and asks for things, and then stumbles.
//!
//! What a handler does is staged until it returns `Ok`. It never does here, so there is no cup in
//! the tally, no message in the chat and no sheet before anyone: only the host's notice that it
//! failed.

use souk_sdk::prelude::*;

use crate::tally;

/// Does half of everything, then stumbles.
pub fn stumble(event: &Event) -> Result {
    let tray = Money::usd(500);
    tally::sold(1_000, tray)?;
    Chat::current()?.post("You will never read this")?;
    Order::ask(event.id())
        .item("A tray of tea", 1, tray)
        .send()?;
    panic!("the tray slipped");
}
