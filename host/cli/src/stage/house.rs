//! A host that is a process of its own, so that it can be killed and started again.

use std::ffi::{OsStr, OsString};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Output, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::CliError;

/// How long a host may take to open its store and listen.
const OPENS_WITHIN: Duration = Duration::from_secs(60);

/// The programs of a house.
#[derive(Clone, Debug)]
pub struct Programs {
    /// What runs as the host when `serve` and where is said behind it: a program, with what comes
    /// before that, if anything.
    pub host: Vec<OsString>,
    /// What an operator types.
    pub souk: PathBuf,
    /// What this operator decides otherwise than most: flags of `souk serve`.
    pub flags: Vec<OsString>,
}

impl Programs {
    /// The program that runs now is both.
    ///
    /// # Errors
    /// When the system does not tell where it is.
    pub fn this() -> Result<Self, CliError> {
        let souk = std::env::current_exe().map_err(|error| {
            CliError::new("souk does not know where it is itself").because(error)
        })?;
        Ok(Self {
            host: vec![souk.clone().into_os_string()],
            souk,
            flags: Vec::new(),
        })
    }
}

/// A host process and where it lives.
pub struct House {
    programs: Programs,
    room: PathBuf,
    listen: SocketAddr,
    host: Child,
    base: String,
}

impl House {
    /// Starts a host with its store in a directory.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn open(
        programs: Programs,
        room: &Path,
        listen: SocketAddr,
    ) -> Result<Self, CliError> {
        let mut host = spawn(&programs, room, listen)?;
        let base = address(&mut host, room).await?;
        // After a restart people find it at the same address.
        let listen = base.trim_start_matches("http://").parse().unwrap_or(listen);
        Ok(Self {
            programs,
            room: room.to_owned(),
            listen,
            host,
            base,
        })
    }

    /// Returns the host's address, like `http://127.0.0.1:40123`.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Returns a file in the host's room, for what the demo itself keeps.
    pub fn file(&self, name: &str) -> PathBuf {
        self.room.join(name)
    }

    /// Kills the host with SIGKILL: it has no chance to do anything.
    ///
    /// # Errors
    /// When the system refuses.
    pub async fn kill(&mut self) -> Result<(), CliError> {
        self.host
            .kill()
            .await
            .map_err(|error| CliError::new("the host cannot be killed").because(error))
    }

    /// Starts the host again on what the last one left.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn start_again(&mut self) -> Result<(), CliError> {
        self.host = spawn(&self.programs, &self.room, self.listen)?;
        self.base = address(&mut self.host, &self.room).await?;
        Ok(())
    }

    /// Starts the host again and kills it with SIGKILL after a while, at the latest when it
    /// listens. Returns whether that was before it listened.
    ///
    /// # Errors
    /// When it does not start, or the system refuses to kill it.
    pub async fn start_and_kill(&mut self, wait: Duration) -> Result<bool, CliError> {
        self.host = spawn(&self.programs, &self.room, self.listen)?;
        let starting = timeout(wait, address(&mut self.host, &self.room)).await;
        let listened = starting.ok().transpose()?.is_some();
        self.kill().await?;
        Ok(!listened)
    }

    /// Returns how the host ended, when it has by itself.
    ///
    /// # Errors
    /// When the system does not tell.
    pub async fn ended(&mut self) -> Result<ExitStatus, CliError> {
        let ended = self.host.wait().await;
        ended
            .map_err(|error| CliError::new("nobody can tell whether the host ended").because(error))
    }

    /// Lets another program run as the host from the next start on.
    pub fn let_run(&mut self, host: Vec<OsString>) {
        self.programs.host = host;
    }

    /// Tells the host to stop, as an operator would, and waits until it has.
    pub async fn close(&mut self) {
        stop(&mut self.host, "kill").await;
    }

    /// Runs another `souk` command, as an operator would.
    ///
    /// # Errors
    /// When it cannot be run; what it says is the caller's to read.
    pub async fn souk(&self, args: &[&str]) -> Result<Output, CliError> {
        let mut command = program(&self.programs.souk);
        command.args(args).env("SOUK_DATA", data(&self.room));
        command
            .output()
            .await
            .map_err(|error| CliError::new("souk cannot be run again").because(error))
    }
}

/// A program that uses nothing of the operator's own host, whatever the environment says.
fn program(path: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(path);
    for place in [
        "SOUK_STORE",
        "SOUK_ANCHOR",
        "SOUK_ARCHIVE",
        "SOUK_MASTER_KEY",
    ] {
        command.env_remove(place);
    }
    command
}

fn data(room: &Path) -> PathBuf {
    room.join("data")
}

fn log(room: &Path) -> PathBuf {
    room.join("host.log")
}

fn spawn(programs: &Programs, room: &Path, listen: SocketAddr) -> Result<Child, CliError> {
    let mut words = programs.host.iter();
    let first = words
        .next()
        .ok_or_else(|| CliError::new("no host is named"))?;
    let mut command = program(first);
    command
        .args(words)
        .arg("serve")
        .arg("--data")
        .arg(data(room))
        .arg("--listen")
        .arg(listen.to_string())
        .args(&programs.flags);
    command
        .arg("--simulated-bank")
        .env("SOUK_SIMULATED_CHAIN", "true")
        .env("RUST_LOG", "error");
    let log = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(log(room));
    let log =
        log.map_err(|error| CliError::new("the host's log cannot be written").because(error))?;
    command
        .stdout(Stdio::piped())
        .stderr(log)
        .kill_on_drop(true);
    command
        .spawn()
        .map_err(|error| CliError::new("the host cannot be started").because(error))
}

/// Tells a process to stop, by a program that tells it so, and waits until it has. Where there is
/// no such program, or it cannot, the process is killed.
async fn stop(process: &mut Child, by: &str) {
    let Some(pid) = process.id() else { return };
    let mut teller = Command::new(by);
    let told = teller.args(["-TERM", &pid.to_string()]).status().await;
    if !told.is_ok_and(|status| status.success()) {
        drop(process.start_kill());
    }
    drop(process.wait().await);
}

/// Waits until a host listens, and returns where.
async fn address(host: &mut Child, room: &Path) -> Result<String, CliError> {
    let address = timeout(OPENS_WITHIN, first_line(host)).await.ok().flatten();
    address.ok_or_else(|| {
        let log = std::fs::read_to_string(log(room)).unwrap_or_default();
        CliError::new(format!("the host did not start; it says:\n{log}"))
    })
}

async fn first_line(host: &mut Child) -> Option<String> {
    BufReader::new(host.stdout.as_mut()?)
        .lines()
        .next_line()
        .await
        .ok()
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_process_ends_also_where_nothing_can_tell_it_to() {
        for by in ["kill", "no-such-program", "false"] {
            let mut process = Command::new("sleep").arg("60").spawn().unwrap();
            let stopped = timeout(Duration::from_secs(5), stop(&mut process, by)).await;
            assert!(stopped.is_ok(), "{by}");
        }
    }
}
