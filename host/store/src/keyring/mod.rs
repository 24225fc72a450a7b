//! The keyring: seals personal content, hashes names, signs receipts. Being replaced.
use souk_core::{AppId, ChatId, UserId};
use serde::{Serialize, Deserialize};
use crate::StoreError;
/// Whose content it is: erasing the owner's key erases it everywhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// A person, outside any chat: the profile.
    Person(UserId),
    /// A person in a chat: messages, memos, orders.
    PersonInChat(UserId, ChatId),
    /// An app, when no person is behind the event.
    App(AppId),
}
/// Content only the keyring can read, and only while its owner's key exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed(Vec<u8>);
/// Keys.
pub struct Keyring;
impl Keyring {
    /// A keyring that lives as long as the process; for tests.
    pub fn ephemeral() -> Result<Self, StoreError> { Ok(Self) }
    /// Seals.
    pub async fn seal(&self, _: &Owner, plain: &[u8]) -> Result<Sealed, StoreError> { Ok(Sealed(plain.to_vec())) }
    /// Opens.
    pub fn open(&self, sealed: &Sealed) -> Option<Vec<u8>> { Some(sealed.0.clone()) }
    /// Keyed hash.
    pub fn keyed_hash(&self, _purpose: &str, _parts: &[&[u8]]) -> [u8; 32] { [0; 32] }
    /// Ed25519 signature with the host's receipt key.
    pub fn sign(&self, _message: &[u8]) -> [u8; 64] { [0; 64] }
    /// The host's public key, Ed25519.
    pub fn public_key(&self) -> [u8; 32] { [0; 32] }
}
