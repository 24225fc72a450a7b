//! The florist's bench. A bouquet lies here while its price is set aside: then it leaves and is
//! paid for, whole or in part, or the money goes back.

use std::time::Duration;

use serde::Deserialize;
use souk_sdk::card::{Input, NumberInput};
use souk_sdk::prelude::*;

use crate::slip::{Bouquet, Slip};
use crate::{Press, florist, stock};

/// What the florist fills in.
#[derive(Deserialize)]
pub struct Fresh {
    fresh: u32,
}

/// The buyer approved, so the price is set aside: give the florist a card to dispatch from.
pub fn lay_out(event: &Event, order: &Order) -> Result {
    let slip = Slip::of(&order.id())?;
    let number = Bucket::chat()?.next("bouquets")?;
    let time = order
        .expires()
        .and_then(|at| at.duration_since(event.at()).ok())
        .unwrap_or_default();
    let aside = format!("{} is set aside for {}.", order.total(), span(time));
    let card = Chat::current()?.post(card(&slip, number, &aside, &order.id()))?;
    let bouquet = Some(Bouquet { number, card });
    Slip { bouquet, ..slip }.keep(&order.id())
}

fn card(slip: &Slip, number: u64, aside: &str, order: &OrderId) -> Card {
    let (what, name, stems) = (slip.what(), &slip.name, i64::from(slip.stems));
    let fresh = NumberInput::new("fresh", "How many are fresh?");
    let (leaves, stays) = (
        Press::Dispatch(order.clone()),
        Press::TurnDown(order.clone()),
    );
    Card::new(format!("Bouquet {number}: {what} for {name}. {aside}"))
        .heading(format!("Bouquet {number}"))
        .text(format!("{what} for {name}. {aside}"))
        .with(fresh.range(1, stems).value(stems))
        .button(Button::submit("dispatch", "Dispatch", leaves).positive())
        .button(Button::submit("turn-down", "Not today", stays).without_inputs())
}

/// It leaves: take the price of what is fresh. The rest goes back by itself.
pub fn dispatch(order: &OrderId, Fresh { fresh }: Fresh) -> Result {
    florist::only()?;
    let slip = Slip::of(order)?;
    let price = slip.flower.price().times(fresh)?;
    let order = Order::find(order)?;
    let back = order.total().minus(price)?;
    order.capture(price)?;
    let (what, name) = (slip.flower.count(fresh), &slip.name);
    let paid = format!("{what} for {name} left the shop for {price}");
    let news = if back.is_zero() {
        paid
    } else {
        format!("{paid}, and {back} went back")
    };
    clear(&slip, &news)
}

/// It will not leave: give back what was set aside.
pub fn turn_down(order: &OrderId) -> Result {
    florist::only()?;
    let slip = Slip::of(order)?;
    Order::find(order)?.void("None are fresh today")?;
    // These are no good to anybody, so they do not go back to the others.
    clear(&slip, "none are fresh today, so the money went back")
}

/// Nobody dispatched it in time, and the money went back by itself: tell the buyer.
pub fn too_late(order: &Order) -> Result {
    let slip = Slip::of(&order.id())?;
    let (name, total) = (&slip.name, order.total());
    stock::put_back(&slip)?;
    clear(
        &slip,
        &format!("it did not leave in time, so {total} went back to {name}"),
    )
}

/// Takes the card off the bench, and answers it with what became of the bouquet.
fn clear(slip: &Slip, news: &str) -> Result {
    let Bouquet { number, card } = slip.bouquet()?;
    let chat = Chat::current()?;
    chat.edit(
        card,
        format!("Bouquet {number}: {} for {}", slip.what(), slip.name),
    )?;
    chat.post(Content::from(format!("Bouquet {number}: {news}")).reply_to(card))?;
    Ok(())
}

/// How long that is, roughly: `7 days`, `1 hour`, `4 seconds`.
fn span(time: Duration) -> String {
    let seconds = time.as_secs();
    let units = [("day", 86_400), ("hour", 3_600), ("minute", 60)];
    let fits = units.into_iter().find(|(_, length)| seconds >= *length);
    let (unit, length) = fits.unwrap_or(("second", 1));
    match seconds / length {
        1 => format!("1 {unit}"),
        count => format!("{count} {unit}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flowers::Flower;

    #[test]
    fn the_card_asks_for_no_more_stems_than_were_ordered() {
        let slip = Slip::new(Flower::Roses, 6, "Ana".to_owned());
        let aside = "9.00 USD is set aside for 7 days.";
        let card = card(&slip, 1, aside, &OrderId::new("ord_1"))
            .to_json()
            .unwrap();
        for part in [
            "Bouquet 1: 6 roses for Ana",
            aside,
            r#""max":6"#,
            r#""dispatch":"ord_1""#,
        ] {
            assert!(card.contains(part), "{part}: {card}");
        }
    }

    #[test]
    fn a_time_is_said_in_its_largest_unit() {
        for (seconds, said) in [
            (0, "0 seconds"),
            (4, "4 seconds"),
            (60, "1 minute"),
            (7_300, "2 hours"),
            (604_800, "7 days"),
        ] {
            assert_eq!(span(Duration::from_secs(seconds)), said);
        }
    }
}
