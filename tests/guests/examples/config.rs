//! Proves `config`: what the merchant set, and secrets that are in no log.
//!
//! | command | does |
//! |---|---|
//! | `get NAME` | reads a value |
//! | `open NAME` | opens a secret, and says how long it is |
//! | `print NAME` | tries to leave a secret in the log |
//! | `reject NAME` | the same in a reason |
//! | `crash NAME` | the same in a panic |
//!
//! Needs `config` and `messaging.post`.

use guests::{Report, words};
use souk_sdk::config::{self, Secret};
use souk_sdk::prelude::*;

struct Config;

impl MiniApp for Config {
    fn command(_: &Event, command: Command) -> Result {
        let mut report = Report::default();
        let [name] = words(&command);
        match command.name() {
            "get" => {
                let found = config::get(name);
                report.note("values.get", found.map(|it| it.unwrap_or("nothing".into())));
            }
            "open" => {
                if let Some(secret) = report.check("secret.open", Secret::open(name)) {
                    let bytes = secret.reveal().len();
                    report.say("secret.reveal", format_args!("{bytes} bytes"));
                }
            }
            "print" => {
                println!("the key is {}", Secret::open(name)?.reveal());
                report.say("printed", "ok");
            }
            "reject" => {
                let secret = Secret::open(name)?.reveal();
                return Err(Failure::rejected(format!("{secret} was refused")));
            }
            "crash" => panic!("{} is wrong", Secret::open(name)?.reveal()),
            _ => return Err(command.unknown()),
        }
        report.tell()
    }
}

souk_sdk::export!(Config);
