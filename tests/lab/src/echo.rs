//! The mini-app of the laboratory: `tests/guests/examples/echo.rs`, packaged.

use std::path::Path;

use ed25519_dalek::SigningKey;
use souk_registry::package;

use crate::Wrong;

/// Where `tests/campaign` and `tests/bench` have it built.
const COMPONENT: &str = "../guests/target/wasm32-wasip2/release/examples/echo.wasm";
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
/// The command that makes no host call.
pub(crate) const IDLE: &str = "idle";

/// Returns the mini-app as it was compiled.
pub(crate) fn component() -> Result<Vec<u8>, Wrong> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(COMPONENT);
    std::fs::read(&path)
        .map_err(|error| format!("{} cannot be read: {error}", path.display()).into())
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
