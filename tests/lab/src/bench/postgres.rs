//! `tests/bench postgres`: durable transfers through the ledger on PostgreSQL, and what pgbench
//! does with the same transaction on the same server.

use std::io::Write;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use souk_core::{Money, TransferId, TypedId, UserId};
use souk_ledger::{Policy, rail};
use souk_market::SystemClock;
use souk_store::postgres::{Options, Postgres};
use souk_store::{Keyring, Store};
use tokio::task::JoinSet;

use super::figures::Figures;
use super::target::{Ratio, Target};
use crate::server;
use crate::stopwatch::Stopwatch;
use crate::{Wrong, report};

/// How often pgbench and the ledger take turns. Odd, so that there is a median.
const TURNS: usize = 3;
/// Accounts that money moves to.
const USERS: u64 = 1_000;

/// The transaction pgbench does: a debit, a credit and a row of the journal.
const SCRIPT: &str = "\\set a random(1, 1000)
\\set b random(1, 1000)
\\set low least(:a, :b)
\\set high greatest(:a, :b)
BEGIN;
UPDATE account SET balance = balance - 1 WHERE id = :low AND balance >= 1;
UPDATE account SET balance = balance + 1 WHERE id = :high;
INSERT INTO journal (debit, credit, amount) VALUES (:low, :high, 1);
COMMIT;
";

const TABLES: &str = "
CREATE TABLE account (id bigint PRIMARY KEY, balance bigint NOT NULL);
INSERT INTO account SELECT id, 1000000000 FROM generate_series(1, 1000) AS id;
CREATE TABLE journal (id bigserial PRIMARY KEY, debit bigint NOT NULL, credit bigint NOT NULL,
    amount bigint NOT NULL, at timestamptz NOT NULL DEFAULT now())";

/// How it is measured.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Args {
    /// Seconds that each side is measured for at a time
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    pub seconds: u64,
    /// Clients at once
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u64).range(1..=512))]
    pub clients: u64,
}

/// Measures, prints both sides, then a line for the target.
///
/// # Errors
/// When something that is measured does not work; a missed target is none.
pub async fn run(args: Args) -> Result<(), Wrong> {
    report::tell("pgbench and the ledger take turns on one server.");
    let (peer, store) = tokio::task::spawn_blocking(prepare).await??;
    let transfers = Arc::new(AtomicU64::new(0));
    let (mut theirs, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let peer = peer.clone();
        theirs.push(tokio::task::spawn_blocking(move || pgbench(&peer, args)).await??);
        ours.push(ledger(&store, &transfers, args).await?);
    }
    theirs.sort_unstable_by(f64::total_cmp);
    let theirs = theirs.get(TURNS / 2).copied().unwrap_or_default();
    let ours = Figures::median(&ours);
    let clients = args.clients;
    report::result(format_args!(
        "durable transfers on PostgreSQL 15 ({clients} clients, {USERS} accounts)"
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

/// Makes the tables of both sides.
fn prepare() -> Result<(String, Store), Wrong> {
    let peer = server::fresh(server::Kind::Durable);
    server::say(&peer, TABLES);
    let options = Options::at(&server::fresh(server::Kind::Durable))?;
    let (engine, _) = Postgres::open(&options)?;
    let keyring = Arc::new(Keyring::ephemeral()?);
    let store = Store::new(Arc::new(engine), keyring, Arc::new(SystemClock));
    Ok((peer, store))
}

/// Returns pgbench's transactions in a second.
fn pgbench(address: &str, args: Args) -> Result<f64, Wrong> {
    let mut script = tempfile::NamedTempFile::new()?;
    script.write_all(SCRIPT.as_bytes())?;
    let (clients, seconds) = (args.clients.to_string(), args.seconds.to_string());
    let mut pgbench = Command::new("pgbench");
    pgbench.args([
        "-n", "-M", "prepared", "-j", "2", "-c", &clients, "-T", &seconds,
    ]);
    let ran = pgbench.arg("-f").arg(script.path()).arg(address).output()?;
    let said = String::from_utf8_lossy(&ran.stdout);
    let rate = said
        .lines()
        .find_map(|line| line.strip_prefix("tps = "))
        .and_then(|rest| rest.split(' ').next());
    let wrong = || format!("pgbench: {}", String::from_utf8_lossy(&ran.stderr));
    Ok(rate.ok_or_else(wrong)?.parse()?)
}

async fn ledger(store: &Store, transfers: &Arc<AtomicU64>, args: Args) -> Result<Figures, Wrong> {
    let (began, time) = (Stopwatch::start(), Duration::from_secs(args.seconds));
    let mut clients = JoinSet::new();
    for _ in 0..args.clients {
        clients.spawn(client(store.clone(), Arc::clone(transfers), began, time));
    }
    let mut took = Vec::new();
    while let Some(client) = clients.join_next().await {
        took.extend(client??);
    }
    Ok(Figures::of(took, began.elapsed()))
}

/// One client, who moves money until the time is up.
async fn client(
    store: Store,
    transfers: Arc<AtomicU64>,
    began: Stopwatch,
    time: Duration,
) -> Result<Vec<Duration>, Wrong> {
    let amount: Money = "1.00 USD".parse()?;
    let (policy, mut took) = (&Policy::default(), Vec::new());
    while began.elapsed() < time {
        let number = transfers.fetch_add(1, Ordering::Relaxed);
        let who = UserId::from_bits(u128::from(number % USERS));
        let id = TransferId::from_bits(u128::from(number));
        let one = Stopwatch::start();
        let deposit = |txn| async move { rail::deposit(&txn, policy, who, amount, id).await };
        store.transact(deposit).await?;
        took.push(one.elapsed());
    }
    Ok(took)
}
