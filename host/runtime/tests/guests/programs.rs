//! The guest programs of `tests/guests`, built once.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Returns the component of a program in Rust.
pub(crate) fn program(name: &str) -> Vec<u8> {
    static BUILT: OnceLock<()> = OnceLock::new();
    BUILT.get_or_init(|| build("rust"));
    read(
        &guests().join("target/wasm32-wasip2/release/examples"),
        name,
    )
}

pub(crate) fn read(folder: &Path, name: &str) -> Vec<u8> {
    let file = folder.join(name).with_extension("wasm");
    std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

pub(crate) fn guests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/guests")
}

/// Builds the programs in a language, if they are not.
pub(crate) fn build(language: &str) {
    let built = Command::new(guests().join("build")).arg(language).output();
    let built = built.expect("tests/guests/build can be started");
    assert!(
        built.status.success(),
        "tests/guests/build {language} fails; tests/run installs what it needs:\n{}",
        String::from_utf8_lossy(&built.stderr)
    );
}
