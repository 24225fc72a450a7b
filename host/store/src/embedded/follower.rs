//! The follower: one thread that gives the state on disk what was written lately, once it is
//! durable, table by table. Keys that changed often in between are written once.

use std::thread;
use std::time::Duration;

use souk_core::limits::{RECENT_MS, STATE_SYNC_MS};

use super::journal::StoreId;
use super::recent::Table;
use super::shared::{Ripe, Shared};
use super::state::{Applied, StateError};

/// How many tables are written between two syncs.
const TABLES_PER_SYNC: u64 = STATE_SYNC_MS / RECENT_MS;

/// Follows until the journal is complete, or something failed.
pub(super) fn run(shared: &Shared, store: StoreId) {
    if let Err(error) = follow(shared, store) {
        shared.distrust(&error);
    }
}

fn follow(shared: &Shared, store: StoreId) -> Result<(), StateError> {
    let disk = &*shared.options.protections.disk;
    let (mut unsynced, mut waits) = (0, None);
    loop {
        let last = shared.rest();
        if let Some(ripe) = waits.take().or_else(|| shared.next_table()) {
            if shared.state.has_room(bytes(&ripe.table), disk)? {
                apply(shared, store, &ripe)?;
                unsynced += 1;
            } else {
                // It is still found among the recent ones; when they are too many, commits wait.
                waits = Some(ripe);
                thread::sleep(Duration::from_millis(RECENT_MS));
            }
        }
        if shared.is_stopped() {
            return Ok(());
        }
        if unsynced >= TABLES_PER_SYNC || last && unsynced > 0 {
            shared.state.sync(disk)?;
            unsynced = 0;
        }
        if last {
            return Ok(());
        }
    }
}

/// Writes a table, and how far the state is then, as one step for whoever counts the state.
fn apply(shared: &Shared, store: StoreId, ripe: &Ripe) -> Result<(), StateError> {
    let mut census = shared.census();
    let writes = ripe.table.in_order();
    let writes = writes.map(|(key, one)| (key, one.version, one.value.as_deref()));
    shared.state.apply(writes, &mut census)?;
    let sequence = ripe.sequence;
    shared.state.set_applied(&Applied {
        store,
        sequence,
        tally: ripe.tally,
    })?;
    drop(census);
    shared.applied(ripe);
    Ok(())
}

/// How long the keys and values of a table are together.
fn bytes(table: &Table) -> u64 {
    let lengths = table.writes().map(|(key, one)| {
        let value = one.value.as_ref().map_or(0, Vec::len);
        u64::try_from(key.len().saturating_add(value)).unwrap_or(u64::MAX)
    });
    lengths.fold(0, u64::saturating_add)
}
