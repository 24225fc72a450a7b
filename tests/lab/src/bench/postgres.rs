//! `tests/bench postgres`: durable transfers through the ledger on PostgreSQL, and what pgbench
//! does with the same transaction on the same server.

use std::sync::Arc;
use std::time::Duration;

use souk_market::SystemClock;
use souk_store::postgres::{Options, Postgres};
use souk_store::{Keyring, Store};

use super::deposits::{Deposits, PEOPLE};
use super::figures::{self, Figures};
use super::pgbench::{Pgbench, Way};
use super::target::{Ratio, Target};
use crate::server;
use crate::{Wrong, report};

/// How often pgbench and the ledger take turns. Odd, so that there is a median.
const TURNS: usize = 3;

/// How it is measured.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Args {
    /// Seconds that each side is measured for at a time
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    pub seconds: u64,
    /// Clients at once
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=512))]
    pub clients: u16,
}

/// Measures, prints both sides, then a line for the target.
///
/// # Errors
/// When something that is measured does not work; a missed target is none.
pub async fn run(args: Args) -> Result<(), Wrong> {
    report::tell("pgbench and the ledger take turns on one server.");
    let (clients, time) = (usize::from(args.clients), Duration::from_secs(args.seconds));
    let peer = Pgbench::prepare(Way::Tcp).await?;
    let mut ledger = Deposits::into(tokio::task::spawn_blocking(open_store).await??);
    let (mut theirs, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        theirs.push(peer.rate(clients, time).await?);
        ours.push(ledger.measure(clients, time).await?);
    }
    let (theirs, ours) = (figures::middle(theirs), Figures::median(&ours));
    report::result(format_args!(
        "durable transfers on PostgreSQL 15 ({clients} clients, {PEOPLE} accounts)"
    ));
    report::result(format_args!("  {:<24}{theirs:>9.0}/s", "pgbench"));
    report::result(format_args!("  {:<24}{ours}", "souk's ledger"));
    report::result(Ratio {
        name: "postgres-ledger",
        value: ours.rate / theirs,
        target: Target::AtLeast(1.0),
    });
    Ok(())
}

/// Opens a store on tables of its own.
fn open_store() -> Result<Store, Wrong> {
    let options = Options::at(&server::fresh(server::Kind::Durable))?;
    let (engine, _) = Postgres::open(&options)?;
    let keyring = Arc::new(Keyring::ephemeral()?);
    Ok(Store::new(Arc::new(engine), keyring, Arc::new(SystemClock)))
}
