//! `souk activity`: what apps did for you, run by run, or what an app of yours did for nobody.

use souk_core::{AppId, Timestamp};
use souk_server::wire::List;
use souk_server::wire::people::{Activity, Uses};

use super::remote::Remote;
use crate::CliError;
use crate::ui::Ui;

/// Print what apps did for you, newest first
///
/// One line for each run, those that failed too, and under it every capability it used and how
/// often it was denied. With --app what an app of yours did for nobody, like its timers, and what
/// that took: what it did for people is theirs to read.
#[derive(clap::Args)]
pub(crate) struct ActivityArgs {
    /// App of yours, whose runs that nobody caused are printed instead
    #[arg(long)]
    app: Option<AppId>,
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
    let of = match &args.app {
        Some(app) => format!("apps/{app}"),
        None => "me".to_owned(),
    };
    let mut path = format!("/v1/{of}/activity?limit={}", args.limit);
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
        if args.app.is_some() {
            ui.result(format_args!("  {}", cost(run)));
        }
        run.uses.iter().for_each(|used| print(ui, used));
    }
    if let Some(next) = &found.next {
        ui.status(format_args!("There is more: add --cursor {next}."));
    }
    Ok(())
}

/// What a run took.
fn cost(run: &Activity) -> String {
    let (millis, micros) = (run.micros / 1_000, run.micros % 1_000);
    let (memory, fuel) = (run.memory_peak, run.fuel);
    let (taken, given) = (run.bytes_in, run.bytes_out);
    format!("{millis}.{micros:03} ms, memory {memory}, in {taken}, out {given} bytes, fuel {fuel}")
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
