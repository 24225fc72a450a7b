//! Where the database is, who else may use it, and what protects what is in it.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use souk_core::limits::{CONNECT_MS_MAX, DATABASE_ANSWER_MS_MAX, OUTCOME_WAITS_MS_MAX};
use tokio_postgres::Config;
use tokio_postgres::config::Host;

use super::error::OpenError;
use super::fault::Fault;

/// Where the engine keeps its tables, and how.
#[derive(Clone)]
pub struct Options {
    pub(super) config: Config,
    /// Who else may use them meanwhile.
    pub hold: Hold,
    /// The fingerprint of the host's keyring: a store is never opened with other keys than those
    /// its content is sealed with. Nothing for one that seals nothing.
    pub keyring: Option<[u8; 32]>,
    /// How long it is tried to find out what became of a commit.
    pub outcome_waits: Duration,
    /// What stands between an acknowledgement and a loss.
    pub protections: Protections,
}

/// Who else may use the tables meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// Nobody: a host whose keys are in a file beside it.
    Alone,
    /// Others who share them too: hosts with the same keys.
    Shared,
    /// Nobody, and nothing is written: for whoever only looks.
    Look,
}

/// What stands between an acknowledgement and a loss. The binary always takes the default; a test
/// laboratory composes an engine without one of them to show that its tests can fail.
#[derive(Clone, Copy, Debug)]
pub struct Protections {
    /// Whether the server must sync what it commits.
    pub durable_server: bool,
    /// Whether it is found out what became of a commit whose answer was lost.
    pub find_out: bool,
    /// Whether commits pass one by one.
    pub lock: bool,
}

impl Options {
    /// The tables in the database at `url`, like `postgres://souk@localhost/souk`, in the first
    /// schema of its search path.
    ///
    /// # Errors
    /// [`OpenError::Address`].
    pub fn at(url: &str) -> Result<Self, OpenError> {
        let parsed = Config::from_str(url);
        let mut config = parsed.map_err(|source| OpenError::Address { source })?;
        config
            .application_name("souk")
            .connect_timeout(Duration::from_millis(CONNECT_MS_MAX))
            .keepalives_idle(Duration::from_millis(DATABASE_ANSWER_MS_MAX))
            .keepalives_interval(Duration::from_millis(DATABASE_ANSWER_MS_MAX))
            .tcp_user_timeout(Duration::from_millis(DATABASE_ANSWER_MS_MAX));
        Ok(Self {
            config,
            hold: Hold::Alone,
            keyring: None,
            outcome_waits: Duration::from_millis(OUTCOME_WAITS_MS_MAX),
            protections: Protections::default(),
        })
    }
}

impl Default for Protections {
    fn default() -> Self {
        Self {
            durable_server: true,
            find_out: true,
            lock: true,
        }
    }
}

/// Where the database is, without the password.
impl fmt::Display for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.config.get_dbname().unwrap_or("the usual database"))?;
        for host in self.config.get_hosts() {
            match host {
                Host::Tcp(name) => write!(f, " at {name}")?,
                Host::Unix(folder) => write!(f, " at {}", folder.display())?,
            }
        }
        for port in self.config.get_ports() {
            write!(f, ":{port}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Options({self})")
    }
}

impl Options {
    /// What an opening that failed says.
    pub(super) fn fault(&self) -> impl FnOnce(Fault) -> OpenError + use<> {
        let database = self.to_string();
        move |fault| OpenError::Database { database, fault }
    }
}
