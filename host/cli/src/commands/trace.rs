//! `souk trace`: the runs of a merchant's apps, fetched from a running host.

use std::path::PathBuf;

use souk_core::{AppId, TraceId};
use souk_registry::envelope;
use souk_runtime::Trace;
use souk_server::wire::List;
use souk_server::wire::traces;

use super::build;
use super::remote::Remote;
use crate::ui::Ui;
use crate::{CliError, merchant_key};

/// The runs of your apps
#[derive(clap::Subcommand)]
pub(crate) enum TraceCommand {
    List(ListArgs),
    Get(GetArgs),
}

/// Print what is kept of the runs of an app, newest first
///
/// Runs that ended badly are all kept for a while, those that ended well now and then.
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

/// Fetch the trace of one run and open it with your signing key
///
/// The file's path is the only line of output. It holds everything the app was told in that run,
/// secrets and people's words too: keep it as you would keep those. `souk replay` runs it again.
#[derive(clap::Args)]
pub(crate) struct GetArgs {
    /// App id
    app: AppId,
    /// Trace, as printed by `souk trace list`
    trace: TraceId,
    /// Where to write it [default: TRACE.trace]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Signing key of the app (Ed25519, PKCS #8 PEM)
    /// [default: souk/signing-key.pem in your configuration directory]
    #[arg(long, env = "SOUK_SIGNING_KEY", value_name = "FILE")]
    key: Option<PathBuf>,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) async fn run(ui: &mut Ui, command: &TraceCommand) -> Result<(), CliError> {
    match command {
        TraceCommand::List(args) => list(ui, args).await,
        TraceCommand::Get(args) => get(ui, args).await,
    }
}

async fn list(ui: &mut Ui, args: &ListArgs) -> Result<(), CliError> {
    let path = format!("/v1/apps/{}/traces?limit={}", args.app, args.limit);
    let found = args.remote.client().get(&path).await;
    let found: List<traces::Trace> = found.map_err(|error| args.remote.told(error))?;
    if args.json {
        return ui.json(&found);
    }
    for trace in &found.items {
        let fault = trace.fault.as_ref();
        let fault = fault.map(|it| format!(": {} (blame: {})", it.what, it.blame));
        ui.result(format_args!(
            "{}  version {}  {}  {}{}",
            trace.id,
            trace.version,
            trace.cause,
            trace.ended,
            fault.unwrap_or_default()
        ));
    }
    Ok(())
}

async fn get(ui: &mut Ui, args: &GetArgs) -> Result<(), CliError> {
    let key = merchant_key::load(args.key.as_deref())?;
    let path = format!("/v1/apps/{}/traces/{}", args.app, args.trace);
    let sealed = args.remote.client().get_bytes(&path).await;
    let sealed = sealed.map_err(|error| args.remote.told(error))?;
    let opened = envelope::open(&sealed, &key).map_err(|error| {
        CliError::new("the trace cannot be opened")
            .because(error)
            .hint("Name the key that the app's packages are signed with by --key")
    })?;
    let read = Trace::from_bytes(&opened);
    read.map_err(|error| CliError::new("the trace cannot be read").because(error))?;
    let usual = || PathBuf::from(format!("{}.trace", args.trace));
    let out = args.out.clone().unwrap_or_else(usual);
    build::write(&out, &opened)?;
    ui.result(out.display());
    Ok(())
}
