//! What the guests are asked: commands that call every capability, and every function of the
//! contract that takes a name, each with a name that makes it wait.

use std::collections::BTreeMap;
use std::fmt;

use souk_runtime::End;

use super::world::{Guests, World};
use crate::Wrong;

/// The guests that are run.
pub(super) const GUESTS: [&str; 11] = [
    "probe",
    "echo",
    "social",
    "wallet",
    "http",
    "storage",
    "schedule",
    "identity",
    "messaging",
    "config",
    "limits",
];
/// Where the guests may ask.
pub(super) const ORIGIN: &str = "http://api.example.com";
/// What each is asked. A word in braces is a name of what the app has.
const COMMANDS: [(&str, &str, &str); 29] = [
    ("probe", "make", ""),
    ("probe", "look", ""),
    ("echo", "echo", "large, please"),
    ("echo", "open", "words"),
    ("social", "whisper", "me"),
    ("social", "ask", ""),
    ("social", "token", ""),
    ("social", "push", "{token} 2"),
    ("social", "who", ""),
    ("social", "launch", "nonce"),
    ("wallet", "rich", "r1"),
    ("wallet", "hold", "h1 100"),
    ("wallet", "statement", "USD"),
    ("wallet", "purse", "USD"),
    ("http", "twice", "http://api.example.com/tea"),
    ("http", "send", "POST http://api.example.com/tea one"),
    ("http", "left", ""),
    ("storage", "put", "chat one two"),
    ("storage", "all", "user"),
    ("schedule", "in", "chat tea 60"),
    ("schedule", "all", "app"),
    ("schedule", "many", "app 2"),
    ("identity", "who", ""),
    ("identity", "claims", "name handle"),
    ("messaging", "card", ""),
    ("messaging", "all", ""),
    ("config", "get", "canary-setting"),
    ("config", "open", "canary-secret"),
    ("limits", "left", ""),
];
/// Names for functions that take what no app makes.
const WORDS: [&str; 4] = ["x", "USD", "name", "http://api.example.com/tea"];

/// A command of one of the guests.
#[derive(Clone, Debug)]
pub(super) struct Command {
    pub(super) guest: &'static str,
    pub(super) name: &'static str,
    words: String,
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} /{} {}", self.guest, self.name, self.words)
    }
}

impl Command {
    /// What stands behind it, with the names as they are in a world.
    pub(super) fn words(&self, names: &BTreeMap<String, String>) -> Result<String, Wrong> {
        let known = names.iter();
        let words = known.fold(self.words.clone(), |words, (kind, name)| {
            words.replace(&format!("{{{kind}}}"), name)
        });
        if words.contains('{') {
            return Err(format!("{self}: the app has no such thing").into());
        }
        Ok(words)
    }
}

/// What a neighbour is asked.
pub(super) fn neighbour() -> Command {
    Command {
        guest: "echo",
        name: "echo",
        words: "tea".to_owned(),
    }
}

/// All commands.
pub(super) async fn all(guests: &Guests) -> Result<Vec<Command>, Wrong> {
    let known = COMMANDS.map(|(guest, name, words)| Command {
        guest,
        name,
        words: words.to_owned(),
    });
    Ok(known.into_iter().chain(probes(guests).await?).collect())
}

/// A call of every function that takes a name, with the one that makes it wait most.
async fn probes(guests: &Guests) -> Result<Vec<Command>, Wrong> {
    let world = World::open(guests).await?;
    let probe = |name, words| Command {
        guest: "probe",
        name,
        words,
    };
    let functions = world
        .try_out(guests, &probe("functions", String::new()))
        .await?;
    let kinds = world.names.keys().map(|kind| format!("{{{kind}}}"));
    let words: Vec<_> = kinds.chain(WORDS.map(str::to_owned)).collect();
    let mut probes = Vec::new();
    for function in functions.log {
        let mut most = None;
        for word in &words {
            let command = probe("probe", format!("{function}|{word}"));
            world.fate.begin(None);
            let report = world.try_out(guests, &command).await?;
            let waits = world.fate.waits().len();
            if report.end == End::Ok && most.as_ref().is_none_or(|(most, _)| *most < waits) {
                most = Some((waits, command));
            }
        }
        probes.extend(most.filter(|(waits, _)| *waits > 0).map(|(_, it)| it));
    }
    Ok(probes)
}
