//! R10: an id sent again, at once, later or after a crash, has one effect and one answer; with
//! other contents it is refused.
//!
//! A round sends each of its ids five times in any order with many clients at once, kills the host
//! somewhere on the way and goes on; then it sends each id once more with another amount. An id
//! whose answers differ, or that was taken with other contents, is bad, and so is each cent too
//! much or too little.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use souk::client::Client;
use souk_core::Money;
use souk_server::wire::passages::Arrival;
use tempfile::TempDir;
use tokio::time::sleep;

use super::calls::{Came, deposit, work_through};
use super::site::Site;
use super::{Args, Tally};
use crate::dice::Dice;
use crate::unprotected::Without;
use crate::{Wrong, programs, report};

/// How many ids there are, and how many go together.
const IDS: u32 = 100_000;
const ROUND_IDS: usize = 5_000;
/// How often each is sent.
const TIMES: u32 = 5;
/// How many clients send at once.
const CLIENTS: usize = 64;
/// What others are told who ask for something else under a key that was used.
const KEY_REUSED: &str = "key-reused";
/// How often the killer looks how far the clients are.
const LOOK: Duration = Duration::from_millis(1);

/// Sends as many ids as asked, and tells how many had other than one effect.
///
/// # Errors
/// When there is no host.
pub async fn run(args: Args) -> Result<Tally, Wrong> {
    let host = if args.unprotected {
        programs::unprotected(Without::Keys)?
    } else {
        programs::souk()?
    };
    let (n, mut tally, room) = (args.n(IDS), Tally::default(), tempfile::tempdir()?);
    let mut site = Site::open(room.path(), host).await?;
    let mut seeds = args.seeds(IDS).peekable();
    while let Some(seed) = seeds.peek().copied() {
        let mut round = Round::new(seeds.by_ref().take(ROUND_IDS))?;
        round.play(&mut site, &mut Dice::new(seed)).await?;
        tally.tried = tally.tried.saturating_add(u32::try_from(round.asks.len())?);
        tally.bad = tally.bad.saturating_add(round.bad());
        report::tell(format_args!("{} of {n}: {}", tally.tried, round.told()));
    }
    if let Err(bad) = site.close().await {
        tally.bad(args.seed, &bad.into());
    }
    put_by(room, tally.bad > 0 && !args.unprotected);
    Ok(tally)
}

fn put_by(room: TempDir, wanted: bool) {
    if wanted {
        report::tell(format_args!("It is kept in {}.", room.keep().display()));
    }
}

/// An id, and what is deposited under it.
#[derive(Clone, Copy)]
struct Ask {
    id: u64,
    amount: Money,
}

impl Ask {
    fn new(id: u64) -> Result<Self, Wrong> {
        let amount = Money::new(id % 9 + 1, "USD".parse()?)?;
        Ok(Self { id, amount })
    }

    /// The same id with other contents.
    fn otherwise(self) -> Result<Self, Wrong> {
        let amount = self.amount.plus(self.amount)?;
        Ok(Self { amount, ..self })
    }

    async fn send(self, person: Client) -> Came {
        deposit(&person, &format!("id {}", self.id), self.amount).await
    }
}

/// Ids that go together.
struct Round {
    asks: Vec<Ask>,
    answers: BTreeMap<u64, Arrival>,
    /// What came out badly, by id.
    faults: BTreeMap<u64, String>,
    cut: usize,
    /// Minor units that came without a reason, or did not come.
    astray: u64,
}

impl Round {
    fn new(ids: impl Iterator<Item = u64>) -> Result<Self, Wrong> {
        Ok(Self {
            asks: ids.map(Ask::new).collect::<Result<_, _>>()?,
            answers: BTreeMap::new(),
            faults: BTreeMap::new(),
            cut: 0,
            astray: 0,
        })
    }

    async fn play(&mut self, site: &mut Site, dice: &mut Dice) -> Result<(), Wrong> {
        let before = site.balance().await?.minor();
        let mut schedule = self.schedule(dice);
        let kill_at = dice.place(schedule.len());
        let (came, reached) = send_and_kill(site, &schedule, kill_at).await?;
        site.house.start_again().await?;
        schedule.drain(..reached);
        schedule.extend(self.take_in(came));
        while !schedule.is_empty() {
            let came = send(&site.person, &schedule, &AtomicUsize::new(0)).await;
            schedule = self.take_in(came);
        }
        self.ask_otherwise(&site.person).await?;
        let due: u64 = self.asks.iter().map(|ask| ask.amount.minor()).sum();
        self.astray = (before + due).abs_diff(site.balance().await?.minor());
        Ok(())
    }

    /// Each id, as often as it is sent, in any order.
    fn schedule(&self, dice: &mut Dice) -> Vec<Ask> {
        let mut all: Vec<Ask> = (0..TIMES).flat_map(|_| self.asks.iter().copied()).collect();
        for place in (1..all.len()).rev() {
            all.swap(place, dice.place(place + 1));
        }
        all
    }

    /// Counts what came of calls, and returns those to be sent again.
    fn take_in(&mut self, came: Vec<(Ask, Came)>) -> Vec<Ask> {
        let mut again = Vec::new();
        for (ask, came) in came {
            match came {
                Came::Done(arrival) => {
                    let first = self
                        .answers
                        .entry(ask.id)
                        .or_insert_with(|| arrival.clone());
                    if *first != arrival {
                        self.faults
                            .insert(ask.id, format!("{first:?}, then {arrival:?}"));
                    }
                }
                Came::Busy => again.push(ask),
                Came::Cut => {
                    self.cut += 1;
                    again.push(ask);
                }
                Came::No(words) | Came::Foreign(words) => {
                    self.faults.insert(ask.id, words);
                }
            }
        }
        again
    }

    /// Sends each id with another amount: it must be refused.
    async fn ask_otherwise(&mut self, person: &Client) -> Result<(), Wrong> {
        let others = self.asks.iter().map(|ask| ask.otherwise());
        let others: Vec<Ask> = others.collect::<Result<_, _>>()?;
        for (ask, came) in send(person, &others, &AtomicUsize::new(0)).await {
            if !matches!(&came, Came::No(words) if words.contains(KEY_REUSED)) {
                self.faults
                    .insert(ask.id, format!("asked otherwise: {came:?}"));
            }
        }
        Ok(())
    }

    fn bad(&self) -> u32 {
        let faults = u32::try_from(self.faults.len()).unwrap_or(u32::MAX);
        faults.saturating_add(u32::from(self.astray > 0))
    }

    fn told(&self) -> String {
        let first = self.faults.first_key_value();
        let first = first.map_or(String::new(), |(id, fault)| format!("; id {id}: {fault}"));
        format!(
            "{} ids answered, {} calls cut off, {} minor units astray{first}",
            self.answers.len(),
            self.cut,
            self.astray
        )
    }
}

/// Sends a schedule with many clients at once.
async fn send(person: &Client, schedule: &[Ask], at: &AtomicUsize) -> Vec<(Ask, Came)> {
    work_through(schedule, CLIENTS, at, |ask| ask.send(person.clone())).await
}

/// Sends a schedule and kills the host when it is so far. Returns how far it came.
async fn send_and_kill(
    site: &mut Site,
    schedule: &[Ask],
    kill_at: usize,
) -> Result<(Vec<(Ask, Came)>, usize), Wrong> {
    let at = AtomicUsize::new(0);
    let killing = async {
        while at.load(Ordering::Relaxed) < kill_at {
            sleep(LOOK).await;
        }
        site.house.kill().await
    };
    let (came, killed) = tokio::join!(send(&site.person, schedule, &at), killing);
    killed?;
    Ok((came, at.load(Ordering::Relaxed).min(schedule.len())))
}
