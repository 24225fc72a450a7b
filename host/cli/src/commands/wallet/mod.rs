//! `souk wallet`: money in and out, money to others, and the ledger checked from its entries alone.

mod passages;
mod transfers;

use souk_core::Money;
use souk_ledger::{Standing, audit};
use souk_server::wire::passages::Arrival;
use souk_server::wire::wallet::{Balance, DepositAsk};

use super::remote::{Once, Remote};
use crate::CliError;
use crate::host::Places;
use crate::ui::Ui;
use passages::{AddressArgs, ArrivalsArgs, DeparturesArgs, ListArgs};
pub(crate) use passages::{EntriesArgs, WithdrawArgs};
use transfers::{AcceptArgs, CancelArgs, DeclineArgs, TransferArgs, TransfersArgs};

/// Your wallet, and the ledger
#[derive(clap::Subcommand)]
pub(crate) enum WalletCommand {
    Deposit(DepositArgs),
    Withdraw(WithdrawArgs),
    Address(AddressArgs),
    Arrivals(ArrivalsArgs),
    Departures(DeparturesArgs),
    Balance(BalanceArgs),
    Entries(EntriesArgs),
    Transfer(TransferArgs),
    Transfers(TransfersArgs),
    Accept(AcceptArgs),
    Decline(DeclineArgs),
    Cancel(CancelArgs),
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

/// Print what you have, currency by currency
#[derive(clap::Args)]
pub(crate) struct BalanceArgs {
    #[command(flatten)]
    list: ListArgs,
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
        WalletCommand::Balance(args) => balance(ui, args).await,
        WalletCommand::Entries(args) => args.run(ui, "/v1/wallet/statement").await,
        WalletCommand::Transfer(args) => transfers::send(ui, args).await,
        WalletCommand::Transfers(args) => transfers::list(ui, args).await,
        WalletCommand::Accept(args) => transfers::accept(ui, args).await,
        WalletCommand::Decline(args) => transfers::decline(ui, args).await,
        WalletCommand::Cancel(args) => transfers::cancel(ui, args).await,
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

async fn balance(ui: &mut Ui, args: &BalanceArgs) -> Result<(), CliError> {
    let line = |balance: &Balance| {
        let held = balance.held.minor() > 0;
        let held = held.then(|| format!("  {} set aside", balance.held));
        let standing = balance.standing != Standing::Open;
        let standing = standing.then(|| format!("  {}", balance.standing));
        [Some(balance.text.clone()), held, standing]
            .into_iter()
            .flatten()
            .collect::<String>()
    };
    args.list.run(ui, "/v1/wallet", line).await
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
