//! `tests/bench ledger`: durable transfers through our ledger, in process and over HTTP, beside
//! redb's group commit and PostgreSQL with the same transaction.
//!
//! One transfer is a deposit: the bank's account is debited, one of a thousand people's credited,
//! and the entry, both statements and the mark of the transfer's id are written. The peers write
//! what pgbench's own transaction does: a debit, a credit and a row of a journal.

mod http;
mod ours;
mod redb;

use std::time::Duration;

use super::figures::{self, Figures};
use super::pgbench::{Pgbench, Way};
use super::target::{Ratio, Target};
use crate::{Wrong, report};

/// Clients at once, in process.
const CLIENTS: [usize; 3] = [1, 64, 512];
/// Clients at once of the peer that has processes for them, and over HTTP.
const CONNECTIONS: usize = 64;
/// How often PostgreSQL and the host over HTTP take turns. Odd, so that there is a median.
const TURNS: usize = 3;

/// How it is measured.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Args {
    /// Seconds that each side of a comparison is measured for, all turns together
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..))]
    pub seconds: u64,
}

/// Measures, prints all sides, then a line for each target.
///
/// # Errors
/// When something that is measured does not work; a missed target is none.
pub async fn run(args: Args) -> Result<(), Wrong> {
    let time = Duration::from_secs(args.seconds);
    let (mut ours, mut redb) = (Vec::new(), Vec::new());
    for clients in CLIENTS {
        report::tell(format_args!(
            "{clients} clients in process: our ledger, then redb."
        ));
        ours.push(ours::measure(clients, time).await?);
        redb.push(redb::measure(clients, time).await?);
    }
    report::tell(format_args!(
        "{CONNECTIONS} clients: PostgreSQL and our host over HTTP take turns."
    ));
    let (postgres, http) = servers(time).await?;

    report::result("durable transfers: debit, credit, journal");
    for (clients, (ours, redb)) in CLIENTS.iter().zip(ours.iter().zip(&redb)) {
        row(&format!("our ledger, {clients} clients"), &ours.figures);
        report::result(format_args!(
            "    sled at most {:.2} s behind",
            ours.behind.as_secs_f64()
        ));
        row(&format!("redb, {clients} clients"), redb);
    }
    row(&format!("souk over HTTP, {CONNECTIONS} clients"), &http);
    report::result(format_args!(
        "  {:<26}{postgres:>9.0}/s",
        format!("PostgreSQL, {CONNECTIONS} clients")
    ));
    let [_, of_64, of_512] =
        <[ours::Measured; 3]>::try_from(ours).map_err(|_| "a side is missing")?;
    let [_, redb_64, redb_512] = <[Figures; 3]>::try_from(redb).map_err(|_| "a side is missing")?;
    for (name, value, least) in [
        ("ledger-64", of_64.figures.rate / postgres, 5.0),
        ("ledger-64-redb", of_64.figures.rate / redb_64.rate, 1.0),
        ("ledger-512-redb", of_512.figures.rate / redb_512.rate, 1.0),
        ("http-64", http.rate / postgres, 2.0),
    ] {
        let target = Target::AtLeast(least);
        report::result(Ratio {
            name,
            value,
            target,
        });
    }
    Ok(())
}

/// Measures PostgreSQL and our host over HTTP in turns, so that both meet the same moods of the
/// machine and of its disk.
async fn servers(time: Duration) -> Result<(f64, Figures), Wrong> {
    let (postgres, host) = (
        Pgbench::prepare(Way::Socket).await?,
        http::Host::open().await?,
    );
    let slice = time / u32::try_from(TURNS).unwrap_or(1);
    let (mut theirs, mut ours) = (Vec::new(), Vec::new());
    for turn in 1..=TURNS {
        theirs.push(postgres.rate(CONNECTIONS, slice).await?);
        ours.push(host.load(CONNECTIONS, slice).await?);
        report::tell(format_args!("Turn {turn} of {TURNS} is over."));
    }
    host.close().await;
    Ok((figures::middle(theirs), Figures::median(&ours)))
}

fn row(name: &str, figures: &Figures) {
    report::result(format_args!("  {name:<26}{figures}"));
}
