//! Proofs: what anybody can hold against us, without us.
//!
//! Receipts and statements are handed out signed, in the envelope of DSSE, version 1.0.0
//! (<https://github.com/secure-systems-lab/dsse>). To check one takes the host's public keys and
//! nothing else: no host, no store, no network. A host that changed its key publishes the ones
//! before it too, and what they signed stays good.

mod wire;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::VerifyingKey;
use sha2::{Digest as _, Sha256};
use souk_core::{Blame, Blamed};
use souk_store::Keyring;

use self::wire::{Envelope, Signature};
use crate::Broken;

/// A public key of Ed25519.
pub type PublicKey = [u8; 32];

/// Why a text is not what a host signed, the first that applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// Not an envelope.
    #[error("this is no receipt and no statement; each is one JSON object, as `souk` printed it")]
    Form,
    /// An envelope of something else.
    #[error("this is a signed envelope of something else")]
    PayloadType,
    /// A key to check with is no key.
    #[error("this is not a public key of Ed25519")]
    PublicKey,
    /// Another host's.
    #[error("it was signed with another key")]
    OtherKey,
    /// Somebody changed it.
    #[error("the signature does not fit: it was altered")]
    Signature,
    /// Signed, and not of a form known here.
    #[error("it says something this version of souk does not know")]
    Statement,
    /// A statement whose lines do not lead from its opening to its closing balance.
    #[error("the lines of the statement do not add up")]
    Sums,
}

impl Blamed for ProofError {
    fn blame(&self) -> Blame {
        match self {
            Self::Form
            | Self::PayloadType
            | Self::PublicKey
            | Self::OtherKey
            | Self::Signature
            | Self::Statement
            | Self::Sums => Blame::User,
        }
    }
}

/// Signs a payload with the host's present key, and returns the envelope: one JSON object on one
/// line.
pub(crate) fn sign(keyring: &Keyring, kind: &str, payload: &[u8]) -> Result<String, Broken> {
    let sig = keyring.sign(&signed_bytes(kind, payload));
    let envelope = Envelope {
        payload_type: kind.to_owned(),
        payload: STANDARD.encode(payload),
        signatures: [Signature {
            keyid: key_id(&keyring.public_key()),
            sig: STANDARD.encode(sig),
        }],
    };
    serde_json::to_string(&envelope).map_err(|_| Broken::Value)
}

/// Checks an envelope against a host's public keys and returns its payload.
pub(crate) fn open(text: &str, kind: &str, keys: &[PublicKey]) -> Result<Vec<u8>, ProofError> {
    let envelope: Envelope = serde_json::from_str(text).map_err(|_| ProofError::Form)?;
    if envelope.payload_type != kind {
        return Err(ProofError::PayloadType);
    }
    let [signature] = envelope.signatures;
    let key = named(&signature.keyid, keys)?;
    let decode = |text: &str| STANDARD.decode(text).map_err(|_| ProofError::Form);
    let (payload, sig) = (decode(&envelope.payload)?, decode(&signature.sig)?);
    let sig = ed25519_dalek::Signature::from_slice(&sig).map_err(|_| ProofError::Form)?;
    let fits = key.verify_strict(&signed_bytes(kind, &payload), &sig);
    fits.map_err(|_| ProofError::Signature)?;
    Ok(payload)
}

/// Returns what an envelope says it is of, before anything is checked.
pub fn kind(text: &str) -> Result<String, ProofError> {
    let envelope: Result<Envelope, _> = serde_json::from_str(text);
    Ok(envelope.map_err(|_| ProofError::Form)?.payload_type)
}

/// Finds the key of this name. All of them must be keys.
fn named(id: &str, keys: &[PublicKey]) -> Result<VerifyingKey, ProofError> {
    let mut found = None;
    for public_key in keys {
        let key = VerifyingKey::from_bytes(public_key).map_err(|_| ProofError::PublicKey)?;
        if key_id(public_key) == id {
            found = Some(key);
        }
    }
    found.ok_or(ProofError::OtherKey)
}

/// DSSE's pre-authentication encoding: what is signed, so that neither type nor payload can be read
/// as part of the other.
fn signed_bytes(kind: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

/// Names a public key: the first half of its SHA-256, in base64.
pub fn key_id(public_key: &PublicKey) -> String {
    let hash: [u8; 32] = Sha256::digest(public_key).into();
    STANDARD.encode(hash.first_chunk::<16>().unwrap_or(&[0; 16]))
}
