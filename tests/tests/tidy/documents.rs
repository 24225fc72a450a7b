//! What people read: titles, decisions, and the commands a stranger copies.

use std::collections::BTreeSet;

use souk_tests::repo::{files, read};

use super::nothing;

/// Lines of `ARCHITECTURE.md`: a map is read in one sitting.
const MAP_LINES_MAX: usize = 300;

#[test]
fn every_document_has_one_title() {
    let mut broken = Vec::new();
    for file in files("", &[".md"]) {
        let mut fenced = false;
        let titles = file.text.lines().filter(|line| {
            fenced ^= line.trim_start().starts_with("```");
            !fenced && line.starts_with("# ")
        });
        let titles = titles.count();
        if titles != 1 || !file.text.starts_with("# ") {
            broken.push(format!("{}: {titles} titles", file.path));
        }
    }
    nothing(&broken, "A document starts with its one `# Title`.");
}

#[test]
fn the_map_is_read_in_one_sitting() {
    let lines = read("ARCHITECTURE.md").lines().count();
    assert!(
        lines <= MAP_LINES_MAX,
        "{lines} lines; cut what the code says itself"
    );
}

#[test]
fn every_dependency_has_a_decision() {
    let notes = files("host/docs/decisions", &[".md"]).into_iter();
    let notes: String = notes.map(|file| file.text).collect();
    let manifest: toml::Table = read("Cargo.toml").parse().unwrap();
    let named = manifest["workspace"]["dependencies"]
        .as_table()
        .unwrap()
        .iter();
    let vendors = named
        .filter(|(_, how)| how.get("path").is_none())
        .map(|(name, _)| name);
    let broken: Vec<_> = vendors
        .filter(|name| !notes.contains(&format!("`{name}`")))
        .cloned()
        .collect();
    nothing(
        &broken,
        "Say in a note in host/docs/decisions what it is for and why this one.",
    );
}

#[test]
fn decisions_are_numbered_and_say_three_things() {
    let mut broken = Vec::new();
    for (number, file) in (1..).zip(files("host/docs/decisions", &[".md"])) {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        let parts = ["## Context", "## Decision", "## Consequences"];
        let parts = parts.map(|part| file.text.find(part));
        let whole = !parts.contains(&None) && parts.is_sorted();
        if !whole || !name.starts_with(&format!("{number:04}-")) {
            broken.push(file.path);
        }
    }
    nothing(
        &broken,
        "NNNN-title.md without gaps: ## Context, ## Decision, ## Consequences.",
    );
}

#[test]
fn the_readme_shows_the_commands() {
    let readme = read("README.md");
    let demo = "cargo run --release -- demo";
    let commands = [
        format!("{demo}\n"),
        format!("{demo} --once"),
        "tests/run".to_owned(),
    ];
    let missing: Vec<_> = commands
        .into_iter()
        .filter(|command| !readme.contains(command))
        .collect();
    nothing(&missing, "A stranger copies these from README.md.");
}

#[test]
fn every_limit_that_apps_meet_is_in_the_table() {
    let told = [
        "over_limit(",
        "over_money(",
        "over_for_now(",
        "over_today(",
        "allowance(",
    ];
    let mut met = BTreeSet::new();
    for file in files("host/runtime/src", &[".rs"]) {
        for call in told {
            let after = file.production().split(call).skip(1);
            let names = after.filter_map(|rest| rest.trim_start().strip_prefix('"'));
            met.extend(names.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
        }
    }
    let page = read("host/docs/limits.md");
    let rows: Vec<_> = page
        .lines()
        .filter(|line| line.starts_with("| `"))
        .collect();
    let listed: BTreeSet<_> = rows
        .iter()
        .filter_map(|row| Some(row.split('`').nth(1)?.to_owned()))
        .collect();
    let mut broken: Vec<_> = met.symmetric_difference(&listed).cloned().collect();
    let units = [
        "bytes",
        "characters",
        "milliseconds",
        "money",
        "pieces",
        "steps",
    ];
    let unit = |row: &&&str| row.split('|').nth(2).unwrap_or_default().trim().to_owned();
    let without = rows
        .iter()
        .filter(|row| !units.contains(&unit(row).as_str()));
    broken.extend(without.map(|row| (*row).to_owned()));
    nothing(
        &broken,
        "host/docs/limits.md lists each, once, with its unit.",
    );
}
