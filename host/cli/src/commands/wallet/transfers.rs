//! Money from person to person: sent, then accepted, declined or taken back.

use souk_core::{Money, Timestamp, TransferId};
use souk_server::wire::wallet::{Gift, SendAsk};

use super::super::remote::{Once, Remote};
use super::passages::ListArgs;
use crate::CliError;
use crate::ui::Ui;

const TRANSFERS: &str = "/v1/wallet/transfers";

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

/// List what is on its way between you and others: to you, then from you
#[derive(clap::Args)]
pub(crate) struct TransfersArgs {
    #[command(flatten)]
    list: ListArgs,
}

/// Accept money that somebody sent you
#[derive(clap::Args)]
pub(crate) struct AcceptArgs {
    #[command(flatten)]
    which: Which,
}

/// Decline money that somebody sent you; it goes back at once
#[derive(clap::Args)]
pub(crate) struct DeclineArgs {
    #[command(flatten)]
    which: Which,
}

/// Take back money that nobody has accepted yet
#[derive(clap::Args)]
pub(crate) struct CancelArgs {
    #[command(flatten)]
    which: Which,
}

#[derive(clap::Args)]
struct Which {
    /// Transfer, as `souk wallet transfers` lists it
    transfer: TransferId,
    #[command(flatten)]
    once: Once,
    #[command(flatten)]
    remote: Remote,
}

pub(super) async fn send(ui: &mut Ui, args: &TransferArgs) -> Result<(), CliError> {
    let ask = SendAsk {
        to: args.to.clone(),
        amount: args.amount,
        note: args.note.clone(),
    };
    let sent = args.remote.post_once(ui, &args.once, TRANSFERS, &ask);
    let gift: Gift = sent.await?;
    let (amount, to) = (gift.amount, &args.to);
    ui.status(format_args!("{amount} wait for {to} to accept."));
    ui.result(gift.id);
    Ok(())
}

pub(super) async fn list(ui: &mut Ui, args: &TransfersArgs) -> Result<(), CliError> {
    let line = |gift: &Gift| {
        let name = |name: &Option<String>| name.clone().unwrap_or_else(|| "?".to_owned());
        let (id, amount) = (gift.id, gift.amount);
        let (from, to) = (name(&gift.from_name), name(&gift.to_name));
        let until = Timestamp::from_millis(gift.expires);
        let note = gift.note.as_ref().map(|note| format!("  \"{note}\""));
        let note = note.unwrap_or_default();
        format!("{id}  {amount}  from {from} to {to}, until {until}{note}")
    };
    args.list.run(ui, TRANSFERS, line).await
}

pub(super) async fn accept(ui: &mut Ui, args: &AcceptArgs) -> Result<(), CliError> {
    let gift = args.which.post(ui, "accept").await?;
    ui.status(format_args!("{} are yours.", gift.amount));
    Ok(())
}

pub(super) async fn decline(ui: &mut Ui, args: &DeclineArgs) -> Result<(), CliError> {
    let gift = args.which.post(ui, "decline").await?;
    ui.status(format_args!("{} went back.", gift.amount));
    Ok(())
}

pub(super) async fn cancel(ui: &mut Ui, args: &CancelArgs) -> Result<(), CliError> {
    let gift = args.which.post(ui, "cancel").await?;
    ui.status(format_args!("{} are yours again.", gift.amount));
    Ok(())
}

impl Which {
    async fn post(&self, ui: &mut Ui, what: &str) -> Result<Gift, CliError> {
        let path = format!("{TRANSFERS}/{}/{what}", self.transfer);
        self.remote.post_once(ui, &self.once, &path, &()).await
    }
}
