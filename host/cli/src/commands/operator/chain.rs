//! `souk operator chain`: what an operator does on the simulated chain, to see money wait, count,
//! or be lost.

use souk_core::Money;
use souk_server::wire::List;
use souk_server::wire::operator::{
    Becomes, Chain, ChainPayAsk, ChainPayment, MineAsk, ReorganizeAsk,
};
use souk_server::wire::passages::Arrival;

use super::super::remote::Once;
use super::desk::Desk;
use crate::CliError;
use crate::ui::Ui;

/// The simulated chain
#[derive(clap::Subcommand)]
pub(crate) enum ChainCommand {
    Show(ShowArgs),
    Pay(PayArgs),
    Mine(MineArgs),
    Reorganize(ReorganizeArgs),
}

/// Print the chain: its height, and what lies on it or waits for a block
#[derive(clap::Args)]
pub(crate) struct ShowArgs {
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    desk: Desk,
}

/// Pay to an address, as somebody outside would
#[derive(clap::Args)]
pub(crate) struct PayArgs {
    /// Address, as `souk wallet address` prints it
    to: String,
    /// Amount of a registered asset, like "0.5000 GOLD:4"
    amount: Money,
    #[command(flatten)]
    once: Once,
    #[command(flatten)]
    desk: Desk,
}

/// Mine blocks now
#[derive(clap::Args)]
pub(crate) struct MineArgs {
    /// How many
    #[arg(default_value_t = 1)]
    count: u64,
    #[command(flatten)]
    desk: Desk,
}

/// Take the last blocks off again
#[derive(clap::Args)]
pub(crate) struct ReorganizeArgs {
    /// How many blocks
    depth: u64,
    /// Let the payments in them be gone, not come again
    #[arg(long)]
    vanish: bool,
    #[command(flatten)]
    desk: Desk,
}

pub(super) async fn run(ui: &mut Ui, command: &ChainCommand) -> Result<(), CliError> {
    match command {
        ChainCommand::Show(args) => show(ui, args).await,
        ChainCommand::Pay(args) => pay(ui, args).await,
        ChainCommand::Mine(args) => mine(ui, args).await,
        ChainCommand::Reorganize(args) => reorganize(ui, args).await,
    }
}

async fn show(ui: &mut Ui, args: &ShowArgs) -> Result<(), CliError> {
    let chain: Chain = args.desk.get("/v1/operator/chain").await?;
    if args.json {
        return ui.json(&chain);
    }
    print(ui, &chain);
    Ok(())
}

async fn pay(ui: &mut Ui, args: &PayArgs) -> Result<(), CliError> {
    let ask = ChainPayAsk {
        to: args.to.clone(),
        amount: args.amount,
    };
    let path = "/v1/operator/chain/payments";
    let paid: ChainPayment = args.desk.post(ui, &args.once, path, &ask).await?;
    ui.status(format_args!("{} wait for a block.", paid.amount));
    ui.result(paid.id);
    Ok(())
}

async fn mine(ui: &mut Ui, args: &MineArgs) -> Result<(), CliError> {
    let ask = MineAsk { count: args.count };
    let path = "/v1/operator/chain/blocks";
    let chain: Chain = args.desk.post_new(path, &ask).await?;
    print(ui, &chain);
    Ok(())
}

async fn reorganize(ui: &mut Ui, args: &ReorganizeArgs) -> Result<(), CliError> {
    let ask = ReorganizeAsk {
        depth: args.depth,
        fate: if args.vanish {
            Becomes::Vanish
        } else {
            Becomes::Return
        },
    };
    let path = "/v1/operator/chain/reorganizations";
    let lost: List<Arrival> = args.desk.post_new(path, &ask).await?;
    for arrival in &lost.items {
        let (id, state, text) = (arrival.id, &arrival.state, &arrival.text);
        ui.result(format_args!("{id}  {state}  {text}"));
    }
    let (depth, lost) = (args.depth, lost.items.len());
    ui.status(format_args!(
        "Blocks taken off: {depth}; arrivals lost: {lost}."
    ));
    Ok(())
}

fn print(ui: &mut Ui, chain: &Chain) {
    ui.result(format_args!("height {}", chain.height));
    for payment in &chain.payments {
        let (id, amount, to) = (payment.id, payment.amount, &payment.to);
        let place = payment
            .block
            .map_or_else(|| "waits".to_owned(), |block| format!("block {block}"));
        ui.result(format_args!("{id}  {place}  {amount}  {to}"));
    }
}
