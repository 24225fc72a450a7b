//! The follower: one thread that gives the state on disk what was written lately, once it is
//! durable, table by table. Keys that changed often in between are written once.

use std::thread;
use std::time::Duration;

use souk_core::limits::{RECENT_MS, STATE_ROOM_BYTES, STATE_SYNC_MS};

use super::journal::StoreId;
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
    let mut unsynced = 0;
    loop {
        let last = shared.rest();
        if !has_room(shared)? {
            // What is durable waits in memory, and the next start replays it from the journal.
            if last {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(RECENT_MS));
            continue;
        }
        if let Some(ripe) = shared.next_table() {
            apply(shared, store, &ripe)?;
            drop(ripe);
            shared.applied();
            unsynced += 1;
        }
        if shared.is_stopped() {
            return Ok(());
        }
        if unsynced >= TABLES_PER_SYNC || last && unsynced > 0 {
            shared.state.sync(&*shared.options.protections.disk)?;
            unsynced = 0;
        }
        if last {
            return Ok(());
        }
    }
}

/// Tells whether the disk has room for what the state is given at once.
fn has_room(shared: &Shared) -> Result<bool, StateError> {
    let disk = &shared.options.protections.disk;
    Ok(disk.free(shared.state.path())? >= STATE_ROOM_BYTES)
}

/// Writes a table, and how far the state is then, as one step for whoever counts the state.
fn apply(shared: &Shared, store: StoreId, ripe: &Ripe) -> Result<(), StateError> {
    let mut census = shared.census();
    let writes = ripe.table.iter();
    let writes = writes.map(|(key, one)| (key, one.version, one.value.as_deref()));
    shared.state.apply(writes, &mut census)?;
    shared.state.set_applied(&Applied {
        store,
        sequence: ripe.sequence,
        tally: ripe.tally,
    })
}
