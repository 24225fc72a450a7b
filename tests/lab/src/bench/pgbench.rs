//! pgbench on a durable PostgreSQL, with the transaction that a transfer of ours stands beside: a
//! debit, a credit and a row of a journal.

use std::io::Write;
use std::time::Duration;

use tokio::process::Command;

use crate::Wrong;
use crate::server::{self, Kind};

/// Accounts are taken in order, so that nobody deadlocks.
const TRANSFER: &str = "\
    \\set one random(1, 1000)\n\
    \\set other random(1, 1000)\n\
    \\set low least(:one, :other)\n\
    \\set high greatest(:one, :other)\n\
    BEGIN;\n\
    UPDATE account SET balance = balance - 1 WHERE id = :low AND balance >= 1;\n\
    UPDATE account SET balance = balance + 1 WHERE id = :high;\n\
    INSERT INTO journal (debit, credit, amount) VALUES (:low, :high, 1);\n\
    COMMIT;\n";

const TABLES: &str = "
CREATE TABLE account (id bigint PRIMARY KEY, balance bigint NOT NULL);
INSERT INTO account SELECT id, 1000000000 FROM generate_series(1, 1000) AS id;
CREATE TABLE journal (id bigserial PRIMARY KEY, debit bigint NOT NULL, credit bigint NOT NULL,
    amount bigint NOT NULL, at timestamptz NOT NULL DEFAULT now())";

/// How pgbench gets to the server.
#[derive(Clone, Copy)]
pub(super) enum Way {
    /// As other clients do who are measured beside it.
    Tcp,
    /// The fastest that there is.
    Socket,
}

/// Tables for pgbench, and the way to them.
pub(super) struct Pgbench {
    address: String,
}

impl Pgbench {
    /// Makes the tables, and starts the server if need be.
    pub(super) async fn prepare(way: Way) -> Result<Self, Wrong> {
        let prepare = move || {
            let address = server::fresh(Kind::Durable);
            server::say(&address, TABLES);
            match way {
                Way::Tcp => address,
                Way::Socket => server::by_socket(Kind::Durable, &address),
            }
        };
        let address = tokio::task::spawn_blocking(prepare).await?;
        Ok(Self { address })
    }

    /// Moves money with so many clients at once for a while. Returns how often in a second.
    pub(super) async fn rate(&self, clients: usize, time: Duration) -> Result<f64, Wrong> {
        let mut script = tempfile::NamedTempFile::new()?;
        script.write_all(TRANSFER.as_bytes())?;
        let (clients, seconds) = (clients.to_string(), time.as_secs().max(1).to_string());
        let mut pgbench = Command::new("pgbench");
        pgbench.args(["-n", "-M", "prepared", "-j", "2"]);
        pgbench.args(["-c", &clients, "-T", &seconds, "-f"]);
        pgbench.arg(script.path()).arg(&self.address);
        let ran = pgbench.output().await?;
        let said = String::from_utf8_lossy(&ran.stdout);
        let wrong = || format!("pgbench: {}", String::from_utf8_lossy(&ran.stderr));
        Ok(said.lines().find_map(rate).ok_or_else(wrong)?)
    }
}

fn rate(line: &str) -> Option<f64> {
    line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_read() {
        let line = "tps = 8612.345678 (without initial connection time)";
        assert_eq!(rate(line), Some(8_612.345_678));
        assert_eq!(rate("latency average = 7.4 ms"), None);
    }
}
