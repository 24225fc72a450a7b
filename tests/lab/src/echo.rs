//! The mini-app of the laboratory: `tests/guests/examples/echo.rs`, packaged.

use ed25519_dalek::SigningKey;
use souk_registry::package;

use crate::{Wrong, programs};

/// What it asks for.
pub(crate) const MANIFEST: &str = include_str!("../echo.toml");
/// Whoever signs it need not be known outside the laboratory.
const KEY: [u8; 32] = [7; 32];

/// The command that answers with what follows it.
pub(crate) const ECHO: &str = "echo";
/// The command that posts a button.
pub(crate) const OPEN: &str = "open";
/// The id of that button.
pub(crate) const BUTTON: &str = "echo";
/// The command that answers with a link to the app.
pub(crate) const LINK: &str = "link";
/// The command that makes no host call.
pub(crate) const IDLE: &str = "idle";

/// Returns the mini-app as it was compiled.
pub(crate) fn component() -> Result<Vec<u8>, Wrong> {
    programs::guest("echo")
}

/// Returns the same in JavaScript.
pub(crate) fn component_js() -> Result<Vec<u8>, Wrong> {
    programs::guest_js("echo")
}

/// Returns the mini-app as it is published.
pub(crate) fn package() -> Result<Vec<u8>, Wrong> {
    Ok(package::build(
        &component()?,
        MANIFEST,
        &[],
        &SigningKey::from_bytes(&KEY),
    )?)
}
