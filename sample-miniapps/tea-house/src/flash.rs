//! An offer that does not last: its order closes itself when nobody pays in time.

use std::time::Duration;

use souk_sdk::prelude::*;

use crate::Press;
use crate::counter::await_payment;
use crate::menu::{Size, Tea, price};
use crate::ticket::Ticket;

/// How long it can be paid.
const TIME: Duration = Duration::from_secs(2);
/// What it costs, whatever the menu says.
const PRICE: Money = Money::usd(100);

/// Posts the offer.
pub fn offer() -> Result {
    let card = Card::new(format!("Flash offer: a small jasmine for {PRICE}"))
        .heading("Flash offer")
        .text(format!(
            "A small jasmine for {PRICE}, for whoever pays within two seconds."
        ))
        .button(Button::submit("flash", "I am quick", Press::Flash));
    Chat::current()?.post(card)?;
    Ok(())
}

/// Somebody was quick. Their name is not asked for: that would take longer than there is time.
pub fn take(event: &Event) -> Result {
    let usual = price(Tea::Jasmine, Size::Small);
    let order = Order::ask(event.id())
        .item("Tea, small jasmine", 1, usual)
        .discount("Flash offer", usual.minus(PRICE)?)
        .expires_in(TIME)
        .send()?;
    let (name, kind) = ("a quick guest".to_owned(), "small jasmine".to_owned());
    let ticket = Ticket {
        name,
        quantity: 1,
        kind,
        note: None,
    };
    ticket.keep(&order)?;
    await_payment(&ticket, &order)
}
