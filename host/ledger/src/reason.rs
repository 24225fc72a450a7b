//! Why money was moved by hand, or an account changed: the operator's words.

use souk_core::UserId;
use souk_store::{Owner, Txn};

use crate::entry::Entry;
use crate::policy::Policy;
use crate::text::is_long;
use crate::transfer::{self, Transfer};
use crate::{Refusal, quote};

/// Returns a reason as it is kept.
///
/// # Errors
/// [`Refusal::Reason`] for one that is too long, or of which nothing can be seen.
pub(crate) fn check(reason: &str) -> Result<String, Refusal> {
    let quoted = quote(reason);
    if quoted.is_empty() || is_long(reason) {
        return Err(Refusal::Reason);
    }
    Ok(quoted)
}

/// Moves money as [`transfer::post`] does, and keeps why, sealed for whose money it is. Staged.
///
/// # Errors
/// The first of [`Refusal::IdReused`], what it was refused with before, [`Refusal::Reason`], and
/// the rest of those of [`transfer::post`].
pub(crate) async fn post(
    txn: &Txn,
    policy: &Policy,
    ask: Transfer,
    (owner, reason): (UserId, &str),
) -> Result<Entry, Refusal> {
    let reason = match check(reason) {
        Ok(reason) => reason,
        Err(refusal) => {
            let known = transfer::find(txn, ask.id, || ask.contents()).await?;
            return Err(known.map_or(refusal, |_| Refusal::IdReused));
        }
    };
    let note = txn.seal(&Owner::Person(owner), reason.as_bytes()).await?;
    let note = Some(note);
    transfer::post(txn, policy, &Transfer { note, ..ask }).await
}
