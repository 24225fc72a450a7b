//! A host on a small disk of its own in memory, for the campaigns that need root: R1 and R5.

use std::ffi::OsString;
use std::fs;

use tempfile::TempDir;

use super::site::Site;
use super::{Args, Tally};
use crate::memory_disk::MemoryDisk;
use crate::{Wrong, report};

const DISK_BYTES: u64 = 768 << 20;

/// A host, its disk, and where that is mounted.
pub(super) struct Place {
    pub(super) site: Site,
    pub(super) disk: MemoryDisk,
    pub(super) room: TempDir,
}

impl Place {
    async fn open(host: Vec<OsString>) -> Result<Self, Wrong> {
        let (room, mut disk) = (tempfile::tempdir()?, MemoryDisk::format(DISK_BYTES)?);
        disk.mount(room.path())?;
        let site = Site::open(room.path(), host).await?;
        Ok(Self { site, disk, room })
    }

    /// Ends the host, so that its disk can be unmounted.
    async fn put_away(mut self) -> Result<(), Wrong> {
        self.site.house.kill().await?;
        self.disk.unmount()
    }

    /// What the host has said so far.
    pub(super) fn log(&self) -> String {
        fs::read_to_string(self.room.path().join("host.log")).unwrap_or_default()
    }
}

/// Tries something as often as asked, `per_disk` times on each disk, and tells how often that came
/// out badly. A bad try is the last one on its disk. Each disk has the host that is asked for.
pub(super) async fn on_disks(
    (args, due, per_disk): (Args, u32, usize),
    host: impl Fn() -> Result<Vec<OsString>, Wrong>,
    attempt: impl AsyncFn(&mut Place, u64) -> Result<String, Wrong>,
) -> Result<Tally, Wrong> {
    let (n, mut tally) = (args.n(due), Tally::default());
    let mut seeds = args.seeds(due).peekable();
    while seeds.peek().is_some() {
        let mut place = Place::open(host()?).await?;
        for seed in seeds.by_ref().take(per_disk) {
            let came = attempt(&mut place, seed).await;
            tally.tried = tally.tried.saturating_add(1);
            match came {
                Ok(told) => report::tell(format_args!("{} of {n}: {told}", tally.tried)),
                Err(bad) => {
                    tally.bad(seed, &bad);
                    report::tell(place.log());
                    break;
                }
            }
        }
        place.put_away().await?;
    }
    Ok(tally)
}
