//! The host's keys as the libraries for JSON Web Tokens read them (RFC 7517, RFC 8037).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde::Serialize;
use souk_core::Timestamp;
use souk_core::limits::LAUNCH_MS_MAX;
use souk_ledger::proof::key_id;
use souk_store::Keyring;

/// The keys that launch tokens verify with.
#[derive(Debug, Serialize)]
pub struct KeySet {
    /// The present key first.
    pub keys: Vec<Jwk>,
}

/// One key.
#[derive(Debug, Serialize)]
pub struct Jwk {
    /// Always OKP.
    pub kty: &'static str,
    /// Always Ed25519.
    pub crv: &'static str,
    /// Always EdDSA.
    pub alg: &'static str,
    /// Always sig.
    #[serde(rename = "use")]
    pub usage: &'static str,
    /// What tokens signed with it call it; receipts call it the same.
    pub kid: String,
    /// The key: 32 bytes in base64 for URLs.
    pub x: String,
}

impl KeySet {
    /// The present key, and those that signed a token which may still be good.
    pub(crate) fn of(keyring: &Keyring, now: Timestamp) -> Self {
        let good = |until: Timestamp| now < until.after_millis(LAUNCH_MS_MAX);
        let retired = keyring.retired().iter().rev();
        let retired = retired.filter(|key| good(key.until));
        let retired = retired.map(|key| Jwk::of(&key.public_key));
        let present = Jwk::of(&keyring.public_key());
        Self {
            keys: std::iter::once(present).chain(retired).collect(),
        }
    }
}

impl Jwk {
    fn of(public_key: &[u8; 32]) -> Self {
        Self {
            kty: "OKP",
            crv: "Ed25519",
            alg: "EdDSA",
            usage: "sig",
            kid: key_id(public_key),
            x: BASE64.encode(public_key),
        }
    }
}
