//! How code is written: short, explained, and unable to surprise.

use souk_tests::repo::{File, bare, files, read};

use super::{lines_with, nothing, shipped_with};

/// Lines of a file before its tests.
const FILE_LINES_MAX: usize = 500;

/// Columns of a line of code.
const LINE_COLUMNS_MAX: usize = 100;

/// Lines of `main.rs`: it starts the program and nothing else.
const MAIN_LINES_MAX: usize = 40;

/// What a bound can be measured in, beside things that are counted (`COMMANDS`, `ENTRIES`).
const UNITS: [&str; 6] = ["BYTES", "CHARS", "MS", "PIXELS", "DEPTH", "COLUMNS"];

/// What no shipped line says: each of them can end the host.
const PANICS: [&str; 6] = [
    ".unwrap()",
    ".expect(\"",
    "panic!(",
    "todo!(",
    "unimplemented!(",
    "dbg!(",
];

/// Where people's machines keep their things, in two halves so that this file passes.
const MACHINES: [[&str; 2]; 5] = [
    ["/ho", "me/"],
    ["/ro", "ot/"],
    ["/Us", "ers/"],
    ["/wo", "rk/"],
    ["C:", "\\"],
];

/// Text files that people write.
const WRITTEN: [&str; 11] = [
    ".rs",
    ".toml",
    ".md",
    ".wit",
    ".json",
    ".js",
    ".html",
    ".css",
    "tests/run",
    "bench",
    "campaign",
];

fn rust() -> Vec<File> {
    files("", &[".rs"])
}

#[test]
fn every_file_opens_by_saying_why_it_exists() {
    let silent = rust()
        .into_iter()
        .filter(|file| !file.text.starts_with("//! "));
    let broken: Vec<_> = silent.map(|file| file.path).collect();
    nothing(
        &broken,
        "Start the file with `//!` and why it exists, in sentences.",
    );
}

#[test]
fn no_file_is_long() {
    let sizes = rust()
        .into_iter()
        .map(|file| (file.production().lines().count(), file.path));
    let long = sizes.filter(|(lines, _)| *lines > FILE_LINES_MAX);
    let mut broken: Vec<_> = long
        .map(|(lines, path)| format!("{path}: {lines} lines"))
        .collect();
    let main = read("host/cli/src/main.rs").lines().count();
    if main > MAIN_LINES_MAX {
        broken.push(format!("host/cli/src/main.rs: {main} lines"));
    }
    nothing(
        &broken,
        "Over 500 lines before its tests, main.rs over 40: give each idea a file.",
    );
}

#[test]
fn no_line_is_long() {
    let mut broken = Vec::new();
    for file in rust() {
        let mut page = false;
        for (number, line) in (1..).zip(file.text.lines()) {
            let columns = line.chars().count();
            // Pages of what people see are written as they are seen.
            let seen = page || line.contains("expect![\"");
            if !seen && columns > LINE_COLUMNS_MAX {
                broken.push(format!("{}:{number}: {columns} columns", file.path));
            }
            page = if page {
                !line.contains("\"#")
            } else {
                line.trim_end().ends_with("r#\"")
            };
        }
    }
    nothing(
        &broken,
        "Over 100 columns: run `cargo fmt`; break comments and texts by hand.",
    );
}

#[test]
fn every_bound_has_a_reason_and_a_unit() {
    let text = read("host/core/src/limits.rs") + &read("host/core/src/limits/store.rs");
    let lines: Vec<_> = text.lines().collect();
    let measured = |word: &str| UNITS.contains(&word) || (word.ends_with('S') && word.len() > 3);
    let mut broken = Vec::new();
    for pair in lines.windows(2) {
        let [before, line] = pair else { continue };
        let constant = line
            .strip_prefix("pub const ")
            .and_then(|rest| rest.split_once(':'));
        let Some((name, _)) = constant else { continue };
        if !before.starts_with("/// ") {
            broken.push(format!("{name}: say above it why it is this number"));
        }
        if !name.split('_').any(measured) {
            broken.push(format!(
                "{name}: say what is counted, like BODY_BYTES or HOST_CALLS"
            ));
        }
    }
    nothing(&broken, "Every bound has a name, a unit and a reason.");
}

#[test]
fn nothing_that_ships_panics_on_purpose() {
    let remedy = "Return an error that knows its blame, or make a value that cannot be wrong.";
    nothing(&shipped_with(&PANICS), remedy);
}

#[test]
fn the_order_of_a_hash_table_decides_nothing() {
    let rooms = ["host/store/", "host/ledger/"];
    let mut broken = shipped_with(&["HashMap", "HashSet"]);
    broken.retain(|line| rooms.iter().any(|room| line.starts_with(room)));
    nothing(
        &broken,
        "Here the order is part of the result: use BTreeMap, BTreeSet.",
    );
}

#[test]
fn no_file_knows_this_machine() {
    let homes = MACHINES.map(|halves| halves.concat());
    let homes: Vec<_> = homes.iter().map(String::as_str).collect();
    let all = files("", &WRITTEN).into_iter();
    let broken: Vec<_> = all
        .flat_map(|file| lines_with(&file.path, &file.text, &homes))
        .collect();
    nothing(
        &broken,
        "Use a path beside the file, a temporary folder, or a configured one.",
    );
}

#[test]
fn tests_tell_the_truth() {
    let mut broken = Vec::new();
    for file in rust() {
        let lies = ["#[ignore", "#[should_panic", "dbg!("];
        broken.extend(lines_with(&file.path, &bare(&file.text), &lies));
        let bare_marks = ["// FIXME\n", "// TODO\n", "// XXX\n"];
        let marks = bare_marks.iter().filter(|mark| file.text.contains(*mark));
        broken.extend(marks.map(|mark| format!("{}: {}", file.path, mark.trim())));
    }
    nothing(
        &broken,
        "Assert what is, wrong behaviour included; let a FIXME say what should be.",
    );
}
