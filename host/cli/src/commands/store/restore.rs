//! `souk store restore`: a store from a backup.

use std::path::PathBuf;

use souk_core::Timestamp;
use souk_store::embedded::{self, Moment};
use souk_store::{Keyring, keyring};

use crate::CliError;
use crate::commands::time;
use crate::host::Places;
use crate::ui::Ui;

/// Make a store from a backup, as it was at its end or at an earlier moment
///
/// There must be neither a store in the data directory nor an anchor: move them away first. The
/// keys come from their own copy, the newest there is; the master key from yours. What happened
/// after the moment is not in the new store. What cannot be restored leaves nothing behind.
#[derive(clap::Args)]
pub(crate) struct RestoreArgs {
    #[command(flatten)]
    places: Places,
    /// Backup, as `souk store backup` printed it
    backup: PathBuf,
    /// End with this record, as `souk store verify` counts them
    #[arg(long, value_name = "NUMBER", conflicts_with = "to_time")]
    to_record: Option<u64>,
    /// End with the last commit up to this time, like 2026-11-22T09:05:00Z
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    to_time: Option<Timestamp>,
    /// Directory of the copy of the key file
    #[arg(long, env = "SOUK_BACKUP_KEYS", value_name = "DIR", value_parser = has_keys)]
    keys: Option<PathBuf>,
}

pub(super) fn run(ui: &mut Ui, args: &RestoreArgs) -> Result<(), CliError> {
    super::must_be_files(
        &args.places,
        "a database is not restored by `souk`",
        "Restore it with pg_restore, and the folders `keys` and `blobs` of the data directory; to \
         bring a backup into a database, restore it to a data directory and use `souk store copy`",
    )?;
    let moment = match (args.to_record, args.to_time) {
        (Some(record), _) => Moment::Record(record),
        (None, Some(time)) => Moment::Time(time),
        (None, None) => Moment::End,
    };
    if let Some(keys) = &args.keys {
        keyring::check_copy(keys).map_err(keys_refused)?;
    }
    let prefix = embedded::restore(&args.backup, &args.places.options(), moment)
        .map_err(|error| CliError::of_backup("the store cannot be restored", error))?;
    if args
        .to_time
        .is_some_and(|time| prefix.is_all && time > prefix.at)
    {
        ui.status("The backup has nothing later than that: all of it was restored.");
    }
    match &args.keys {
        Some(keys) => keyring::copy_keys(keys, &args.places.keys()).map_err(keys_refused)?,
        None => ui.status(format_args!(
            "Put the copy of the key file into {} before the host starts.",
            args.places.keys().display()
        )),
    }
    ui.result(format_args!(
        "{} records, the last of {}, and {} packages",
        prefix.records, prefix.at, prefix.blobs
    ));
    Ok(())
}

fn keys_refused(error: keyring::KeyringError) -> CliError {
    CliError::damaged("the keys cannot be restored").because(error)
}

/// Reads the name of a directory with a copy of a key file.
fn has_keys(text: &str) -> Result<PathBuf, String> {
    let keys = PathBuf::from(text);
    if Keyring::exists(&keys) {
        return Ok(keys);
    }
    Err(
        "there is no copy of a key file in it; name the directory of `souk store backup --keys`"
            .into(),
    )
}
