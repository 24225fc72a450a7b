//! The envelope of DSSE, version 1.0.0, and what a host publishes its keys as.

use serde::{Deserialize, Serialize};

/// The envelope: a payload, what it is, and who signed it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Envelope {
    #[serde(rename = "payloadType")]
    pub(super) payload_type: String,
    pub(super) payload: String,
    pub(super) signatures: [Signature; 1],
}

/// A signature, and the name of the key it was made with.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Signature {
    pub(super) keyid: String,
    pub(super) sig: String,
}
