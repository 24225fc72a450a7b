//! Proves that a crowd in one chat is served one after the other: the command `count` and the button
//! of `open` both take the chat's next number and post it. Whatever the load, the numbers in the
//! chat are 1, 2, 3, none twice and none left out.
//!
//! Needs `messaging.post` and `storage.chat`.

use souk_sdk::prelude::*;

struct Crowd;

impl MiniApp for Crowd {
    fn command(_: &Event, command: Command) -> Result {
        match command.name() {
            "count" => count(),
            "open" => open(),
            _ => Err(command.unknown()),
        }
    }

    fn action(_: &Event, _: Action) -> Result {
        count()
    }
}

fn open() -> Result {
    let button = Button::submit("count", "Count me", ());
    Chat::current()?.post(Card::new("Take a number").button(button))?;
    Ok(())
}

fn count() -> Result {
    let number = Bucket::chat()?.next("count")?;
    Chat::current()?.post(number.to_string())?;
    Ok(())
}

souk_sdk::export!(Crowd);
