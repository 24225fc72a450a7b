//! The schema editors read and the parser hosts use say the same of every manifest.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

use serde_json::Value;
use souk_core::manifest::Manifest;
use souk_tests::repo;

/// A manifest with every field there is.
const WHOLE: &str = r#"
app_id = "com.example.tea"
name = "Tea House"
description = "Order tea in the chat"
version = { code = 3, name = "1.2.0" }
platform_version = { min_code = 1 }
icons = [{ src = "assets/icon.png", sizes = "128x128" }]
lang = "en"

[[commands]]
name = "tea"
description = "Show today's menu"

[[req_permissions]]
name = "wallet.request"
reason = "To take payment for your order"
max_amount = { amount = "50.00", currency = "USD" }
[[req_permissions]]
name = "identity.profile"
claims = ["name"]
reason = "To write your name on the cup"
[[req_permissions]]
name = "messaging.post"
reason = "To show the menu"
[[req_permissions]]
name = "storage.app"
reason = "To count cups"
[[req_permissions]]
name = "storage.chat"
reason = "To remember the round"
[[req_permissions]]
name = "storage.user"
reason = "To remember your cup"
[[req_permissions]]
name = "config"
reason = "To greet you as the shop likes"
[[req_permissions]]
name = "schedule"
reason = "To remind you of your tea"
[[req_permissions]]
name = "http"
reason = "To ask the courier where your parcel is"
origins = [{ origin = "https://api.example.com:8443", methods = ["GET", "POST"] }]

[build]
command = "cargo build --release --target wasm32-wasip2"
component = "target/wasm32-wasip2/release/tea_house.wasm"
watch = ["src/**/*.rs", "miniapp.toml"]
"#;

/// Values put in the place of every value, whatever it is.
const STRANGE: [&str; 32] = [
    "\"\"",
    "\" \"",
    "\"x\"",
    "\"X\"",
    "\"a b\"",
    "\" a\"",
    "\"a.b\"",
    "\"a/b\"",
    "\"../a\"",
    "\"/a\"",
    "\"-\"",
    "\"_a\"",
    "\"0\"",
    "\"1.0\"",
    "\"1.\"",
    "\"0.00\"",
    "\"007\"",
    "\"USD\"",
    "\"usd\"",
    "\"16x16 32x32\"",
    "\"0x16\"",
    "\"16x\"",
    "\"en-GB\"",
    "\"e\"",
    "\"storage.app\"",
    "\"schedule\"",
    "0",
    "-1",
    "1.5",
    "true",
    "[]",
    "{}",
];

/// What only the parser can see: a fact beside the manifest, or about two of its parts at once.
const ONLY_PARSED: [&str; 3] = [
    "is there twice",
    "is asked for twice",
    "is not a currency of ISO 4217",
];

struct Judges {
    schema: jsonschema::Validator,
    agreed: [usize; 2],
}

impl Judges {
    fn new() -> Self {
        let schema: Value = serde_json::from_str(&repo::read("sdk/miniapp.schema.json")).unwrap();
        Self {
            schema: jsonschema::validator_for(&schema).unwrap(),
            agreed: [0; 2],
        }
    }

    /// Asks both what they say of a manifest.
    #[track_caller]
    fn ask(&mut self, manifest: &toml::Table) {
        let text = toml::to_string(manifest).unwrap();
        let parsed = Manifest::parse(&text);
        let valid = self
            .schema
            .is_valid(&serde_json::to_value(manifest).unwrap());
        let only_parsed = parsed
            .as_ref()
            .is_err_and(|error| ONLY_PARSED.iter().any(|what| error.what.contains(what)));
        assert!(
            parsed.is_ok() == valid || only_parsed,
            "the schema says {valid}, the parser {parsed:?}; make host/core/src/manifest and \
             sdk/miniapp.schema.json agree on\n{text}"
        );
        self.agreed[usize::from(valid)] += 1;
    }
}

/// Applies a change at every place of a value in turn.
fn everywhere(
    value: &toml::Value,
    change: &dyn Fn(&toml::Value) -> Vec<toml::Value>,
) -> Vec<toml::Value> {
    let mut changed = change(value);
    if let Some(table) = value.as_table() {
        for (name, part) in table {
            changed.extend(everywhere(part, change).into_iter().map(|part| {
                let mut table = table.clone();
                table.insert(name.clone(), part);
                table.into()
            }));
        }
    }
    if let Some(list) = value.as_array() {
        for (place, part) in list.iter().enumerate() {
            changed.extend(everywhere(part, change).into_iter().map(|part| {
                let mut list = list.clone();
                list[place] = part;
                list.into()
            }));
        }
    }
    changed
}

/// Leaves one field out, adds one, or takes a list's first twice.
fn reshaped(value: &toml::Value) -> Vec<toml::Value> {
    let mut changed = Vec::new();
    if let Some(table) = value.as_table() {
        for name in table.keys() {
            let mut without = table.clone();
            without.remove(name);
            changed.push(without.into());
        }
        let mut more = table.clone();
        more.insert("more".to_owned(), "x".into());
        changed.push(more.into());
    }
    if let Some(first) = value.as_array().and_then(|list| list.first()) {
        changed.extend([1, 2, 17, 33].map(|count| vec![first.clone(); count].into()));
    }
    changed
}

/// Puts strange values in a value's place, and longer texts.
fn replaced(value: &toml::Value) -> Vec<toml::Value> {
    let strange = |text: &str| format!("v = {text}").parse::<toml::Table>().unwrap()["v"].clone();
    let mut changed: Vec<_> = STRANGE.into_iter().map(strange).collect();
    if value.is_str() {
        changed.extend(
            [32, 33, 40, 41, 80, 81, 128, 129, 200, 201].map(|count| "a".repeat(count).into()),
        );
    }
    changed
}

#[test]
fn schema_and_parser_agree_on_every_change_of_a_manifest() {
    let whole: toml::Table = WHOLE.parse().unwrap();
    let mut judges = Judges::new();
    judges.ask(&whole);
    for change in [reshaped, replaced] {
        for changed in everywhere(&toml::Value::Table(whole.clone()), &change) {
            changed
                .as_table()
                .into_iter()
                .for_each(|table| judges.ask(table));
        }
    }
    let [refused, accepted] = judges.agreed;
    assert!(
        refused > 1_000 && accepted > 100,
        "{refused} refused, {accepted} accepted"
    );
}

#[test]
fn every_manifest_of_the_repository_is_valid() {
    let mut judges = Judges::new();
    for file in repo::files("", &["/miniapp.toml"]) {
        Manifest::parse(&file.text).unwrap_or_else(|error| panic!("{}: {error}", file.path));
        judges.ask(&file.text.parse().unwrap());
    }
}
