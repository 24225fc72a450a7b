//! Proves `identity`: an id for everyone, a profile for those who agreed.
//!
//! | command | does |
//! |---|---|
//! | `who` | reports the person's pairwise id |
//! | `name` | reports the name; the host asks first |
//! | `claims A B` | asks for these claims |
//! | `greet` | posts a message before it asks for the name, so that asking is seen to drop it |
//!
//! Every press of a button reports the name, too. Without `identity.profile` the claims are `denied
//! not-granted`, after a no `denied consent-refused`; the id needs no permission.

use guests::{Report, words};
use souk_sdk::prelude::*;

struct Identity;

impl MiniApp for Identity {
    fn command(_: &Event, command: Command) -> Result {
        let mut report = Report::default();
        let Some(user) = report.check("user.current", User::current()) else {
            return report.tell();
        };
        match command.name() {
            "who" => report.say("user.id", user.id()),
            "name" => {
                report.note("user.name", user.name());
                report.note("user.name again", user.name());
            }
            "claims" => {
                let claims: [&str; 2] = words(&command);
                let wanted: Vec<_> = claims
                    .into_iter()
                    .filter(|claim| !claim.is_empty())
                    .collect();
                report.note("user.profile", profile(&user, &wanted));
            }
            "greet" => {
                report.check(
                    "chat.post",
                    Chat::current().and_then(|chat| chat.post("Hello")),
                );
                report.note("user.name", user.name());
            }
            _ => return Err(command.unknown()),
        }
        report.tell()
    }

    fn action(_: &Event, _: Action) -> Result {
        let mut report = Report::default();
        report.note("user.name", User::current().and_then(|user| user.name()));
        report.tell()
    }
}

fn profile(user: &User, claims: &[&str]) -> Result<String, Denied> {
    let told = user.profile(claims)?;
    let told = told
        .into_iter()
        .map(|claim| format!("{}={}", claim.name, claim.value));
    Ok(told.collect::<Vec<_>>().join(" "))
}

souk_sdk::export!(Identity);
