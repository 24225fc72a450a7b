//! What can go wrong between the host and the database, and what it means to whoever waits.

use souk_core::limits::{COMMIT_RETRY_MS, RECONNECT_MS};
use tokio_postgres::error::SqlState;

use crate::engine::StoreError;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The connection is gone, or could not be made. Whatever was under way may have happened.
    #[error("the connection to the database is lost")]
    Lost(#[source] tokio_postgres::Error),
    /// The database did not answer in time. Whatever was under way may have happened.
    #[error("the database does not answer")]
    Silent,
    /// The database said no: what was under way did not happen.
    #[error("the database refused: {0}")]
    Refused(#[source] tokio_postgres::Error),
    /// What came back is not what was asked for.
    #[error("the database's answer cannot be read")]
    Form,
    /// Another host has taken the store over.
    #[error("another host has the store now")]
    Taken,
}

impl From<tokio_postgres::Error> for Fault {
    fn from(error: tokio_postgres::Error) -> Self {
        match error.code() {
            Some(code) if !ends_the_session(code) => Self::Refused(error),
            None if error.is_closed() || is_io(&error) => Self::Lost(error),
            None => Self::Refused(error),
            Some(_) => Self::Lost(error),
        }
    }
}

impl Fault {
    /// Tells whether a new connection may do better.
    pub(super) fn is_lost(&self) -> bool {
        match self {
            Self::Lost(_) | Self::Silent => true,
            Self::Refused(_) | Self::Form | Self::Taken => false,
        }
    }

    /// What it means for something of which it is known that it did not happen.
    pub(super) fn meaning(&self) -> StoreError {
        match self {
            Self::Lost(_) | Self::Silent => StoreError::Busy {
                retry_ms: RECONNECT_MS,
            },
            Self::Refused(error) => error.code().map_or(StoreError::Form, refusal),
            Self::Form => StoreError::Form,
            Self::Taken => StoreError::Stopped,
        }
    }
}

/// The server says why, and then hangs up.
fn ends_the_session(code: &SqlState) -> bool {
    [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::TOO_MANY_CONNECTIONS,
        SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
    ]
    .contains(code)
        || code.code().starts_with("08")
}

/// A broken pipe is told as an error of writing or reading.
fn is_io(error: &tokio_postgres::Error) -> bool {
    std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
}

fn refusal(code: &SqlState) -> StoreError {
    let full = [SqlState::DISK_FULL, SqlState::OUT_OF_MEMORY];
    let passing = [
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::LOCK_NOT_AVAILABLE,
        SqlState::QUERY_CANCELED,
        SqlState::READ_ONLY_SQL_TRANSACTION,
    ];
    if full.contains(code) {
        StoreError::Full
    } else if passing.contains(code) {
        StoreError::Busy {
            retry_ms: COMMIT_RETRY_MS,
        }
    } else {
        // Tables that are gone, rights that were taken away, pages that cannot be read.
        StoreError::Stopped
    }
}
