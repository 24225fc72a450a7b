//! The keyring: personal content is sealed with keys that can be deleted, and deleting a key
//! deletes everything sealed with it, backups included once theirs are gone.
//!
//! There is one random data key for each [`Owner`], durable before its first use and kept apart
//! from the journal, in the key file. Names and the owners themselves are only ever written as
//! keyed hashes. One [`MasterKey`] wraps all of them, and the signing and hashing keys too. The
//! master key and the signing key can be changed; the hashing key cannot, since names are found by
//! it.

mod cipher;
mod error;
mod file;
mod keys;
mod master;
mod owner;
mod rotate;
mod slot;

use std::path::Path;

use ed25519_dalek::{Signer, SigningKey};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::StoreError;
use cipher::Secret;
pub use error::KeyringError;
use file::KeyFile;
use keys::Keys;
pub use master::MasterKey;
pub use owner::Owner;
pub use rotate::{Retired, check_copy, copy_keys, open, rotate_master, rotate_signing};
use slot::Name;

/// Content that only the keyring can read, and only while its owner's key exists: the owner's
/// hashed name, then nonce and ciphertext.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed(Vec<u8>);

/// All keys of a host.
pub struct Keyring {
    hashing: Secret,
    signing: SigningKey,
    retired: Vec<Retired>,
    keys: Keys,
}

impl Keyring {
    /// Makes a keyring that lives as long as the process; for tests.
    ///
    /// # Errors
    /// [`StoreError::Keyring`] when the system gives no randomness.
    pub fn ephemeral() -> Result<Self, StoreError> {
        let (hashing, signing) = (Secret::random()?, Secret::random()?);
        Ok(Self::of(hashing, &signing, Vec::new(), Keys::ephemeral()))
    }

    /// Tells whether there is a keyring in `dir`. A store that is not new must not be started with
    /// one that is: everything sealed would be lost.
    pub fn exists(dir: &Path) -> bool {
        KeyFile::path(dir).exists()
    }

    /// Opens the keyring in `dir`, or makes it there.
    ///
    /// # Errors
    /// The key file is damaged, belongs to another master key, or cannot be read or written.
    pub fn load(dir: &Path, master: &MasterKey) -> Result<Self, KeyringError> {
        let opened = KeyFile::open_or_create(dir, master)?;
        Ok(Self::of(
            opened.hashing,
            &opened.signing,
            opened.retired,
            Keys::kept(opened.file, opened.keys),
        ))
    }

    fn of(hashing: Secret, signing: &Secret, retired: Vec<Retired>, keys: Keys) -> Self {
        Self {
            hashing,
            signing: SigningKey::from_bytes(signing.bytes()),
            retired,
            keys,
        }
    }

    /// Seals `plain` with its owner's key. A new owner's key is durable when this returns.
    ///
    /// # Errors
    /// [`StoreError::Full`] when there is no room for a new key; [`StoreError::Keyring`] when a
    /// key could not be made or kept, and ever after.
    pub async fn seal(&self, owner: &Owner, plain: &[u8]) -> Result<Sealed, StoreError> {
        let name = self.name(owner);
        let key = match self.keys.find(&name) {
            Some(key) => key,
            None => self.keys.make(name).await?,
        };
        let mut sealed = name.to_vec();
        key.encrypt(&name, plain, &mut sealed)?;
        Ok(Sealed(sealed))
    }

    /// Opens sealed content; `None` when its owner's key was erased, or it is not what was sealed.
    pub fn open(&self, sealed: &Sealed) -> Option<Vec<u8>> {
        let (name, content) = sealed.0.split_first_chunk()?;
        self.keys.find(name)?.decrypt(name, content)
    }

    /// Erases the owner's key, and so all that is sealed with it, for ever. Durable when this
    /// returns. Erasing what does not exist is no error.
    ///
    /// # Errors
    /// [`StoreError::Keyring`] when the key file could not be written: the key may still be there.
    pub async fn erase(&self, owner: &Owner) -> Result<(), StoreError> {
        self.keys.erase(self.name(owner)).await
    }

    /// Returns a hash that nobody can compute or check without the keyring: HMAC-SHA256 over the
    /// purpose and the parts, each with its length.
    pub fn keyed_hash(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.hashing.bytes()) else {
            unreachable!("HMAC takes a key of any length");
        };
        for part in std::iter::once(purpose.as_bytes()).chain(parts.iter().copied()) {
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// Returns what tells this keyring from every other, and gives nothing of it away. A store
    /// remembers whose it is by it; keys that come and go do not change it.
    pub fn fingerprint(&self) -> [u8; 32] {
        self.keyed_hash("keyring", &[])
    }

    /// Signs with the host's present key, Ed25519.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.signing.sign(message).to_bytes()
    }

    /// Returns the host's present public key, Ed25519.
    pub fn public_key(&self) -> [u8; 32] {
        self.signing.verifying_key().to_bytes()
    }

    /// Returns all of the host's public keys, the present one last. What an earlier one signed
    /// stays good.
    pub fn public_keys(&self) -> Vec<[u8; 32]> {
        let retired = self.retired.iter().map(|key| key.public_key);
        retired.chain([self.public_key()]).collect()
    }

    /// Returns the host's public keys of earlier times, oldest first: what they signed stays
    /// signed.
    pub fn retired(&self) -> &[Retired] {
        &self.retired
    }

    /// The name an owner's key is kept under: half of a keyed hash, which is long enough that no
    /// two owners ever share one.
    fn name(&self, owner: &Owner) -> Name {
        let hash = self.keyed_hash("owner", &[&owner.bytes()]);
        let (name, _) = hash.split_first_chunk().unwrap_or((&[0; 16], &[]));
        *name
    }
}

#[cfg(test)]
mod tests;
