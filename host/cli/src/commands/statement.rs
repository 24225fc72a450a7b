//! `souk statement`: what happened on your account in a period, with balances before and after.

use souk_core::Currency;

use super::remote::Remote;
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
    /// Beginning, in milliseconds since 1970 [default: the very first]
    #[arg(
        long,
        default_value_t = 0,
        hide_default_value = true,
        value_name = "MS"
    )]
    from: u64,
    /// End, not included, in milliseconds since 1970 [default: now]
    #[arg(long, value_name = "MS")]
    to: Option<u64>,
    /// Print CSV instead of signed JSON
    #[arg(long)]
    csv: bool,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) async fn run(ui: &mut Ui, args: &StatementArgs) -> Result<(), CliError> {
    let form = if args.csv { "csv" } else { "json" };
    let to = args.to.map(|to| format!("&to={to}")).unwrap_or_default();
    let (currency, from) = (args.currency, args.from);
    let path = format!("/v1/wallet/statement.{form}?currency={currency}&from={from}{to}");
    let statement = args.remote.client().get_text(&path).await;
    let statement = statement.map_err(|error| args.remote.told(error))?;
    ui.result(statement.trim_end());
    Ok(())
}
