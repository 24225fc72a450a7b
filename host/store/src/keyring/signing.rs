//! The host's signing keys: the first is the host's own, each next one is kept like an owner's key.
//!
//! A key that is superseded signs nothing any more, and its public half is published for ever, so
//! that what it signed can still be checked.

use std::sync::{PoisonError, RwLock};

use ed25519_dalek::{Signer, SigningKey};

use super::cipher::Secret;

/// All signing keys, the present one last. There is at least one.
pub(super) struct Signing(RwLock<(Vec<SigningKey>, SigningKey)>);

impl Signing {
    /// Begins with the host's first key.
    pub(super) fn of(first: &Secret) -> Self {
        let first = SigningKey::from_bytes(first.bytes());
        Self(RwLock::new((Vec::new(), first)))
    }

    /// Signs with the present key, and returns its public half with the signature.
    pub(super) fn sign(&self, message: &[u8]) -> ([u8; 32], [u8; 64]) {
        let keys = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (_, present) = &*keys;
        (public(present), present.sign(message).to_bytes())
    }

    /// Returns the public halves, the present one last.
    pub(super) fn public_keys(&self) -> Vec<[u8; 32]> {
        let keys = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (before, present) = &*keys;
        before.iter().chain([present]).map(public).collect()
    }

    /// Returns the number of the key that would come next.
    pub(super) fn next(&self) -> u32 {
        let keys = self.0.read().unwrap_or_else(PoisonError::into_inner);
        u32::try_from(keys.0.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1)
    }

    /// Signs with this key from now on, unless it does already. Returns its public half.
    pub(super) fn add(&self, key: &Secret) -> [u8; 32] {
        let next = SigningKey::from_bytes(key.bytes());
        let added = public(&next);
        let mut keys = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if public(&keys.1) != added {
            let before = std::mem::replace(&mut keys.1, next);
            keys.0.push(before);
        }
        added
    }
}

fn public(key: &SigningKey) -> [u8; 32] {
    key.verifying_key().to_bytes()
}
