//! A statement of a period: opening balance, lines, closing balance.
//!
//! It is read backwards from the present, so it costs what happened since the period began, not
//! what happened before.

use souk_core::limits::{PAGE_ENTRIES_MAX, STATEMENT_LINES_MAX, STATEMENT_SLACK_MS};
use souk_core::{AccountId, Currency, EntryId, Timestamp};
use souk_store::{Page, Txn};

use super::wire::{PeriodLine, Statement};
use crate::account::{Cell, Holder, signed};
use crate::entry::{self, Entry};
use crate::invariant::hold;
use crate::proof::{self, ProofError, PublicKey};
use crate::{Broken, Refusal, keys};

/// What kind of payload a statement is an envelope of.
pub const PAYLOAD_TYPE: &str = "application/vnd.souk.statement+json";

/// From when on, and until when, not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// What happened then counts.
    pub from: Timestamp,
    /// What happened then does not count any more.
    pub to: Timestamp,
}

/// Returns the statement of an account for a period, which ends now at the latest: nobody knows
/// what happens later. The transaction does not rest on it.
///
/// # Errors
/// [`Refusal::Period`], [`Refusal::StatementLong`]; [`Refusal::Broken`] when an entry is gone or is
/// not this account's; [`Refusal::Store`].
pub async fn period(
    txn: &Txn,
    holder: &Holder,
    currency: Currency,
    period: Period,
) -> Result<Statement, Refusal> {
    let period = period.until(txn.now())?;
    let account = holder.account(currency);
    let (places, mut closing) = present(txn, account).await?;
    let (mut lines, mut after) = (Vec::new(), Some(places));
    // A transaction says when it began, and may commit a while later, after others.
    let beginning = period.from.millis().saturating_sub(STATEMENT_SLACK_MS);
    'all: loop {
        let page = Page::last(PAGE_ENTRIES_MAX).after(after);
        let ids = txn
            .entries::<EntryId>(&keys::statement(account), page)
            .await?;
        after = ids.last().map(|(place, _)| *place);
        if after.is_none() {
            break;
        }
        for (_, id) in ids {
            let entry = entry::get(txn, id).await?.ok_or(Broken::EntryMissing(id))?;
            hold(entry.amount.currency() == currency, Broken::Entry(id))?;
            let line = line(holder, &entry)?;
            if entry.at >= period.to {
                closing = closing.checked_sub(line.change).ok_or(Broken::Value)?;
            } else if entry.at >= period.from {
                lines.push(line);
            } else if entry.at.millis() < beginning {
                break 'all;
            }
            if lines.len() > STATEMENT_LINES_MAX {
                return Err(Refusal::StatementLong);
            }
        }
    }
    lines.reverse();
    let sum = sum(&lines).ok_or(Broken::Value)?;
    Ok(Statement {
        account,
        currency,
        from: period.from,
        to: period.to,
        made: txn.now(),
        opening: closing.checked_sub(sum).ok_or(Broken::Value)?,
        lines,
        closing,
    })
}

impl Period {
    /// The same, cut off at a moment.
    fn until(self, made: Timestamp) -> Result<Self, Refusal> {
        let to = self.to.min(made);
        if self.from <= to {
            Ok(Self { to, ..self })
        } else {
            Err(Refusal::Period)
        }
    }
}

/// Signs a statement, and returns the text that is handed out.
///
/// # Errors
/// [`Broken::Value`].
pub fn sign(txn: &Txn, statement: &Statement) -> Result<String, Refusal> {
    let payload = serde_json::to_vec(statement).map_err(|_| Broken::Value)?;
    Ok(proof::sign(txn.keyring(), PAYLOAD_TYPE, &payload)?)
}

/// Checks a signed statement against a host's public keys, and that it adds up.
///
/// # Errors
/// [`ProofError`], the first that applies.
pub fn verify(text: &str, keys: &[PublicKey]) -> Result<Statement, ProofError> {
    let payload = proof::open(text, PAYLOAD_TYPE, keys)?;
    let said: Statement = serde_json::from_slice(&payload).map_err(|_| ProofError::Statement)?;
    let closing = sum(&said.lines).and_then(|sum| said.opening.checked_add(sum));
    if closing == Some(said.closing) {
        Ok(said)
    } else {
        Err(ProofError::Sums)
    }
}

/// Returns how many lines an account has, and what was posted to it, at one and the same moment.
async fn present(txn: &Txn, account: AccountId) -> Result<(u64, i64), Refusal> {
    let numbers = txn.peek_numbers(&keys::statement(account)).await?;
    let [credits, debits] =
        [Cell::CreditsPosted, Cell::DebitsPosted].map(|cell| numbers.at(cell.slot()));
    let balance = credits.checked_sub(debits).ok_or(Broken::Value)?;
    Ok((numbers.count()?, balance))
}

/// The entry as the holder sees it.
fn line(holder: &Holder, entry: &Entry) -> Result<PeriodLine, Broken> {
    hold(entry.involves(holder), Broken::Entry(entry.id))?;
    let incoming = entry.credit == *holder;
    let amount = signed(entry.amount)?;
    let other = if incoming {
        &entry.debit
    } else {
        &entry.credit
    };
    Ok(PeriodLine {
        entry: entry.id,
        at: entry.at,
        kind: entry.kind,
        change: if incoming {
            amount
        } else {
            amount.saturating_neg()
        },
        other: other.account(entry.amount.currency()),
        order: entry.order,
    })
}

/// What lines come to.
fn sum(lines: &[PeriodLine]) -> Option<i64> {
    let mut changes = lines.iter().map(|line| line.change);
    changes.try_fold(0, i64::checked_add)
}
