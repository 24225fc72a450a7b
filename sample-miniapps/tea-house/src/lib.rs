//! A tea house in a chat: the sample to copy.
//!
//! This file is the map: what people type, what they press, what becomes of an order. Each line
//! leads to the file that does it.

mod counter; // Taking an order and serving it.
mod flash; // An offer that does not last.
mod menu; // What there is and what it costs.
mod returns; // Giving money back.
mod spill; // Failing half-way.
mod table; // A link to the menu, for each table.
mod tally; // What was sold.
mod ticket; // What was ordered, until it is served and after.

use serde::{Deserialize, Serialize};
use souk_sdk::prelude::*;

struct TeaHouse;

/// What this app's buttons say.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Press {
    Order,
    Flash,
}

impl MiniApp for TeaHouse {
    fn command(event: &Event, command: Command) -> Result {
        match command.name() {
            "tea" => menu::show(table::of(&command)),
            "flash" => flash::offer(),
            "return" => returns::take_back(event, command.arguments()),
            "tally" => tally::show(),
            "spill" => spill::stumble(event),
            "table" => table::link(command.arguments()),
            _ => Err(command.unknown()),
        }
    }

    fn action(event: &Event, action: Action) -> Result {
        match action.data()? {
            Press::Order => counter::take(event, action.inputs()?),
            Press::Flash => flash::take(event),
        }
    }

    fn order(_: &Event, order: Order) -> Result {
        match order.state() {
            OrderState::Paid => counter::serve(&order),
            OrderState::Declined => counter::forget(&order, "changed their mind"),
            OrderState::Expired => counter::forget(&order, "did not pay in time"),
            _ => Ok(()),
        }
    }
}

souk_sdk::export!(TeaHouse);
