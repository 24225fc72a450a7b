//! A launch token, from the app that asked for it to a backend that believes only what verifies.
//!
//! The backend is another's code: it knows the host's address and JSON Web Tokens, and nothing of
//! Souk.

use ed25519_dalek::SigningKey;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Value, json};

use crate::desk::{Desk, answered};
use crate::programs::program;

const MANIFEST: &str = r#"app_id = "com.example.social"
name = "Social"
description = "Knows people"
version = { code = 1, name = "1" }
build = { command = "make", component = "social.wasm" }
[[commands]]
name = "who"
description = "Says who you are"
[[commands]]
name = "launch"
description = "Launches"
[[req_permissions]]
name = "messaging.post"
reason = "To say so"
[[req_permissions]]
name = "identity.merchant-id"
reason = "To know you"
"#;

impl Desk {
    /// Asks for something, and reads the answer.
    pub(crate) async fn json(&self, method: &str, path: &str, body: Value) -> Value {
        let request = self.ask(method, path).json(&body);
        let answer = request.send().await.unwrap();
        let text = answer.text().await.unwrap();
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("{method} {path}: {text}"))
    }

    /// Types a command, and returns what the app reported behind a call.
    pub(crate) async fn types(&self, chat: &str, text: &str, call: &str) -> String {
        let path = format!("/v1/chats/{chat}/messages");
        let done = self.json("POST", &path, json!({"text": text})).await;
        assert_eq!(done["outcome"], "done", "{done}");
        let newest = format!("{path}?limit=1");
        let seen = self.json("GET", &newest, Value::Null).await;
        let said = seen["items"][0]["text"].as_str().unwrap();
        let mut lines = said.lines();
        let found = lines.find_map(|line| line.strip_prefix(call)?.strip_prefix(": "));
        found.unwrap_or_else(|| panic!("{said}")).to_owned()
    }
}

/// What a backend makes of a token, with nothing but the host's published keys.
fn verified(token: &str, keys: &JwkSet, audience: &str) -> Result<Value, ErrorKind> {
    let header = decode_header(token).map_err(jsonwebtoken::errors::Error::into_kind)?;
    let key = keys.find(&header.kid.unwrap()).unwrap();
    let mut rules = Validation::new(Algorithm::EdDSA);
    rules.set_audience(&[audience]);
    rules.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
    rules.leeway = 0;
    let read = decode::<Value>(token, &DecodingKey::from_jwk(key).unwrap(), &rules);
    read.map(|read| read.claims)
        .map_err(jsonwebtoken::errors::Error::into_kind)
}

#[tokio::test]
async fn a_backend_knows_who_comes_from_the_published_keys_alone() {
    let desk = Desk::open().await;
    let key = SigningKey::from_bytes(&[7; 32]);
    let package = souk_registry::package::build(&program("social"), MANIFEST, &[], &key);
    let publish = desk.ask("POST", "/v1/apps").body(package.unwrap());
    let published = answered(publish, "publish").await;
    assert_eq!(published.status, 201, "{published:?}");
    let group = json!({"kind": "group", "title": "Tea", "members": []});
    let chat = desk.json("POST", "/v1/chats", group).await;
    let chat = chat["id"].as_str().unwrap();

    let id = desk.types(chat, "/who", "user.id").await;
    let call = "user.launch-token";
    let token = desk.types(chat, "/launch n-17", call).await;
    let other = desk.types(chat, "/launch n-17", call).await;
    let keys = desk.as_nobody("GET", "/.well-known/jwks.json").send();
    let keys: JwkSet = keys.await.unwrap().json().await.unwrap();

    let claims = verified(&token, &keys, "com.example.social").unwrap();
    assert_eq!(
        (&claims["sub"], &claims["nonce"]),
        (&json!(id), &json!("n-17"))
    );
    let issuer = claims["iss"].as_str().unwrap();
    assert!(issuer.starts_with("http://127.0.0.1"), "{issuer}");
    assert!(claims["chat"].as_str().unwrap().starts_with("pch_"));
    let lasts = claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap();
    assert_eq!(lasts, 60);
    let others = verified(&other, &keys, "com.example.social").unwrap();
    assert_ne!(claims["jti"], others["jti"], "each is for one use");

    let elsewhere = verified(&token, &keys, "com.example.other");
    assert_eq!(elsewhere, Err(ErrorKind::InvalidAudience));
    let (head, signature) = token.rsplit_once('.').unwrap();
    let (header, _) = head.split_once('.').unwrap();
    let (_, stranger) = other.split_once('.').unwrap();
    let (stranger, _) = stranger.rsplit_once('.').unwrap();
    let forged = format!("{header}.{stranger}.{signature}");
    let forged = verified(&forged, &keys, "com.example.social");
    assert_eq!(forged, Err(ErrorKind::InvalidSignature));
    desk.close().await;
}
