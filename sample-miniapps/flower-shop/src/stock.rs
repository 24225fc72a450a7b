//! What is left of the flowers. Stems are somebody's once their price is set aside, in the same
//! commit: nobody pays for what is gone, and two who want the last do not both get it.

use souk_sdk::prelude::*;

use crate::flowers::Flower;
use crate::slip::Slip;

/// The buyer has approved and waits. The stems are theirs, unless others were faster.
pub fn last_look(order: &Order) -> Result {
    let Slip { flower, stems, .. } = Slip::of(&order.id())?;
    let left = left(flower)?;
    match left.checked_sub(stems) {
        Some(rest) => keep(flower, rest),
        None => Ok(order.refuse(&format!("We have {} left", flower.count(left)))?),
    }
}

/// The stems stay in the shop: somebody else can have them.
pub fn put_back(slip: &Slip) -> Result {
    keep(slip.flower, left(slip.flower)? + slip.stems)
}

fn left(flower: Flower) -> Result<u32> {
    Ok(Bucket::chat()?
        .get(&key(flower))?
        .unwrap_or(flower.delivered()))
}

fn keep(flower: Flower, stems: u32) -> Result {
    Bucket::chat()?.put(&key(flower), &stems)?;
    Ok(())
}

fn key(flower: Flower) -> String {
    format!("stock/{}", flower.title())
}
