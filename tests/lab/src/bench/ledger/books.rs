//! What a transfer of ours has in its books, written by redb: the entry, chained by hash to the one
//! before it; its id, which must be new; both balances, within their bounds; and a line in the
//! statement of each side. It says what the books cost by themselves, whoever keeps them.

use redb::{ReadableTable, ReadableTableMetadata, Table, TableDefinition, WriteTransaction};
use sha2::{Digest, Sha256};

use super::redb::sides;
use crate::{Wrong, dice};

/// Entries by their place: both sides, the amount, the id, and the hash so far.
const ENTRIES: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("entry");
/// Where the entry of an id is.
const IDS: TableDefinition<'_, u128, u64> = TableDefinition::new("id");
/// A balance, and how many lines the statement has.
const ACCOUNTS: TableDefinition<'_, u64, (i64, u64)> = TableDefinition::new("account");
/// Lines of statements: the entry's place, and the balance after it.
const LINES: TableDefinition<'_, (u64, u64), (u64, i64)> = TableDefinition::new("line");

const HASH_BYTES: usize = 32;
/// No balance leaves these bounds.
const BALANCE_MAX: i64 = 1 << 53;

/// Keeps the books of transfers.
pub(super) fn write(txn: &WriteTransaction, numbers: &[u64]) -> Result<(), Wrong> {
    let mut books = Books {
        entries: txn.open_table(ENTRIES)?,
        ids: txn.open_table(IDS)?,
        accounts: txn.open_table(ACCOUNTS)?,
        lines: txn.open_table(LINES)?,
    };
    numbers.iter().try_for_each(|number| books.keep(*number))
}

struct Books<'t> {
    entries: Table<'t, u64, &'static [u8]>,
    ids: Table<'t, u128, u64>,
    accounts: Table<'t, u64, (i64, u64)>,
    lines: Table<'t, (u64, u64), (u64, i64)>,
}

impl Books<'_> {
    fn keep(&mut self, number: u64) -> Result<(), Wrong> {
        let (id, (debit, credit)) = (dice::scattered(number), sides(number));
        if self.ids.get(id)?.is_some() {
            return Err("the id was used before".into());
        }
        let place = self.entries.len()?;
        self.enter(place, id, (debit, credit))?;
        self.ids.insert(id, place)?;
        self.post(debit, -1, place)?;
        self.post(credit, 1, place)
    }

    /// Adds the entry, with a hash over it and the one before.
    fn enter(&mut self, place: u64, id: u128, sides: (u64, u64)) -> Result<(), Wrong> {
        let mut entry = [sides.0, sides.1, 1].map(u64::to_be_bytes).concat();
        entry.extend(id.to_be_bytes());
        let last = self.entries.last()?;
        let before = last
            .as_ref()
            .and_then(|(_, last)| last.value().last_chunk::<HASH_BYTES>());
        let hash = Sha256::new()
            .chain_update(before.unwrap_or(&[0; HASH_BYTES]))
            .chain_update(&entry)
            .finalize();
        drop(last);
        entry.extend(hash);
        self.entries.insert(place, entry.as_slice())?;
        Ok(())
    }

    /// Moves a balance, and adds the line to the statement.
    fn post(&mut self, account: u64, delta: i64, place: u64) -> Result<(), Wrong> {
        let (balance, lines) = self
            .accounts
            .get(account)?
            .map_or((0, 0), |found| found.value());
        let balance = balance + delta;
        if balance.abs() > BALANCE_MAX {
            return Err("the balance is out of bounds".into());
        }
        self.accounts.insert(account, (balance, lines + 1))?;
        self.lines.insert((account, lines), (place, balance))?;
        Ok(())
    }
}
