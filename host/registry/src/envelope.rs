//! Envelopes: what only an app's merchant can read, with the key the packages are signed with.
//!
//! The key is an Ed25519 key, and the same point on the other form of the curve serves for X25519
//! (as in libsodium). Whoever seals makes a key for the occasion, agrees with the merchant's on a
//! secret, and seals with XChaCha20-Poly1305. One agreement serves for any number of envelopes:
//! each has a nonce of its own.

use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use ed25519_dalek::{SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use souk_core::{Blame, Blamed};

/// What the shared secret is hashed with: the name and the version of the form.
const PURPOSE: &[u8] = b"souk envelope 1";
const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;

/// Why nothing is sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// Nobody has such a key.
    #[error("the merchant's key is none that something can be sealed to")]
    Key,
    /// The system gives no randomness.
    #[error("the system gives no randomness")]
    Randomness,
    /// It is for somebody else, or was changed.
    #[error("the envelope is sealed to another key, or damaged")]
    NotForThisKey,
}

impl Blamed for EnvelopeError {
    fn blame(&self) -> Blame {
        match self {
            Self::Key | Self::NotForThisKey => Blame::User,
            Self::Randomness => Blame::Host,
        }
    }
}

/// Seals to one merchant.
pub struct Sealer {
    /// The public key of the occasion.
    ours: [u8; KEY_BYTES],
    cipher: XChaCha20Poly1305,
}

impl Sealer {
    /// Agrees on a secret with the owner of a public key.
    ///
    /// # Errors
    /// [`EnvelopeError::Key`] and [`EnvelopeError::Randomness`].
    pub fn to(merchant: &[u8; KEY_BYTES]) -> Result<Self, EnvelopeError> {
        let mut random = [0; KEY_BYTES];
        getrandom::fill(&mut random).map_err(|_| EnvelopeError::Randomness)?;
        let own = SigningKey::from_bytes(&random);
        let ours = own.verifying_key().to_bytes();
        let cipher = cipher(&own, merchant, [&ours, merchant])?;
        Ok(Self { ours, cipher })
    }

    /// Seals something: the key of the occasion, the nonce, the content.
    ///
    /// # Errors
    /// [`EnvelopeError::Randomness`].
    pub fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, EnvelopeError> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(|_| EnvelopeError::Randomness)?;
        let content = self.cipher.encrypt(&XNonce::from(nonce), plain);
        let content = content.map_err(|_| EnvelopeError::Key)?;
        Ok([self.ours.as_slice(), &nonce, &content].concat())
    }
}

/// Opens an envelope.
///
/// # Errors
/// [`EnvelopeError::NotForThisKey`].
pub fn open(envelope: &[u8], key: &SigningKey) -> Result<Vec<u8>, EnvelopeError> {
    let other = EnvelopeError::NotForThisKey;
    let (theirs, rest) = envelope.split_first_chunk::<KEY_BYTES>().ok_or(other)?;
    let (nonce, content) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(other)?;
    let own = key.verifying_key().to_bytes();
    let cipher = cipher(key, theirs, [theirs, &own]).map_err(|_| other)?;
    let plain = cipher.decrypt(&XNonce::from(*nonce), content);
    plain.map_err(|_| other)
}

/// What both sides come to: a hash of the shared secret and of both public keys.
fn cipher(
    own: &SigningKey,
    other: &[u8; KEY_BYTES],
    keys: [&[u8; KEY_BYTES]; 2],
) -> Result<XChaCha20Poly1305, EnvelopeError> {
    let other = VerifyingKey::from_bytes(other).map_err(|_| EnvelopeError::Key)?;
    if other.is_weak() {
        return Err(EnvelopeError::Key);
    }
    let shared = other.to_montgomery().mul_clamped(own.to_scalar_bytes());
    let hash = Sha256::new_with_prefix(PURPOSE).chain_update(shared.to_bytes());
    let hash = keys.into_iter().fold(hash, Digest::chain_update);
    Ok(XChaCha20Poly1305::new(&hash.finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> SigningKey {
        SigningKey::from_bytes(&[byte; KEY_BYTES])
    }

    fn sealer(to: u8) -> Sealer {
        Sealer::to(&key(to).verifying_key().to_bytes()).unwrap()
    }

    #[test]
    fn only_the_merchant_reads_it() {
        let sealer = sealer(1);
        let (one, two) = (sealer.seal(b"tea").unwrap(), sealer.seal(b"tea").unwrap());
        assert_ne!(one, two, "each has a nonce of its own");
        assert_eq!(open(&one, &key(1)).unwrap(), b"tea");
        assert_eq!(open(&two, &key(1)).unwrap(), b"tea");
        assert_eq!(open(&one, &key(2)), Err(EnvelopeError::NotForThisKey));
    }

    #[test]
    fn no_byte_of_it_can_be_changed() {
        let sealed = sealer(1).seal(b"tea").unwrap();
        for place in 0..sealed.len() {
            let mut other = sealed.clone();
            other[place] ^= 1;
            assert!(open(&other, &key(1)).is_err(), "byte {place}");
            assert!(open(&sealed[..place], &key(1)).is_err(), "cut at {place}");
        }
    }

    #[test]
    fn a_key_that_everybody_has_is_refused() {
        let mut identity = [0; KEY_BYTES];
        identity[0] = 1;
        assert_eq!(Sealer::to(&identity).err(), Some(EnvelopeError::Key));
    }
}
