//! The packages that mini-apps in JavaScript are built with. Node itself is the developer's own.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::SystemTime;

use crate::CliError;
use crate::ui::Ui;

/// The program that installs and builds.
pub(crate) const NPM: &str = "npm";

/// What is said where there is no Node.
pub(crate) const HINT: &str = "Install Node 20 or newer with npm";

/// Tells whether npm can be run.
pub(crate) fn is_here() -> bool {
    let asked = Command::new(NPM)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    asked.is_ok_and(|status| status.success())
}

/// Makes sure that what package-lock.json names is in node_modules.
pub(super) fn ensure_packages(ui: &mut Ui, app: &Path) -> Result<(), CliError> {
    if !is_here() {
        return Err(CliError::new("npm cannot be run").hint(HINT));
    }
    if is_fresh(app) {
        return Ok(());
    }
    ui.status(format_args!(
        "Installing the packages of {} with `npm ci`.",
        app.display()
    ));
    let installed = Command::new(NPM)
        .args(["ci", "--no-fund", "--no-audit"])
        .current_dir(app)
        .stdout(Stdio::null())
        .status();
    if installed.is_ok_and(|status| status.success()) {
        return Ok(());
    }
    let failed = format!("the packages of {} cannot be installed", app.display());
    Err(CliError::new(failed).hint(format!(
        "Run `npm ci` in {} and look at what it says",
        app.display()
    )))
}

/// npm writes its own list of what it installed, last of all.
fn is_fresh(app: &Path) -> bool {
    let changed = |file: &str| -> Option<SystemTime> {
        std::fs::metadata(app.join(file)).ok()?.modified().ok()
    };
    let installed = changed("node_modules/.package-lock.json");
    installed.is_some() && installed >= changed("package-lock.json")
}
