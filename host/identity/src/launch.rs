//! Launch tokens: the host's word to a merchant's own backend that a person uses an app now.
//!
//! A token is a JWT (RFC 7519) signed with the host's present key (EdDSA, RFC 8037). What is signed
//! begins with the header in base64, so it is never what a receipt's signature is over.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde_json::{Value, json};
use souk_core::limits::LAUNCH_MS_MAX;
use souk_core::{AppId, Timestamp};
use souk_store::Keyring;

/// What a launch token says.
#[derive(Clone, Debug)]
pub struct Launch<'a> {
    /// The host that says it, by its address.
    pub issuer: &'a str,
    /// The app whose backend it is for.
    pub app: &'a AppId,
    /// The person, as the app sees them.
    pub user: &'a str,
    /// The chat, as the app sees it.
    pub chat: Option<&'a str>,
    /// What the app wants to have back.
    pub nonce: &'a str,
    /// Names this token for ever.
    pub id: &'a str,
    /// When it is said.
    pub at: Timestamp,
}

/// Writes and signs a launch token; `key` names the host's key as its published list does.
pub fn token(keyring: &Keyring, key: &str, launch: &Launch<'_>) -> String {
    let header = json!({"typ": "JWT", "alg": "EdDSA", "kid": key});
    let signed = format!("{}.{}", part(&header), part(&claims(launch)));
    let signature = keyring.sign(signed.as_bytes());
    format!("{signed}.{}", BASE64.encode(signature))
}

fn claims(launch: &Launch<'_>) -> Value {
    let seconds = launch.at.millis() / 1_000;
    json!({
        "iss": launch.issuer,
        "aud": launch.app.as_str(),
        "sub": launch.user,
        "chat": launch.chat,
        "nonce": launch.nonce,
        "jti": launch.id,
        "iat": seconds,
        "exp": seconds.saturating_add(LAUNCH_MS_MAX / 1_000),
    })
}

fn part(json: &Value) -> String {
    BASE64.encode(json.to_string())
}
