//! PostgreSQL and pgbench, on a server of their own in a folder of its own, durable as it comes.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::process::Command;

use super::PEOPLE;
use crate::Wrong;

/// Where Debian keeps the server's own programs.
const PROGRAMS: &str = "/usr/lib/postgresql/15/bin";
/// Whoever the server runs as: it refuses to be root.
const USER: &str = "postgres";
/// Names the socket; nobody listens at the port itself.
const PORT: &str = "54329";
/// The same transaction as our ledger's. Accounts are taken in order, so that nobody deadlocks.
const TRANSFER: &str = "\
    \\set one random(1, 1000)\n\
    \\set other random(1, 1000)\n\
    BEGIN;\n\
    UPDATE account SET balance = balance - 1 WHERE id = LEAST(:one::bigint, :other::bigint);\n\
    UPDATE account SET balance = balance + 1 WHERE id = GREATEST(:one::bigint, :other::bigint);\n\
    INSERT INTO journal (debit, credit, amount) VALUES (:one, :other, 1);\n\
    END;\n";

/// Moves money with so many clients at once for a while. Returns how often in a second.
pub(super) async fn measure(clients: usize, time: Duration) -> Result<f64, Wrong> {
    let server = Server::start().await?;
    let rate = async {
        server.prepare().await?;
        server.bench(clients, time).await
    };
    let rate = rate.await;
    server.stop().await?;
    rate
}

/// A server, in its folder.
struct Server {
    room: tempfile::TempDir,
}

impl Server {
    async fn start() -> Result<Self, Wrong> {
        let server = Self {
            room: tempfile::tempdir()?,
        };
        fs::set_permissions(server.room.path(), fs::Permissions::from_mode(0o777))?;
        let data = server.data();
        let initdb = Path::new(PROGRAMS).join("initdb");
        run(&initdb, [OsStr::new("-D"), data.as_os_str()]).await?;
        let options = format!("-p {PORT} -k {} -c listen_addresses=", server.folder());
        let log = server.room.path().join("log");
        let words = [
            OsStr::new("start"),
            OsStr::new("-w"),
            OsStr::new("-D"),
            data.as_os_str(),
            OsStr::new("-l"),
            log.as_os_str(),
            OsStr::new("-o"),
            OsStr::new(&options),
        ];
        run(&Path::new(PROGRAMS).join("pg_ctl"), words).await?;
        Ok(server)
    }

    async fn prepare(&self) -> Result<(), Wrong> {
        let tables = format!(
            "CREATE TABLE account (id bigint PRIMARY KEY, balance bigint NOT NULL);\
             INSERT INTO account SELECT n, 0 FROM generate_series(1, {PEOPLE}) n;\
             CREATE TABLE journal (id bigserial PRIMARY KEY, debit bigint NOT NULL, \
             credit bigint NOT NULL, amount bigint NOT NULL);"
        );
        let folder = self.folder();
        run(
            Path::new("psql"),
            ["-q", "-h", &folder, "-p", PORT, "-c", &tables, USER],
        )
        .await?;
        Ok(())
    }

    async fn bench(&self, clients: usize, time: Duration) -> Result<f64, Wrong> {
        let script = self.room.path().join("transfer.sql");
        fs::write(&script, TRANSFER)?;
        let (folder, clients) = (self.folder(), clients.to_string());
        let (seconds, script) = (time.as_secs().to_string(), script.to_string_lossy());
        let words: &[&str] = &[
            "-n", "-M", "prepared", "-j", "2", "-c", &clients, "-T", &seconds, "-f", &script, "-h",
            &folder, "-p", PORT, USER,
        ];
        let said = run(Path::new("pgbench"), words).await?;
        let rate = said.lines().find_map(rate);
        Ok(rate.ok_or_else(|| format!("pgbench says:\n{said}"))?)
    }

    async fn stop(&self) -> Result<(), Wrong> {
        let data = self.data();
        let words = [OsStr::new("stop"), OsStr::new("-D"), data.as_os_str()];
        run(&Path::new(PROGRAMS).join("pg_ctl"), words).await?;
        Ok(())
    }

    fn data(&self) -> PathBuf {
        self.room.path().join("data")
    }

    fn folder(&self) -> String {
        self.room.path().to_string_lossy().into_owned()
    }
}

fn rate(line: &str) -> Option<f64> {
    line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok()
}

/// Runs a program as the server's user and returns what it says.
async fn run<W: AsRef<OsStr>>(
    program: &Path,
    words: impl IntoIterator<Item = W>,
) -> Result<String, Wrong> {
    let mut command = Command::new("runuser");
    command.args(["-u", USER, "--"]).arg(program).args(words);
    let said = command.output().await;
    let said = said.map_err(|error| io::Error::other(format!("runuser: {error}")))?;
    if said.status.success() {
        return Ok(String::from_utf8_lossy(&said.stdout).into_owned());
    }
    let (words, program) = (String::from_utf8_lossy(&said.stderr), program.display());
    Err(format!("{program} says: {}", words.trim()).into())
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
