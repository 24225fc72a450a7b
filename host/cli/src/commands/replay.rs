//! `souk replay`: a run again, from its trace alone.

use std::path::PathBuf;

use souk_registry::package;
use souk_runtime::{End, Limits, Replay, Runtime, Trace};

use super::build;
use crate::CliError;
use crate::ui::Ui;

/// Run an app once more on what it was told in a recorded run, with no host at all
///
/// Nothing happens outside: the app is answered from the trace as long as it says what it said
/// then. Prints `same`, or the first difference. A crash is printed with its stack, and with lines
/// of your source if the component has them.
///
/// Exit status: 0 it did the same, 4 it did not, 1 the trace or the component cannot be read.
#[derive(clap::Args)]
pub(crate) struct ReplayArgs {
    /// Trace file, as written by `souk trace get`
    trace: PathBuf,
    /// Component or package to run; with another one than the recorded, fuel, memory and stack are
    /// not compared [default: the package of that version, as `souk build` left it in --app]
    #[arg(long, value_name = "FILE")]
    component: Option<PathBuf>,
    /// Directory of the mini-app
    #[arg(long, default_value = ".", value_name = "DIR")]
    app: PathBuf,
    /// Print what the app was told, and each host call
    #[arg(long)]
    show: bool,
}

pub(crate) async fn run(ui: &mut Ui, args: &ReplayArgs) -> Result<(), CliError> {
    let bytes = build::read(&args.trace, "`souk trace get` writes traces")?;
    let trace = Trace::from_bytes(&bytes).map_err(|error| {
        CliError::new(format!("{} cannot be read", args.trace.display())).because(error)
    })?;
    let usual = || build::usual_place(&args.app, &trace.app, trace.version);
    let path = args.component.clone().unwrap_or_else(usual);
    let component = build::read(&path, "name the component or the package with --component")?;
    let same_code = package::read(&component).is_ok_and(|it| it.digest == trace.package);
    if !same_code {
        ui.status("This is not the package that was recorded: fuel, memory and stack may differ.");
    }
    if args.show {
        show(ui, &trace);
    }
    let replay = play(&trace, &component, same_code).await?;
    tell(ui, &trace, &replay)
}

async fn play(trace: &Trace, component: &[u8], same_code: bool) -> Result<Replay, CliError> {
    let runtime = Runtime::with_source_lines(&Limits::default())
        .map_err(|error| CliError::new("the sandbox cannot be started").because(error))?;
    let prepared = runtime
        .prepare(component)
        .map_err(|error| CliError::new("the component cannot be run").because(error))?;
    let replay = runtime.replay(&prepared, trace, same_code).await;
    replay.map_err(|error| CliError::new("the run cannot be replayed").because(error))
}

fn show(ui: &mut Ui, trace: &Trace) {
    ui.status(format_args!("It was told: {}", trace.run.told()));
    for (place, call) in trace.run.calls().enumerate() {
        let number = place.saturating_add(1);
        ui.status(format_args!(
            "{number:>5}  {}  {}",
            call.function, call.ended
        ));
    }
}

/// Prints what came of it.
fn tell(ui: &mut Ui, trace: &Trace, replay: &Replay) -> Result<(), CliError> {
    if let End::Fault(fault) = &replay.end {
        ui.status(format_args!("{}:\n{}", fault.what, fault.detail.trim_end()));
    }
    match &replay.difference {
        None => {
            let calls = trace.run.calls().count();
            let ended = trace.run.ended();
            ui.result(format_args!("same: {calls} host calls, {ended}"));
            Ok(())
        }
        Some(difference) => {
            ui.result(format_args!("different: {difference}"));
            Err(CliError::different("the run is not the recorded one"))
        }
    }
}
