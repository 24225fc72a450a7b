//! `souk failed`: events whose app kept failing.

use serde_json::json;
use souk_core::{AppId, EventId};
use souk_server::wire::List;
use souk_server::wire::traces::Failure;

use super::remote::{Once, Remote};
use crate::CliError;
use crate::ui::Ui;

/// Events that your apps kept failing at
///
/// An order that changed, a timer, an answer from outside, something it heard: when an app fails
/// at one again and again, it is set aside here. What a person typed or pressed is not: they were
/// told.
#[derive(clap::Subcommand)]
pub(crate) enum FailedCommand {
    List(ListArgs),
    Retry(RetryArgs),
    Drop(DropArgs),
}

/// Print the events that are set aside, oldest first
#[derive(clap::Args)]
pub(crate) struct ListArgs {
    /// App id, like com.example.tea
    app: AppId,
    /// How many at most
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=200))]
    limit: u32,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    remote: Remote,
}

/// Let an event happen again, with the version that is live now
#[derive(clap::Args)]
pub(crate) struct RetryArgs {
    #[command(flatten)]
    which: Which,
}

/// Drop an event: it never happens
#[derive(clap::Args)]
pub(crate) struct DropArgs {
    #[command(flatten)]
    which: Which,
}

/// Which event of which app, and how to ask for it.
#[derive(clap::Args)]
struct Which {
    /// App id
    app: AppId,
    /// Event, as printed by `souk failed list`
    event: EventId,
    #[command(flatten)]
    once: Once,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) async fn run(ui: &mut Ui, command: &FailedCommand) -> Result<(), CliError> {
    match command {
        FailedCommand::List(args) => list(ui, args).await,
        FailedCommand::Retry(RetryArgs { which }) => {
            which.post(ui, "retry").await?;
            ui.status(format_args!("{} happens again.", which.event));
            Ok(())
        }
        FailedCommand::Drop(DropArgs { which }) => {
            which.post(ui, "drop").await?;
            ui.status(format_args!("{} is dropped.", which.event));
            Ok(())
        }
    }
}

impl Which {
    async fn post(&self, ui: &mut Ui, what: &str) -> Result<(), CliError> {
        let path = format!("/v1/apps/{}/failures/{}/{what}", self.app, self.event);
        let nothing = json!({});
        let posted = self.remote.post_once(ui, &self.once, &path, &nothing);
        posted.await
    }
}

async fn list(ui: &mut Ui, args: &ListArgs) -> Result<(), CliError> {
    let path = format!("/v1/apps/{}/failures?limit={}", args.app, args.limit);
    let found = args.remote.client().get(&path).await;
    let found: List<Failure> = found.map_err(|error| args.remote.told(error))?;
    if args.json {
        return ui.json(&found);
    }
    for failure in &found.items {
        ui.result(format_args!(
            "{}  {}  {} (blame: {})  {}",
            failure.event, failure.cause, failure.what, failure.blame, failure.trace
        ));
    }
    Ok(())
}
