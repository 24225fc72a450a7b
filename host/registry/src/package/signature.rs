//! The signature at the end of a package.
//!
//! Its section has one size and one way to be written, so that it is found by its place and there
//! is only one file for each signed content.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use super::PackageError;
use super::sections::{CUSTOM, Section, custom};

/// The section's name.
const NAME: &str = "souk.signature";
/// The one form there is: the public key, then the signature over the SHA-256 of what is before.
const FORM: u8 = 1;
/// The form, the key and the signature.
const CONTENT_BYTES: usize = 1 + 32 + 64;
/// The name's length, the name, the content.
const BODY_BYTES: usize = 1 + NAME.len() + CONTENT_BYTES;
/// The section's id, the body's length, the body. Both lengths fit in one byte.
const SECTION_BYTES: usize = 2 + BODY_BYTES;

const _: () = assert!(BODY_BYTES < 0x80);

/// Signs a file and appends the signature.
pub(super) fn append(file: &mut Vec<u8>, key: &SigningKey) {
    let section = section(
        &key.verifying_key().to_bytes(),
        &key.sign(&digest(file)).to_bytes(),
    );
    file.extend(section);
}

/// Checks the signature, which is the file's last section, and returns the key it was made with.
pub(super) fn check(file: &[u8], last: &Section<'_>) -> Result<[u8; 32], PackageError> {
    let (signed, written) = file
        .split_last_chunk::<SECTION_BYTES>()
        .ok_or(PackageError::Unsigned)?;
    let (rest, signature) = written
        .split_last_chunk::<64>()
        .ok_or(PackageError::Unsigned)?;
    let (_, signer) = rest
        .split_last_chunk::<32>()
        .ok_or(PackageError::Unsigned)?;
    let whole = last.id == CUSTOM && last.body.len() == BODY_BYTES;
    if !whole || section(signer, signature) != written {
        return Err(PackageError::Unsigned);
    }
    let key = VerifyingKey::from_bytes(signer).map_err(|_| PackageError::Forged)?;
    let signature = Signature::from_bytes(signature);
    key.verify_strict(&digest(signed), &signature)
        .map_err(|_| PackageError::Forged)?;
    Ok(*signer)
}

fn section(signer: &[u8; 32], signature: &[u8; 64]) -> Vec<u8> {
    let mut section = Vec::with_capacity(SECTION_BYTES);
    custom(
        &mut section,
        NAME,
        &[&[FORM], signer.as_slice(), signature.as_slice()].concat(),
    );
    section
}

fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
