//! Pay-outs: an app pays a person of its own accord, from its own takings.

use souk_core::limits::KEY_BYTES_MAX;
use souk_core::{AppId, Money, TransferId, TypedId, UserId};
use souk_store::{Owner, Sealed, StoreError, Txn};

use crate::account::{self, Holder, capped, signed};
use crate::digest::Digest;
use crate::entry::{Entry, EntryKind};
use crate::policy::Policy;
use crate::text::is_long;
use crate::transfer::{self, Transfer};
use crate::{Refusal, keys, quote};

/// What an app pays out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayOut {
    /// Who pays.
    pub app: AppId,
    /// Who is paid.
    pub to: UserId,
    /// The app's name for it, unique in the app.
    pub key: String,
    /// How much.
    pub amount: Money,
    /// A word to the person; may be empty. It is quoted before it is kept.
    pub memo: String,
    /// Whose content the memo is.
    pub owner: Owner,
    /// The most the app may pay out on a day of UTC.
    pub budget: Money,
}

/// Pays a person from what an app has. Staged.
///
/// The same key with the same contents answers with the entry there is.
///
/// # Errors
/// The first of [`Refusal::KeyLength`], [`Refusal::KeyReused`], [`Refusal::Memo`],
/// [`Refusal::AmountZero`], [`Refusal::OverBudget`] and those of [`transfer::post`].
pub async fn pay(txn: &Txn, policy: &Policy, ask: &PayOut) -> Result<Entry, Refusal> {
    if ask.key.is_empty() || ask.key.len() > KEY_BYTES_MAX {
        return Err(Refusal::KeyLength);
    }
    let id = transfer_id(&ask.app, &ask.key);
    if let Some(entry) = transfer::find(txn, id, || [0; 32]).await? {
        return if ask.is_what_made(&entry, txn) {
            Ok(entry)
        } else {
            Err(Refusal::KeyReused)
        };
    }
    if is_long(&ask.memo) {
        return Err(Refusal::Memo);
    }
    let note = seal(txn, ask).await?;
    let before = txn.savepoint()?;
    let paid = match count(txn, ask).await {
        Ok(()) => transfer::post(txn, policy, &ask.transfer(id, note)).await,
        Err(refusal) => Err(refusal),
    };
    if paid.is_err() {
        txn.roll_back(before)?;
    }
    paid
}

/// Returns the entry that an app's pay-out with this key made, if it made one.
///
/// # Errors
/// What [`transfer::made`] gives.
pub async fn made(txn: &Txn, app: &AppId, key: &str) -> Result<Option<Entry>, Refusal> {
    transfer::made(txn, transfer_id(app, key)).await
}

/// Returns what an app may still pay out on a day of UTC, within this budget. The transaction does
/// not rest on it.
///
/// # Errors
/// The store's.
pub async fn left(txn: &Txn, app: &AppId, budget: Money, day: u64) -> Result<u64, StoreError> {
    let paid = keys::paid_out(app, budget.currency(), day);
    let paid = txn.peek_number(&paid).await?;
    Ok(budget.minor().saturating_sub(paid.unsigned_abs()))
}

/// Counts against the day's budget.
async fn count(txn: &Txn, ask: &PayOut) -> Result<(), Refusal> {
    let limit = ask.budget;
    if limit.currency() != ask.amount.currency() {
        return Err(Refusal::OverBudget { limit });
    }
    let key = keys::paid_out(&ask.app, limit.currency(), txn.now().day());
    let words = |limit| Refusal::OverBudget { limit };
    let add = capped(&key, signed(ask.amount)?, Some(limit), words);
    account::stage(txn, &[add]).await
}

async fn seal(txn: &Txn, ask: &PayOut) -> Result<Option<Sealed>, Refusal> {
    let memo = quote(&ask.memo);
    if memo.is_empty() {
        return Ok(None);
    }
    Ok(Some(txn.seal(&ask.owner, memo.as_bytes()).await?))
}

/// One for each app and key.
fn transfer_id(app: &AppId, key: &str) -> TransferId {
    let digest = Digest::of("souk pay-out 1").part(app.as_str().as_bytes());
    TransferId::from_bits(digest.part(key.as_bytes()).bits())
}

impl PayOut {
    fn transfer(&self, id: TransferId, note: Option<Sealed>) -> Transfer {
        Transfer {
            id,
            debit: Holder::App(self.app.clone()),
            credit: Holder::Person(self.to),
            amount: self.amount,
            kind: EntryKind::PayOut,
            order: None,
            terms: None,
            note,
        }
    }

    fn is_what_made(&self, entry: &Entry, txn: &Txn) -> bool {
        let said = match &entry.note {
            None => quote(&self.memo).is_empty(),
            Some(note) => txn
                .open(note)
                .is_none_or(|note| note == quote(&self.memo).as_bytes()),
        };
        said && entry.amount == self.amount && entry.credit == Holder::Person(self.to)
    }
}
