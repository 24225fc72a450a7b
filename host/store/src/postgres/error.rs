//! Why the tables cannot be used, and what to do about it.

use std::io;

use souk_core::{Blame, Blamed};

use super::fault::Fault;

/// Why a store on PostgreSQL cannot be opened. In order: callers see the first that applies.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address makes no sense.
    #[error("this is no address of a database; write postgres://USER:PASSWORD@HOST/DATABASE")]
    Address {
        /// What is wrong with it.
        source: tokio_postgres::Error,
    },
    /// The system gives no thread, or no randomness.
    #[error("the system gives no {what}: {source}")]
    Resources {
        /// What there is none of.
        what: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// The database cannot be reached, or refused something.
    #[error("the database {database} cannot be used; check that it runs and lets us in")]
    Database {
        /// Which one.
        database: String,
        /// What it said.
        #[source]
        fault: Fault,
    },
    /// The server is older than what this was tested with.
    #[error("the server is PostgreSQL {version}; 15 is the oldest that will do")]
    Old {
        /// Its version.
        version: i32,
    },
    /// The server is a copy that follows another.
    #[error("the server only follows another one; name the one that can be written to")]
    Follower,
    /// The server would lose what it acknowledged.
    #[error("the server runs with {setting} off and would lose payments; turn it on")]
    NotDurable {
        /// The setting.
        setting: &'static str,
    },
    /// The tables were made by a newer version.
    #[error("the tables have form {found}, this version knows {known}; start the newer one")]
    Newer {
        /// The form they have.
        found: i32,
        /// The newest form known.
        known: i32,
    },
    /// There are no tables, and whoever only looks makes none.
    #[error("there is no store in {database}; check the address")]
    Absent {
        /// Which database.
        database: String,
    },
    /// Another host has them.
    #[error("the store in {database} is in use by another host; stop that one first")]
    InUse {
        /// Which database.
        database: String,
    },
    /// Its content is sealed with other keys.
    #[error("the store in {database} is sealed with other keys; put back those it was made with")]
    OtherKeys {
        /// Which database.
        database: String,
    },
}

impl OpenError {
    /// Tells whether something that is stored, or would be, is at stake; else only the way to it.
    pub fn is_damage(&self) -> bool {
        match self {
            Self::NotDurable { .. } | Self::OtherKeys { .. } => true,
            Self::Address { .. }
            | Self::Resources { .. }
            | Self::Database { .. }
            | Self::Old { .. }
            | Self::Follower
            | Self::Newer { .. }
            | Self::Absent { .. }
            | Self::InUse { .. } => false,
        }
    }
}

impl Blamed for OpenError {
    fn blame(&self) -> Blame {
        match self {
            Self::Address { .. }
            | Self::Resources { .. }
            | Self::Database { .. }
            | Self::Old { .. }
            | Self::Follower
            | Self::NotDurable { .. }
            | Self::Newer { .. }
            | Self::Absent { .. }
            | Self::InUse { .. }
            | Self::OtherKeys { .. } => Blame::Operator,
        }
    }
}
