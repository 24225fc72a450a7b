//! A host like `souk serve` that lacks one protection, or keeps so little in a segment that it
//! makes checkpoints all the time. `tests/campaign` starts it to show that its check can fail, and
//! to cut the power while a checkpoint is made, which `souk` seldom does.

use std::net::SocketAddr;
use std::process::ExitCode;

use axum::extract::Request;
use axum::middleware::{self, Next};
use clap::{Parser, Subcommand};
use souk::host::{Places, Stored};
use souk_lab::Wrong;
use souk_lab::unprotected::Without;
use souk_market::{Config, Market, Rails, SimulatedBank};
use souk_runtime::{Runtime, Workshop};
use souk_server::Edge;
use souk_store::Blobs;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// What an eager host keeps in a segment, makes room for at once, and has behind a checkpoint.
const SEGMENT_BYTES: u64 = 64 << 10;
const GROWTH_BYTES: u64 = 32 << 10;
const CHECKPOINT_BYTES: u64 = 128 << 10;

/// A host that lacks a protection, or makes checkpoints all the time
#[derive(Parser)]
struct UnprotectedHost {
    /// The protection
    #[arg(long)]
    without: Option<Without>,
    /// End segments and make checkpoints after a few dozen calls
    #[arg(long)]
    eager: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run it
    Serve(Serve),
}

#[derive(clap::Args)]
struct Serve {
    #[command(flatten)]
    places: Places,
    /// Address to listen at; port 0 takes a free one
    #[arg(long)]
    listen: SocketAddr,
    /// Let people deposit money from nowhere
    #[arg(long)]
    simulated_bank: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let UnprotectedHost {
        without,
        eager,
        command: Command::Serve(args),
    } = UnprotectedHost::parse();
    souk_lab::exit(serve(without, eager, args).await)
}

async fn serve(without: Option<Without>, eager: bool, args: Serve) -> Result<ExitCode, Wrong> {
    let (mut options, mut late) = (args.places.options(), None);
    if let Some(without) = without {
        (options.protections, late) = without.protections()?;
    }
    if eager {
        options.segment_bytes = SEGMENT_BYTES;
        options.growth_bytes = GROWTH_BYTES;
        options.checkpoint_bytes = CHECKPOINT_BYTES;
    }
    let stored = args.places.store_on(&options)?;
    let config = Config {
        rails: Rails {
            bank: args.simulated_bank.then(SimulatedBank::default),
            ..Rails::default()
        },
        ..Config::default()
    };
    let Stored { store, .. } = stored;
    let blobs = Blobs::open(&args.places.data.join("blobs"))?;
    let runtime = Runtime::new(&souk_runtime::Limits::default())?;
    let market = Market::open(store, blobs, Workshop::bare(runtime), config)?;
    let store = market.store().clone();
    let listener = TcpListener::bind(args.listen).await?;
    souk_lab::result(format_args!("http://{}", listener.local_addr()?));
    let mut terminate = signal(SignalKind::terminate())?;
    let stop = async {
        tokio::select! {
            _ = terminate.recv() => {}
            () = store.failed() => {}
        }
    };
    serve_until(market, listener, without, stop).await;
    if let Some(late) = late {
        late.finish()?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Serves like a host, but for what the edge lacks.
async fn serve_until(
    market: Market,
    listener: TcpListener,
    without: Option<Without>,
    stop: impl Future<Output = ()>,
) {
    let (down, stopping) = watch::channel(false);
    let wait = |mut stopping: watch::Receiver<bool>| async move {
        drop(stopping.wait_for(|stopping| *stopping).await);
    };
    let edge = Edge {
        market: market.clone(),
        stopping: stopping.clone(),
    };
    let mut router = souk_server::router(edge);
    if without == Some(Without::Keys) {
        router = router.layer(middleware::from_fn(forget_key));
    }
    let limits = souk_server::Limits::default();
    let serving = souk_server::serve(listener, router, limits, wait(stopping.clone()));
    let stop = async {
        stop.await;
        down.send_replace(true);
    };
    tokio::join!(serving, market.dispatch(wait(stopping)), stop);
}

/// Lets every request be the first of its kind.
async fn forget_key(mut request: Request, next: Next) -> axum::response::Response {
    request.headers_mut().remove("idempotency-key");
    next.run(request).await
}
