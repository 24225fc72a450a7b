//! `souk store`: the journal and what is derived from it.

use souk_store::embedded;

use crate::CliError;
use crate::host::Places;
use crate::ui::Ui;

/// Check what is stored, and make it anew from the journal
#[derive(clap::Subcommand)]
pub(crate) enum StoreCommand {
    Verify(VerifyArgs),
    Rebuild(RebuildArgs),
}

/// Check the journal, its anchor and the state derived from it
///
/// Changes nothing. The host must not be running on the same data directory.
#[derive(clap::Args)]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    places: Places,
}

/// Derive the state again from the journal
///
/// The journal is checked first and stays as it is. The host must not be running on the same data
/// directory.
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
    }
}

fn verify(ui: &mut Ui, args: &VerifyArgs) -> Result<(), CliError> {
    args.places.must_exist()?;
    let report = embedded::verify(&args.places.options());
    ui.result(report.map_err(|error| CliError::of_store("the store does not check out", error))?);
    Ok(())
}

fn rebuild(ui: &mut Ui, args: &RebuildArgs) -> Result<(), CliError> {
    args.places.must_exist()?;
    let options = embedded::Options {
        adopt: args.adopt_anchor,
        ..args.places.options()
    };
    let report = embedded::rebuild(&options);
    ui.result(report.map_err(|error| CliError::of_store("the state cannot be rebuilt", error))?);
    Ok(())
}
