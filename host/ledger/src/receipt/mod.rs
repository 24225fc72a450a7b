//! Receipts: what anybody can hold against us, without us.
//!
//! A receipt is a signed [`Statement`] of one entry, in the envelope of DSSE, version 1.0.0
//! (<https://github.com/secure-systems-lab/dsse>). [`verify`] needs the host's public key and
//! nothing else: no host, no store, no network.

mod wire;

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::VerifyingKey;
use sha2::{Digest as _, Sha256};
use souk_core::{Blame, Blamed};
use souk_store::Txn;

pub use self::wire::Statement;
use self::wire::{Envelope, Signature};
use crate::account::Holder;
use crate::entry::{self, Entry};
use crate::invariant::hold;
use crate::{Broken, Refusal};

/// What kind of payload a receipt is an envelope of.
pub const PAYLOAD_TYPE: &str = "application/vnd.souk.receipt+json";

/// A signed receipt, as the text that is handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt(String);

/// Why a text is not a receipt of this host, the first that applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// Not the envelope of a receipt.
    #[error("this is not a receipt; a receipt is one JSON object, as `souk` printed it")]
    Form,
    /// An envelope of something else.
    #[error("this is a signed envelope, and not of a receipt")]
    PayloadType,
    /// The key to check with is no key.
    #[error("this is not a public key of Ed25519")]
    PublicKey,
    /// Another host's receipt, or from before the host changed its key.
    #[error("the receipt was signed with another key")]
    OtherKey,
    /// Somebody changed it.
    #[error("the signature does not fit: the receipt was altered")]
    Signature,
    /// Signed, and not of a form known here.
    #[error("the receipt says something this version of souk does not know")]
    Statement,
}

impl Blamed for ReceiptError {
    fn blame(&self) -> Blame {
        match self {
            Self::Form
            | Self::PayloadType
            | Self::PublicKey
            | Self::OtherKey
            | Self::Signature
            | Self::Statement => Blame::User,
        }
    }
}

/// Signs a receipt of an entry, if it is the one in the books. The same entry always gives the same
/// text.
///
/// # Errors
/// [`Refusal::UnknownEntry`], [`Refusal::Broken`] when the books say something else.
pub async fn issue(txn: &Txn, entry: &Entry) -> Result<Receipt, Refusal> {
    let booked = entry::get(txn, entry.id)
        .await?
        .ok_or(Refusal::UnknownEntry)?;
    hold(booked == *entry, Broken::Entry(entry.id))?;
    let payload = serde_json::to_vec(&state(entry)).map_err(|_| Broken::Value)?;
    let keyring = txn.keyring();
    let sig = STANDARD.encode(keyring.sign(&signed_bytes(&payload)));
    let envelope = Envelope {
        payload_type: PAYLOAD_TYPE.to_owned(),
        payload: STANDARD.encode(payload),
        signatures: [Signature {
            keyid: key_id(&keyring.public_key()),
            sig,
        }],
    };
    let text = serde_json::to_string(&envelope).map_err(|_| Broken::Value)?;
    Ok(Receipt(text))
}

/// Checks a receipt against a host's public key and returns what it says.
///
/// # Errors
/// [`ReceiptError`], the first that applies.
pub fn verify(text: &str, public_key: &[u8; 32]) -> Result<Statement, ReceiptError> {
    let envelope: Envelope = serde_json::from_str(text).map_err(|_| ReceiptError::Form)?;
    if envelope.payload_type != PAYLOAD_TYPE {
        return Err(ReceiptError::PayloadType);
    }
    let [signature] = envelope.signatures;
    let key = VerifyingKey::from_bytes(public_key).map_err(|_| ReceiptError::PublicKey)?;
    if signature.keyid != key_id(public_key) {
        return Err(ReceiptError::OtherKey);
    }
    let payload = STANDARD
        .decode(&envelope.payload)
        .map_err(|_| ReceiptError::Form)?;
    let sig = STANDARD
        .decode(&signature.sig)
        .map_err(|_| ReceiptError::Form)?;
    let sig = ed25519_dalek::Signature::from_slice(&sig).map_err(|_| ReceiptError::Form)?;
    let fits = key.verify_strict(&signed_bytes(&payload), &sig);
    fits.map_err(|_| ReceiptError::Signature)?;
    serde_json::from_slice(&payload).map_err(|_| ReceiptError::Statement)
}

/// What an entry's receipt says.
fn state(entry: &Entry) -> Statement {
    let currency = entry.amount.currency();
    let app = [&entry.debit, &entry.credit]
        .into_iter()
        .find_map(|holder| match holder {
            Holder::App(app) => Some(app.clone()),
            Holder::Person(_) | Holder::Rail(_) => None,
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

/// DSSE's pre-authentication encoding: what is signed, so that neither type nor payload can be read
/// as part of the other.
fn signed_bytes(payload: &[u8]) -> Vec<u8> {
    let head = format!(
        "DSSEv1 {} {PAYLOAD_TYPE} {} ",
        PAYLOAD_TYPE.len(),
        payload.len()
    );
    [head.as_bytes(), payload].concat()
}

/// Names a public key: the first half of its SHA-256, in base64.
fn key_id(public_key: &[u8; 32]) -> String {
    let hash: [u8; 32] = Sha256::digest(public_key).into();
    STANDARD.encode(hash.first_chunk::<16>().unwrap_or(&[0; 16]))
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
