//! `souk store backup`: a copy of a store, made while the host runs.

use std::fs;
use std::path::{Path, PathBuf};

use souk_core::{Clock, Timestamp};
use souk_market::SystemClock;
use souk_store::{embedded, keyring};

use crate::CliError;
use crate::commands::time;
use crate::host::Places;
use crate::ui::Ui;

/// A day, in milliseconds.
const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// Copy the store, while the host runs or not
///
/// Each backup is a folder of its own, named after the time, and holds everything that was
/// acknowledged when it began: journal, archive, checkpoints and packages. It is read back and
/// checked. Prints its path.
///
/// A backup holds no keys, so what people wrote cannot be read from it alone. Name a place for the
/// keys with --keys, apart from the backups: one copy of the key file, which each backup replaces
/// and which opens all of them. Keep a copy of the master key yourself, at a third place.
#[derive(clap::Args)]
pub(crate) struct BackupArgs {
    #[command(flatten)]
    places: Places,
    /// Directory of the backups
    #[arg(value_name = "DIR")]
    into: PathBuf,
    /// Directory for the copy of the key file, apart from the backups
    #[arg(long, env = "SOUK_BACKUP_KEYS", value_name = "DIR")]
    keys: Option<PathBuf>,
    /// Delete backups in the directory that are older than this
    #[arg(
        long,
        env = "SOUK_BACKUP_DAYS",
        default_value_t = 30,
        value_name = "DAYS"
    )]
    keep_days: u64,
}

pub(super) fn run(ui: &mut Ui, args: &BackupArgs) -> Result<(), CliError> {
    super::must_be_files(
        &args.places,
        "a database is not backed up by `souk`",
        "Copy it with pg_dump, then the folders `keys` and `blobs` of the data directory; \
         `On PostgreSQL` in host/docs/store.md says in which order",
    )?;
    args.places.must_exist()?;
    let now = SystemClock.now();
    make(&args.into)?;
    let to = args.into.join(name(now));
    let prefix = embedded::backup(&args.places.options(), &to)
        .map_err(|error| CliError::of_backup("there is no backup", error))?;
    match &args.keys {
        Some(keys) => keyring::copy_keys(&args.places.keys(), keys)
            .map_err(|error| CliError::damaged("the keys cannot be copied").because(error))?,
        None => ui.status("The keys are not in it: copy them with --keys, or by yourself."),
    }
    ui.status(format_args!(
        "Copied and checked {} records, the last of {}, and {} packages.",
        prefix.records, prefix.at, prefix.blobs
    ));
    ui.result(to.display());
    expire(ui, &args.into, now, args.keep_days)
}

fn make(folder: &Path) -> Result<(), CliError> {
    fs::create_dir_all(folder).map_err(|error| {
        CliError::new(format!("{} cannot be made", folder.display())).because(error)
    })
}

/// The name of a backup: its time, which also sorts by it.
fn name(at: Timestamp) -> String {
    at.to_string().replace(':', "-")
}

/// Reads a backup's time from its name.
fn time_of(name: &str) -> Option<Timestamp> {
    let (date, time) = name.split_once('T')?;
    time::parse(&format!("{date}T{}", time.replace('-', ":"))).ok()
}

/// Deletes backups that are too old.
fn expire(ui: &mut Ui, folder: &Path, now: Timestamp, days: u64) -> Result<(), CliError> {
    let failed = |error: std::io::Error| {
        CliError::new("old backups cannot be deleted")
            .because(error)
            .hint("Delete them by hand: what was erased since can still be read from them")
    };
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let at = name.and_then(time_of);
        if at.is_some_and(|at| now.millis_since(at) > days.saturating_mul(DAY_MS)) {
            fs::remove_dir_all(&path).map_err(failed)?;
            ui.status(format_args!("Deleted the old backup {}.", path.display()));
        }
    }
    Ok(())
}
