//! `souk serve`: the host.

mod money;
mod traces;

use std::net::SocketAddr;
use std::sync::Arc;

use souk_core::Origin;
use souk_market::Config;
use souk_runtime::Terms;
use tracing_subscriber::EnvFilter;

use crate::host::{self, Host, Places};
use crate::policy::PolicyArgs;
use crate::seat::Seat;
use crate::ui::Ui;
use crate::{CliError, signals};
use money::{MoneyArgs, RailArgs};
use traces::TraceArgs;

/// Run the host
///
/// Prints the address it listens at as its only line of output, then serves until it is told to
/// stop (SIGINT or SIGTERM). The log goes to standard error; RUST_LOG chooses how much. The
/// operator's token lies in the file operator.token of the data directory; delete it and start
/// again for a new one.
#[derive(clap::Args)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) places: Places,
    /// Address to listen at; port 0 takes a free one
    #[arg(
        long,
        env = "SOUK_LISTEN",
        default_value = "127.0.0.1:8470",
        value_name = "ADDRESS"
    )]
    pub(crate) listen: SocketAddr,
    /// Address people know the host by: what launch tokens call it, and where apps' links lead
    /// [default: http:// and where it listens]
    #[arg(long, env = "SOUK_PUBLIC_URL", value_name = "URL")]
    public_url: Option<Origin>,
    #[command(flatten)]
    money: MoneyArgs,
    #[command(flatten)]
    apps: PolicyArgs,
    #[command(flatten)]
    rails: RailArgs,
    #[command(flatten)]
    traces: TraceArgs,
}

pub(crate) async fn run(ui: &mut Ui, args: &ServeArgs) -> Result<(), CliError> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let stop = signals::told_to_stop()?;
    let (decided, traces) = (args.apps.read()?, args.traces.read(&args.places.data));
    let stored = args.places.store().await?;
    ui.status(format_args!("Opened the store: {}.", stored.opened));
    let seat = Seat::take(args.listen)?;
    let base = format!("http://{}", seat.address());
    let public = args.public_url.as_ref();
    let terms = Terms {
        issuer: public.map_or_else(|| base.clone(), Origin::to_string),
        money: args.money.policy(),
        narrower: decided.narrower,
    };
    let config = Config {
        policies: decided.policies,
        terms: Arc::new(terms),
        rails: args.rails.rails(),
        settle_after_ms: args.money.settle_after,
        traces,
        ..Config::default()
    };
    // This very program, even if another one has been put in its place since.
    let compiler = host::compiler("/proc/self/exe".into());
    let host = Host::open(&args.places, stored, seat, config, compiler).await?;
    ui.result(format_args!("{base}"));
    host.serve(stop).await?;
    ui.status("Stopped. Everything acknowledged is on disk.");
    Ok(())
}
