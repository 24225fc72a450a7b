//! `souk takings`: what a merchant's apps took, and how it is taken out.

use souk_server::wire::takings::Takings;

use super::remote::Remote;
use super::wallet::{EntriesArgs, WithdrawArgs};
use crate::CliError;
use crate::ui::Ui;

/// What your apps took
#[derive(clap::Subcommand)]
pub(crate) enum TakingsCommand {
    Show(ShowArgs),
    /// List what moved in your settled takings and why, newest first
    Entries(EntriesArgs),
    /// Take settled takings out
    ///
    /// Like `souk wallet withdraw`, but out of what was settled to you as a merchant.
    Withdraw(WithdrawArgs),
}

/// Print what waits with each app for refunds, and what is settled to you
#[derive(clap::Args)]
pub(crate) struct ShowArgs {
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) async fn run(ui: &mut Ui, command: &TakingsCommand) -> Result<(), CliError> {
    match command {
        TakingsCommand::Show(args) => show(ui, args).await,
        TakingsCommand::Entries(args) => args.run(ui, "/v1/takings/statement").await,
        TakingsCommand::Withdraw(args) => args.run(ui, "/v1/takings/withdrawals").await,
    }
}

async fn show(ui: &mut Ui, args: &ShowArgs) -> Result<(), CliError> {
    let found = args.remote.client().get("/v1/takings").await;
    let takings: Takings = found.map_err(|error| args.remote.told(error))?;
    if args.json {
        return ui.json(&takings);
    }
    for app in &takings.apps {
        for balance in &app.pending {
            ui.result(format_args!("{}  pending  {}", app.app, balance.text));
        }
    }
    for balance in &takings.settled {
        ui.result(format_args!("settled  {}", balance.text));
    }
    Ok(())
}
