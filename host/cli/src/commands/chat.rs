//! `souk chat`: what apps may do in your chats, and who decides it.

use souk_core::{AppId, ChatId};
use souk_server::wire::List;
use souk_server::wire::chats::{AdminAsk, ListenAsk, Listener};

use super::remote::{Once, Remote};
use crate::CliError;
use crate::ui::Ui;

/// What apps may do in your chats, and who decides it
#[derive(clap::Subcommand)]
pub(crate) enum ChatCommand {
    Listeners(ListenersArgs),
    /// Let an app read what people say in a group you are an admin of
    ///
    /// Everyone in the group is told. The app must ask for it in its manifest.
    Listen(ListenArgs),
    /// Have an app read no more of what people say in a group
    Unlisten(ListenArgs),
    /// Make a member an admin of a group that you are an admin of
    ///
    /// Admins let apps read what people say, and appoint others. Everyone in the group is told.
    Appoint(AdminArgs),
    /// Have somebody be no admin of a group any more
    Dismiss(AdminArgs),
}

/// Print the apps that read what people say in a chat
#[derive(clap::Args)]
pub(crate) struct ListenersArgs {
    /// Chat id, like cht_01j…
    chat: ChatId,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    remote: Remote,
}

#[derive(clap::Args)]
pub(crate) struct ListenArgs {
    /// Chat id, like cht_01j…
    chat: ChatId,
    /// App id, like com.example.tea
    app: AppId,
    #[command(flatten)]
    once: Once,
    #[command(flatten)]
    remote: Remote,
}

#[derive(clap::Args)]
pub(crate) struct AdminArgs {
    /// Chat id, like cht_01j…
    chat: ChatId,
    /// Their handle
    handle: String,
    #[command(flatten)]
    once: Once,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) async fn run(ui: &mut Ui, command: &ChatCommand) -> Result<(), CliError> {
    match command {
        ChatCommand::Listeners(args) => list(ui, args).await,
        ChatCommand::Listen(args) => set(ui, args, true).await,
        ChatCommand::Unlisten(args) => set(ui, args, false).await,
        ChatCommand::Appoint(args) => set_admin(ui, args, true).await,
        ChatCommand::Dismiss(args) => set_admin(ui, args, false).await,
    }
}

async fn list(ui: &mut Ui, args: &ListenersArgs) -> Result<(), CliError> {
    let path = format!("/v1/chats/{}/listeners", args.chat);
    let found = args.remote.client().get(&path).await;
    let found: List<Listener> = found.map_err(|error| args.remote.told(error))?;
    if args.json {
        return ui.json(&found);
    }
    for Listener {
        app, app_name, by, ..
    } in &found.items
    {
        ui.result(format_args!("{app}  {app_name}, let by {by}"));
    }
    Ok(())
}

async fn set(ui: &mut Ui, args: &ListenArgs, listens: bool) -> Result<(), CliError> {
    let ListenArgs { chat, app, .. } = args;
    let ask = ListenAsk {
        app: app.clone(),
        listens,
    };
    let path = format!("/v1/chats/{chat}/listeners");
    let () = args.remote.post_once(ui, &args.once, &path, &ask).await?;
    let word = if listens { "reads" } else { "does not read" };
    ui.status(format_args!("{app} {word} what is said in {chat}."));
    Ok(())
}

async fn set_admin(ui: &mut Ui, args: &AdminArgs, is_admin: bool) -> Result<(), CliError> {
    let AdminArgs { chat, handle, .. } = args;
    let ask = AdminAsk {
        handle: handle.clone(),
        is_admin,
    };
    let path = format!("/v1/chats/{chat}/admins");
    let () = args.remote.post_once(ui, &args.once, &path, &ask).await?;
    let word = if is_admin { "an" } else { "no" };
    ui.status(format_args!("{handle} is {word} admin of {chat}."));
    Ok(())
}
