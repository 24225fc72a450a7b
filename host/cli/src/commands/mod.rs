//! The commands, one file each.

mod activity;
mod build;
mod chat;
mod compile;
mod config;
mod demo;
mod failed;
mod grants;
mod key;
mod leave;
mod operator;
mod policy;
mod publish;
mod receipt;
mod remote;
mod replay;
mod serve;
mod statement;
mod store;
mod takings;
mod time;
mod trace;
mod wallet;

use crate::CliError;
use crate::ui::Ui;

/// What `souk` can do.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    Demo(demo::DemoArgs),
    Serve(serve::ServeArgs),
    Build(build::BuildArgs),
    Publish(publish::PublishArgs),
    Statement(statement::StatementArgs),
    #[command(subcommand)]
    Config(config::ConfigCommand),
    #[command(subcommand)]
    Trace(trace::TraceCommand),
    Replay(replay::ReplayArgs),
    #[command(subcommand)]
    Failed(failed::FailedCommand),
    #[command(subcommand)]
    Chat(chat::ChatCommand),
    Leave(leave::LeaveArgs),
    #[command(subcommand)]
    Grants(grants::GrantsCommand),
    Activity(activity::ActivityArgs),
    #[command(subcommand)]
    Wallet(wallet::WalletCommand),
    #[command(subcommand)]
    Takings(takings::TakingsCommand),
    #[command(subcommand)]
    Operator(operator::OperatorCommand),
    #[command(subcommand)]
    Policy(policy::PolicyCommand),
    #[command(subcommand)]
    Receipt(receipt::ReceiptCommand),
    #[command(subcommand)]
    Store(store::StoreCommand),
    #[command(subcommand)]
    Key(key::KeyCommand),
    #[command(hide = true)]
    Compile(compile::CompileArgs),
}

impl Command {
    pub(crate) fn run(&self, ui: &mut Ui) -> Result<(), CliError> {
        match self {
            Self::Demo(args) => wait(demo::run(ui, args)),
            Self::Serve(args) => wait(serve::run(ui, args)),
            Self::Build(args) => build::run(ui, args),
            Self::Publish(args) => wait(publish::run(ui, args)),
            Self::Statement(args) => wait(statement::run(ui, args)),
            Self::Config(command) => wait(config::run(ui, command)),
            Self::Trace(command) => wait(trace::run(ui, command)),
            Self::Replay(args) => wait(replay::run(ui, args)),
            Self::Failed(command) => wait(failed::run(ui, command)),
            Self::Chat(command) => wait(chat::run(ui, command)),
            Self::Leave(args) => wait(leave::run(ui, args)),
            Self::Grants(command) => wait(grants::run(ui, command)),
            Self::Activity(args) => wait(activity::run(ui, args)),
            Self::Wallet(command) => wait(wallet::run(ui, command)),
            Self::Takings(command) => wait(takings::run(ui, command)),
            Self::Operator(command) => wait(operator::run(ui, command)),
            Self::Policy(command) => policy::run(ui, command),
            Self::Receipt(command) => wait(receipt::run(ui, command)),
            Self::Store(command) => wait(store::run(ui, command)),
            Self::Key(command) => key::run(ui, command),
            Self::Compile(args) => compile::run(args),
        }
    }
}

/// Runs what has to wait for others.
fn wait<T>(work: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let failed = |error| CliError::new("the machine gives no threads to run on").because(error);
    runtime.map_err(failed)?.block_on(work)
}
