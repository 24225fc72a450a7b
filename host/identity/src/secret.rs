//! Secrets: made here, handed over once, and stored only as a hash.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use souk_store::StoreError;

use crate::base32;

/// A secret text. Whoever shows it is who it was given to; nobody can ask for it again.
pub struct Secret(String);

/// The SHA-256 of a secret: a key to find by, worthless to whoever reads the store. A plain hash
/// is enough, because a secret has 256 random bits and cannot be guessed like a password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Digest([u8; 32]);

impl Secret {
    /// Makes a secret that starts with `prefix` and an underscore.
    pub(crate) fn fresh(prefix: &str) -> Result<Self, StoreError> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|_| StoreError::Keyring)?;
        Ok(Self(format!("{prefix}_{}", base32::encode(&bytes))))
    }

    /// Returns the text, to hand it to its owner.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Digest {
    /// Hashes a text that somebody shows.
    pub(crate) fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_secrets_are_alike_and_none_is_logged() {
        let (one, two) = (Secret::fresh("ses").unwrap(), Secret::fresh("ses").unwrap());
        assert_ne!(one.expose(), two.expose());
        assert!(one.expose().starts_with("ses_"));
        assert_eq!(one.expose().len(), 4 + 52);
        assert_eq!(format!("{one:?}"), "Secret(…)");
        assert_ne!(Digest::of(one.expose()), Digest::of(two.expose()));
    }
}
