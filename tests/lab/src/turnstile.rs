//! The mini-app that a crowd presses: `tests/guests/examples/turnstile.rs`, packaged.

use ed25519_dalek::SigningKey;
use souk_registry::package;

use crate::{Wrong, corpus};

/// What it asks for.
const MANIFEST: &str = include_str!("../turnstile.toml");
/// Whoever signs it need not be known outside the laboratory.
const KEY: [u8; 32] = [7; 32];

/// What a person says who wants its button.
pub(crate) const OPEN: &str = "/open";
/// The id of that button.
pub(crate) const BUTTON: &str = "press";

/// Returns the mini-app as it is published.
pub(crate) fn package() -> Result<Vec<u8>, Wrong> {
    let (component, key) = (corpus::program("turnstile")?, SigningKey::from_bytes(&KEY));
    Ok(package::build(&component, MANIFEST, &[], &key)?)
}
