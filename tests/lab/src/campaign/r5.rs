//! R5: the disk fills up under live clients and stays full for a while. What would need room is
//! refused cleanly, reads go on, and when there is room again all goes on by itself. Then the host
//! is killed and starts on a full disk, with the same promises.
//!
//! The host lives on a small ext4 file system in memory. Needs root.

use std::convert::Infallible;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use souk::client::Client;
use souk_core::Money;
use souk_server::wire::passages::Arrival;
use tokio::time::{sleep, timeout};

use super::calls::{Came, deposit};
use super::place::{Place, on_disks};
use super::site;
use super::{Args, Tally};
use crate::dice::Dice;
use crate::unprotected::Without;
use crate::{Wrong, programs};

/// How often the disk fills up.
const TIMES: u32 = 50;
/// How often before there is a new disk: the journal grows each time.
const TIMES_PER_DISK: usize = 25;
/// How many call at once, and how long one waits that was refused.
const CLIENTS: usize = 16;
const REFUSED_WAIT: Duration = Duration::from_millis(20);
/// How long all goes well before the disk is full, and how long it stays full once it is noticed.
const BEFORE: Range<Duration> = Duration::from_millis(50)..Duration::from_millis(300);
const FULL: Range<Duration> = Duration::from_millis(500)..Duration::from_secs(3);
/// How long the room made ahead may last under this load, and how soon all must go on.
const NOTICED: Duration = Duration::from_secs(60);
const RESUMED: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_millis(10);
/// How many deposits are asked for of a host that started on a full disk.
const FULL_DEPOSITS: u64 = 16;
/// What is filled in at once: large pieces, then what is left.
const FILLINGS: [usize; 2] = [1 << 20, 4 << 10];
/// What the host says when it cannot do what it usually can.
const UNAVAILABLE: &str = "unavailable";

/// What it says of a state that it makes anew, though there was one.
const DAMAGED: &str = "state: damaged";

/// Fills the disk as often as asked, and tells how often that came out badly.
///
/// # Errors
/// When there is no such disk.
pub async fn run(args: Args) -> Result<Tally, Wrong> {
    let fill = async |place: &mut Place, seed| {
        let told = place.fill(seed, &mut Dice::new(seed)).await?;
        let taken = place.start_full(seed).await?;
        Ok(format!(
            "{told}; started on a full disk, {taken} of {FULL_DEPOSITS} taken there"
        ))
    };
    let host = || match args.unprotected {
        true => programs::unprotected(Without::Room),
        false => programs::souk(),
    };
    on_disks((args, TIMES, TIMES_PER_DISK), host, fill).await
}

/// Why a try is bad.
#[derive(Debug, thiserror::Error)]
enum Bad {
    #[error("nothing was refused in {} s on a full disk", NOTICED.as_secs())]
    NotNoticed,
    #[error("the host was gone")]
    Gone,
    #[error("a deposit came out as {0}")]
    Came(String),
    #[error("nothing was taken again in {} s, with room on the disk", RESUMED.as_secs())]
    NotResumed,
    #[error("a full disk was taken for a damaged state: {0}")]
    Damaged(String),
    #[error("{0} was answered otherwise before")]
    Otherwise(String),
    #[error("{due} minor units should be there, and {found} are")]
    Balance { due: u64, found: u64 },
}

/// What the clients know of each other.
#[derive(Default)]
struct Signs {
    stop: AtomicBool,
    /// Deposits that were refused for want of room.
    refused: AtomicU32,
    /// Deposits that were taken.
    taken: AtomicU32,
}

/// A deposit that was asked for, and its answer if there was one.
type Made = (String, Option<Arrival>);

impl Place {
    /// Fills the disk under a load and makes room again, then looks at every deposit.
    async fn fill(&mut self, seed: u64, dice: &mut Dice) -> Result<String, Wrong> {
        let (before, cent) = (self.site.balance().await?.minor(), "0.01 USD".parse()?);
        let (signs, person) = (Signs::default(), &self.site.person);
        let clients =
            (0..CLIENTS).map(|client| keep_depositing(person, &signs, seed, client, cent));
        let (calm, full) = (dice.moment(&BEFORE), dice.moment(&FULL));
        let (made, filled) = tokio::join!(join_all(clients), async {
            let filled = self.play(&signs, calm, full).await;
            signs.stop.store(true, Ordering::Relaxed);
            filled
        });
        filled?;
        let made: Vec<Made> = made.into_iter().collect::<Result<Vec<_>, Bad>>()?.concat();
        self.check(&made, before, cent).await?;
        let answered = made.iter().filter(|(_, answer)| answer.is_some()).count();
        Ok(format!(
            "full for {} ms: {} refused; {answered} of {} deposits answered, each once",
            full.as_millis(),
            signs.refused.load(Ordering::Relaxed),
            made.len(),
        ))
    }

    /// Lets the disk be full for a while.
    async fn play(&self, signs: &Signs, calm: Duration, full: Duration) -> Result<(), Wrong> {
        sleep(calm).await;
        let filling = self.room.path().join("filling");
        let filled = Filled::up(filling.clone())?;
        rises(&signs.refused, NOTICED)
            .await
            .ok_or(Bad::NotNoticed)?;
        match timeout(full, self.keep_reading()).await {
            Ok(Err(bad)) => return Err(bad.into()),
            Ok(Ok(never)) => match never {},
            Err(_) => drop(filled),
        }
        Ok(rises(&signs.taken, RESUMED).await.ok_or(Bad::NotResumed)?)
    }

    /// Reads again and again, until a read fails.
    async fn keep_reading(&self) -> Result<Infallible, site::Bad> {
        loop {
            self.site.balance().await?;
            sleep(LOOK).await;
        }
    }

    /// Asks for every deposit again, and counts.
    async fn check(&self, made: &[Made], before: u64, cent: Money) -> Result<(), Wrong> {
        for (key, answer) in made {
            match deposit(&self.site.person, key, cent).await {
                Came::Done(now) if answer.as_ref().is_none_or(|answer| *answer == now) => {}
                Came::Done(_) => return Err(Bad::Otherwise(key.clone()).into()),
                other => return Err(Bad::Came(format!("{other:?}")).into()),
            }
        }
        self.must_have(before + u64::try_from(made.len())? * cent.minor())
            .await
    }

    /// Kills the host, lets it start while the disk is full, and makes room again. Returns how many
    /// deposits were taken on the full disk, in the room that was made ahead.
    async fn start_full(&mut self, seed: u64) -> Result<u64, Wrong> {
        let (before, cent) = (self.site.balance().await?.minor(), "0.01 USD".parse()?);
        self.site.house.kill().await?;
        let filled = Filled::up(self.room.path().join("filling"))?;
        self.site.house.start_again().await?;
        self.finds_no_damage()?;
        let keys: Vec<_> = (0..FULL_DEPOSITS)
            .map(|one| format!("{seed} full {one}"))
            .collect();
        let mut taken = 0;
        for key in &keys {
            taken += u64::from(self.is_taken(key, cent).await?);
        }
        self.must_have(before + taken * cent.minor()).await?;
        drop(filled);
        let resumed = async {
            for key in &keys {
                while !self.is_taken(key, cent).await? {
                    sleep(LOOK).await;
                }
            }
            Ok::<_, Wrong>(())
        };
        timeout(RESUMED, resumed)
            .await
            .map_err(|_| Bad::NotResumed)??;
        self.must_have(before + FULL_DEPOSITS * cent.minor())
            .await?;
        Ok(taken)
    }

    /// Looks at what the host said of its state when it started.
    fn finds_no_damage(&self) -> Result<(), Bad> {
        let log = self.log();
        let damage = log.lines().find(|line| line.contains(DAMAGED));
        damage.map_or(Ok(()), |line| Err(Bad::Damaged(line.to_owned())))
    }

    /// Tells whether a deposit is taken, or refused for want of room.
    async fn is_taken(&self, key: &str, cent: Money) -> Result<bool, Wrong> {
        match deposit(&self.site.person, key, cent).await {
            Came::Done(_) => Ok(true),
            Came::No(words) if words.contains(UNAVAILABLE) => Ok(false),
            other => Err(Bad::Came(format!("{other:?}")).into()),
        }
    }

    async fn must_have(&self, due: u64) -> Result<(), Wrong> {
        let found = self.site.balance().await?.minor();
        if due == found {
            Ok(())
        } else {
            Err(Bad::Balance { due, found }.into())
        }
    }
}

/// Waits for a number to rise.
async fn rises(number: &AtomicU32, within: Duration) -> Option<()> {
    let before = number.load(Ordering::Relaxed);
    let rising = async {
        while number.load(Ordering::Relaxed) == before {
            sleep(LOOK).await;
        }
    };
    timeout(within, rising).await.ok()
}

/// Deposits a cent again and again until it is told to stop; tries again what was refused.
async fn keep_depositing(
    person: &Client,
    signs: &Signs,
    seed: u64,
    client: usize,
    cent: Money,
) -> Result<Vec<Made>, Bad> {
    let mut made = Vec::new();
    while !signs.stop.load(Ordering::Relaxed) {
        let key = format!("{seed} {client} {}", made.len());
        let answer = one(person, signs, &key, cent).await?;
        made.push((key, answer));
    }
    Ok(made)
}

async fn one(
    person: &Client,
    signs: &Signs,
    key: &str,
    cent: Money,
) -> Result<Option<Arrival>, Bad> {
    while !signs.stop.load(Ordering::Relaxed) {
        match deposit(person, key, cent).await {
            Came::Done(arrival) => {
                signs.taken.fetch_add(1, Ordering::Relaxed);
                return Ok(Some(arrival));
            }
            Came::No(words) if words.contains(UNAVAILABLE) => {
                signs.refused.fetch_add(1, Ordering::Relaxed);
            }
            Came::Busy => {}
            Came::Cut => return Err(Bad::Gone),
            other @ (Came::No(_) | Came::Foreign(_)) => {
                return Err(Bad::Came(format!("{other:?}")));
            }
        }
        sleep(REFUSED_WAIT).await;
    }
    Ok(None)
}

/// A file that takes all the room there is, until it is dropped.
struct Filled(PathBuf);

impl Filled {
    fn up(path: PathBuf) -> Result<Self, Wrong> {
        let mut file = File::create(&path)?;
        let filled = Self(path);
        for piece in FILLINGS {
            fill(&mut file, &vec![1; piece])?;
        }
        file.sync_all()?;
        Ok(filled)
    }
}

fn fill(file: &mut File, piece: &[u8]) -> Result<(), Wrong> {
    loop {
        match file.write_all(piece) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::StorageFull => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}

impl Drop for Filled {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.0));
    }
}
