//! How money moves: the one way there is.
//!
//! A transfer asks, [`post`] decides, an [`Entry`] is what happened. Everything else in this crate
//! that moves money (a deposit, a payment, a refund) is a transfer with its own rungs before it.

use souk_core::{AccountId, EntryId, Money, OrderId, TransferId};
use souk_store::{Sealed, Txn};

use crate::account::{self, Cell, Holder, Move};
use crate::entry::{self, Entry, EntryKind};
use crate::invariant::{goes, hold};
use crate::{Broken, Refusal, keys};

/// A request to move money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Names the request for ever: sent again, it is the same movement.
    pub id: TransferId,
    /// Whose account becomes less.
    pub debit: Holder,
    /// Whose account becomes more.
    pub credit: Holder,
    /// How much.
    pub amount: Money,
    /// Why.
    pub kind: EntryKind,
    /// The order that is paid or refunded.
    pub order: Option<OrderId>,
    /// For a payment, the order's [`terms`](crate::order::Order::terms).
    pub terms: Option<[u8; 32]>,
    /// Why, in somebody's words.
    pub note: Option<Sealed>,
}

/// Moves money from one account to another, once. Staged: it happens when the transaction commits.
///
/// The same transfer sent again answers with the entry it made, for ever. A refused transfer leaves
/// nothing behind, its id included: sent again it is decided anew.
///
/// # Errors
/// The first of [`Refusal::IdReused`], [`Refusal::AmountZero`], [`Refusal::Funds`],
/// [`Refusal::Overflow`]; [`Refusal::Broken`] for a kind that does not go between these holders.
pub async fn post(txn: &Txn, ask: &Transfer) -> Result<Entry, Refusal> {
    if let Some(done) = find(txn, ask.id).await? {
        return if ask.is_what_made(&done, txn) {
            Ok(done)
        } else {
            Err(Refusal::IdReused)
        };
    }
    if ask.amount.is_zero() {
        return Err(Refusal::AmountZero);
    }
    hold(
        goes(ask.kind, &ask.debit, &ask.credit),
        Broken::Route(ask.id),
    )?;
    let debit = account::at(txn, &ask.debit, ask.amount.currency()).await?;
    let credit = account::at(txn, &ask.credit, ask.amount.currency()).await?;
    hold(debit.0.id != credit.0.id, Broken::Account(debit.0.id))?;
    account::stage(txn, &ask.moves(debit.0.id, credit.0.id)?).await?;

    // From here on it happens. The numbers are staged with their bounds: should another commit take
    // the money first, this one conflicts and is decided anew.
    account::keep(txn, &debit)?;
    account::keep(txn, &credit)?;
    let entry = ask.entry(txn);
    entry::append(txn, &entry)?;
    Ok(entry)
}

/// Returns the entry a transfer made, if it was ever posted.
///
/// # Errors
/// [`Refusal::Broken`] when the entry is gone, [`Refusal::Store`].
pub async fn find(txn: &Txn, id: TransferId) -> Result<Option<Entry>, Refusal> {
    let Some(made) = txn.get::<EntryId>(&keys::transfer(id)).await? else {
        return Ok(None);
    };
    let entry = entry::get(txn, made)
        .await?
        .ok_or(Broken::EntryMissing(made))?;
    hold(entry.transfer == id, Broken::Entry(made))?;
    Ok(Some(entry))
}

impl Transfer {
    /// What a posting does to the numbers, in the order of its refusals.
    fn moves(&self, debit: AccountId, credit: AccountId) -> Result<[Move; 4], Refusal> {
        let plus = i64::try_from(self.amount.minor()).map_err(|_| Refusal::AmountLarge)?;
        let minus = plus.checked_neg().ok_or(Refusal::AmountLarge)?;
        let (from, to) = (self.debit.bounds(), self.credit.bounds());
        let counter = account::COUNTER;
        let (account, cell, funds) = (debit, Cell::Available, Refusal::Funds);
        Ok([
            Move {
                account,
                cell,
                delta: minus,
                bounds: from,
                otherwise: funds,
            },
            Move::up(credit, Cell::Available, plus, to),
            Move::up(debit, Cell::DebitsPosted, plus, counter),
            Move::up(credit, Cell::CreditsPosted, plus, counter),
        ])
    }

    /// What happened, once it has.
    fn entry(&self, txn: &Txn) -> Entry {
        Entry {
            id: txn.fresh(),
            transfer: self.id,
            debit: self.debit.clone(),
            credit: self.credit.clone(),
            amount: self.amount,
            at: txn.now(),
            kind: self.kind,
            order: self.order,
            terms: self.terms,
            note: self.note.clone(),
        }
    }

    /// Tells whether an entry is what this transfer made: the same terms, and the same note as far
    /// as anybody can still tell.
    fn is_what_made(&self, entry: &Entry, txn: &Txn) -> bool {
        self.id == entry.transfer
            && self.debit == entry.debit
            && self.credit == entry.credit
            && self.amount == entry.amount
            && self.kind == entry.kind
            && self.order == entry.order
            && self.terms == entry.terms
            && same_note(txn, self.note.as_ref(), entry.note.as_ref())
    }
}

/// Sealed notes differ even when they say the same. One that was erased says nothing any more.
fn same_note(txn: &Txn, asked: Option<&Sealed>, made: Option<&Sealed>) -> bool {
    match (asked, made) {
        (None, None) => true,
        (Some(asked), Some(made)) => match (txn.open(asked), txn.open(made)) {
            (Some(asked), Some(made)) => asked == made,
            (None, _) | (_, None) => true,
        },
        (Some(_), None) | (None, Some(_)) => false,
    }
}
