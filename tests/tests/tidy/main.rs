//! The laws of the house, one test each. A failure names the remedy.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod code;
mod documents;
mod errors;
mod house;
mod released;

use souk_tests::repo::{bare, files};

/// Fails with everything that breaks a law, and what to do about it.
#[track_caller]
fn nothing(broken: &[String], remedy: &str) {
    assert!(broken.is_empty(), "{}\n\n{remedy}\n", broken.join("\n"));
}

/// The code of the host and the SDK that ships, by path: without tests, comments and the insides
/// of texts.
fn shipped() -> impl Iterator<Item = (String, String)> {
    let all = ["host", "sdk"]
        .into_iter()
        .flat_map(|under| files(under, &[".rs"]));
    all.map(|file| (file.path.clone(), bare(file.production())))
}

/// The lines of a file in which one of these is found.
fn lines_with(path: &str, text: &str, words: &[&str]) -> Vec<String> {
    let lines = (1..).zip(text.lines());
    let lines = lines.filter(|(_, line)| words.iter().any(|word| line.contains(word)));
    lines
        .map(|(number, line)| format!("{path}:{number}: {}", line.trim()))
        .collect()
}

/// The lines of shipped code in which one of these is found.
fn shipped_with(words: &[&str]) -> Vec<String> {
    shipped()
        .flat_map(|(path, code)| lines_with(&path, &code, words))
        .collect()
}
