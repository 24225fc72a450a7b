//! Entries: what happened, in a hash chain that nothing is ever taken out of.

use souk_core::EntryId;
use souk_store::Txn;

use crate::account::Holder;
use crate::order::Order;
pub use crate::record::{Entry, EntryKind};
use crate::{Broken, Refusal, invariant, keys, news};

impl EntryKind {
    /// Returns the word people read.
    pub fn name(self) -> &'static str {
        match self {
            Self::Deposit => "deposit",
            Self::Payment => "payment",
            Self::Refund => "refund",
        }
    }
}

impl Entry {
    /// Tells whether it is on an account of this holder.
    pub fn involves(&self, holder: &Holder) -> bool {
        self.debit == *holder || self.credit == *holder
    }

    /// Tells whether it is the payment that an order says it was paid with: of what the order asked
    /// for, from whom it was asked, to who asked.
    pub(crate) fn pays(&self, order: &Order) -> bool {
        self.kind == EntryKind::Payment
            && order.entry == Some(self.id)
            && self.order == Some(order.id)
            && self.amount == order.total
            && self.debit == Holder::Person(order.payer)
            && self.credit == Holder::App(order.app.clone())
            && self.terms == Some(order.terms)
    }
}

/// Returns an entry. Entries never change, so the transaction does not rest on it.
///
/// # Errors
/// [`Refusal::Broken`] when what is stored cannot be an entry, [`Refusal::Store`].
pub async fn get(txn: &Txn, id: EntryId) -> Result<Option<Entry>, Refusal> {
    let Some(entry) = txn.peek::<Entry>(&keys::entry(id)).await? else {
        return Ok(None);
    };
    invariant::hold(entry.id == id, Broken::Entry(id))?;
    invariant::entry(&entry)?;
    Ok(Some(entry))
}

/// Writes an entry into the books, and where both its accounts and its people find it.
pub(crate) fn append(txn: &Txn, entry: &Entry) -> Result<(), Refusal> {
    invariant::entry(entry)?;
    txn.append_chained(&keys::entries(), entry)?;
    txn.put(&keys::entry(entry.id), entry)?;
    txn.put(&keys::transfer(entry.transfer), &entry.id)?;
    for holder in [&entry.debit, &entry.credit] {
        let account = holder.account(entry.amount.currency());
        txn.append(&keys::statement(account), &entry.id)?;
    }
    news::of_entry(txn, entry)
}
