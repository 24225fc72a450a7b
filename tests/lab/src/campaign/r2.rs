//! R2: the host is killed with SIGKILL under live clients, every fourth time while it starts, and
//! nothing it acknowledged may be missing or doubled.
//!
//! A round is a chat of its own, clients that talk, deposit and use a mini-app, a kill among them,
//! after every third load another kill while the host starts again, and then the check: every call
//! is repeated with its key, and chat and wallet must show each exactly once. At the end the ledger
//! is audited and the store verified.

use std::ops::Range;
use std::time::Duration;

use souk::CliError;
use souk::client::{Client, ClientError};
use souk::stage::{House, Load, LoadError, Plan};
use souk_core::{ChatId, Money};
use souk_server::wire::List;
use souk_server::wire::apps::Published;
use souk_server::wire::chats::{Chat, OpenAsk};
use souk_server::wire::people::Account;
use souk_server::wire::wallet::{Balance, DepositAsk, Entry};
use tempfile::TempDir;

use super::Tally;
use crate::stopwatch::Stopwatch;
use crate::{Wrong, chance, echo, programs, report};

/// How many call at once.
const CLIENTS: usize = 16;
/// How long they do before the host is killed.
const LOAD: Range<Duration> = Duration::from_millis(50)..Duration::from_millis(600);
/// Every so many kills, one is during start-up.
const STARTUP_EVERY: u32 = 4;
/// How often a kill during start-up is aimed before the host is taken to be too quick for it.
const AIMS_MAX: u32 = 20;

/// How it is tried.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Args {
    /// How many times the host is killed
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub n: u32,
    /// Kill a host that acknowledges before it writes, to show that this campaign can fail: exit
    /// status 0 then means that losses were found
    #[arg(long)]
    pub unprotected: bool,
}

/// Why a round is bad.
#[derive(Debug, thiserror::Error)]
enum Bad {
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    Host(#[from] CliError),
    #[error(transparent)]
    Call(#[from] ClientError),
    #[error("`souk {command}` says: {words}")]
    Said { command: String, words: String },
}

/// Kills a host as often as asked, and tells how often that lost something.
///
/// # Errors
/// When there is no host to kill, or no room for one.
pub async fn run(args: Args) -> Result<Tally, Wrong> {
    let program = if args.unprotected {
        "unprotected-host"
    } else {
        "souk"
    };
    let (mut tally, mut site) = (Tally::default(), Site::open(program).await?);
    while tally.tried < args.n {
        let (before, kills) = (tally.tried, kills(tally.tried, args.n));
        tally.tried = before.saturating_add(kills);
        let round = site.round(kills > 1).await;
        let told = round
            .as_ref()
            .map_or_else(|bad| report::causes(bad), Clone::clone);
        report::tell(format_args!("{} of {}: {told}", tally.tried, args.n));
        if round.is_err() {
            tally.bad = tally.bad.saturating_add(1);
            site.put_by(args.unprotected);
            site = Site::open(program).await?;
        }
    }
    if let Err(bad) = site.close().await {
        report::tell(report::causes(&bad));
        tally.bad = tally.bad.saturating_add(1);
        site.put_by(args.unprotected);
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

/// A host with a person and a mini-app.
struct Site {
    room: TempDir,
    house: House,
    person: Client,
    rounds: u32,
    /// How long the host took to start the last time.
    starts_in: Duration,
}

impl Site {
    async fn open(program: &str) -> Result<Self, Wrong> {
        let room = tempfile::tempdir()?;
        let watch = Stopwatch::start();
        let house = programs::open_house(room.path(), program).await?;
        let starts_in = watch.elapsed();
        let account = Account {
            handle: "ana".to_owned(),
            name: "Ana".to_owned(),
            password: "one-small-market".to_owned(),
        };
        let person = Client::join(house.base(), &account).await?;
        person
            .post_package::<Published>("/v1/apps", echo::package()?)
            .await?;
        let _: Entry = person
            .post(
                "/v1/wallet/deposits",
                &DepositAsk {
                    amount: "1.00 USD".parse()?,
                },
            )
            .await?;
        Ok(Self {
            room,
            house,
            person,
            rounds: 0,
            starts_in,
        })
    }

    /// Plays a round and returns what happened.
    async fn round(&mut self, during_startup: bool) -> Result<String, Bad> {
        let (chat, before, wait) = (
            self.open_chat().await?,
            self.balance().await?,
            chance::moment(&LOAD),
        );
        let client = &self.person.clone();
        let plan = Plan {
            client,
            chat,
            echo: Some(echo::ECHO),
            clients: CLIENTS,
            wait,
        };
        let load = Load::until_killed(&mut self.house, &plan).await?;
        let mut told = format!("killed after {} ms", wait.as_millis());
        if during_startup {
            let aim = self.kill_during_startup().await?;
            told = format!("{told} and {} ms into its start", aim.as_millis());
        }
        let watch = Stopwatch::start();
        self.house.start_again().await?;
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
    async fn kill_during_startup(&mut self) -> Result<Duration, CliError> {
        for _ in 0..AIMS_MAX {
            let aim = chance::moment(&(Duration::ZERO..self.starts_in));
            if self.house.start_and_kill(aim).await? {
                return Ok(aim);
            }
        }
        Err(CliError::new(
            "the host starts too quickly to be killed meanwhile",
        ))
    }

    async fn open_chat(&mut self) -> Result<ChatId, ClientError> {
        self.rounds = self.rounds.saturating_add(1);
        let group = OpenAsk::Group {
            title: format!("Round {}", self.rounds),
            members: Vec::new(),
        };
        Ok(self.person.post::<Chat>("/v1/chats", &group).await?.id)
    }

    async fn balance(&self) -> Result<Money, Bad> {
        let balances: List<Balance> = self.person.get("/v1/wallet").await?;
        let balance = balances.items.first().map(|balance| balance.available);
        Ok(balance.ok_or_else(|| CliError::new("the person's first deposit is missing"))?)
    }

    /// Stops the host as an operator would, and checks what it leaves.
    async fn close(&mut self) -> Result<(), Bad> {
        self.house.close().await;
        for command in ["wallet audit", "store verify"] {
            let words: Vec<&str> = command.split(' ').collect();
            let said = self.house.souk(&words).await?;
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
            if !said.status.success() {
                return Err(Bad::Said {
                    command: command.to_owned(),
                    words: text(&said.stderr),
                });
            }
            report::tell(format_args!("souk {command}: {}", text(&said.stdout)));
        }
        Ok(())
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
