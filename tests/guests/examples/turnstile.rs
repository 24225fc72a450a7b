//! Proves that numbers are given out once and without gaps, however many people press at once.
//!
//! Any command posts a button; each press takes the chat's next number and calls it out. Needs
//! `messaging.post` and `storage.chat`.

use souk_sdk::prelude::*;

struct Turnstile;

impl MiniApp for Turnstile {
    fn command(_: &Event, _: Command) -> Result {
        let button = Button::submit("press", "Press", "");
        Chat::current()?.post(Card::new("Turnstile").button(button))?;
        Ok(())
    }

    fn action(_: &Event, _: Action) -> Result {
        let number = Bucket::chat()?.next("number")?;
        Chat::current()?.post(number.to_string())?;
        Ok(())
    }
}

souk_sdk::export!(Turnstile);
