//! Proves that an app can have an event again, say how long it waits, and is told the same.
//!
//! | command | does |
//! |---|---|
//! | `wait MS` | comes in by an open door, says in which language; else waits, so long if it says |
//! | `open` | opens the door |
//!
//! Needs `messaging.post` and `storage.app`.

use std::time::Duration;

use souk_sdk::prelude::*;

struct Again;

impl MiniApp for Again {
    fn command(event: &Event, command: Command) -> Result {
        let door = Bucket::app()?;
        match command.name() {
            "open" => {
                door.put("open", &true)?;
                Ok(())
            }
            _ if door.get::<bool>("open")?.is_some() => {
                let locale = event.locale().unwrap_or("no language");
                Chat::current()?.post(format!("come in ({locale})"))?;
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
