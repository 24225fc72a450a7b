//! What the operator books by hand: money in, money out, and what was settled, taken back.

use serde::Serialize;
use souk_core::{AppId, Money};
use souk_server::wire::by_hand::{HandDepositAsk, HandWithdrawalAsk, RecallAsk};
use souk_server::wire::passages::Source;
use souk_server::wire::wallet::Entry;

use super::super::remote::Once;
use super::desk::Desk;
use crate::CliError;
use crate::ui::Ui;

/// Book by hand what came in for a person elsewhere
///
/// The same key again is the same entry, and a key that was refused stays refused.
#[derive(clap::Args)]
pub(crate) struct DepositArgs {
    /// Handle of the person
    to: String,
    /// Amount, like "20.00 USD"
    amount: Money,
    #[command(flatten)]
    booking: Booking,
}

/// Book by hand what a person was paid elsewhere
///
/// Pay first, then book it. What they have not got, and what is in a frozen account, is refused.
/// The same key again is the same entry, and a key that was refused stays refused.
#[derive(clap::Args)]
pub(crate) struct WithdrawArgs {
    /// Handle of the person
    from: String,
    /// Amount, like "20.00 USD"
    amount: Money,
    /// Take it out of what was settled to them as a merchant, not out of their wallet
    #[arg(long)]
    takings: bool,
    #[command(flatten)]
    booking: Booking,
}

/// Take back what was settled to an app's merchant, for a dispute
///
/// It is the app's takings again, which refunds are paid from, and is settled anew when it has
/// waited as long as what comes in now. The same key again is the same entry, and a key that was
/// refused stays refused.
#[derive(clap::Args)]
pub(crate) struct RecallArgs {
    /// App that took it
    app: AppId,
    /// Amount, like "20.00 USD"
    amount: Money,
    #[command(flatten)]
    booking: Booking,
}

/// What each booking has: why, under which key, and where.
#[derive(clap::Args)]
struct Booking {
    /// Why, for whose money it is to read
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    once: Once,
    #[command(flatten)]
    desk: Desk,
}

pub(super) async fn deposit(ui: &mut Ui, args: &DepositArgs) -> Result<(), CliError> {
    let ask = HandDepositAsk {
        to: args.to.clone(),
        amount: args.amount,
        reason: args.booking.reason.clone(),
    };
    let entry = args.booking.book(ui, "/v1/operator/deposits", &ask).await?;
    ui.status(format_args!("Booked {} for {}.", entry.amount, args.to));
    ui.result(entry.id);
    Ok(())
}

pub(super) async fn withdraw(ui: &mut Ui, args: &WithdrawArgs) -> Result<(), CliError> {
    let ask = HandWithdrawalAsk {
        from: args.from.clone(),
        source: if args.takings {
            Source::Takings
        } else {
            Source::Wallet
        },
        amount: args.amount,
        reason: args.booking.reason.clone(),
    };
    let path = "/v1/operator/withdrawals";
    let entry = args.booking.book(ui, path, &ask).await?;
    let (amount, from) = (entry.amount, &args.from);
    ui.status(format_args!("Booked {amount} as paid to {from}."));
    ui.result(entry.id);
    Ok(())
}

pub(super) async fn recall(ui: &mut Ui, args: &RecallArgs) -> Result<(), CliError> {
    let ask = RecallAsk {
        app: args.app.clone(),
        amount: args.amount,
        reason: args.booking.reason.clone(),
    };
    let entry = args.booking.book(ui, "/v1/operator/recalls", &ask).await?;
    let (amount, app) = (entry.amount, &args.app);
    ui.status(format_args!("{amount} wait with {app} again."));
    ui.result(entry.id);
    Ok(())
}

impl Booking {
    async fn book<A: Serialize>(
        &self,
        ui: &mut Ui,
        path: &str,
        ask: &A,
    ) -> Result<Entry, CliError> {
        self.desk.post(ui, &self.once, path, ask).await
    }
}
