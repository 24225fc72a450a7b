//! A slip: what was ordered, kept in the chat by the order's id until the bouquet has left.

use serde::{Deserialize, Serialize};
use souk_sdk::prelude::*;

use crate::flowers::Flower;

/// What was ordered, and for whom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Slip {
    /// Which flowers.
    pub flower: Flower,
    /// How many of them.
    pub stems: u32,
    /// The name on the card.
    pub name: String,
    /// Where it lies on the bench, once its price is set aside.
    pub bouquet: Option<Bouquet>,
}

/// A bouquet on the bench.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bouquet {
    /// 1, 2, 3 in each chat.
    pub number: u64,
    /// The card with which the florist dispatches it.
    pub card: MessageId,
}

impl Slip {
    /// A slip for what somebody wishes.
    pub fn new(flower: Flower, stems: u32, name: String) -> Self {
        let bouquet = None;
        Self {
            flower,
            stems,
            name,
            bouquet,
        }
    }

    /// What was ordered, as one says it: `6 roses`.
    pub fn what(&self) -> String {
        self.flower.count(self.stems)
    }

    /// The bouquet on the bench.
    pub fn bouquet(&self) -> Result<&Bouquet> {
        Ok(self.bouquet.as_ref().ok_or(Denied::NotFound)?)
    }

    /// Keeps it under the order.
    pub fn keep(&self, order: &OrderId) -> Result {
        Bucket::chat()?.put(&key(order), self)?;
        Ok(())
    }

    /// Finds what was ordered.
    pub fn of(order: &OrderId) -> Result<Self> {
        Ok(Bucket::chat()?.get(&key(order))?.ok_or(Denied::NotFound)?)
    }
}

fn key(order: &OrderId) -> String {
    format!("slip/{order}")
}
