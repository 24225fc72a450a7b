//! Errors answer for themselves, and types are written down in one place.

use souk_tests::repo::files;

use super::{nothing, shipped, shipped_with};

/// Where stored and spoken types live. Everything else is a value of the domain.
const WRITTEN: [&str; 18] = [
    "/record.rs",
    "/wire.rs",
    "/wire/",
    // What the command line says to a host, and hears from it.
    "host/cli/src/client/",
    // The body of RFC 9457 is spoken, and stands beside the words that fill it.
    "/problem/",
    // Values of the domain are written the same way in the store and in JSON.
    "host/core/src/",
    "host/events/src/start.rs",
    "host/events/src/locale.rs",
    // What an event tells is sealed inside its record.
    "host/events/src/plain.rs",
    // The digest of a secret is a part of the records about it.
    "host/identity/src/secret.rs",
    // What is sealed is stored inside other records.
    "host/store/src/keyring/",
    // A trace keeps what a run was, in its own words: its grants, limits, calls and end.
    "host/registry/src/grant.rs",
    "host/runtime/src/limits.rs",
    "host/runtime/src/outcome.rs",
    "host/runtime/src/tape/",
    "host/runtime/src/trace.rs",
    "host/market/src/traces/mod.rs",
    "host/market/src/traces/ring.rs",
];

/// Files in which errors become words.
const EDGES: [&str; 5] = [
    "/error.rs",
    "/error/",
    "/problem/",
    "/denied.rs",
    "/refusal.rs",
];

/// Errors without a blame.
const BLAMELESS: [&str; 2] = [
    // A text is not money: whoever read the text knows whose it was.
    "MoneyError",
    // The store's own: a conflict is run again and never told.
    "CommitError",
];

#[test]
fn every_error_knows_who_is_to_blame() {
    let all: String = shipped().map(|(_, code)| code).collect();
    let mut broken = Vec::new();
    // The command line tells its errors on the spot, each with its cause and a next step.
    let host = files("host", &[".rs"]).into_iter();
    for file in host.filter(|file| !file.path.starts_with("host/cli/")) {
        let enums = file
            .production()
            .split("thiserror::Error)]\npub enum ")
            .skip(1);
        let names = enums.filter_map(|rest| rest.split([' ', '{', '<']).next());
        // A fault or a damage is what an error says; the error around it knows whose it is.
        let errors = names.filter(|name| name.ends_with("Error") || name.ends_with("Refusal"));
        let blamed = |name: &str| all.contains(&format!("Blamed for {name} "));
        let silent = errors.filter(|name| !BLAMELESS.contains(name) && !blamed(name));
        broken.extend(silent.map(|name| format!("{}: {name}", file.path)));
    }
    nothing(
        &broken,
        "Add `impl Blamed` with a match that names every case.",
    );
}

#[test]
fn no_error_is_anything_else() {
    let mut broken = shipped_with(&["Other(String)", "Other(&"]);
    for (path, code) in shipped().filter(|(path, _)| path.starts_with("host/")) {
        let edge = EDGES.iter().any(|edge| path.contains(edge));
        let blames = code
            .split("fn blame(")
            .skip(1)
            .filter_map(|rest| rest.split("\n    }").next());
        if blames
            .chain(edge.then_some(code.as_str()))
            .any(|body| body.contains("_ =>"))
        {
            broken.push(format!("{path}: `_ =>`"));
        }
    }
    nothing(
        &broken,
        "Answer every case by name: a new refusal must not compile until each edge has words for \
         it.",
    );
}

#[test]
fn types_are_written_down_in_records_and_wires() {
    let mut broken = Vec::new();
    for (path, code) in shipped().filter(|(path, _)| path.starts_with("host/")) {
        let derives = code
            .split("#[derive(")
            .skip(1)
            .filter_map(|rest| rest.split(')').next());
        let written = code.contains("impl Serialize")
            || derives.into_iter().any(|names| names.contains("Serialize"));
        if written && !WRITTEN.iter().any(|home| path.contains(home)) {
            broken.push(path);
        }
    }
    nothing(
        &broken,
        "Stored types live in record.rs, spoken ones in wire; convert at the border.",
    );
}
