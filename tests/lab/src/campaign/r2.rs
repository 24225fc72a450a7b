//! R2: the host is killed with SIGKILL under live clients, every fourth time while it starts, and
//! nothing it acknowledged may be missing or doubled.
//!
//! A round is a chat of its own, clients that talk, deposit and use a mini-app, a kill among them,
//! after every third load another kill while the host starts again, and then the check: every call
//! is repeated with its key, and chat and wallet must show each exactly once. At the end the ledger
//! is audited and the store verified.

use std::ffi::OsString;
use std::ops::Range;
use std::time::Duration;

use souk::CliError;
use souk::stage::{Load, Plan};
use tempfile::TempDir;

use super::site::{Bad, Site};
use super::{Args, Tally};
use crate::dice::Dice;
use crate::stopwatch::Stopwatch;
use crate::unprotected::Without;
use crate::{Wrong, echo, programs, report};

/// How many times the host is killed.
const KILLS: u32 = 2_000;
/// How many call at once.
const CLIENTS: usize = 16;
/// How long they do before the host is killed.
const LOAD: Range<Duration> = Duration::from_millis(50)..Duration::from_millis(600);
/// Every so many kills, one is during start-up.
const STARTUP_EVERY: u32 = 4;
/// How often a kill during start-up is aimed before the host is taken to be too quick for it.
const AIMS_MAX: u32 = 20;

/// Kills a host as often as asked, and tells how often that lost something.
///
/// # Errors
/// When there is no host to kill, or no room for one.
pub async fn run(args: Args) -> Result<Tally, Wrong> {
    let host = || {
        if args.unprotected {
            programs::unprotected(Without::Writes)
        } else {
            programs::souk()
        }
    };
    let (n, mut dice) = (args.n(KILLS), Dice::new(args.seed));
    let (mut tally, mut place) = (Tally::default(), Place::open(host()?).await?);
    while tally.tried < n {
        let (before, kills) = (tally.tried, kills(tally.tried, n));
        tally.tried = before.saturating_add(kills);
        let round = place.round(kills > 1, &mut dice).await;
        let told = round
            .as_ref()
            .map_or_else(|bad| report::causes(bad), Clone::clone);
        report::tell(format_args!("{} of {n}: {told}", tally.tried));
        if round.is_err() {
            tally.bad = tally.bad.saturating_add(1);
            place.put_by(args.unprotected);
            place = Place::open(host()?).await?;
        }
    }
    if let Err(bad) = place.site.close().await {
        report::tell(report::causes(&bad));
        tally.bad = tally.bad.saturating_add(1);
        place.put_by(args.unprotected);
    }
    Ok(tally)
}

/// How many kills the next round has: two when the second is due to be during start-up.
fn kills(tried: u32, n: u32) -> u32 {
    let second = tried.saturating_add(2);
    if second.is_multiple_of(STARTUP_EVERY) && second <= n {
        2
    } else {
        1
    }
}

/// Where the host lives that is killed.
struct Place {
    room: TempDir,
    site: Site,
    /// How long the host took to start the last time.
    starts_in: Duration,
}

impl Place {
    async fn open(host: Vec<OsString>) -> Result<Self, Wrong> {
        let room = tempfile::tempdir()?;
        let watch = Stopwatch::start();
        let site = Site::open(room.path(), host).await?;
        Ok(Self {
            room,
            site,
            starts_in: watch.elapsed(),
        })
    }

    /// Plays a round and returns what happened.
    async fn round(&mut self, during_startup: bool, dice: &mut Dice) -> Result<String, Bad> {
        let (chat, before, wait) = (
            self.site.open_chat().await?,
            self.site.balance().await?,
            dice.moment(&LOAD),
        );
        let client = &self.site.person.clone();
        let plan = Plan {
            client,
            chat,
            echo: Some(echo::ECHO),
            clients: CLIENTS,
        };
        let killing = async {
            tokio::time::sleep(wait).await;
            self.site.house.kill().await
        };
        let (load, ()) = Load::until(&plan, killing).await?;
        let mut told = format!("killed after {} ms", wait.as_millis());
        if during_startup {
            let aim = self.kill_during_startup(dice).await?;
            told = format!("{told} and {} ms into its start", aim.as_millis());
        }
        let watch = Stopwatch::start();
        self.site.house.start_again().await?;
        self.starts_in = watch.elapsed();
        load.repeat_all(client).await?;
        let (messages, deposits) = load.check(client, before).await?;
        Ok(format!(
            "{told}, back in {} ms; {} calls, {} answered before; {messages} messages and \
             {deposits} deposits, each once",
            self.starts_in.as_millis(),
            load.calls(),
            load.acknowledged(),
        ))
    }

    /// Starts the host and kills it before it listens, and returns how soon; once more where it
    /// was quicker.
    async fn kill_during_startup(&mut self, dice: &mut Dice) -> Result<Duration, CliError> {
        for _ in 0..AIMS_MAX {
            let aim = dice.moment(&(Duration::ZERO..self.starts_in));
            if self.site.house.start_and_kill(aim).await? {
                return Ok(aim);
            }
        }
        Err(CliError::new(
            "the host starts too quickly to be killed meanwhile",
        ))
    }

    /// Leaves what a bad round left where it can be looked at; where that was to be expected, not.
    fn put_by(self, expected: bool) {
        if !expected {
            report::tell(format_args!(
                "It is kept in {}.",
                self.room.keep().display()
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fourth_kill_is_during_startup() {
        let rounds = |n| {
            let mut tried = 0;
            let next = std::iter::from_fn(|| {
                let kills = (tried < n).then(|| kills(tried, n))?;
                tried += kills;
                Some(kills)
            });
            next.collect::<Vec<_>>()
        };
        assert_eq!(rounds(3), [1, 1, 1]);
        assert_eq!(rounds(4), [1, 1, 2]);
        assert_eq!(rounds(9), [1, 1, 2, 1, 1, 2, 1]);
        assert_eq!(
            rounds(2_000).iter().filter(|kills| **kills == 2).count(),
            500
        );
    }
}
