//! What was released of the contract: kept as it was, and never changed.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use souk_tests::repo::{bytes, exists, files, folders, paths, read};

use super::nothing;

/// Where releases are kept, each in a folder of its own.
const RELEASED: &str = "tests/guests/released";

/// Whether apps may have been published that were built against a version.
fn is_frozen(version: &str) -> bool {
    !read("CHANGELOG.md").contains(&format!("contract {version} (not frozen yet)"))
}

/// The packages of a contract: what they say, by their place in its folder.
fn packages(folder: &str) -> BTreeMap<String, String> {
    let place = |path: &str| path.trim_start_matches(folder).to_owned();
    let found = files(folder, &[".wit"]).into_iter();
    found.map(|file| (place(&file.path), file.text)).collect()
}

/// The version that a package says it has.
fn version(text: &str) -> &str {
    let line = text.lines().find_map(|line| line.strip_prefix("package "));
    let version = line.and_then(|line| line.trim_end_matches(';').split_once('@'));
    version.unwrap_or_default().1
}

/// The first package that says it is of a release and is not as it was kept.
fn first_changed<'a>(
    present: &'a BTreeMap<String, String>,
    kept: &BTreeMap<String, String>,
    release: &str,
) -> Option<&'a str> {
    let mut of_it = present.iter().filter(|(_, text)| version(text) == release);
    let changed = of_it.find(|(place, text)| kept.get(*place) != Some(*text));
    changed.map(|(place, _)| place.as_str())
}

#[test]
fn a_frozen_contract_never_changes() {
    let present = packages("sdk/wit");
    let mut broken = Vec::new();
    for release in folders(RELEASED).iter().filter(|it| is_frozen(it)) {
        let kept = packages(&format!("{RELEASED}/{release}/wit"));
        let changed = first_changed(&present, &kept, release);
        broken.extend(
            changed.map(|place| {
                format!("sdk/wit{place} is not what {RELEASED}/{release}/wit{place} is")
            }),
        );
    }
    nothing(
        &broken,
        "A frozen package stays as it is, comments too: one that changed is a new version beside \
         it. See CONTRIBUTING.md, \"Release a contract\".",
    );
}

#[test]
fn a_contract_that_is_frozen_was_kept() {
    let mut broken = Vec::new();
    for (place, text) in packages("sdk/wit") {
        let version = version(&text);
        let kept = format!("{RELEASED}/{version}/wit{place}");
        if is_frozen(version) && !exists(&kept) {
            broken.push(format!("{kept} is missing"));
        }
    }
    nothing(
        &broken,
        "Run tests/guests/release VERSION; a contract that is being written is \"contract \
         VERSION (not frozen yet)\" in CHANGELOG.md.",
    );
}

#[test]
fn what_was_kept_is_what_its_sums_say() {
    let mut broken = Vec::new();
    let releases = folders(RELEASED);
    for release in &releases {
        let folder = format!("{RELEASED}/{release}/");
        let sums = read(&format!("{folder}SHA256SUMS"));
        let said: BTreeMap<_, _> = sums
            .lines()
            .filter_map(|line| line.split_once("  "))
            .map(|(sum, place)| (format!("{folder}{place}"), sum.to_owned()))
            .collect();
        let found: BTreeMap<_, _> = paths(&folder)
            .into_iter()
            .filter(|path| !path.ends_with("/SHA256SUMS"))
            .map(|path| {
                let sum = hex::encode(Sha256::digest(bytes(&path)));
                (path, sum)
            })
            .collect();
        let all = said.keys().chain(found.keys());
        let different = all.filter(|path| said.get(*path) != found.get(*path));
        broken.extend(different.cloned());
    }
    broken.sort();
    broken.dedup();
    assert!(!releases.is_empty(), "nothing is in {RELEASED}");
    nothing(
        &broken,
        "Not what SHA256SUMS beside it says: what was released stays as it was. Put it back.",
    );
}

#[test]
fn only_packages_of_a_release_are_held_to_it() {
    let contract = |wallet: &str, more: &str| {
        let text = |name: &str, version: &str| format!("package souk:{name}@{version};\n{more}");
        BTreeMap::from([
            ("/config.wit".to_owned(), text("config", "0.1.0")),
            ("/wallet.wit".to_owned(), text("wallet", wallet)),
        ])
    };
    let kept = contract("0.1.0", "");
    let check = |present, changed| assert_eq!(first_changed(&present, &kept, "0.1.0"), changed);
    check(contract("0.1.0", ""), None);
    check(contract("0.1.1", ""), None);
    check(contract("0.1.0", "/// Why.\n"), Some("/config.wit"));
    let mut one_more = contract("0.1.0", "");
    one_more.insert(
        "/tips.wit".to_owned(),
        "package souk:tips@0.1.0;\n".to_owned(),
    );
    check(one_more, Some("/tips.wit"));
}
