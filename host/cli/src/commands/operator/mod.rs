//! `souk operator`: what only whoever runs the host may do.

mod by_hand;
mod chain;
mod desk;

use souk_core::{AppId, Currency, TransferId};
use souk_ledger::Standing;
use souk_server::wire::List;
use souk_server::wire::operator::{Account, AccountsAsk, Asset, StandingAsk, Whose};
use souk_server::wire::passages::Arrival;

use crate::CliError;
use crate::ui::Ui;
use by_hand::{DepositArgs, RecallArgs, WithdrawArgs};
use desk::Desk;

/// What only the operator may do
#[derive(clap::Subcommand)]
pub(crate) enum OperatorCommand {
    Deposit(DepositArgs),
    Withdraw(WithdrawArgs),
    Recall(RecallArgs),
    Accounts(AccountsArgs),
    /// Let nothing go out of an account any more; money still comes in
    Freeze(StandingArgs),
    /// Let a frozen account go again
    Unfreeze(StandingArgs),
    /// Close an empty account for ever
    Close(StandingArgs),
    Asset(AssetArgs),
    TakeBack(TakeBackArgs),
    /// Pay, mine and reorganize on the simulated chain, for development
    #[command(subcommand)]
    Chain(chain::ChainCommand),
}

/// List accounts, what is in them and what may happen on them
#[derive(clap::Args)]
pub(crate) struct AccountsArgs {
    #[command(flatten)]
    whose: WhoseArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    desk: Desk,
}

/// Whose account: a person's, a merchant's or an app's.
#[derive(clap::Args)]
#[group(required = true, multiple = false)]
struct WhoseArgs {
    /// Handle of a person, for their wallet
    #[arg(long, value_name = "HANDLE")]
    person: Option<String>,
    /// Handle of a merchant, for what was settled to them
    #[arg(long, value_name = "HANDLE")]
    merchant: Option<String>,
    /// App, for what it took
    #[arg(long, value_name = "ID")]
    app: Option<AppId>,
}

#[derive(clap::Args)]
pub(crate) struct StandingArgs {
    #[command(flatten)]
    whose: WhoseArgs,
    /// Currency of the account, like USD
    currency: Currency,
    /// Why; kept in clear
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    desk: Desk,
}

/// Register an asset that is not a currency of ISO 4217, for ever
#[derive(clap::Args)]
pub(crate) struct AssetArgs {
    /// Code: four to eight capital letters and digits
    code: String,
    /// Digits after the point, up to 15
    scale: u8,
    #[command(flatten)]
    desk: Desk,
}

/// Have a rail lose or take back what came in
///
/// What does not count yet never will. What was deposited goes back; if the person has spent it,
/// the host bears it and the account is frozen.
#[derive(clap::Args)]
pub(crate) struct TakeBackArgs {
    /// Arrival, as `souk wallet arrivals` names it
    arrival: TransferId,
    #[command(flatten)]
    desk: Desk,
}

pub(crate) async fn run(ui: &mut Ui, command: &OperatorCommand) -> Result<(), CliError> {
    match command {
        OperatorCommand::Deposit(args) => by_hand::deposit(ui, args).await,
        OperatorCommand::Withdraw(args) => by_hand::withdraw(ui, args).await,
        OperatorCommand::Recall(args) => by_hand::recall(ui, args).await,
        OperatorCommand::Accounts(args) => accounts(ui, args).await,
        OperatorCommand::Freeze(args) => args.set(ui, Standing::Frozen).await,
        OperatorCommand::Unfreeze(args) => args.set(ui, Standing::Open).await,
        OperatorCommand::Close(args) => args.set(ui, Standing::Closed).await,
        OperatorCommand::Asset(args) => asset(ui, args).await,
        OperatorCommand::TakeBack(args) => take_back(ui, args).await,
        OperatorCommand::Chain(command) => chain::run(ui, command).await,
    }
}

async fn accounts(ui: &mut Ui, args: &AccountsArgs) -> Result<(), CliError> {
    let path = format!("/v1/operator/accounts?{}", args.whose.query());
    let accounts: List<Account> = args.desk.get(&path).await?;
    if args.json {
        return ui.json(&accounts);
    }
    show(ui, &accounts);
    Ok(())
}

/// A line for each account, and under it what the operator made of it.
fn show(ui: &mut Ui, accounts: &List<Account>) {
    for account in &accounts.items {
        let (text, standing) = (&account.balance.text, account.balance.standing);
        ui.result(format_args!("{text}  {standing}"));
        for change in &account.history {
            ui.result(format_args!("  {}: {}", change.standing, change.reason));
        }
    }
}

async fn asset(ui: &mut Ui, args: &AssetArgs) -> Result<(), CliError> {
    let ask = Asset {
        code: args.code.clone(),
        scale: args.scale,
    };
    let asset: Asset = args.desk.post_new("/v1/operator/assets", &ask).await?;
    ui.result(asset.text());
    Ok(())
}

async fn take_back(ui: &mut Ui, args: &TakeBackArgs) -> Result<(), CliError> {
    let path = format!("/v1/operator/arrivals/{}/take-back", args.arrival);
    let arrival: Arrival = args.desk.post_new(&path, &()).await?;
    ui.result(format_args!("{}  {}", arrival.state, arrival.text));
    Ok(())
}

impl StandingArgs {
    async fn set(&self, ui: &mut Ui, standing: Standing) -> Result<(), CliError> {
        let ask = StandingAsk {
            whose: self.whose.named()?,
            currency: self.currency,
            standing,
            reason: self.reason.clone(),
        };
        let accounts: List<Account> = self.desk.post_new("/v1/operator/standings", &ask).await?;
        show(ui, &accounts);
        Ok(())
    }
}

impl WhoseArgs {
    fn named(&self) -> Result<Whose, CliError> {
        let person = self.person.clone().map(Whose::Person);
        let merchant = self.merchant.clone().map(Whose::Merchant);
        let app = self.app.clone().map(Whose::App);
        let one = person.or(merchant).or(app);
        one.ok_or_else(|| CliError::new("say whose account it is"))
    }

    fn query(&self) -> String {
        let AccountsAsk {
            person,
            merchant,
            app,
        } = AccountsAsk {
            person: self.person.clone(),
            merchant: self.merchant.clone(),
            app: self.app.clone(),
        };
        let person = person.map(|handle| format!("person={handle}"));
        let merchant = merchant.map(|handle| format!("merchant={handle}"));
        let app = app.map(|app| format!("app={app}"));
        person.or(merchant).or(app).unwrap_or_default()
    }
}
