//! `souk store`: the journal and what is derived from it.

mod backup;
mod restore;
mod time;

use souk_store::embedded;

use crate::CliError;
use crate::host::Places;
use crate::ui::Ui;

/// The store
#[derive(clap::Subcommand)]
pub(crate) enum StoreCommand {
    Verify(VerifyArgs),
    Rebuild(RebuildArgs),
    Backup(backup::BackupArgs),
    Restore(restore::RestoreArgs),
}

/// Check the journal, its archive and anchor, the checkpoints, and the state derived from them
///
/// Changes nothing. Works on a backup too: name its folder as data directory, and the file `anchor`
/// in it as anchor. The host must not be running on the same data directory.
#[derive(clap::Args)]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    places: Places,
}

/// Derive the state again from the journal
///
/// It begins with the newest checkpoint that is sound. The journal is checked and stays as it is.
/// The host must not be running on the same data directory.
#[derive(clap::Args)]
pub(crate) struct RebuildArgs {
    #[command(flatten)]
    places: Places,
    /// Take the journal as it is when the anchor is lost, and anchor it anew. What is missing from
    /// the journal then stays missing
    #[arg(long)]
    adopt_anchor: bool,
}

pub(crate) fn run(ui: &mut Ui, command: &StoreCommand) -> Result<(), CliError> {
    match command {
        StoreCommand::Verify(args) => verify(ui, args),
        StoreCommand::Rebuild(args) => rebuild(ui, args),
        StoreCommand::Backup(args) => backup::run(ui, args),
        StoreCommand::Restore(args) => restore::run(ui, args),
    }
}

fn verify(ui: &mut Ui, args: &VerifyArgs) -> Result<(), CliError> {
    args.places.must_exist()?;
    let report = embedded::verify(&args.places.options());
    let report =
        report.map_err(|error| CliError::damaged("the store does not check out").because(error))?;
    ui.result(report);
    Ok(())
}

fn rebuild(ui: &mut Ui, args: &RebuildArgs) -> Result<(), CliError> {
    args.places.must_exist()?;
    let options = embedded::Options {
        adopt: args.adopt_anchor,
        ..args.places.options()
    };
    let report = embedded::rebuild(&options);
    let report =
        report.map_err(|error| CliError::damaged("the state cannot be rebuilt").because(error))?;
    ui.result(report);
    Ok(())
}
