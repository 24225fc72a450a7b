//! R4: at each of the first 300 syncs and writes the disk says that it is broken. From then on
//! nothing may be acknowledged, the process must be gone in 100 ms, and the next start must have
//! everything that was acknowledged before.
//!
//! One failure is no end: the state on disk, which is derived, is made anew when it cannot be
//! opened at a start, and nobody has been answered yet.
//!
//! The number of a try is its seed: with seed 7 the seventh write or sync of a thread fails, of
//! whichever thread comes to its seventh first. Early ones fail while the host starts.

use std::path::PathBuf;
use std::time::Duration;

use souk::stage::{Load, Plan};
use souk_core::Clock;
use souk_market::SystemClock;
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

use super::site::Site;
use super::{Args, Tally};
use crate::strace::{self, Traced};
use crate::unprotected::Without;
use crate::{Wrong, echo, programs, report};

/// How many calls are made to fail.
const CALLS: u32 = 300;
/// How many call at once.
const CLIENTS: usize = 16;
/// In how many milliseconds the process must be gone.
const GONE_MS: f64 = 100.0;
/// How long a host that goes on is watched.
const WATCHED: Duration = Duration::from_secs(60);
/// How long the log takes to be written, at most, when its process is gone.
const LOGGED: Duration = Duration::from_secs(5);
const LOG_LOOKS: u32 = 100;

/// Lets as many calls fail as asked, and tells how often that lost something.
///
/// # Errors
/// When there is no host.
pub async fn run(args: Args) -> Result<Tally, Wrong> {
    let (n, mut tally, mut place) = (args.n(CALLS), Tally::default(), None);
    for seed in args.seeds(CALLS) {
        let mut standing = match place.take() {
            Some(place) => place,
            None => Place::open(args.unprotected).await?,
        };
        let came = standing.fail(seed).await;
        tally.tried = tally.tried.saturating_add(1);
        match came {
            Ok(told) => {
                report::tell(format_args!("{} of {n}: {told}", tally.tried));
                place = Some(standing);
            }
            Err(bad) => {
                tally.bad(seed, &bad);
                if !args.unprotected {
                    report::tell(format_args!(
                        "It is kept in {}.",
                        standing.room.keep().display()
                    ));
                }
            }
        }
    }
    Ok(tally)
}

/// A host whose disk breaks.
struct Place {
    site: Site,
    room: TempDir,
    unprotected: bool,
}

/// Why a try is bad.
#[derive(Debug, thiserror::Error)]
enum Bad {
    #[error("no call failed")]
    Nothing,
    #[error("the host goes on as if nothing had failed")]
    GoesOn,
    #[error("the host was gone {0:.0} ms after the failure, and {GONE_MS} are allowed")]
    Late(f64),
    #[error("a call was acknowledged that began {0:.0} ms after the failure")]
    Acknowledged(f64),
}

impl Place {
    async fn open(unprotected: bool) -> Result<Self, Wrong> {
        let room = tempfile::tempdir()?;
        let site = Site::open(room.path(), programs::souk()?).await?;
        Ok(Self {
            site,
            room,
            unprotected,
        })
    }

    fn log(&self) -> PathBuf {
        self.room.path().join("strace.log")
    }

    /// Lets one call fail under a load, and looks at what came of it.
    async fn fail(&mut self, number: u64) -> Result<String, Wrong> {
        let (chat, before) = (self.site.open_chat().await?, self.site.balance().await?);
        let client = &self.site.person.clone();
        self.site.house.close().await;
        let host = if self.unprotected {
            programs::unprotected(Without::Errors)?
        } else {
            programs::souk()?
        };
        let failing = strace::failing(number, &self.log(), host);
        self.site.house.let_run(failing);
        let started = self.site.house.start_again().await.is_ok();
        let listening = SystemClock.now().millis() as f64;
        let plan = Plan {
            client,
            chat,
            echo: Some(echo::ECHO),
            clients: CLIENTS,
        };
        let (load, ended) = Load::until(&plan, self.end()).await?;
        let traced = self.traced().await?;
        let gone = judge(&traced, listening, ended, &load)?;
        self.site.house.let_run(programs::souk()?);
        self.site.house.start_again().await?;
        load.repeat_all(client).await?;
        let (messages, deposits) = load.check(client, before).await?;
        let when = if started {
            "under load"
        } else {
            "while it started"
        };
        Ok(format!(
            "a call failed {when}, {gone}; {} calls, {} answered before; {messages} messages and \
             {deposits} deposits, each once",
            load.calls(),
            load.acknowledged()
        ))
    }

    /// Waits until the host has ended by itself; kills one that does not. Tells whether it had.
    async fn end(&mut self) -> Result<bool, Wrong> {
        let ended = timeout(WATCHED, self.site.house.ended()).await;
        if ended.is_err() {
            self.site.house.kill().await?;
        }
        Ok(ended.is_ok())
    }

    /// Reads the log when it is complete.
    async fn traced(&self) -> Result<Traced, Wrong> {
        let (log, state) = (self.log(), self.room.path().join("data/state"));
        for _ in 0..LOG_LOOKS {
            sleep(LOGGED / LOG_LOOKS).await;
            let traced = strace::read(&log, &state)?;
            if traced.gone.is_some() {
                return Ok(traced);
            }
        }
        strace::read(&log, &state)
    }
}

/// Returns how soon after the failure the host was gone, in words.
fn judge(traced: &Traced, listening: f64, ended: bool, load: &Load) -> Result<String, Bad> {
    let fatal = |(at, of_state): &&(f64, bool)| !of_state || *at > listening;
    let Some((failed, _)) = traced.failed.iter().find(fatal) else {
        return match traced.failed.is_empty() {
            true => Err(Bad::Nothing),
            false => Ok("and the state was made anew".to_owned()),
        };
    };
    let gone = traced.gone.filter(|_| ended).ok_or(Bad::GoesOn)? - failed;
    if gone > GONE_MS {
        return Err(Bad::Late(gone));
    }
    let began = load.last_acknowledged().map(|began| began.millis() as f64);
    match began.filter(|began| began > failed) {
        Some(began) => Err(Bad::Acknowledged(began - failed)),
        None => Ok(format!("gone after {gone:.1} ms")),
    }
}
