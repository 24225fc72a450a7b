//! A flower shop in a chat: the price is set aside when flowers are ordered, and taken when they
//! leave.
//!
//! This file is the map: what people type, what they press, what becomes of an order. Each line
//! leads to the file that does it.

mod bench; // A bouquet waits to be tied, and leaves or does not.
mod counter; // Taking an order, and what is said when nothing comes of it.
mod florist; // Who dispatches.
mod flowers; // What there is and what it costs.
mod slip; // What was ordered, until it has left.
mod stock; // What is left of the flowers, and whether it is enough.

use serde::{Deserialize, Serialize};
use souk_sdk::prelude::*;

struct FlowerShop;

/// What this app's buttons say.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Press {
    Order,
    Dispatch(OrderId),
    TurnDown(OrderId),
}

impl MiniApp for FlowerShop {
    fn command(_: &Event, command: Command) -> Result {
        match command.name() {
            "flowers" => flowers::show(),
            "florist" => florist::begin(),
            _ => Err(command.unknown()),
        }
    }

    fn action(event: &Event, action: Action) -> Result {
        match action.data()? {
            Press::Order => counter::take(event, action.inputs()?),
            Press::Dispatch(order) => bench::dispatch(&order, action.inputs()?),
            Press::TurnDown(order) => bench::turn_down(&order),
        }
    }

    /// The buyer has approved, and waits.
    fn last_look(_: &Event, order: Order) -> Result {
        stock::last_look(&order)
    }

    /// What this app does to an order itself, it is not told: a voided one ran out of time.
    fn order(event: &Event, order: Order) -> Result {
        match order.state() {
            OrderState::Authorized => bench::lay_out(event, &order),
            OrderState::Voided => bench::too_late(&order),
            OrderState::Declined => counter::forget(&order, "changed their mind"),
            OrderState::Expired => counter::forget(&order, "did not answer in time"),
            _ => Ok(()),
        }
    }
}

souk_sdk::export!(FlowerShop);
