//! What stands where, and what may see what.

use std::collections::BTreeSet;

use souk_tests::repo::{ALL, Crate, crates, exists, files, folders};

use super::{nothing, shipped};

/// A vendor, and the one folder whose crate may name it.
const VENDORS: [(&str, &str); 7] = [
    ("wasmtime", "host/runtime"),
    ("wasmtime-wasi", "host/runtime"),
    ("axum", "host/server"),
    ("sled", "host/store"),
    ("tokio-postgres", "host/store"),
    ("rustls", "host/egress"),
    ("clap", "host/cli"),
];

/// Which crates of the host each one may name, lowest first: a crate sees only what is above it.
// WHEN ADDING AN ARROW: it points up in this table, and a decision note says why.
const ARROWS: [(&str, &[&str]); 12] = [
    ("core", &[]),
    ("egress", &["core"]),
    ("store", &["core"]),
    ("ledger", &["core", "store"]),
    ("identity", &["core", "store"]),
    ("chat", &["core", "store"]),
    ("registry", &["core", "store"]),
    ("events", &["core", "store"]),
    (
        "runtime",
        &[
            "core", "egress", "store", "ledger", "identity", "chat", "registry", "events",
        ],
    ),
    (
        "market",
        &[
            "core", "egress", "store", "ledger", "identity", "chat", "registry", "events",
            "runtime",
        ],
    ),
    (
        "server",
        &[
            "core", "store", "ledger", "identity", "chat", "registry", "events", "market",
        ],
    ),
    (
        "cli",
        &[
            "core", "egress", "store", "ledger", "registry", "runtime", "market", "server",
        ],
    ),
];

/// Where a capability is, with its name in the place of `*`. The test kit comes with the tools for
/// developers: then `sdk/testkit/src/*.rs` is the fifth.
const CAPABILITY_PLACES: [&str; 4] = [
    "sdk/wit/deps/souk-*/*.wit",
    "sdk/rust/src/*.rs",
    "host/runtime/src/capability/*",
    "tests/guests/examples/*.rs",
];

/// Packages of the contract that nobody needs a permission for: what all share, and the run itself.
const NO_CAPABILITIES: [&str; 2] = ["types", "runtime"];

/// Crates with a workspace of their own: they are built for another machine, by another toolchain,
/// or on what would have the engine compiled anew, or are not built at all.
const OUTSIDE: [&str; 4] = ["tests/guests", "tests/smith", "tests/fuzz", "tests/suites"];

#[test]
fn nothing_else_stands_at_the_top() {
    let rooms = ["host", "sample-miniapps", "sdk", "tests", "target"];
    let known = |name: &String| name.starts_with('.') || rooms.contains(&name.as_str());
    let extra: Vec<_> = folders("")
        .into_iter()
        .filter(|name| !known(name))
        .collect();
    nothing(
        &extra,
        "Trusted things are in host/, what third parties see in sdk/.",
    );
}

#[test]
fn each_vendor_is_named_in_one_crate() {
    let all = crates(&["host", "sdk", "sample-miniapps"]);
    let mut broken = Vec::new();
    for (vendor, home) in VENDORS {
        let others = all
            .iter()
            .filter(|found| found.folder != home && found.names(vendor));
        broken.extend(others.map(|found| format!("{} names {vendor}", found.folder)));
    }
    nothing(
        &broken,
        "A vendor has one home, where it can be replaced: ask that crate instead.",
    );
}

#[test]
fn the_table_of_arrows_points_up() {
    for (place, (name, seen)) in ARROWS.iter().enumerate() {
        let above: Vec<_> = ARROWS.iter().take(place).map(|(above, _)| above).collect();
        assert!(
            seen.iter().all(|up| above.contains(&up)),
            "{name} looks down: turn it round"
        );
    }
}

#[test]
fn dependencies_are_those_of_the_table() {
    let mut broken = Vec::new();
    for found in crates(&["host"]) {
        let room = found.folder.trim_start_matches("host/");
        let named = found.dependencies(&["dependencies"]);
        let named: BTreeSet<_> = named
            .iter()
            .filter_map(|(on, _)| on.strip_prefix("souk-"))
            .collect();
        let arrows = ARROWS.iter().filter(|(name, _)| *name == room);
        let seen: BTreeSet<_> = arrows.flat_map(|(_, seen)| seen.iter().copied()).collect();
        let more = named
            .difference(&seen)
            .map(|on| format!("{room} names {on}: not in ARROWS"));
        let fewer = seen
            .difference(&named)
            .map(|on| format!("{room} does not name {on}"));
        broken.extend(more.chain(fewer));
    }
    nothing(
        &broken,
        "Take the arrow out, or put it into ARROWS with a decision note. What joins siblings is a \
         use case in market or a capability in runtime.",
    );
}

#[test]
fn sdk_and_samples_stand_on_nothing_of_the_host() {
    let host = crates(&["host"]);
    let mut broken = Vec::new();
    for found in crates(&["sdk", "sample-miniapps", "tests/guests"]) {
        let named = host
            .iter()
            .map(Crate::name)
            .filter(|name| found.names(name));
        broken.extend(named.map(|name| format!("{} names {name}", found.folder)));
    }
    nothing(&broken, "Mini-apps know the host only through sdk/wit.");
}

#[test]
fn only_the_composition_root_knows_an_engine() {
    let engines = [
        "souk_store::embedded",
        "souk_store::memory",
        "souk_store::postgres",
    ];
    // A replay is answered from its tape; behind it stands an empty store that nobody asks.
    let rooms = ["host/store/", "host/cli/", "host/runtime/src/replay.rs"];
    let others = shipped().filter(|(path, _)| !rooms.iter().any(|room| path.starts_with(room)));
    let named = others.filter(|(_, code)| engines.iter().any(|engine| code.contains(engine)));
    let broken: Vec<_> = named.map(|(path, _)| path).collect();
    nothing(
        &broken,
        "Take a `Store` in the constructor; host/cli chooses the engine.",
    );
}

#[test]
fn versions_and_lints_are_those_of_the_workspace() {
    let shared = |table: &toml::Value| table.get("workspace") == Some(&toml::Value::Boolean(true));
    let mut broken = Vec::new();
    for found in crates(&["host", "sdk", "tests"]) {
        if OUTSIDE.iter().any(|room| found.folder.starts_with(room)) {
            continue;
        }
        if !found.manifest.get("lints").is_some_and(shared) {
            broken.push(format!("{}: add [lints] workspace = true", found.folder));
        }
        let named = found.dependencies(&ALL);
        let own = named.iter().filter(|(_, how)| !shared(how));
        broken.extend(own.map(|(name, _)| format!("{}: {name} on its own", found.folder)));
    }
    nothing(
        &broken,
        "Put the version in [workspace.dependencies], write `name.workspace = true`.",
    );
}

#[test]
fn every_capability_is_whole() {
    let packages = folders("sdk/wit/deps");
    let names = packages
        .iter()
        .filter_map(|name| name.strip_prefix("souk-"));
    let mut broken = Vec::new();
    for name in names.filter(|name| !NO_CAPABILITIES.contains(name)) {
        let places = CAPABILITY_PLACES
            .iter()
            .map(|place| place.replace('*', name));
        broken.extend(places.filter(|place| !exists(place)));
    }
    assert!(
        !exists("sdk/testkit"),
        "add the test kit to CAPABILITY_PLACES"
    );
    nothing(
        &broken,
        "These are missing; see CONTRIBUTING.md, \"Add a capability\".",
    );
}

#[test]
fn every_guest_has_a_test() {
    let tests = ["host", "tests"]
        .into_iter()
        .flat_map(|under| files(under, &[".rs"]));
    let tests = tests.filter(|file| file.is_test() && !file.path.starts_with("tests/guests/"));
    let tests: String = tests.map(|file| file.text).collect();
    let mut broken = Vec::new();
    for guest in files("tests/guests/examples", &[".rs"]) {
        let name = guest
            .path
            .trim_start_matches("tests/guests/examples/")
            .trim_end_matches(".rs");
        if !tests.contains(&format!("\"{name}\"")) {
            broken.push(guest.path);
        }
    }
    nothing(
        &broken,
        "A program that no test runs proves nothing: name it in one.",
    );
}
