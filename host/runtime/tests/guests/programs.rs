//! The guest programs of `tests/guests`, built once.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Returns the component of a guest program.
pub(crate) fn program(name: &str) -> Vec<u8> {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let built = BUILT.get_or_init(build).join(format!("{name}.wasm"));
    std::fs::read(&built).unwrap_or_else(|error| panic!("{}: {error}", built.display()))
}

fn build() -> PathBuf {
    let guests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/guests");
    let target = guests.join("target");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args([
            "build",
            "--quiet",
            "--release",
            "--examples",
            "--target",
            "wasm32-wasip2",
        ])
        .arg("--target-dir")
        .arg(&target)
        .current_dir(&guests)
        .output()
        .expect("cargo can be started");
    assert!(
        built.status.success(),
        "tests/guests do not build; if the target is missing, run `rustup target add \
         wasm32-wasip2`:\n{}",
        String::from_utf8_lossy(&built.stderr)
    );
    target.join("wasm32-wasip2/release/examples")
}
