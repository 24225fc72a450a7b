//! A ticket: what was ordered, kept in the chat until it is served and after.
//!
//! Tickets are kept by the order's id, so any number of people can order at once.

use serde::{Deserialize, Serialize};
use souk_sdk::prelude::*;

/// What was ordered, and by whom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    /// Who is called when it is ready.
    pub name: String,
    /// How many cups.
    pub quantity: u32,
    /// Of what: `large jasmine`.
    pub kind: String,
    /// What the tea master should know.
    pub note: Option<String>,
}

impl Ticket {
    /// What was ordered, as one calls it out: `2 large jasmine (less sugar)`.
    pub fn what(&self) -> String {
        let note = self.note.as_ref().map(|note| format!(" ({note})"));
        format!(
            "{} {}{}",
            self.quantity,
            self.kind,
            note.unwrap_or_default()
        )
    }

    /// Keeps it under the order.
    pub fn keep(&self, order: &Order) -> Result {
        Bucket::chat()?.put(&key(&order.id()), self)?;
        Ok(())
    }

    /// Finds what was ordered.
    pub fn of(order: &Order) -> Result<Self> {
        Ok(Bucket::chat()?
            .get(&key(&order.id()))?
            .ok_or(Denied::NotFound)?)
    }
}

/// Gives an order the next cup of this chat: 1, 2, 3, none twice and none left out.
pub fn next_cup(order: &Order) -> Result<u64> {
    let chat = Bucket::chat()?;
    let cup = chat.next("cups")?;
    chat.put(&format!("cup/{cup}"), &order.id())?;
    Ok(cup)
}

/// Finds the order that was served as this cup.
pub fn order_of(cup: u64) -> Result<Order> {
    let id: Option<OrderId> = Bucket::chat()?.get(&format!("cup/{cup}"))?;
    let id = id.ok_or_else(|| Failure::rejected(format!("There is no cup {cup} here.")))?;
    Ok(Order::find(&id)?)
}

fn key(order: &OrderId) -> String {
    format!("ticket/{order}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_called_out_with_its_note() {
        let kind = "large jasmine".to_owned();
        let mut ticket = Ticket {
            name: "Ana".to_owned(),
            quantity: 2,
            kind,
            note: None,
        };
        assert_eq!(ticket.what(), "2 large jasmine");
        ticket.note = Some("less sugar".to_owned());
        assert_eq!(ticket.what(), "2 large jasmine (less sugar)");
    }
}
