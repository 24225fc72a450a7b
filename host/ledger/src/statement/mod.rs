//! Statements: what happened on one account, line by line, and by period with balances.

mod csv;
mod period;
mod wire;

use souk_core::limits::PAGE_ENTRIES_MAX;
use souk_core::{Currency, EntryId, Money, OrderId, Timestamp};
use souk_store::{Page, Txn};

pub use self::csv::csv;
pub use self::period::{PAYLOAD_TYPE, Period, period, sign, verify};
pub use self::wire::{PeriodLine, Statement};
use crate::account::Holder;
use crate::entry::{self, Entry, EntryKind};
use crate::invariant::hold;
use crate::{Broken, Refusal, keys};

/// One line: an entry as one of its two accounts sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its place on this account, from 0; pages go on after it.
    pub place: u64,
    /// The entry, for its receipt.
    pub entry: EntryId,
    /// Whether the account became more.
    pub incoming: bool,
    /// When.
    pub at: Timestamp,
    /// How much.
    pub amount: Money,
    /// Why.
    pub kind: EntryKind,
    /// The order that was paid or refunded.
    pub order: Option<OrderId>,
    /// Who is at the other end.
    pub other: Holder,
    /// Why, in somebody's words, unless they were erased.
    pub note: Option<String>,
}

/// Returns a page of a holder's statement; at most [`PAGE_ENTRIES_MAX`] lines.
///
/// # Errors
/// [`Refusal::Broken`] when an entry is gone or is not this account's, [`Refusal::Store`].
pub async fn page(
    txn: &Txn,
    holder: &Holder,
    currency: Currency,
    page: Page<u64>,
) -> Result<Vec<Line>, Refusal> {
    let page = Page {
        limit: page.limit.min(PAGE_ENTRIES_MAX),
        ..page
    };
    let log = keys::statement(holder.account(currency));
    let mut lines = Vec::new();
    for (place, id) in txn.entries::<EntryId>(&log, page).await? {
        let entry = entry::get(txn, id).await?.ok_or(Broken::EntryMissing(id))?;
        hold(entry.involves(holder), Broken::Entry(id))?;
        hold(entry.amount.currency() == currency, Broken::Entry(id))?;
        lines.push(line(txn, place, holder, entry));
    }
    Ok(lines)
}

/// The entry as the holder sees it.
fn line(txn: &Txn, place: u64, holder: &Holder, entry: Entry) -> Line {
    let incoming = entry.credit == *holder;
    let note = entry.note.and_then(|note| txn.open(&note));
    Line {
        place,
        entry: entry.id,
        incoming,
        at: entry.at,
        amount: entry.amount,
        kind: entry.kind,
        order: entry.order,
        other: if incoming { entry.debit } else { entry.credit },
        note: note.and_then(|note| String::from_utf8(note).ok()),
    }
}
