//! `souk wallet`: money in and out, money to others, and the ledger checked from its entries alone.

mod passages;

use souk_core::Money;
use souk_ledger::audit;
use souk_server::wire::passages::Arrival;
use souk_server::wire::wallet::{DepositAsk, Gift, SendAsk};

use super::remote::{Once, Remote};
use crate::CliError;
use crate::host::Places;
use crate::ui::Ui;
use passages::{AddressArgs, ArrivalsArgs, DeparturesArgs};
pub(crate) use passages::{EntriesArgs, WithdrawArgs};

/// Your wallet, and the ledger
#[derive(clap::Subcommand)]
pub(crate) enum WalletCommand {
    Deposit(DepositArgs),
    Withdraw(WithdrawArgs),
    Address(AddressArgs),
    Arrivals(ArrivalsArgs),
    Departures(DeparturesArgs),
    Entries(EntriesArgs),
    Transfer(TransferArgs),
    Audit(AuditArgs),
}

/// Put money into your wallet
///
/// From the simulated bank, if the operator turned it on. It counts once the bank has confirmed it:
/// then the deposit's entry is printed, before that the arrival. The same key again is the same
/// deposit.
#[derive(clap::Args)]
pub(crate) struct DepositArgs {
    /// Amount, like "20.00 USD"
    amount: Money,
    #[command(flatten)]
    once: Once,
    #[command(flatten)]
    remote: Remote,
}

/// Send money to another person
///
/// They have a day to accept; then it comes back. The same key again is the same transfer, and a
/// key that was refused stays refused.
#[derive(clap::Args)]
pub(crate) struct TransferArgs {
    /// Handle of the person
    to: String,
    /// Amount, like "5.00 USD"
    amount: Money,
    /// A word to them
    #[arg(long, default_value = "")]
    note: String,
    #[command(flatten)]
    once: Once,
    #[command(flatten)]
    remote: Remote,
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
        WalletCommand::Deposit(args) => deposit(ui, args).await,
        WalletCommand::Withdraw(args) => args.run(ui, "/v1/wallet/withdrawals").await,
        WalletCommand::Address(args) => passages::address(ui, args).await,
        WalletCommand::Arrivals(args) => passages::arrivals(ui, args).await,
        WalletCommand::Departures(args) => passages::departures(ui, args).await,
        WalletCommand::Entries(args) => args.run(ui, "/v1/wallet/statement").await,
        WalletCommand::Transfer(args) => transfer(ui, args).await,
        WalletCommand::Audit(args) => audit_all(ui, &args.places).await,
    }
}

async fn deposit(ui: &mut Ui, args: &DepositArgs) -> Result<(), CliError> {
    let ask = DepositAsk {
        amount: args.amount,
    };
    let done = args
        .remote
        .post_once(ui, &args.once, "/v1/wallet/deposits", &ask);
    let arrival: Arrival = done.await?;
    let (text, reference) = (&arrival.text, &arrival.reference);
    match arrival.entry {
        Some(entry) => {
            ui.status(format_args!("Deposited {text}."));
            ui.result(entry);
        }
        None => {
            ui.status(format_args!("{text} are on their way as {reference}."));
            ui.result(arrival.id);
        }
    }
    Ok(())
}

async fn transfer(ui: &mut Ui, args: &TransferArgs) -> Result<(), CliError> {
    let ask = SendAsk {
        to: args.to.clone(),
        amount: args.amount,
        note: args.note.clone(),
    };
    let sent = args
        .remote
        .post_once(ui, &args.once, "/v1/wallet/transfers", &ask);
    let gift: Gift = sent.await?;
    let (amount, to) = (gift.amount, &args.to);
    ui.status(format_args!("{amount} wait for {to} to accept."));
    ui.result(gift.id);
    Ok(())
}

async fn audit_all(ui: &mut Ui, places: &Places) -> Result<(), CliError> {
    places.must_exist()?;
    places.must_have_keys()?;
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
