//! `souk activity`: what apps did for you, run by run.

use souk_core::Timestamp;
use souk_server::wire::List;
use souk_server::wire::people::{Activity, Uses};

use super::remote::Remote;
use crate::CliError;
use crate::ui::Ui;

/// Print what apps did for you, newest first
///
/// One line for each run, those that failed too, and under it every capability it used and how
/// often it was denied.
#[derive(clap::Args)]
pub(crate) struct ActivityArgs {
    /// Runs at most, up to 200
    #[arg(long, default_value_t = 50)]
    limit: usize,
    /// Where to go on, as the page before said
    #[arg(long)]
    cursor: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) async fn run(ui: &mut Ui, args: &ActivityArgs) -> Result<(), CliError> {
    let mut path = format!("/v1/me/activity?limit={}", args.limit);
    if let Some(cursor) = &args.cursor {
        path = format!("{path}&cursor={cursor}");
    }
    let found = args.remote.client().get(&path).await;
    let found: List<Activity> = found.map_err(|error| args.remote.told(error))?;
    if args.json {
        return ui.json(&found);
    }
    for run in &found.items {
        let (at, app, ended) = (Timestamp::from_millis(run.at), &run.app, &run.ended);
        ui.result(format_args!("{at}  {app} {}  {ended}", run.version));
        run.uses.iter().for_each(|used| print(ui, used));
    }
    if let Some(next) = &found.next {
        ui.status(format_args!("There is more: add --cursor {next}."));
    }
    Ok(())
}

fn print(ui: &mut Ui, used: &Uses) {
    let Uses {
        function,
        permission,
        count,
        denied,
    } = used;
    let mut line = format!("  {count} × {function}");
    if !permission.is_empty() {
        line = format!("{line} ({permission})");
    }
    if *denied > 0 {
        line = format!("{line}, {denied} denied");
    }
    ui.result(line);
}
