//! S5: whatever is uploaded, its publisher is answered in time, the compiler stays within its
//! bounds, and the host goes on.
//!
//! Each upload takes the way of a real one: read, compiled by a process of its own, loaded. Without
//! the protection it is compiled in this process, which the campaign then sees grow.

mod generated;
mod uploads;

use std::sync::Arc;
use std::time::Duration;

use souk_core::limits::COMPILE_MEMORY_BYTES_MAX;
use souk_registry::package;
use souk_runtime::{Compiler, Limits, Prepared, Runtime, Trust, Workshop};
use souk_store::memory::Memory;
use souk_store::{Keyring, Store};
use tempfile::TempDir;
use tokio::time::timeout;

use self::uploads::Upload;
use super::{Args, Tally};
use crate::cell::Cell;
use crate::resident::{self, Watch};
use crate::stopwatch::Stopwatch;
use crate::{Wrong, programs, report, till};

/// How often something is uploaded.
const UPLOADS: u32 = 10_000;
/// When a publisher must be answered.
const ANSWER: Duration = Duration::from_secs(20);
/// What reading and loading may add to the memory of the host for a while.
const BESIDE_BYTES: u64 = 192 << 20;
/// How long what could be compiled is run.
const RUN_MS: u64 = 100;

/// Uploads as often as asked, and tells how often that came out badly.
///
/// # Errors
/// When there is no workshop.
pub async fn run(args: Args) -> Result<Tally, Wrong> {
    let (n, mut tally) = (args.n(UPLOADS), Tally::default());
    let site = Site::open(args.unprotected).await?;
    let mut taken = 0;
    for seed in args.seeds(UPLOADS) {
        if let Some(true) = tally.count(n, seed, site.upload(seed, args.unprotected).await) {
            taken += 1;
        }
        if args.unprotected && tally.bad > 0 {
            break;
        }
    }
    report::result(format_args!(
        "{taken} uploads were taken, the others refused"
    ));
    Ok(tally)
}

/// A host's side of uploading.
struct Site {
    workshop: Workshop,
    cell: Cell,
    _room: TempDir,
}

impl Site {
    async fn open(unprotected: bool) -> Result<Self, Wrong> {
        let limits = Limits {
            run_ms: RUN_MS,
            ..Limits::default()
        };
        let (room, runtime) = (till::folder()?, Runtime::new(&limits)?);
        let compiler = if unprotected {
            Compiler::here()
        } else {
            souk::host::compiler(programs::beside("souk")?)
        };
        let keyring = Arc::new(Keyring::ephemeral()?);
        let clock = Arc::new(souk_market::SystemClock);
        let store = Store::new(Arc::new(Memory::default()), keyring, clock);
        Ok(Self {
            workshop: Workshop::open(runtime.clone(), compiler, room.path(), store, Trust::Own)?,
            cell: Cell::open(runtime).await?,
            _room: room,
        })
    }

    /// Uploads something, and returns whether it was taken.
    async fn upload(&self, seed: u64, hardest: bool) -> Result<bool, Wrong> {
        let upload = Upload::of(seed, hardest)?;
        let (before, watch) = (resident::here(), Stopwatch::start());
        let (child, host) = (
            Watch::start(resident::children),
            Watch::start(resident::here),
        );
        let taken = timeout(2 * ANSWER, self.take(&upload.bytes)).await;
        let (took, child, host) = (watch.elapsed(), child.most()?, host.most()?);
        let kind = upload.kind;
        if took > ANSWER {
            return Err(format!("{kind}: answered after {took:?}").into());
        }
        if child > COMPILE_MEMORY_BYTES_MAX {
            return Err(format!("{kind}: the compiler had {child} bytes").into());
        }
        let grew = host.saturating_sub(before);
        if grew > BESIDE_BYTES {
            return Err(format!("{kind}: the host grew by {grew} bytes").into());
        }
        match taken? {
            Ok(ready) => {
                // However it behaves, it behaves like a guest.
                drop(self.cell.command(&ready, "idle").await?);
                Ok(true)
            }
            Err(refused) => {
                if took > Duration::from_secs(1) {
                    report::tell(format_args!(
                        "{kind}: {refused} after {took:?}, {child} bytes"
                    ));
                }
                Ok(false)
            }
        }
    }

    async fn take(&self, upload: &[u8]) -> Result<Prepared, Wrong> {
        let package = package::read(upload)?;
        Ok(self
            .workshop
            .make(package.digest, package.component)
            .await?)
    }
}
