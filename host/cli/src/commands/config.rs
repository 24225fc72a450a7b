//! `souk config`: what a merchant sets for an app on a running host.

use std::io::Read;

use souk_core::AppId;
use souk_server::wire::List;
use souk_server::wire::apps::{Setting, SettingAsk};

use super::remote::{Once, Remote};
use crate::CliError;
use crate::ui::Ui;

/// What you set for your apps
#[derive(clap::Subcommand)]
pub(crate) enum ConfigCommand {
    Set(SetArgs),
    Unset(UnsetArgs),
    List(ListArgs),
}

/// Set a value that an app can read
///
/// With `--secret`, nobody but the app can read it from then on, you included. Leave VALUE out to
/// read it from standard input, where it stays out of your shell's history.
#[derive(clap::Args)]
pub(crate) struct SetArgs {
    /// App id, like com.example.tea
    app: AppId,
    /// Name of the value
    name: String,
    /// Value [default: standard input, without the end of the last line]
    value: Option<String>,
    /// Show it to nobody but the app
    #[arg(long)]
    secret: bool,
    #[command(flatten)]
    once: Once,
    #[command(flatten)]
    remote: Remote,
}

/// Take a value away
#[derive(clap::Args)]
pub(crate) struct UnsetArgs {
    /// App id
    app: AppId,
    /// Name of the value
    name: String,
    #[command(flatten)]
    once: Once,
    #[command(flatten)]
    remote: Remote,
}

/// Print what is set for an app; of secrets, only the names
#[derive(clap::Args)]
pub(crate) struct ListArgs {
    /// App id
    app: AppId,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) async fn run(ui: &mut Ui, command: &ConfigCommand) -> Result<(), CliError> {
    match command {
        ConfigCommand::Set(args) => set(ui, args).await,
        ConfigCommand::Unset(args) => unset(ui, args).await,
        ConfigCommand::List(args) => list(ui, args).await,
    }
}

async fn set(ui: &mut Ui, args: &SetArgs) -> Result<(), CliError> {
    let value = match &args.value {
        Some(value) => value.clone(),
        None => typed()?,
    };
    let ask = SettingAsk {
        name: args.name.clone(),
        value: Some(value),
        secret: args.secret,
    };
    change(ui, &args.remote, &args.once, &args.app, &ask).await?;
    ui.status(format_args!("Set {} for {}.", args.name, args.app));
    Ok(())
}

async fn unset(ui: &mut Ui, args: &UnsetArgs) -> Result<(), CliError> {
    let ask = SettingAsk {
        name: args.name.clone(),
        value: None,
        secret: false,
    };
    change(ui, &args.remote, &args.once, &args.app, &ask).await?;
    ui.status(format_args!(
        "{} is not set for {} any more.",
        args.name, args.app
    ));
    Ok(())
}

async fn change(
    ui: &mut Ui,
    remote: &Remote,
    once: &Once,
    app: &AppId,
    ask: &SettingAsk,
) -> Result<(), CliError> {
    let path = format!("/v1/apps/{app}/config");
    remote.post_once(ui, once, &path, ask).await
}

async fn list(ui: &mut Ui, args: &ListArgs) -> Result<(), CliError> {
    let path = format!("/v1/apps/{}/config", args.app);
    let found = args.remote.client().get(&path).await;
    let found: List<Setting> = found.map_err(|error| args.remote.told(error))?;
    if args.json {
        return ui.json(&found);
    }
    for Setting { name, value, .. } in &found.items {
        let value = value.as_deref().unwrap_or("(secret)");
        ui.result(format_args!("{name}  {value}"));
    }
    Ok(())
}

/// What stands in the standard input.
fn typed() -> Result<String, CliError> {
    let mut text = String::new();
    let read = std::io::stdin().read_to_string(&mut text);
    read.map_err(|error| CliError::new("the value cannot be read").because(error))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}
