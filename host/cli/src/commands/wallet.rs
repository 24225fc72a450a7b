//! `souk wallet`: the ledger, checked from its entries alone.

use souk_ledger::audit;

use crate::CliError;
use crate::host::Places;
use crate::ui::Ui;

/// Check the ledger
#[derive(clap::Subcommand)]
pub(crate) enum WalletCommand {
    Audit(AuditArgs),
}

/// Check that all money adds up
///
/// Recomputes every account and every order from the ledger's entries, follows the hash chain, and
/// compares. The host must not be running on the same store.
#[derive(clap::Args)]
pub(crate) struct AuditArgs {
    #[command(flatten)]
    places: Places,
}

pub(crate) async fn run(ui: &mut Ui, command: &WalletCommand) -> Result<(), CliError> {
    match command {
        WalletCommand::Audit(args) => audit_all(ui, &args.places).await,
    }
}

async fn audit_all(ui: &mut Ui, places: &Places) -> Result<(), CliError> {
    places.must_exist()?;
    let stored = places.store().await?;
    ui.status(format_args!("Opened the store: {}.", stored.opened));
    let audit = stored
        .store
        .transact(|txn| async move { audit::audit(&txn).await })
        .await
        .map_err(|error| CliError::damaged("the ledger cannot be read").because(error))?;
    for fault in &audit.faults {
        ui.result(fault);
    }
    ui.result(&audit);
    if audit.is_balanced() {
        return Ok(());
    }
    Err(CliError::damaged("the ledger does not add up")
        .hint("Keep a copy of the data directory, then run `souk store verify`"))
}
