//! Money set aside: authorized now, moved later or given back.
//!
//! A hold is an entry of its own, and so is its end. It ends once: captured whole or in part, or
//! released. What is held counts against every limit as if it were spent, and what goes back is
//! given back to the day it was counted for.

use souk_core::{EntryId, Money, Timestamp, TransferId, TypedId};
use souk_store::Txn;

use crate::account::{self, Effect, Ends};
use crate::digest::Digest;
use crate::entry::{self, Entry, Phase};
use crate::invariant::hold as must;
use crate::policy::Policy;
use crate::transfer::{self, Transfer};
use crate::{Broken, Refusal, keys};

/// Sets money aside until `until`. Staged. The same transfer sent again answers with the same hold.
///
/// # Errors
/// As [`transfer::post`].
pub(crate) async fn set_aside(
    txn: &Txn,
    policy: &Policy,
    ask: &Transfer,
    until: Timestamp,
) -> Result<Entry, Refusal> {
    transfer::book(txn, policy, ask, Phase::Held { until }).await
}

/// Ends a hold by moving `amount` of it; the rest goes back. Staged. The caller's own state says
/// that the hold is not over.
///
/// # Errors
/// [`Refusal::Overflow`] when the payee cannot hold that much.
pub(crate) async fn capture(txn: &Txn, hold: EntryId, amount: Money) -> Result<Entry, Refusal> {
    let held = open(txn, hold).await?;
    must(
        amount.minor() <= held.amount.minor() && !amount.is_zero(),
        Broken::Hold(hold),
    )?;
    let effect = Effect::ended(held.amount, account::signed(amount)?)?;
    end(txn, held, amount, effect, Phase::Captured { hold }).await
}

/// Ends a hold by giving all of it back. Staged, likewise.
///
/// # Errors
/// [`Refusal::Broken`], [`Refusal::Store`]: what goes back always finds room.
pub(crate) async fn release(txn: &Txn, hold: EntryId) -> Result<Entry, Refusal> {
    let held = open(txn, hold).await?;
    let amount = held.amount;
    let effect = Effect::ended(amount, 0)?;
    end(txn, held, amount, effect, Phase::Released { hold }).await
}

/// Returns the entry of a hold that is not over.
async fn open(txn: &Txn, hold: EntryId) -> Result<Entry, Refusal> {
    let open = txn.get::<EntryId>(&keys::hold(hold)).await?;
    must(open == Some(hold), Broken::Hold(hold))?;
    let held = entry::get(txn, hold).await?;
    let held = held.ok_or(Broken::EntryMissing(hold))?;
    must(matches!(held.phase, Phase::Held { .. }), Broken::Hold(hold))?;
    Ok(held)
}

/// Writes the end of a hold down.
async fn end(
    txn: &Txn,
    held: Entry,
    amount: Money,
    effect: Effect,
    phase: Phase,
) -> Result<Entry, Refusal> {
    let (hold, day) = (held.id, held.at.day());
    let entry = Entry {
        id: entry::id_of(end_of(hold)),
        amount,
        at: txn.now(),
        phase,
        ..held
    };
    let ends = Ends::of(&entry);
    let moves = account::moves((&entry, ends), effect, day, &Policy::default());
    account::stage(txn, &moves).await?;

    // From here on it happens.
    entry::append(txn, &entry, ends)?;
    Ok(entry)
}

/// The transfer that ends a hold: there is one, so a hold cannot end twice.
fn end_of(hold: EntryId) -> TransferId {
    let digest = Digest::of("souk end of hold 1");
    TransferId::from_bits(digest.part(&hold.bits().to_be_bytes()).bits())
}
