//! Proves that runs at the same moment are as if one came after the other: each draw reads a
//! number, writes it, takes one of a series, pays and posts; each sale looks once more before it is
//! paid.
//!
//! | command | does |
//! |---|---|
//! | `fill N` | puts N prizes in |
//! | `draw` | takes one out: a numbered ticket, and a cent; or says that none is left |
//! | `buy KEY` | asks for a cent. One is taken out when that is approved, if one is left |
//!
//! Needs `messaging.post`, `storage.app`, `wallet.request` and `wallet.pay-out`.

use souk_sdk::prelude::*;

struct Raffle;

impl MiniApp for Raffle {
    fn command(event: &Event, command: Command) -> Result {
        let shelf = Bucket::app()?;
        match command.name() {
            "fill" => drop(shelf.put("left", &command.arguments().parse().unwrap_or(0_u64))?),
            "draw" => draw(event, &shelf)?,
            "buy" => {
                let ask = Order::ask(command.arguments()).item("A prize", 1, Money::usd(1));
                ask.last_look().send()?;
            }
            _ => return Err(command.unknown()),
        }
        Ok(())
    }

    fn last_look(_: &Event, order: Order) -> Result {
        let (chat, shelf) = (Chat::current()?, Bucket::app()?);
        let left = shelf.get("left")?.unwrap_or(0_u64);
        if left == 0 {
            order.refuse("None is left")?;
            chat.post("None is left")?;
            return Ok(());
        }
        shelf.put("left", &(left - 1))?;
        chat.post(format!("Sold, {} left", left - 1))?;
        Ok(())
    }
}

fn draw(event: &Event, shelf: &Bucket) -> Result {
    let chat = Chat::current()?;
    let left = shelf.get("left")?.unwrap_or(0_u64);
    if left == 0 {
        chat.post("None is left")?;
        return Ok(());
    }
    shelf.put("left", &(left - 1))?;
    let ticket = shelf.next("ticket")?;
    let (to, prize) = (User::current()?.id(), Money::usd(1));
    Wallet::mine()?.pay_out(&to, event.id(), prize, "A prize")?;
    chat.post(format!("Ticket {ticket}, {} left", left - 1))?;
    Ok(())
}

souk_sdk::export!(Raffle);
