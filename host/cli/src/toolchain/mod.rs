//! What building a mini-app takes beside its sources: installed when it is missing, and said so.

pub(crate) mod node;
mod rust;

use std::path::Path;

use crate::CliError;
use crate::ui::Ui;

/// Makes sure that the build command of a mini-app can work.
pub(crate) fn ensure(ui: &mut Ui, app: &Path, command: &str) -> Result<(), CliError> {
    if command.contains(rust::TARGET) {
        rust::ensure_target(ui)?;
    }
    if command.starts_with(node::NPM) {
        node::ensure_packages(ui, app)?;
    }
    Ok(())
}
