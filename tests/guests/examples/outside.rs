//! Proves that there is nothing outside: what a mini-app sees of the machine it runs on.
//!
//! Any command reports the two clocks, a random number, the environment, the arguments, a file and
//! the standard input. The same event gives the same report however often it runs. Needs
//! `messaging.post` to be read in the chat; the log has it in any case.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::io::Read;
use std::time::{Instant, SystemTime};

use guests::Report;
use souk_sdk::prelude::*;

struct Outside;

impl MiniApp for Outside {
    #[expect(
        clippy::disallowed_methods,
        reason = "what the clocks say is the question"
    )]
    fn command(event: &Event, _: Command) -> Result {
        let mut report = Report::default();
        report.say(
            "the event's time is the clock's",
            event.at() == SystemTime::now(),
        );
        let start = Instant::now();
        let sum = (0..100_000_u64).fold(0, |sum, number| std::hint::black_box(sum ^ number));
        report.say(
            "time passes while computing",
            start.elapsed().as_nanos() > 0 && sum > 0,
        );
        report.say("random", RandomState::new().hash_one("tea"));
        report.say("environment", std::env::vars().count());
        report.say("arguments", std::env::args().count());
        report.say("a file", std::fs::read("/etc/passwd").is_ok());
        report.say("a folder", std::fs::read_dir("/").is_ok());
        report.say("a new file", std::fs::write("/tmp/tea", "hot").is_ok());
        let mut typed = Vec::new();
        report.say(
            "input",
            std::io::stdin().read_to_end(&mut typed).unwrap_or_default(),
        );
        eprintln!("this line was written to the standard error");
        report.tell()
    }
}

souk_sdk::export!(Outside);
