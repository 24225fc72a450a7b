//! `tests/bench`: measures both sides of a comparison and says how they stand to each other.

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;
use souk_lab::Wrong;
use souk_lab::bench::{apps, invoke, ledger, postgres};

/// Measure both sides of a comparison, and say how they stand to each other
///
/// Progress goes to standard error; standard output ends with one line for each target, like `ratio
/// NAME: VALUE (target >= T)`. Exit status: 0 it was measured, whether or not a target was met, 1
/// it could not be, 2 wrong usage.
#[derive(Parser)]
#[command(
    bin_name = "tests/bench",
    arg_required_else_help = true,
    max_term_width = 100
)]
enum Bench {
    /// One run of a mini-app: against bare wasmtime, and over HTTP against a bare loop
    Invoke(invoke::Args),
    /// Apps that nobody uses: what they keep in memory, and how long the first run takes
    Apps(apps::Args),
    /// Durable transfers on PostgreSQL: the ledger against pgbench
    Postgres(postgres::Args),
    /// Durable transfers, in process and over HTTP: against redb and PostgreSQL
    Ledger(ledger::Args),
}

/// The one that the host runs with.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    souk_lab::exit(run(Bench::parse()).await)
}

async fn run(bench: Bench) -> Result<ExitCode, Wrong> {
    match bench {
        Bench::Invoke(args) => invoke::run(args).await?,
        Bench::Apps(args) => apps::run(args).await?,
        Bench::Postgres(args) => postgres::run(args).await?,
        Bench::Ledger(args) => ledger::run(args).await?,
    }
    Ok(ExitCode::SUCCESS)
}
