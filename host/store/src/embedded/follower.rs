//! The follower: one thread that gives the state on disk what was written lately, once it is
//! durable, table by table. Keys that changed often in between are written once.

use souk_core::limits::{RECENT_MS, STATE_SYNC_MS};

use super::journal::StoreId;
use super::shared::Shared;
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
        if let Some(ripe) = shared.next_table() {
            let writes = ripe.table.iter();
            shared
                .state
                .apply(writes.map(|(key, one)| (key, one.version, one.value.as_deref())))?;
            let applied = Applied {
                store,
                sequence: ripe.sequence,
                tally: ripe.tally,
            };
            shared.state.set_applied(&applied)?;
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
