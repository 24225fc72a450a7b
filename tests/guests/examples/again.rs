//! Proves that an app can have an event again, and say how long it waits.
//!
//! | command | does |
//! |---|---|
//! | `wait MS` | comes in if the door is open; else wants to be run again, after so long if it says |
//! | `open` | opens the door |
//!
//! Needs `messaging.post` and `storage.app`.

use std::time::Duration;

use souk_sdk::prelude::*;

struct Again;

impl MiniApp for Again {
    fn command(_: &Event, command: Command) -> Result {
        let door = Bucket::app()?;
        match command.name() {
            "open" => Ok(door.put("open", &true)?),
            _ if door.get::<bool>("open")?.is_some() => {
                Chat::current()?.post("come in")?;
                Ok(())
            }
            _ => Err(match command.arguments().parse() {
                Ok(millis) => Failure::retry_after("not yet", Duration::from_millis(millis)),
                Err(_) => Failure::retry("not yet"),
            }),
        }
    }
}

souk_sdk::export!(Again);
