//! `tests/bench ledger`: durable transfers through our ledger, in process and over HTTP, beside
//! redb's group commit and PostgreSQL with the same transaction.
//!
//! One transfer is a deposit: the bank's account is debited, one of a thousand people's credited,
//! and the entry, both statements and the mark of the transfer's id are written. The peers write
//! what pgbench's own transaction does: a debit, a credit and a row of a journal. redb is measured
//! once more with all that our books hold, which tells what they cost and what ours do.

mod books;
mod http;
mod ours;
mod redb;

use std::time::Duration;

use self::ours::Measured;
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
    let mut in_process = Vec::new();
    for clients in CLIENTS {
        report::tell(format_args!(
            "{clients} clients in process: our ledger, redb, redb with our books."
        ));
        in_process.push(InProcess::measure(clients, time).await?);
    }
    report::tell(format_args!(
        "{CONNECTIONS} clients: PostgreSQL and our host over HTTP take turns."
    ));
    let (postgres, http) = servers(time).await?;

    report::result("durable transfers: debit, credit, journal");
    in_process.iter().for_each(InProcess::tell);
    row(&format!("souk over HTTP, {CONNECTIONS} clients"), &http);
    report::result(format_args!(
        "  {:<26}{postgres:>9.0}/s",
        format!("PostgreSQL, {CONNECTIONS} clients")
    ));
    in_process.iter().for_each(|side| side.compare(postgres));
    ratio("http-64", http.rate / postgres, Target::AtLeast(2.0));
    Ok(())
}

/// The sides in this process, with so many clients.
struct InProcess {
    clients: usize,
    ours: Measured,
    redb: Figures,
    /// redb, with all that our books hold.
    books: Figures,
}

impl InProcess {
    async fn measure(clients: usize, time: Duration) -> Result<Self, Wrong> {
        Ok(Self {
            clients,
            ours: ours::measure(clients, time).await?,
            redb: redb::measure(clients, time, redb::rows).await?,
            books: redb::measure(clients, time, books::write).await?,
        })
    }

    fn tell(&self) {
        let clients = self.clients;
        row(
            &format!("our ledger, {clients} clients"),
            &self.ours.figures,
        );
        row(&format!("redb, {clients} clients"), &self.redb);
        row(&format!("redb, our books, {clients}"), &self.books);
    }

    /// Prints the ratios. One client has none: it waits for the disk, whoever writes.
    fn compare(&self, postgres: f64) {
        let (clients, ours) = (self.clients, self.ours.figures.rate);
        let behind = self.ours.behind.as_secs_f64();
        let of = |name: &str| format!("{name}-{clients}");
        if clients > 1 {
            ratio(&of("ledger"), ours / postgres, Target::AtLeast(5.0));
            ratio(
                &of("ledger-redb"),
                ours / self.redb.rate,
                Target::AtLeast(1.0),
            );
            ratio(
                &of("ledger-redb-books"),
                ours / self.books.rate,
                Target::AtLeast(1.0),
            );
        }
        ratio(&of("sled-behind-seconds"), behind, Target::AtMost(1.0));
    }
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

fn ratio(name: &str, value: f64, target: Target) {
    report::result(Ratio {
        name,
        value,
        target,
    });
}
