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

use self::naive::{Naive, Request};
use self::real::Real;
use super::books::mutant::Defect;
use super::books::{Chance, Ground, go_through};
use super::{Args, Tally};
use crate::Wrong;

/// Sequences in one book; the audit goes through all of them.
const BOOK: u32 = 500;
/// Requests in one sequence.
const REQUESTS: u64 = 12;

/// What must be noticed.
const DEFECT: Defect = Defect::NoChecks;
/// How many are asked for in all.
const DUE: u32 = 1_000_000;

/// Goes through as many sequences as asked, and tells in how many books one was bad.
///
/// # Errors
/// None: what keeps the ledger from answering counts as bad.
pub async fn run(args: Args) -> Result<Tally, Wrong> {
    go_through((args, Ground::Memory), DUE, BOOK, DEFECT, book).await
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
    use super::super::books::engine;
    use super::*;

    #[tokio::test]
    async fn money_resolves_once() {
        for seed in 0..4 {
            let found = book(engine(false, DEFECT), seed, BOOK).await;
            assert_eq!(found.ok(), Some(None), "seed {seed}");
        }
    }

    #[tokio::test]
    async fn commits_that_check_nothing_are_noticed() {
        let mutant = engine(true, DEFECT);
        let found = book(mutant, 1, BOOK).await;
        assert!(!matches!(found, Ok(None)));
    }
}
