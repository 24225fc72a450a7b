//! Our ledger on the embedded engine, in this process, on the disk as it is.

use std::sync::Arc;
use std::time::Duration;

use souk_market::SystemClock;
use souk_store::embedded::{Embedded, Options};
use souk_store::{Keyring, Store};
use tokio::time::sleep;

use crate::Wrong;
use crate::bench::deposits::Deposits;
use crate::bench::figures::Figures;
use crate::stopwatch::Stopwatch;

/// How often it is looked how far sled is.
const LOOK: Duration = Duration::from_millis(50);

/// What it did.
pub(super) struct Measured {
    pub(super) figures: Figures,
    /// How old the oldest commit ever was that sled did not have yet.
    pub(super) behind: Duration,
}

/// Deposits with so many clients at once for a while.
pub(super) async fn measure(clients: usize, time: Duration) -> Result<Measured, Wrong> {
    let room = tempfile::tempdir()?;
    let (engine, _) = Embedded::open(&Options::at(&room.path().join("data")))?;
    let (engine, keyring) = (Arc::new(engine), Arc::new(Keyring::ephemeral()?));
    let store = Store::new(Arc::clone(&engine) as _, keyring, Arc::new(SystemClock));
    let mut deposits = Deposits::into(store);
    let watching = watch(&engine, time);
    let (figures, behind) = tokio::join!(deposits.measure(clients, time), watching);
    Ok(Measured {
        figures: figures?,
        behind,
    })
}

/// Looks again and again how far journal and sled are, and returns by how much sled ever was
/// behind.
async fn watch(engine: &Embedded, time: Duration) -> Duration {
    let (all, mut seen, mut most) = (Stopwatch::start(), Vec::new(), Duration::ZERO);
    while all.elapsed() < time {
        sleep(LOOK).await;
        let (now, reached) = (all.elapsed(), engine.reached());
        seen.push((now, reached.journal));
        // What sled lacks was durable at the first look that saw more than sled has now.
        seen.retain(|(_, journal)| *journal > reached.state);
        if let Some((since, _)) = seen.first() {
            most = most.max(now.saturating_sub(*since));
        }
    }
    most
}
