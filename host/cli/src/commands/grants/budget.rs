//! `souk grants budget`: the most you want to spend at an app.

use souk_core::{AppId, Clock, Currency, Money};
use souk_market::SystemClock;
use souk_server::wire::grants::BudgetAsk;

use super::super::remote::{Once, Remote};
use crate::CliError;
use crate::ui::Ui;

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// Set the most you want to spend at an app
///
/// A budget bounds what you can approve; it approves nothing. It takes the place of the one before;
/// without an amount there is none any more.
#[derive(clap::Args)]
pub(crate) struct BudgetArgs {
    /// App id
    app: AppId,
    /// Most in one order, like "20.00 USD"
    #[arg(long, value_name = "AMOUNT")]
    order: Option<Money>,
    /// Most on one day of UTC
    #[arg(long, value_name = "AMOUNT")]
    day: Option<Money>,
    /// Most in all, from today until the budget ends
    #[arg(long, value_name = "AMOUNT", requires = "days")]
    in_all: Option<Money>,
    /// Days until the budget ends, 31 at most [default: it does not end]
    #[arg(long)]
    days: Option<u64>,
    #[command(flatten)]
    once: Once,
    #[command(flatten)]
    remote: Remote,
}

pub(super) async fn set(ui: &mut Ui, args: &BudgetArgs) -> Result<(), CliError> {
    let (ask, app) = (args.ask()?, &args.app);
    let path = format!("/v1/me/grants/{app}/budget");
    let () = args.remote.post_once(ui, &args.once, &path, &ask).await?;
    ui.status(if args.amounts().next().is_some() {
        format!("Your budget at {app} is set.")
    } else {
        format!("You have no budget at {app} any more.")
    });
    Ok(())
}

impl BudgetArgs {
    fn amounts(&self) -> impl Iterator<Item = Money> {
        [self.order, self.day, self.in_all].into_iter().flatten()
    }

    fn ask(&self) -> Result<BudgetAsk, CliError> {
        let minor = |amount: Option<Money>| amount.map(Money::minor);
        let days = self.days.map(|days| days.saturating_mul(DAY_MS));
        let until = days.map(|millis| SystemClock.now().after_millis(millis).millis());
        Ok(BudgetAsk {
            currency: self.currency()?,
            order: minor(self.order),
            day: minor(self.day),
            in_all: minor(self.in_all),
            until,
        })
    }

    /// The one currency of all amounts.
    fn currency(&self) -> Result<Currency, CliError> {
        let mut all = self.amounts().map(Money::currency);
        let Some(first) = all.next() else {
            return "USD"
                .parse()
                .map_err(|error| CliError::new("there is no currency").because(error));
        };
        if all.all(|other| other == first) {
            return Ok(first);
        }
        let error = CliError::new("a budget has one currency");
        Err(error.hint("Give all amounts in the currency the app asks for"))
    }
}
