//! Proves that an app can ask what is left of its run's bounds, and that it is told the truth.
//!
//! Any command reports what is left, then uses some of it and reports again. Needs
//! `messaging.post` to be read in the chat; the log has it in any case.

use guests::Report;
use souk_sdk::limits;
use souk_sdk::prelude::*;

struct Limits;

impl MiniApp for Limits {
    fn command(_: &Event, _: Command) -> Result {
        let mut report = Report::default();
        let before = limits::allowances();
        for left in &before {
            report.say(&format!("{} left", left.name), left.remaining > 0);
        }
        let user = User::current()?;
        let mine = user.id();
        println!("0123456789");
        let memory = std::hint::black_box(vec![1_u8; 1 << 20]);
        for (before, after) in before.iter().zip(limits::allowances()) {
            let used = before.remaining - after.remaining;
            let used = if before.name == "memory-bytes" {
                format!("{}", used >= memory.len() as u64)
            } else {
                used.to_string()
            };
            report.say(&format!("{} used", after.name), used);
        }
        drop((user, mine));
        report.tell()
    }
}

souk_sdk::export!(Limits);
