//! Money out of the wallet, what is on its way in and out, and what moved.

use souk_core::{Currency, Money};
use souk_server::wire::List;
use souk_server::wire::passages::{Address, Arrival, Departure, Rail, WithdrawAsk};
use souk_server::wire::wallet::Line;

use super::super::remote::{Once, Remote};
use crate::CliError;
use crate::ui::Ui;

/// Take money out of your wallet
///
/// It is set aside at once and goes out as the rail goes; `souk wallet departures` says how far it
/// is. The same key again is the same withdrawal, and a key that was refused stays refused.
#[derive(clap::Args)]
pub(crate) struct WithdrawArgs {
    /// Amount, like "20.00 USD" or "0.5000 GOLD:4"
    amount: Money,
    /// Where to: an account at the bank, or an address on the chain
    to: String,
    /// Way out
    #[arg(long, value_enum, default_value_t = Way::Bank)]
    rail: Way,
    #[command(flatten)]
    once: Once,
    #[command(flatten)]
    remote: Remote,
}

/// A way out.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Way {
    /// The simulated bank: currencies
    Bank,
    /// The simulated chain: registered assets
    Chain,
}

/// Print where others pay to for you on the simulated chain
#[derive(clap::Args)]
pub(crate) struct AddressArgs {
    #[command(flatten)]
    remote: Remote,
}

/// List what came in or is on its way to you, newest first
#[derive(clap::Args)]
pub(crate) struct ArrivalsArgs {
    #[command(flatten)]
    list: ListArgs,
}

/// List what you took out, newest first
#[derive(clap::Args)]
pub(crate) struct DeparturesArgs {
    #[command(flatten)]
    list: ListArgs,
}

/// List what moved in your wallet and why, newest first
///
/// `souk statement` prints a period with its balances, signed.
#[derive(clap::Args)]
pub(crate) struct EntriesArgs {
    /// Currency, like USD
    currency: Currency,
    #[command(flatten)]
    list: ListArgs,
}

/// What lists have in common.
#[derive(clap::Args)]
pub(super) struct ListArgs {
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    remote: Remote,
}

impl WithdrawArgs {
    /// Takes money out at one of the two doors: a wallet's, or a merchant's.
    pub(crate) async fn run(&self, ui: &mut Ui, door: &str) -> Result<(), CliError> {
        let ask = WithdrawAsk {
            rail: match self.rail {
                Way::Bank => Rail::Bank,
                Way::Chain => Rail::Chain,
            },
            amount: self.amount,
            to: self.to.clone(),
        };
        let done = self.remote.post_once(ui, &self.once, door, &ask);
        let departure: Departure = done.await?;
        let (text, to) = (&departure.text, &self.to);
        ui.status(format_args!("{text} are set aside and go to {to}."));
        ui.result(departure.id);
        Ok(())
    }
}

impl EntriesArgs {
    /// Lists what moved on one of two accounts: a wallet's, or a merchant's.
    pub(crate) async fn run(&self, ui: &mut Ui, statement: &str) -> Result<(), CliError> {
        let line = |line: &Line| {
            let sign = if line.incoming { '+' } else { '-' };
            let (id, kind, amount) = (line.entry.id, line.entry.kind.name(), line.entry.amount);
            let note = line.note.as_ref().map(|note| format!("  \"{note}\""));
            format!("{id}  {kind}  {sign}{amount}{}", note.unwrap_or_default())
        };
        let path = format!("{statement}?currency={}", self.currency);
        self.list.run(ui, &path, line).await
    }
}

pub(super) async fn address(ui: &mut Ui, args: &AddressArgs) -> Result<(), CliError> {
    let found = args.remote.client().get("/v1/wallet/address").await;
    let found: Address = found.map_err(|error| args.remote.told(error))?;
    ui.result(found.address);
    Ok(())
}

pub(super) async fn arrivals(ui: &mut Ui, args: &ArrivalsArgs) -> Result<(), CliError> {
    let line = |arrival: &Arrival| {
        let (seen, needed) = (arrival.confirmations.min(arrival.needed), arrival.needed);
        let (id, state, text) = (arrival.id, &arrival.state, &arrival.text);
        format!(
            "{id}  {state}  {text}  {seen}/{needed}  {}",
            arrival.reference
        )
    };
    args.list.run(ui, "/v1/wallet/deposits", line).await
}

pub(super) async fn departures(ui: &mut Ui, args: &DeparturesArgs) -> Result<(), CliError> {
    let line = |departure: &Departure| {
        let (id, state, text) = (departure.id, &departure.state, &departure.text);
        let to = departure.to.as_deref().unwrap_or("(erased)");
        format!("{id}  {state}  {text}  {to}")
    };
    args.list.run(ui, "/v1/wallet/withdrawals", line).await
}

impl ListArgs {
    /// Prints a list, a line for each item.
    pub(super) async fn run<T: serde::Serialize + serde::de::DeserializeOwned>(
        &self,
        ui: &mut Ui,
        path: &str,
        line: impl Fn(&T) -> String,
    ) -> Result<(), CliError> {
        let found = self.remote.client().get(path).await;
        let found: List<T> = found.map_err(|error| self.remote.told(error))?;
        if self.json {
            return ui.json(&found);
        }
        for item in &found.items {
            ui.result(line(item));
        }
        Ok(())
    }
}
