//! `souk grants`: what apps may do with you, and your say in it.

mod budget;
mod page;
mod questions;

use souk_core::{AppId, Money, Origin};
use souk_server::wire::grants::{Say, SayAsk};

use self::budget::BudgetArgs;
use self::page::{ListArgs, ShowArgs};
use self::questions::{AnswerArgs, WaitingArgs};
use super::remote::{Once, Remote};
use crate::CliError;
use crate::ui::Ui;

/// What apps may do with you
#[derive(clap::Subcommand)]
pub(crate) enum GrantsCommand {
    List(ListArgs),
    Show(ShowArgs),
    Waiting(WaitingArgs),
    Answer(AnswerArgs),
    /// Say yes to as much as the app asks for
    Allow(SayArgs),
    Narrow(NarrowArgs),
    /// Take back what you said: the app has to ask you again
    Revoke(SayArgs),
    /// Say no: the app may not, and nobody asks you again
    Refuse(SayArgs),
    Budget(BudgetArgs),
}

/// What is said, and to which app
#[derive(clap::Args)]
pub(crate) struct SayArgs {
    /// App id
    app: AppId,
    /// What it is about, as `souk grants show` prints it, like wallet.request
    matter: String,
    #[command(flatten)]
    once: Once,
    #[command(flatten)]
    remote: Remote,
}

/// Say yes to less than the app asks for
#[derive(clap::Args)]
#[command(group(clap::ArgGroup::new("less").required(true)))]
pub(crate) struct NarrowArgs {
    /// App id
    app: AppId,
    /// What it is about: wallet.request or http
    matter: String,
    /// Most that one order may come to, like "20.00 USD"
    #[arg(long, group = "less")]
    at_most: Option<Money>,
    /// Origin that requests may go to, like https://api.example.com; may be given more than once
    #[arg(long, group = "less", value_name = "ORIGIN")]
    only: Vec<Origin>,
    #[command(flatten)]
    once: Once,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) async fn run(ui: &mut Ui, command: &GrantsCommand) -> Result<(), CliError> {
    match command {
        GrantsCommand::List(args) => page::list(ui, args).await,
        GrantsCommand::Show(args) => page::show(ui, args).await,
        GrantsCommand::Waiting(args) => questions::waiting(ui, args).await,
        GrantsCommand::Answer(args) => questions::answer(ui, args).await,
        GrantsCommand::Allow(args) => args.say(ui, Say::Allow).await,
        GrantsCommand::Narrow(args) => narrow(ui, args).await,
        GrantsCommand::Revoke(args) => args.say(ui, Say::Revoke).await,
        GrantsCommand::Refuse(args) => args.say(ui, Say::Refuse).await,
        GrantsCommand::Budget(args) => budget::set(ui, args).await,
    }
}

impl SayArgs {
    async fn say(&self, ui: &mut Ui, say: Say) -> Result<(), CliError> {
        let Self {
            app,
            matter,
            once,
            remote,
        } = self;
        send(ui, (remote, once), app, matter, say).await
    }
}

async fn narrow(ui: &mut Ui, args: &NarrowArgs) -> Result<(), CliError> {
    let say = match args.at_most {
        Some(most) => Say::AtMost(most),
        None => Say::Only(args.only.clone()),
    };
    let to = (&args.remote, &args.once);
    send(ui, to, &args.app, &args.matter, say).await
}

async fn send(
    ui: &mut Ui,
    (remote, once): (&Remote, &Once),
    app: &AppId,
    matter: &str,
    say: Say,
) -> Result<(), CliError> {
    let matter = matter.to_owned();
    let (path, ask) = (format!("/v1/me/grants/{app}"), SayAsk { matter, say });
    let () = remote.post_once(ui, once, &path, &ask).await?;
    ui.status(format_args!(
        "Noted. What {app} does from now on goes by it; see `souk grants show {app}`."
    ));
    Ok(())
}
