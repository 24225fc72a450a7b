//! A host like `souk serve`, but on a disk that acknowledges before it writes. `tests/campaign`
//! starts it to show that its check can fail.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use souk::host::{Host, Places};
use souk_lab::Wrong;
use souk_lab::unprotected::LateDisk;
use souk_market::Config;
use souk_store::embedded::Protections;
use tokio::signal::unix::{SignalKind, signal};

/// A host that loses what it has acknowledged when it is killed
#[derive(Parser)]
enum UnprotectedHost {
    /// Run it
    Serve {
        #[command(flatten)]
        places: Places,
        /// Address to listen at; port 0 takes a free one
        #[arg(long)]
        listen: SocketAddr,
        /// Let people deposit money from nowhere
        #[arg(long)]
        simulated_bank: bool,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    souk_lab::exit(serve(UnprotectedHost::parse()).await)
}

async fn serve(
    UnprotectedHost::Serve {
        places,
        listen,
        simulated_bank,
    }: UnprotectedHost,
) -> Result<ExitCode, Wrong> {
    let disk = Arc::new(LateDisk::start()?);
    let protections = Protections {
        disk: Arc::clone(&disk) as _,
        ..Protections::default()
    };
    let stored = places.store_behind(protections)?;
    let config = Config {
        simulated_bank,
        ..Config::default()
    };
    let host = Host::open(&places, stored, listen, config).await?;
    let mut terminate = signal(SignalKind::terminate())?;
    souk_lab::result(format_args!("http://{}", host.address()?));
    host.serve(async move { terminate.recv().await.unwrap_or_default() })
        .await?;
    disk.finish()?;
    Ok(ExitCode::SUCCESS)
}
