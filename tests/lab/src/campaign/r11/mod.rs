//! R11: an order's money resolves once, whatever is asked, in whatever order, and whatever the
//! clock does.
//!
//! A sequence is one order, to pay or to authorize, and a dozen requests: approve, capture a part,
//! void, decline, expire, refund, with jumps of the clock between them, back as well as forth. A
//! quarter of the requests come two at once: both decide before either commits. A naive order says
//! what must come of each.

mod naive;
mod real;

use std::sync::Arc;

use souk_store::Engine;
use souk_store::memory::Memory;

use self::naive::{Naive, Request};
use self::real::Real;
use super::Tally;
use super::books::Chance;
use super::books::mutant::{Defect, Mutant};
use crate::{Wrong, report};

/// Sequences in one book; the audit goes through all of them.
const BOOK: u32 = 500;
/// Requests in one sequence.
const REQUESTS: u64 = 12;

/// How it is tried.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Args {
    /// How many sequences
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub n: u32,
    /// The seed of all chance; a book that differs names its own
    #[arg(long, default_value_t = 11)]
    pub seed: u64,
    /// Run on the mutant `no-checks`, whose commits do not look at what was read, to show that this
    /// campaign can fail: exit status 0 then means that it was noticed
    #[arg(long)]
    pub unprotected: bool,
}

/// Goes through as many sequences as asked, and tells in how many books one was bad.
///
/// # Errors
/// None: what keeps the ledger from answering counts as bad.
pub async fn run(args: Args) -> Result<Tally, Wrong> {
    let mut tally = Tally::default();
    let mut seeds = Chance::of(args.seed);
    while tally.tried < args.n {
        let (seed, count) = (seeds.next(), BOOK.min(args.n - tally.tried));
        let engine: Arc<dyn Engine> = if args.unprotected {
            Arc::new(Mutant::with(Defect::NoChecks))
        } else {
            Arc::new(Memory::default())
        };
        // A ledger that breaks is as bad as one that differs.
        let found = book(engine, seed, count).await;
        let found = found.unwrap_or_else(|wrong| Some(wrong.to_string()));
        tally.tried += count;
        if let Some(difference) = found {
            tally.bad += 1;
            report::tell(format_args!("seed {seed}: {difference}"));
        }
        if tally.tried % (100 * BOOK) == 0 {
            report::tell(format_args!(
                "{} of {}: {} bad",
                tally.tried, args.n, tally.bad
            ));
        }
    }
    Ok(tally)
}

/// Goes through sequences in one book on an engine, and returns the first difference.
///
/// # Errors
/// When the ledger cannot be asked at all.
pub async fn book(engine: Arc<dyn Engine>, seed: u64, count: u32) -> Result<Option<String>, Wrong> {
    let mut chance = Chance::of(seed);
    let mut real = Real::new(engine)?;
    for number in 0..count {
        let found = sequence(&mut chance, &mut real, number).await?;
        if let Some(difference) = found {
            return Ok(Some(format!("sequence {number}: {difference}")));
        }
    }
    real.audit().await
}

async fn sequence(
    chance: &mut Chance,
    real: &mut Real,
    number: u32,
) -> Result<Option<String>, Wrong> {
    let authorize_only = chance.below(4) > 0;
    let mut naive = Naive::new(authorize_only, real.now());
    real.open(number, authorize_only).await?;
    let mut asked = Vec::new();
    for _ in 0..REQUESTS {
        naive.now = jump(chance, naive.now);
        real.set(naive.now);
        let first = request(chance);
        asked.push(first);
        if chance.below(4) == 0 {
            let second = request(chance);
            asked.push(second);
            let answers = real.race(first, second).await?;
            let expected = [naive.ask(first), naive.ask(second)];
            if answers != expected {
                return Ok(Some(format!("{asked:?}: {answers:?}, not {expected:?}")));
            }
        } else {
            let (answer, expected) = (real.ask(first).await?, naive.ask(first));
            if answer != expected {
                return Ok(Some(format!("{asked:?}: {answer:?}, not {expected:?}")));
            }
        }
    }
    let (has, expected) = (real.money().await?, naive.money());
    Ok((has != expected).then(|| format!("{asked:?}: {has:?}, not {expected:?}")))
}

/// The clock stands, goes on, jumps to where something lapses, or goes back.
fn jump(chance: &mut Chance, now: u64) -> u64 {
    let (hours, days) = (2 * 60 * 60 * 1_000, 7 * 24 * 60 * 60 * 1_000);
    match chance.below(12) {
        0..6 => now,
        6 => now + 1,
        7 => now + hours - 1,
        8 => now + hours,
        9 => now + days,
        10 => now - hours.min(now),
        _ => now - 1,
    }
}

fn request(chance: &mut Chance) -> Request {
    let id = chance.below(6);
    let amount = chance.one_of(&[1, 400, 600, 1_000, 1_001]).unwrap_or(1);
    match chance.below(12) {
        0..3 => Request::Approve(id),
        3..5 => Request::Capture(amount),
        5 => Request::Void,
        6 => Request::Decline,
        7..9 => Request::Expire,
        _ => Request::Refund(id, amount),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn money_resolves_once() {
        for seed in 0..4 {
            let found = book(Arc::new(Memory::default()), seed, BOOK).await;
            assert_eq!(found.ok(), Some(None), "seed {seed}");
        }
    }

    #[tokio::test]
    async fn commits_that_check_nothing_are_noticed() {
        let mutant = Arc::new(Mutant::with(Defect::NoChecks));
        let found = book(mutant, 1, BOOK).await;
        assert!(!matches!(found, Ok(None)));
    }
}
