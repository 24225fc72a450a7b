//! The operator's token: a file in the data directory that only its owner reads. The store has its
//! hash.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use souk_market::Market;

use crate::CliError;

/// The file's name in the data directory.
pub const FILE: &str = "operator.token";

/// Makes a token unless the file holds the one that is good. Who wants another deletes the file and
/// starts again.
///
/// # Errors
/// When the file cannot be written; the store's.
pub(super) async fn keep_token(data: &Path, market: &Market) -> Result<(), CliError> {
    let file = data.join(FILE);
    let kept = fs::read_to_string(&file).unwrap_or_default();
    let failed = |error| CliError::new("the operator's token cannot be made").because(error);
    if market.is_operator(kept.trim()).await.map_err(failed)? {
        return Ok(());
    }
    let secret = market.issue_operator_token().await.map_err(failed)?;
    write(&file, secret.expose()).map_err(|error| {
        CliError::new(format!("{} cannot be written", file.display()))
            .because(error)
            .hint("Make the data directory writable, then start again")
    })
}

/// Writes a new file that nobody else could ever read.
fn write(file: &Path, token: &str) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut new = OpenOptions::new();
    let mut file = new.write(true).create_new(true).mode(0o600).open(file)?;
    writeln!(file, "{token}")?;
    file.sync_all()
}
