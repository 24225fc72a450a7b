//! How money moves: the one way there is.
//!
//! A transfer asks, [`post`] decides, an [`Entry`] is what happened. Everything else in this crate
//! that moves money (a deposit, a payment, a refund) is a transfer with its own rungs before it.
//! [`hold`](crate::hold) sets money aside by the same rules.

use souk_core::{Money, OrderId, TransferId};
use souk_store::{Sealed, Txn};

use crate::account::{self, Effect, Ends, Found, Holder, Standing};
use crate::digest::Digest;
use crate::entry::{self, Entry, EntryKind, Phase};
use crate::invariant::{goes, hold};
use crate::policy::Policy;
use crate::record::Outcome;
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
/// The same transfer sent again answers with the entry it made, for ever. A refused transfer stages
/// nothing; that its id stays refused is for [`once`](crate::once) to keep.
///
/// # Errors
/// The first of [`Refusal::IdReused`], what it was refused with before, [`Refusal::AmountZero`],
/// [`Refusal::OverOrder`], [`Refusal::OverDay`], [`Refusal::OverApp`], [`Refusal::Frozen`],
/// [`Refusal::Closed`], [`Refusal::Funds`], [`Refusal::OverBalance`], [`Refusal::Overflow`];
/// [`Refusal::Broken`] for a kind that does not go between these holders.
pub async fn post(txn: &Txn, policy: &Policy, ask: &Transfer) -> Result<Entry, Refusal> {
    book(txn, policy, ask, Phase::Posted).await
}

/// Moves money several times, all or nothing, in this order. Staged.
///
/// # Errors
/// As [`post`], of the first transfer that is refused; then none of them is staged.
pub async fn post_linked(
    txn: &Txn,
    policy: &Policy,
    asks: &[Transfer],
) -> Result<Vec<Entry>, Refusal> {
    let before = txn.savepoint()?;
    let mut entries = Vec::with_capacity(asks.len());
    for ask in asks {
        match post(txn, policy, ask).await {
            Ok(entry) => entries.push(entry),
            Err(refusal) => {
                txn.roll_back(before)?;
                return Err(refusal);
            }
        }
    }
    Ok(entries)
}

/// Climbs the ladder of a transfer, and books it: posted at once, or held.
pub(crate) async fn book(
    txn: &Txn,
    policy: &Policy,
    ask: &Transfer,
    phase: Phase,
) -> Result<Entry, Refusal> {
    if let Some(done) = find(txn, ask.id, || ask.contents()).await? {
        let same = ask.is_what_made(&done, txn) && done.phase.name() == phase.name();
        return if same {
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
    ask.within(policy)?;
    let mut debit = account::at(txn, &ask.debit, ask.amount.currency()).await?;
    let mut credit = account::at(txn, &ask.credit, ask.amount.currency()).await?;
    hold(debit.id != credit.id, Broken::Account(debit.id))?;
    let entry = ask.entry(txn, phase);
    let effect = match phase {
        Phase::Held { .. } => Effect::held(ask.amount)?,
        Phase::Posted | Phase::Captured { .. } | Phase::Released { .. } => {
            Effect::posted(ask.amount)?
        }
    };
    if may_move(ask.kind, &debit, &credit).is_err() {
        debit.look_again(txn).await?;
        credit.look_again(txn).await?;
        may_move(ask.kind, &debit, &credit)?;
    }
    let ends = Ends {
        debit: debit.id,
        credit: credit.id,
    };
    let moves = account::moves((&entry, ends), effect, entry.at.day(), policy);
    account::stage(txn, &moves).await?;

    // From here on it happens. The numbers are staged with their bounds: should another commit take
    // the money first, this one conflicts and is decided anew.
    account::keep(txn, &debit).await?;
    account::keep(txn, &credit).await?;
    entry::append(txn, &entry, ends)?;
    Ok(entry)
}

/// Returns the entry a transfer made, if it was ever made.
///
/// # Errors
/// What it was refused with, if it was refused with these contents before; [`Refusal::IdReused`]
/// if it was with others; [`Refusal::Broken`] when the entry is gone, [`Refusal::Store`].
pub(crate) async fn find(
    txn: &Txn,
    id: TransferId,
    contents: impl FnOnce() -> [u8; 32],
) -> Result<Option<Entry>, Refusal> {
    match txn.get::<Outcome>(&keys::transfer(id)).await? {
        None => Ok(None),
        Some(Outcome::Refused(refused)) if refused.contents == contents() => {
            Err(refused.why.into())
        }
        Some(Outcome::Refused(_)) => Err(Refusal::IdReused),
        Some(Outcome::Made(_)) => {
            let made = made(txn, id).await?;
            Ok(Some(made.ok_or(Broken::EntryMissing(entry::id_of(id)))?))
        }
    }
}

/// Returns the entry a transfer made, whatever it asked; `None` if it was refused, or never asked
/// for.
///
/// # Errors
/// [`Refusal::Broken`] when the entry is gone, [`Refusal::Store`].
pub async fn made(txn: &Txn, id: TransferId) -> Result<Option<Entry>, Refusal> {
    entry::get(txn, entry::id_of(id)).await
}

/// What the standing of two accounts allows. Whoever owes the host a fee, or a rail what it takes
/// back, pays also from a frozen one.
fn may_move(kind: EntryKind, debit: &Found, credit: &Found) -> Result<(), Refusal> {
    let owed = matches!(kind, EntryKind::Fee | EntryKind::Reversal);
    match (debit.standing, credit.standing) {
        (Standing::Frozen, _) if !owed => Err(Refusal::Frozen),
        (Standing::Closed, _) | (_, Standing::Closed) => Err(Refusal::Closed),
        (Standing::Open | Standing::Frozen, Standing::Open | Standing::Frozen) => Ok(()),
    }
}

impl Transfer {
    /// Returns what is asked, for [`once`](crate::once::once): SHA-256 over all of it but the note,
    /// which may be erased.
    pub fn contents(&self) -> [u8; 32] {
        let currency = self.amount.currency();
        let accounts = [&self.debit, &self.credit].map(|holder| holder.account(currency));
        let [debit, credit] = accounts.map(souk_core::TypedId::bits);
        let order = self.order.map_or(0, souk_core::TypedId::bits);
        Digest::of("souk transfer 1")
            .part(&debit.to_be_bytes())
            .part(&credit.to_be_bytes())
            .money(self.amount)
            .part(self.kind.name().as_bytes())
            .part(&order.to_be_bytes())
            .part(&self.terms.unwrap_or_default())
            .bytes()
    }

    /// Whether it is no more than one movement of its kind may be.
    fn within(&self, policy: &Policy) -> Result<(), Refusal> {
        let limit = policy.limits.order.of(self.amount.currency());
        match limit.filter(|_| self.kind.is_spending()) {
            Some(limit) if limit.minor() < self.amount.minor() => Err(Refusal::OverOrder { limit }),
            Some(_) | None => Ok(()),
        }
    }

    /// What happened, once it has.
    fn entry(&self, txn: &Txn, phase: Phase) -> Entry {
        Entry {
            id: entry::id_of(self.id),
            debit: self.debit.clone(),
            credit: self.credit.clone(),
            amount: self.amount,
            at: txn.now(),
            kind: self.kind,
            phase,
            order: self.order,
            terms: self.terms,
            note: self.note.clone(),
        }
    }

    /// Tells whether an entry is what this transfer made: the same terms, and the same note as far
    /// as anybody can still tell.
    fn is_what_made(&self, entry: &Entry, txn: &Txn) -> bool {
        self.id == entry.transfer()
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
pub(crate) fn same_note(txn: &Txn, asked: Option<&Sealed>, made: Option<&Sealed>) -> bool {
    match (asked, made) {
        (None, None) => true,
        (Some(asked), Some(made)) => match (txn.open(asked), txn.open(made)) {
            (Some(asked), Some(made)) => asked == made,
            (None, _) | (_, None) => true,
        },
        (Some(_), None) | (None, Some(_)) => false,
    }
}
