//! Entries: what happened to money, in a hash chain that nothing is ever taken out of.

use souk_core::{EntryId, TransferId, TypedId};
use souk_store::{Place, StoreError, Txn};

use crate::account::{Ends, Holder};
use crate::order::Order;
use crate::record::Outcome;
pub use crate::record::{Entry, EntryKind, Phase};
use crate::{Broken, Refusal, invariant, keys};

impl EntryKind {
    /// Returns the word people read.
    pub fn name(self) -> &'static str {
        match self {
            Self::Deposit => "deposit",
            Self::Payment => "payment",
            Self::Refund => "refund",
            Self::Fee => "fee",
            Self::PayOut => "pay-out",
            Self::Settlement => "settlement",
            Self::Recall => "recall",
            Self::Gift => "gift",
            Self::Withdrawal => "withdrawal",
            Self::Reversal => "reversal",
        }
    }

    /// Tells whether it counts against what a person may spend.
    pub(crate) fn is_spending(self) -> bool {
        match self {
            Self::Payment | Self::Gift => true,
            Self::Deposit
            | Self::Refund
            | Self::Fee
            | Self::PayOut
            | Self::Settlement
            | Self::Recall
            | Self::Withdrawal
            | Self::Reversal => false,
        }
    }

    /// Tells whether it is for an order.
    pub(crate) fn is_of_an_order(self) -> bool {
        match self {
            Self::Payment | Self::Refund | Self::Fee => true,
            Self::Deposit
            | Self::PayOut
            | Self::Settlement
            | Self::Recall
            | Self::Gift
            | Self::Withdrawal
            | Self::Reversal => false,
        }
    }
}

impl Phase {
    /// Tells whether money moved, so that it is a line of a statement and has a receipt.
    pub fn has_moved(self) -> bool {
        match self {
            Self::Posted | Self::Captured { .. } => true,
            Self::Held { .. } | Self::Released { .. } => false,
        }
    }

    /// Returns the word people read.
    pub fn name(self) -> &'static str {
        match self {
            Self::Posted => "posted",
            Self::Held { .. } => "held",
            Self::Captured { .. } => "captured",
            Self::Released { .. } => "released",
        }
    }
}

impl Entry {
    /// Returns the transfer that asked for it.
    pub fn transfer(&self) -> TransferId {
        transfer_of(self.id)
    }

    /// Tells whether it is on an account of this holder.
    pub fn involves(&self, holder: &Holder) -> bool {
        self.debit == *holder || self.credit == *holder
    }

    /// Tells whether it is the payment that an order says it was paid with: of what was captured,
    /// from whom it was asked, to who asked.
    pub(crate) fn pays(&self, order: &Order) -> bool {
        self.phase.has_moved()
            && order.entry == Some(self.id)
            && self.amount == order.captured
            && self.is_for(order)
    }

    /// Tells whether it is the authorization that an order says it has.
    pub(crate) fn authorizes(&self, order: &Order) -> bool {
        matches!(self.phase, Phase::Held { .. })
            && order.hold == Some(self.id)
            && self.amount == order.total
            && self.is_for(order)
    }

    /// Tells whether it is about paying an order.
    fn is_for(&self, order: &Order) -> bool {
        self.kind == EntryKind::Payment
            && self.order == Some(order.id)
            && self.debit == Holder::Person(order.payer)
            && self.credit == Holder::App(order.app.clone())
            && self.terms == Some(order.terms)
    }
}

/// The id of the entry that a transfer makes, if it makes one.
pub(crate) fn id_of(transfer: TransferId) -> EntryId {
    EntryId::from_bits(transfer.bits())
}

fn transfer_of(entry: EntryId) -> TransferId {
    TransferId::from_bits(entry.bits())
}

/// Returns an entry. Entries never change, so the transaction does not rest on it.
///
/// # Errors
/// [`Refusal::Broken`] when what is stored cannot be an entry, [`Refusal::Store`].
pub async fn get(txn: &Txn, id: EntryId) -> Result<Option<Entry>, Refusal> {
    let Some(entry) = read(txn, id).await? else {
        return Ok(None);
    };
    invariant::hold(entry.id == id, Broken::Entry(id))?;
    invariant::entry(&entry)?;
    Ok(Some(entry))
}

/// Returns what is written down of an entry, whether or not it can be one.
pub(crate) async fn read(txn: &Txn, id: EntryId) -> Result<Option<Entry>, StoreError> {
    let key = keys::transfer(transfer_of(id));
    match txn.peek::<Outcome>(&key).await? {
        Some(Outcome::Made(place)) => txn.indexed(&keys::entries(), &key, place).await,
        Some(Outcome::Refused(_)) | None => Ok(None),
    }
}

/// Writes an entry into the books, and, if money moved, where both its accounts find it.
pub(crate) fn append(txn: &Txn, entry: &Entry, ends: Ends) -> Result<(), Refusal> {
    invariant::entry(entry)?;
    let made = (
        &keys::transfer(entry.transfer()),
        &Outcome::Made(Place::LATER),
    );
    txn.append_indexed(&keys::entries(), entry, made)?;
    match entry.phase {
        Phase::Held { .. } => return Ok(txn.put(&keys::hold(entry.id), &entry.id)?),
        Phase::Released { hold } => return Ok(txn.delete(&keys::hold(hold))?),
        Phase::Captured { hold } => txn.delete(&keys::hold(hold))?,
        Phase::Posted => {}
    }
    for account in [ends.debit, ends.credit] {
        txn.append(&keys::statement(account), &entry.id)?;
    }
    Ok(())
}
