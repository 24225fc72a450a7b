//! R1: the power is cut under live clients, and what the disk then holds must open with everything
//! in it that was acknowledged.
//!
//! The host lives on an ext4 file system in memory, with data directory and anchor. Files that were
//! made, renamed or cut and not synced are gone with the rest, so this also tries what R3 does not:
//! folders, keys, packages and the state on disk. Needs root.

use std::ops::Range;
use std::time::Duration;

use souk::stage::{Load, Plan};
use tempfile::TempDir;

use super::site::Site;
use super::{Args, Tally};
use crate::dice::Dice;
use crate::memory_disk::MemoryDisk;
use crate::unprotected::Without;
use crate::{Wrong, echo, programs, report};

/// How often the power is cut.
const CUTS: u32 = 1_000;
/// How often before there is a new disk: it must not fill up.
const CUTS_PER_DISK: usize = 20;
const DISK_BYTES: u64 = 768 << 20;
/// How many call at once.
const CLIENTS: usize = 16;
/// How long they do before the power is cut. Some cuts come before the first answer.
const LOAD: Range<Duration> = Duration::from_millis(1)..Duration::from_millis(500);

/// Cuts the power as often as asked, and tells how often that lost something.
///
/// # Errors
/// When there is no such disk.
pub async fn run(args: Args) -> Result<Tally, Wrong> {
    let (n, mut tally) = (args.n(CUTS), Tally::default());
    let mut seeds = args.seeds(CUTS).peekable();
    while seeds.peek().is_some() {
        let mut place = Place::open(args.unprotected).await?;
        for seed in seeds.by_ref().take(CUTS_PER_DISK) {
            let came = place.cut(&mut Dice::new(seed)).await;
            tally.tried = tally.tried.saturating_add(1);
            match came {
                Ok(told) => report::tell(format_args!("{} of {n}: {told}", tally.tried)),
                Err(bad) => {
                    tally.bad(seed, &bad);
                    break;
                }
            }
        }
        place.put_away().await?;
    }
    Ok(tally)
}

/// A host on a disk in memory.
struct Place {
    site: Site,
    disk: MemoryDisk,
    room: TempDir,
}

impl Place {
    async fn open(unprotected: bool) -> Result<Self, Wrong> {
        let host = if unprotected {
            programs::unprotected(Without::Syncs)?
        } else {
            programs::souk()?
        };
        let (room, mut disk) = (tempfile::tempdir()?, MemoryDisk::format(DISK_BYTES)?);
        disk.mount(room.path())?;
        let site = Site::open(room.path(), host).await?;
        Ok(Self { site, disk, room })
    }

    /// Cuts the power under a load, starts the host on what is left, and looks for what was
    /// acknowledged.
    async fn cut(&mut self, dice: &mut Dice) -> Result<String, Wrong> {
        let (chat, before) = (self.site.open_chat().await?, self.site.balance().await?);
        let (client, wait) = (&self.site.person.clone(), dice.moment(&LOAD));
        let plan = Plan {
            client,
            chat,
            echo: Some(echo::ECHO),
            clients: CLIENTS,
        };
        let cutting = async {
            tokio::time::sleep(wait).await;
            self.disk.cut()?;
            Ok::<_, Wrong>(self.site.house.kill().await?)
        };
        let (load, ()) = Load::until(&plan, cutting).await?;
        self.plug_in()?;
        self.site.house.start_again().await?;
        load.repeat_all(client).await?;
        let (messages, deposits) = load.check(client, before).await?;
        Ok(format!(
            "cut after {} ms; {} calls, {} answered before; {messages} messages and {deposits} \
             deposits, each once",
            wait.as_millis(),
            load.calls(),
            load.acknowledged(),
        ))
    }

    /// Mounts a copy of what the disk held when its power was cut.
    fn plug_in(&mut self) -> Result<(), Wrong> {
        self.disk.unmount()?;
        self.disk = self.disk.copy()?;
        self.disk.mount(self.room.path())
    }

    /// Ends the host, so that its disk can be unmounted.
    async fn put_away(mut self) -> Result<(), Wrong> {
        self.site.house.kill().await?;
        self.disk.unmount()
    }
}
