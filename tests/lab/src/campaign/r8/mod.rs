//! R8: random transfers beside a naive ledger: the same answers, the same money, and an auditor who
//! is content.
//!
//! Each book is a ledger of its own: people send money to each other, pay orders, apps are settled
//! and settle back, money comes in and goes out, ids come again, with the same contents and with
//! others, and days pass under limits on all of it.

mod naive;
mod real;

use std::sync::Arc;

use souk_store::Engine;

use self::naive::{Limits, Naive, Request, What, Who};
use self::real::Real;
pub use super::books::Ground;
use super::books::mutant::Defect;
use super::books::{Chance, go_through};
use super::{Args, Tally};
use crate::Wrong;

/// Transfers in one book; the audit goes through all of them.
const BOOK: u32 = 10_000;
/// Orders that are still thought of.
const LATEST: usize = 12;
const PEOPLE: u64 = 5;
const APPS: u64 = 3;

/// What must be noticed.
const DEFECT: Defect = Defect::LostAdd;
/// How many are asked for in all.
const DUE: u32 = 10_000_000;

/// How this campaign is run.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Asked {
    /// As every campaign.
    #[command(flatten)]
    pub args: Args,
    /// What each ledger is kept on
    #[arg(long, value_enum, default_value_t)]
    pub engine: Ground,
}

/// Compares as many transfers as asked, and tells in how many books something differed.
///
/// # Errors
/// When there is no engine. What keeps the ledger from answering counts as bad.
pub async fn run(Asked { args, engine }: Asked) -> Result<Tally, Wrong> {
    go_through((args, engine), DUE, BOOK, DEFECT, book).await
}

/// Goes through one book on an engine, and returns the first difference.
///
/// # Errors
/// When the ledger cannot be asked at all.
pub async fn book(engine: Arc<dyn Engine>, seed: u64, count: u32) -> Result<Option<String>, Wrong> {
    let mut chance = Chance::of(seed);
    let limits = Limits {
        order: 8_000,
        day: 20_000,
        app: 12_000,
        balance: 30_000,
    };
    let mut real = Real::new(engine)?;
    let mut naive = Naive::new(limits, real.now());
    for number in 0..count {
        let request = request(&mut chance, &naive, number);
        let expected = naive.ask(request);
        let answer = real.ask(request).await?;
        if answer != expected {
            let words = format!("transfer {number}, {request:?}: {answer:?}, not {expected:?}");
            return Ok(Some(words));
        }
        if let Some(difference) = meanwhile(&mut chance, &mut naive, &mut real).await? {
            return Ok(Some(difference));
        }
    }
    real.compare(&naive).await
}

/// What else happens: an order is opened, or time passes and orders lapse.
async fn meanwhile(
    chance: &mut Chance,
    naive: &mut Naive,
    real: &mut Real,
) -> Result<Option<String>, Wrong> {
    match chance.below(40) {
        0..8 => {
            let (payer, app) = (chance.below(PEOPLE), chance.below(APPS));
            let (amount, usd) = (some_amount(chance).max(1), chance.below(4) > 0);
            let waits = chance.one_of(&[1_000, 3_600_000, 604_800_000]);
            let waits = waits.unwrap_or(1_000);
            let expected = naive.open(payer, app, amount, usd, waits);
            let opened = real.open(payer, app, amount, usd, waits).await?;
            Ok((opened != expected).then(|| format!("opened: {opened}, not {expected}")))
        }
        8 => {
            let by = chance.one_of(&[1, 1_000, 600_000, 3_600_000, 18_000_000]);
            naive.now += by.unwrap_or(1);
            real.set(naive.now);
            for (place, order) in naive.orders.iter_mut().enumerate() {
                if order.state == "pending" && order.expires <= naive.now {
                    order.state = "expired";
                    real.expire(place).await?;
                }
            }
            Ok(None)
        }
        _ => Ok(None),
    }
}

/// Something to ask: few different amounts, so that sums meet their bounds exactly.
fn request(chance: &mut Chance, naive: &Naive, number: u32) -> Request {
    // Every tenth id was used a little before.
    let back = if chance.below(10) == 0 {
        chance.below(30) + 1
    } else {
        0
    };
    let id = u64::from(number).saturating_sub(back);
    let what = what(chance, naive);
    let (amount, usd) = match what {
        What::Pay(..) => (0, true),
        What::Move(..) | What::Relay(..) => (some_amount(chance), chance.below(4) > 0),
    };
    let new = Request {
        id,
        what,
        amount,
        usd,
    };
    // Half of those mean the same again, the other half something else.
    let before = naive.before(new.name()).filter(|_| chance.below(2) == 0);
    before.unwrap_or(new)
}

fn some_amount(chance: &mut Chance) -> i64 {
    chance
        .one_of(&[0, 1, 500, 1_000, 1_000, 2_500, 4_000, 8_001])
        .unwrap_or(1)
}

fn what(chance: &mut Chance, naive: &Naive) -> What {
    let somebody = Who::Person(chance.below(PEOPLE));
    let other = Who::Person((chance.below(PEOPLE - 1) + 1 + number_of(somebody)) % PEOPLE);
    let app = Who::App(chance.below(APPS));
    match chance.below(16) {
        0..4 => What::Move(Who::Bank, somebody),
        4..7 => What::Move(somebody, other),
        7 => What::Move(somebody, Who::Bank),
        8 => What::Move(app, Who::Merchant),
        9 => What::Move(Who::Merchant, app),
        10 => What::Move(Who::Merchant, Who::Bank),
        11 => What::Relay(Who::Bank, somebody, other),
        12 => What::Relay(app, Who::Merchant, Who::Bank),
        // An order that is opened later would be another one under the same place.
        _ if naive.orders.is_empty() => What::Move(Who::Bank, somebody),
        _ => {
            let first = naive.orders.len().saturating_sub(LATEST);
            let latest = u64::try_from(naive.orders.len() - first).unwrap_or(0);
            let place = first + usize::try_from(chance.below(latest)).unwrap_or(0);
            let payer = naive.orders.get(place).map_or(0, |order| order.payer);
            // Now and then it is somebody else who tries to pay.
            let by = if chance.below(8) == 0 {
                number_of(other)
            } else {
                payer
            };
            What::Pay(by, place)
        }
    }
}

fn number_of(who: Who) -> u64 {
    match who {
        Who::Person(number) | Who::App(number) => number,
        Who::Bank | Who::Merchant => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::super::books::engine;
    use super::*;

    #[tokio::test]
    async fn the_ledger_answers_as_a_naive_one_does() {
        for seed in 0..4 {
            let found = book(engine(false, DEFECT), seed, 3_000).await;
            assert_eq!(found.ok(), Some(None), "seed {seed}");
        }
    }

    #[tokio::test]
    async fn a_lost_add_is_noticed() {
        let mutant = engine(true, DEFECT);
        let found = book(mutant, 1, 3_000).await;
        assert!(!matches!(found, Ok(None)));
    }

    /// Otherwise the comparison would be an empty one.
    #[test]
    fn what_is_asked_meets_every_refusal() {
        let mut met = std::collections::BTreeSet::new();
        // The limit of a day is so close that the one at an app is seldom met before it.
        for day in [20_000, i64::MAX] {
            met.extend(refusals(day));
        }
        assert_eq!(
            met.into_iter().collect::<Vec<_>>(),
            [
                "an account may hold at most 300.00 USD",
                "at most 120.00 USD may be spent at one app in one day",
                "at most 200.00 USD may be spent in one day",
                "at most 80.00 USD may be spent at once",
                "the amount must be more than zero",
                "the balance is too low",
                "the order is expired",
                "the order is paid",
                "the transfer id was already used with other terms",
                "there is no such order",
            ]
        );
    }

    /// What a naive ledger refuses, with this limit for a day.
    fn refusals(day: i64) -> Vec<String> {
        let limits = Limits {
            order: 8_000,
            day,
            app: 12_000,
            balance: 30_000,
        };
        let (mut chance, mut naive) = (Chance::of(3), Naive::new(limits, 0));
        let mut met = Vec::new();
        for number in 0..20_000 {
            let request = request(&mut chance, &naive, number);
            met.extend(naive.ask(request).err());
            if chance.below(5) == 0 {
                let (payer, app) = (chance.below(PEOPLE), chance.below(APPS));
                let waits = chance.one_of(&[1_000, 3_600_000]).unwrap_or(1_000);
                naive.open(payer, app, 4_000, true, waits);
            }
            naive.now += 20_000;
        }
        met
    }
}
