//! The Rust target that mini-apps are built for: installed when it is missing, and said so.

use std::process::{Command, Stdio};

use crate::CliError;
use crate::ui::Ui;

/// The target that mini-apps in Rust are built for.
pub(super) const TARGET: &str = "wasm32-wasip2";

/// Makes sure that `cargo build --target wasm32-wasip2` can work.
pub(super) fn ensure_target(ui: &mut Ui) -> Result<(), CliError> {
    if is_installed()? {
        return Ok(());
    }
    ui.status(format_args!(
        "Installing the Rust target {TARGET} with rustup."
    ));
    let installed = Command::new("rustup")
        .args(["target", "add", TARGET])
        .status();
    if installed.is_ok_and(|status| status.success()) {
        return Ok(());
    }
    Err(CliError::new(format!(
        "the Rust target {TARGET} is missing and could not be installed"
    ))
    .hint(format!(
        "Run `rustup target add {TARGET}` and look at what it says"
    )))
}

/// Asks the compiler itself: its library for the target is there or not.
fn is_installed() -> Result<bool, CliError> {
    let asked = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", TARGET])
        .stderr(Stdio::null())
        .output();
    let asked = asked.map_err(|error| {
        CliError::new("the Rust compiler cannot be run")
            .because(error)
            .hint("Install Rust with rustup, then try again")
    })?;
    let path = String::from_utf8_lossy(&asked.stdout);
    Ok(asked.status.success() && std::path::Path::new(path.trim()).is_dir())
}
