//! `souk statement`: what happened on your account in a period, with balances before and after.

use souk_core::{Currency, Timestamp};

use super::remote::Remote;
use super::time;
use crate::CliError;
use crate::ui::Ui;

/// Print a statement of your account
///
/// Opening balance, every movement, closing balance. As JSON it is signed by the host and can be
/// checked with `souk receipt verify`.
#[derive(clap::Args)]
pub(crate) struct StatementArgs {
    /// Currency, like USD
    currency: Currency,
    /// Beginning, like 2026-11-22T09:05:00Z [default: the very first]
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    from: Option<Timestamp>,
    /// End, not included, like 2026-11-23T09:05:00Z; now at the latest [default: now]
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    to: Option<Timestamp>,
    /// Print CSV instead of signed JSON
    #[arg(long)]
    csv: bool,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) async fn run(ui: &mut Ui, args: &StatementArgs) -> Result<(), CliError> {
    let form = if args.csv { "csv" } else { "json" };
    let edges = [("from", args.from), ("to", args.to)];
    let edges = edges
        .map(|(name, edge)| edge.map_or_else(String::new, |at| format!("&{name}={}", at.millis())));
    let (currency, edges) = (args.currency, edges.concat());
    let path = format!("/v1/wallet/statement.{form}?currency={currency}{edges}");
    let statement = args.remote.client().get_text(&path).await;
    let statement = statement.map_err(|error| args.remote.told(error))?;
    ui.result(statement.trim_end());
    Ok(())
}
