//! What the registry stores.

use serde::{Deserialize, Serialize};
use souk_core::{AppId, Timestamp, UserId};
use souk_store::{Record, Sealed};

/// One immutable upload of an app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// The app.
    pub app: AppId,
    /// Counts up with every upload.
    pub code: u32,
    /// What people call it, like 1.2.0.
    pub name: String,
    /// SHA-256 of the package: the name of its blob.
    pub digest: [u8; 32],
    /// Who published it.
    pub merchant: UserId,
    /// When.
    pub published: Timestamp,
}

impl Record for Version {}

/// An app: what never changes about it, and the version people get.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct App {
    /// The Ed25519 key all its versions are signed with.
    pub(crate) signer: [u8; 32],
    /// The version people get.
    pub(crate) live: Version,
}

impl Record for App {}

/// What a merchant set for an app; the value is sealed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Stored {
    pub(crate) name: String,
    pub(crate) secret: bool,
    pub(crate) value: Sealed,
    pub(crate) at: Timestamp,
}

impl Record for Stored {}
