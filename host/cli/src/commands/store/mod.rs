//! `souk store`: the journal and what is derived from it.

mod backup;
mod copy;
mod end;
mod restore;

use std::io;
use std::sync::Arc;

use souk_store::postgres::{Hold, Postgres};
use souk_store::{embedded, survey};

use crate::CliError;
use crate::host::{Places, database, unusable};
use crate::ui::Ui;

/// Check what is stored, make it anew from the journal, or move it
#[derive(clap::Subcommand)]
pub(crate) enum StoreCommand {
    Verify(VerifyArgs),
    Rebuild(RebuildArgs),
    Copy(copy::CopyArgs),
    Backup(backup::BackupArgs),
    Restore(restore::RestoreArgs),
}

/// Check that the store is whole
///
/// In a data directory: the journal, its archive and anchor, the checkpoints, and the state derived
/// from them; a backup too: name its folder as data directory, and the file `anchor` in it as
/// anchor. In a database: every log against its head, every chain, and the digest of it all.
/// Changes nothing, and works on a read-only medium: there the state is not looked at. The host
/// must not be running on the same store.
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

const UNSOUND: &str = "the store does not check out";

pub(crate) async fn run(ui: &mut Ui, command: &StoreCommand) -> Result<(), CliError> {
    match command {
        StoreCommand::Verify(args) => match &args.places.store {
            Some(address) => verify_tables(ui, address).await,
            None => verify(ui, &args.places),
        },
        StoreCommand::Rebuild(args) => rebuild(ui, args),
        StoreCommand::Copy(args) => copy::run(ui, args).await,
        StoreCommand::Backup(args) => backup::run(ui, args),
        StoreCommand::Restore(args) => restore::run(ui, args),
    }
}

/// Refuses what is done with files to a store in a database.
fn must_be_files(places: &Places, what: &str, instead: &str) -> Result<(), CliError> {
    match &places.store {
        None => Ok(()),
        Some(_) => Err(CliError::new(what).hint(instead)),
    }
}

fn verify(ui: &mut Ui, places: &Places) -> Result<(), CliError> {
    places.must_exist()?;
    let options = places.options();
    let bytes = options.bytes_to_verify();
    let report = embedded::verify(&watched(ui, options, bytes));
    ui.result(report.map_err(|error| CliError::of_store(UNSOUND, error))?);
    Ok(())
}

/// Shows how far the work is, of so many bytes.
fn watched(ui: &mut Ui, options: embedded::Options, bytes: io::Result<u64>) -> embedded::Options {
    // Folders that cannot be read are told of by whoever reads them.
    let bar = ui.progress(bytes.unwrap_or(0));
    embedded::Options {
        progress: Some(Arc::new(move |bytes| bar.inc(bytes))),
        ..options
    }
}

async fn verify_tables(ui: &mut Ui, address: &str) -> Result<(), CliError> {
    let mut options = database(address)?;
    options.hold = Hold::Look;
    let (engine, opened) = Postgres::open(&options).map_err(unusable)?;
    ui.status(format_args!("Opened the store: {opened}."));
    let found = survey(&engine).await;
    ui.result(found.map_err(|error| CliError::damaged(UNSOUND).because(error))?);
    Ok(())
}

fn rebuild(ui: &mut Ui, args: &RebuildArgs) -> Result<(), CliError> {
    must_be_files(
        &args.places,
        "a database derives nothing that could be rebuilt",
        "Check it with `souk store verify`; restore it with the database's own tools",
    )?;
    args.places.must_exist()?;
    let options = embedded::Options {
        adopt: args.adopt_anchor,
        ..args.places.options()
    };
    let bytes = options.bytes_to_rebuild();
    let report = embedded::rebuild(&watched(ui, options, bytes));
    ui.result(report.map_err(|error| CliError::of_store("the state cannot be rebuilt", error))?);
    Ok(())
}
