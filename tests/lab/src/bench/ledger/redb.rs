//! redb with group commit: one thread takes all that waits into one transaction and commits it
//! durably.

use std::path::Path;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use redb::{Database, Durability, ReadableTable, TableDefinition, WriteTransaction};
use tokio::sync::oneshot;

use crate::bench::deposits::PEOPLE;
use crate::bench::figures::Figures;
use crate::bench::load;
use crate::{Wrong, report};

const ACCOUNTS: TableDefinition<'_, u64, i64> = TableDefinition::new("account");
const JOURNAL: TableDefinition<'_, u64, (u64, u64, i64)> = TableDefinition::new("journal");

/// What is written for transfers of these numbers.
pub(super) type Write = fn(&WriteTransaction, &[u64]) -> Result<(), Wrong>;

/// A transfer that waits, by its number.
type Waiting = (u64, oneshot::Sender<()>);

/// Moves money with so many clients at once for a while.
pub(super) async fn measure(
    clients: usize,
    time: Duration,
    write: Write,
) -> Result<Figures, Wrong> {
    let room = tempfile::tempdir()?;
    let transfers = start(&room.path().join("redb"), write)?;
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

fn start(path: &Path, write: Write) -> Result<Sender<Waiting>, Wrong> {
    let database = Database::create(path)?;
    let (transfers, waiting) = mpsc::channel();
    thread::Builder::new()
        .name("redb".to_owned())
        .spawn(move || {
            if let Err(wrong) = keep(&database, &waiting, write) {
                report::tell(format_args!("redb: {wrong}"));
            }
        })?;
    Ok(transfers)
}

/// Commits all that waits together, then tells who waited.
fn keep(database: &Database, waiting: &Receiver<Waiting>, write: Write) -> Result<(), Wrong> {
    while let Ok(first) = waiting.recv() {
        let group = std::iter::once(first).chain(waiting.try_iter());
        let (numbers, told): (Vec<_>, Vec<_>) = group.unzip();
        let mut txn = database.begin_write()?;
        txn.set_durability(Durability::Immediate)?;
        write(&txn, &numbers)?;
        txn.commit()?;
        for durable in told {
            durable.send(()).unwrap_or_default();
        }
    }
    Ok(())
}

/// What pgbench's transaction writes: a debit, a credit and a row of a journal.
pub(super) fn rows(txn: &WriteTransaction, numbers: &[u64]) -> Result<(), Wrong> {
    let (mut accounts, mut journal) = (txn.open_table(ACCOUNTS)?, txn.open_table(JOURNAL)?);
    for number in numbers {
        let (debit, credit) = sides(*number);
        for (account, delta) in [(debit, -1), (credit, 1)] {
            let balance = accounts.get(account)?.map_or(0, |found| found.value());
            accounts.insert(account, balance + delta)?;
        }
        journal.insert(number, (debit, credit, 1))?;
    }
    Ok(())
}

/// Who pays whom.
pub(super) fn sides(number: u64) -> (u64, u64) {
    (number % PEOPLE, (number / 7 + 1) % PEOPLE)
}
