//! Receipts: a signed [`Statement`] of one entry.

mod wire;

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use souk_store::Txn;

pub use self::wire::Statement;
use crate::account::Holder;
use crate::entry::{self, Entry};
use crate::invariant::hold;
use crate::proof::{self, ProofError, PublicKey};
use crate::{Broken, Refusal};

/// What kind of payload a receipt is an envelope of.
pub const PAYLOAD_TYPE: &str = "application/vnd.souk.receipt+json";

/// A signed receipt, as the text that is handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt(String);

/// Signs a receipt of an entry by which money moved, if it is the one in the books. Until the key
/// is changed, the same entry gives the same text.
///
/// # Errors
/// [`Refusal::UnknownEntry`], also for money that was only set aside, [`Refusal::Broken`] when the
/// books say something else.
pub async fn issue(txn: &Txn, entry: &Entry) -> Result<Receipt, Refusal> {
    let booked = entry::get(txn, entry.id).await?;
    let booked = booked.filter(|entry| entry.phase.has_moved());
    let booked = booked.ok_or(Refusal::UnknownEntry)?;
    hold(booked == *entry, Broken::Entry(entry.id))?;
    let payload = serde_json::to_vec(&state(entry)).map_err(|_| Broken::Value)?;
    let text = proof::sign(txn.keyring(), PAYLOAD_TYPE, &payload)?;
    Ok(Receipt(text))
}

/// Checks a receipt against a host's public keys and returns what it says.
///
/// # Errors
/// [`ProofError`], the first that applies.
pub fn verify(text: &str, keys: &[PublicKey]) -> Result<Statement, ProofError> {
    let payload = proof::open(text, PAYLOAD_TYPE, keys)?;
    serde_json::from_slice(&payload).map_err(|_| ProofError::Statement)
}

/// What an entry's receipt says.
fn state(entry: &Entry) -> Statement {
    let currency = entry.amount.currency();
    let app = [&entry.debit, &entry.credit]
        .into_iter()
        .find_map(|holder| match holder {
            Holder::App(app) => Some(app.clone()),
            Holder::Person(_) | Holder::Rail(_) | Holder::Merchant(_) | Holder::Host(_) => None,
        });
    Statement {
        entry: entry.id,
        at: entry.at,
        kind: entry.kind,
        amount: entry.amount,
        payer: entry.debit.account(currency),
        payee: entry.credit.account(currency),
        app,
        order: entry.order,
        terms: entry.terms.map(|terms| STANDARD.encode(terms)),
    }
}

impl Receipt {
    /// Returns the text that is handed out: one JSON object on one line.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
