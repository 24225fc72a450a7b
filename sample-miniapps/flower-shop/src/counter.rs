//! Taking an order: the price is set aside when the buyer approves, and nothing is paid yet.

use souk_sdk::prelude::*;

use crate::flowers::Wish;
use crate::slip::Slip;

/// Somebody sent the form: ask them to set the price aside, and remember what for.
pub fn take(event: &Event, wish: Wish) -> Result {
    let Wish {
        flower,
        stems,
        name,
    } = wish;
    // The event's id is the key: however often the event runs, it is one order.
    let order = Order::ask(event.id())
        .item(flower.title(), stems, flower.price())
        .memo(format!("Set aside until the bouquet for {name} leaves"))
        .authorize_only()
        .last_look()
        .send()?;
    let slip = Slip::new(flower, stems, name);
    slip.keep(&order.id())?;
    let (name, what, total) = (&slip.name, slip.what(), order.total());
    let news = format!("{what} for {name}: {total} waits to be set aside");
    Chat::current()?.post(news)?;
    Ok(())
}

/// Nothing was set aside: say so kindly.
pub fn forget(order: &Order, why: &str) -> Result {
    let Slip { name, .. } = Slip::of(&order.id())?;
    let news = format!("No flowers for {name} this time: they {why}. Nothing was charged.");
    Chat::current()?.post(news)?;
    Ok(())
}
