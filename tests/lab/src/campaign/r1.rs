//! R1: the power is cut under live clients, and what the disk then holds must open with everything
//! in it that was acknowledged.
//!
//! The host lives on an ext4 file system in memory, with data directory and anchor. Files that were
//! made, renamed or cut and not synced are gone with the rest, so this also tries what R3 does not:
//! folders, keys, packages and the state on disk.
//!
//! On every other disk, the first among them, segments are so small that checkpoints are made and
//! segments archived under the load; on the others it is `souk` as people run it. Needs root.

use std::cell::Cell;
use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use souk::stage::{Load, Plan};
use souk_store::embedded::Options;

use super::place::{Place, on_disks};
use super::{Args, Tally};
use crate::dice::Dice;
use crate::unprotected::Without;
use crate::{Wrong, echo, programs, report, till};

/// How often the power is cut.
const CUTS: u32 = 1_000;
/// How often before there is a new disk: it must not fill up.
const CUTS_PER_DISK: usize = 20;
/// How many call at once.
const CLIENTS: usize = 16;
/// How long they do before the power is cut. Some cuts come before the first answer.
const LOAD: Range<Duration> = Duration::from_millis(1)..Duration::from_millis(500);

/// Cuts the power as often as asked, and tells how often that lost something.
///
/// # Errors
/// When there is no such disk.
pub async fn run(args: Args) -> Result<Tally, Wrong> {
    let (disks, made) = (Cell::new(0_u32), Cell::new(0_u32));
    let cut = async |place: &mut Place, seed| {
        let before = place.newest_checkpoint()?;
        let told = place.cut(&mut Dice::new(seed)).await?;
        made.set(made.get() + u32::from(place.newest_checkpoint()? != before));
        Ok(told)
    };
    let host = || {
        let disk = disks.replace(disks.get() + 1);
        match (args.unprotected, disk.is_multiple_of(2)) {
            (true, _) => programs::eager(Some(Without::Syncs)),
            (false, true) => programs::eager(None),
            (false, false) => programs::souk(),
        }
    };
    let tally = on_disks((args, CUTS, CUTS_PER_DISK), host, cut).await?;
    let made = made.get();
    report::result(format_args!("{made} times a checkpoint was made meanwhile"));
    if made == 0 && !args.unprotected {
        return Err("no checkpoint was ever made: this tries nothing of them".into());
    }
    Ok(tally)
}

impl Place {
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

    /// The newest checkpoint that is finished.
    fn newest_checkpoint(&self) -> Result<Option<PathBuf>, Wrong> {
        let mut found = till::checkpoints(&Options::at(&self.room.path().join("data")))?;
        Ok(found.pop())
    }

    /// Mounts a copy of what the disk held when its power was cut.
    fn plug_in(&mut self) -> Result<(), Wrong> {
        self.disk.unmount()?;
        self.disk = self.disk.copy()?;
        self.disk.mount(self.room.path())
    }
}
