//! Proves `schedule`: timers that go off once, in a chat or in none.
//!
//! | command | does |
//! |---|---|
//! | `in SCOPE NAME SECONDS` | sets a timer, in `chat` or `app` |
//! | `off SCOPE NAME` | cancels it |
//! | `all SCOPE` | lists those that are set |
//! | `many SCOPE N` | sets N |
//! | `big SCOPE BYTES` | sets one that brings so much back |
//! | `count` | says how often timers of the app have gone off |
//!
//! Each says its name, its scope and how late it is. One of a chat says so there; one of the app
//! counts, and reports what it cannot reach. One that is called `again` sets itself once more.
//! Needs `schedule`, `messaging.post`, `storage.app`.

use std::time::Duration;

use guests::{Report, words};
use souk_sdk::prelude::*;
use souk_sdk::schedule::{self, Pending, Scope, Timers};

struct Schedule;

impl MiniApp for Schedule {
    fn command(event: &Event, command: Command) -> Result {
        let mut report = Report::default();
        let [scope, name, number] = words(&command);
        let timers = timers(scope);
        let at = |seconds: u64| event.at() + Duration::from_secs(seconds);
        match command.name() {
            "in" => {
                let at = at(number.parse().unwrap_or(0));
                report.check("timers.set", timers.set(name, at, scope));
            }
            "off" => drop(report.check("timers.cancel", timers.cancel(name))),
            "all" => {
                let named = |pending: Pending| pending.name;
                let names = |all: Vec<Pending>| all.into_iter().map(named).collect::<Vec<_>>();
                let listed = timers.list().map(|all| names(all).join(" "));
                report.note("timers.list", listed);
            }
            "many" => {
                for number in 0..name.parse().unwrap_or(0) {
                    let set = timers.set(&format!("t{number}"), at(60), "");
                    report.check("timers.set", set);
                }
                for left in schedule::timer_allowances() {
                    report.say(
                        "allowance",
                        format_args!("{} {}", left.name, left.remaining),
                    );
                }
            }
            "big" => {
                // The JSON of a text is two quotes longer than the text.
                let payload = "x".repeat(name.parse::<usize>().unwrap_or(2) - 2);
                report.check("timers.set", timers.set("big", at(60), &payload));
            }
            "count" => report.note("count", Bucket::app()?.count("off")),
            _ => return Err(command.unknown()),
        }
        report.tell()
    }

    fn timer(event: &Event, timer: Timer) -> Result {
        let scope: String = timer.payload()?;
        Bucket::app()?.add("off", 1)?;
        if timer.name() == "again" {
            let at = event.at() + Duration::from_secs(60);
            timers(&scope).set("again", at, &scope)?;
        }
        let mut report = Report::default();
        report.say("timer", timer.name());
        report.say("scope", word(timer.scope()));
        let late = event.at().duration_since(timer.due());
        report.say("late", format_args!("{:?}", late.unwrap_or_default()));
        report.check("user.current", User::current());
        if scope == "chat" {
            return report.tell();
        }
        report.check("chat.current", Chat::current());
        report.check("bucket.chat", Bucket::chat());
        report.check(
            "timers.set in chat",
            timers("chat").set("x", event.at(), ""),
        );
        Ok(())
    }
}

fn word(scope: Scope) -> &'static str {
    match scope {
        Scope::App => "app",
        Scope::Chat => "chat",
    }
}

fn timers(scope: &str) -> Timers {
    match scope {
        "app" => schedule::in_app(),
        _ => schedule::in_chat(),
    }
}

souk_sdk::export!(Schedule);
