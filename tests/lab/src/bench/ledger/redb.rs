//! redb with group commit: one thread takes all that waits into one transaction and commits it
//! durably.

use std::path::Path;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use redb::{Database, Durability, ReadableTable, TableDefinition};
use tokio::sync::oneshot;

use crate::bench::deposits::PEOPLE;
use crate::bench::figures::Figures;
use crate::bench::load;
use crate::{Wrong, report};

const ACCOUNTS: TableDefinition<'_, u64, i64> = TableDefinition::new("account");
const JOURNAL: TableDefinition<'_, u64, (u64, u64, i64)> = TableDefinition::new("journal");

/// A transfer that waits, by its number.
type Waiting = (u64, oneshot::Sender<()>);

/// Moves money with so many clients at once for a while.
pub(super) async fn measure(clients: usize, time: Duration) -> Result<Figures, Wrong> {
    let room = tempfile::tempdir()?;
    let transfers = start(&room.path().join("redb"))?;
    load::measure(clients, time, move |number| {
        let transfers = transfers.clone();
        async move {
            let (durable, told) = oneshot::channel();
            transfers.send((number, durable))?;
            Ok(told.await?)
        }
    })
    .await
}

fn start(path: &Path) -> Result<Sender<Waiting>, Wrong> {
    let database = Database::create(path)?;
    let (transfers, waiting) = mpsc::channel();
    thread::Builder::new()
        .name("redb".to_owned())
        .spawn(move || {
            if let Err(wrong) = keep(&database, &waiting) {
                report::tell(format_args!("redb: {wrong}"));
            }
        })?;
    Ok(transfers)
}

/// Commits all that waits together, then tells who waited.
fn keep(database: &Database, waiting: &Receiver<Waiting>) -> Result<(), Wrong> {
    while let Ok(first) = waiting.recv() {
        let group: Vec<Waiting> = std::iter::once(first).chain(waiting.try_iter()).collect();
        let mut txn = database.begin_write()?;
        txn.set_durability(Durability::Immediate)?;
        {
            let (mut accounts, mut journal) = (txn.open_table(ACCOUNTS)?, txn.open_table(JOURNAL)?);
            for (number, _) in &group {
                let (debit, credit) = (number % PEOPLE, (number / 7 + 1) % PEOPLE);
                for (account, delta) in [(debit, -1), (credit, 1)] {
                    let balance = accounts.get(account)?.map_or(0, |found| found.value());
                    accounts.insert(account, balance + delta)?;
                }
                journal.insert(number, (debit, credit, 1))?;
            }
        }
        txn.commit()?;
        for (_, durable) in group {
            durable.send(()).unwrap_or_default();
        }
    }
    Ok(())
}
