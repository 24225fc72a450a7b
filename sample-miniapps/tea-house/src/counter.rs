//! Taking an order and serving it.

use souk_sdk::prelude::*;

use crate::menu::{Wish, price};
use crate::tally;
use crate::ticket::{Ticket, next_cup};

/// Somebody sent the form: ask them to pay, and remember what for.
pub fn take(event: &Event, wish: Wish) -> Result {
    let name = name()?;
    let kind = wish.kind();
    // The event's id is the key: however often the event runs, it is one order.
    let order = Order::ask(event.id())
        .item(
            format!("Tea, {kind}"),
            wish.quantity,
            price(wish.tea, wish.size),
        )
        .memo(format!("For {name}"))
        .send()?;
    let ticket = Ticket {
        name,
        quantity: wish.quantity,
        kind,
        note: wish.note,
    };
    ticket.keep(&order)?;
    await_payment(&ticket, &order)
}

/// Says in the group whose turn it is.
pub fn await_payment(ticket: &Ticket, order: &Order) -> Result {
    let (name, what, total) = (&ticket.name, ticket.what(), order.total());
    Chat::current()?.post(format!("Waiting for {name} to pay {total}: {what}"))?;
    Ok(())
}

/// It is paid: number the cup and call it out.
pub fn serve(order: &Order) -> Result {
    let ticket = Ticket::of(order)?;
    let cup = next_cup(order)?;
    tally::sold(ticket.quantity, order.total())?;
    Chat::current()?.post(format!("Cup {cup} for {}: {}", ticket.name, ticket.what()))?;
    Ok(())
}

/// It will not be paid: say so kindly.
pub fn forget(order: &Order, why: &str) -> Result {
    let Ticket { name, .. } = Ticket::of(order)?;
    Chat::current()?.post(format!(
        "No tea for {name} this time: they {why}. Nothing was charged."
    ))?;
    Ok(())
}

/// Who it is for. Whoever keeps their name to themselves is a guest.
fn name() -> Result<String, Denied> {
    match User::current()?.name() {
        Err(Denied::ConsentRefused) => Ok("a guest".to_owned()),
        answer => answer,
    }
}
