//! One secret key and what is done with it: XChaCha20-Poly1305 under a random nonce.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use crate::StoreError;
use crate::draw::draw;

/// 192 bits: long enough to be drawn at random for ever.
const NONCE_BYTES: usize = 24;
/// What sealing adds: the nonce in front and the tag behind.
pub(super) const OVERHEAD_BYTES: usize = NONCE_BYTES + 16;

/// A key of 256 bits, wiped when it is dropped.
#[derive(Clone)]
pub(super) struct Secret(Zeroizing<[u8; 32]>);

impl Secret {
    pub(super) fn of(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(super) fn random() -> Result<Self, StoreError> {
        let mut secret = Self::of([0; 32]);
        getrandom::fill(&mut *secret.0).map_err(|_| StoreError::Keyring)?;
        Ok(secret)
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Appends nonce, ciphertext and tag to `sealed`. `context` is bound to it, not stored in it.
    pub(super) fn encrypt(
        &self,
        context: &[u8],
        plain: &[u8],
        sealed: &mut Vec<u8>,
    ) -> Result<(), StoreError> {
        let nonce: [u8; NONCE_BYTES] = draw()?;
        let payload = Payload {
            msg: plain,
            aad: context,
        };
        let content = self.cipher().encrypt(&XNonce::from(nonce), payload);
        sealed.extend(nonce);
        sealed.extend(content.map_err(|_| StoreError::Keyring)?);
        Ok(())
    }

    /// Returns what was encrypted; `None` when the key, the context or a bit of it is another.
    pub(super) fn decrypt(&self, context: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, content) = sealed.split_first_chunk::<NONCE_BYTES>()?;
        let payload = Payload {
            msg: content,
            aad: context,
        };
        self.cipher().decrypt(&XNonce::from(*nonce), payload).ok()
    }

    /// Decrypts another secret.
    pub(super) fn unwrap(&self, context: &[u8], sealed: &[u8]) -> Option<Self> {
        let plain = Zeroizing::new(self.decrypt(context, sealed)?);
        plain
            .first_chunk()
            .filter(|_| plain.len() == 32)
            .copied()
            .map(Self::of)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.bytes().into())
    }
}
