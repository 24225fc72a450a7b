//! Passwords, kept as argon2id hashes.
//!
//! Every function here keeps a core busy for tens of milliseconds and takes 19 MiB (OWASP's first
//! choice of parameters): call them where blocking is allowed, never inside a transaction.

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use souk_core::limits::{PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN};

use crate::Refusal;

/// A hash no password is known for, with the parameters that [`hash`] uses.
const DECOY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c291ay1kZWNveS1zYWx0IQ\
                     $seQrltadqK4p/5w159JpePAazjru9LcsSvJ9uBbx050";

/// Hashes a password with a new salt. Returns a PHC string.
///
/// # Errors
/// [`Refusal::PasswordShort`], [`Refusal::PasswordLong`], [`Refusal::Randomness`].
pub fn hash(password: &str) -> Result<String, Refusal> {
    // The bytes first: they bound how many characters there are to count.
    if password.len() > PASSWORD_BYTES_MAX {
        return Err(Refusal::PasswordLong);
    }
    if password.chars().count() < PASSWORD_CHARS_MIN {
        return Err(Refusal::PasswordShort);
    }
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string())
        .map_err(|_| Refusal::Randomness)
}

/// Tells whether `phc` was made from this password.
pub fn verify(password: &str, phc: &str) -> bool {
    let verifier = Argon2::default();
    password.len() <= PASSWORD_BYTES_MAX
        && verifier.verify_password(password.as_bytes(), phc).is_ok()
}

/// Returns a hash to [`verify`] against when there is no account, so that the time an answer takes
/// does not tell which handles exist. No password fits.
pub const fn decoy() -> &'static str {
    DECOY
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes before the salt.
    fn parameters(phc: &str) -> Vec<&str> {
        phc.split('$').take(4).collect()
    }

    #[test]
    fn a_password_fits_only_its_own_hash() {
        let phc = hash("correct horse").unwrap();
        assert!(verify("correct horse", &phc));
        assert!(!verify("correct horsf", &phc));
        assert!(!verify("", &phc));
        assert_ne!(hash("correct horse").unwrap(), phc, "a new salt each time");
    }

    #[test]
    fn short_and_long_passwords_are_refused() {
        assert_eq!(hash("1234567"), Err(Refusal::PasswordShort));
        assert_eq!(hash("ééééééé"), Err(Refusal::PasswordShort));
        assert!(hash("éééééééé").is_ok());
        assert_eq!(
            hash(&"x".repeat(PASSWORD_BYTES_MAX + 1)),
            Err(Refusal::PasswordLong)
        );
    }

    #[test]
    fn the_decoy_costs_what_a_real_hash_costs() {
        let real = hash("correct horse").unwrap();
        assert_eq!(parameters(decoy()), parameters(&real));
        assert_eq!(decoy().len(), real.len());
        assert!(!verify("correct horse", decoy()));
        // A malformed hash would be refused without any work.
        assert!(argon2::password_hash::phc::PasswordHash::new(decoy()).is_ok());
    }

    #[test]
    fn what_is_no_hash_fits_nothing() {
        for phc in [
            "",
            "correct horse",
            "$argon2id$",
            "$argon2id$v=19$m=1,t=0,p=0$YQ$YQ",
        ] {
            assert!(!verify("correct horse", phc), "{phc}");
        }
    }
}
