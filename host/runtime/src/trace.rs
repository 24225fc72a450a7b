//! The trace of a run: all that it takes to run it again, anywhere and at any time, and to see that
//! it does the same.
//!
//! Everything a guest can perceive is in it: what it was told, the clock, the seed of its
//! randomness, its limits, and each answer of the host. Who the people are that the host knows by
//! names of its own is not: a guest does not perceive it.

use std::fmt;

use serde::{Deserialize, Serialize};
use souk_core::limits::TRACE_BYTES_MAX;
use souk_core::{AppId, Blame, Blamed, Timestamp};
use souk_registry::grant::Grants;

use crate::bindings::souk::miniapp::events;
use crate::limits::Limits;
use crate::outcome::{Cost, End};
use crate::replay;
use crate::tape::Crossing;

/// How a trace begins, with the version of its form.
const MAGIC: &[u8] = b"souk-trace 2\n";

/// What most events take, in bytes: more is no error, it only grows.
const EVENT_BYTES: usize = 256;

/// A run of one version of an app, as it is kept and sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// Which app.
    pub app: AppId,
    /// Which version of it, by its code.
    pub version: u32,
    /// SHA-256 of its package.
    pub package: [u8; 32],
    /// What the run was.
    pub run: Recording,
}

/// What one run perceived and did. Not to be shown: it may hold secrets.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recording {
    /// What the clock said, in milliseconds since 1970.
    pub clock: Timestamp,
    /// What its randomness follows from; `None` when it drew nothing.
    pub seed: Option<[u8; 32]>,
    /// What it could do.
    pub grants: Grants,
    /// What bounded it.
    pub limits: Limits,
    /// How it ended, in full.
    pub end: End,
    /// What it cost.
    pub cost: Cost,
    /// What it printed, line by line, in full.
    pub log: Vec<String>,
    /// What it was told, as the contract has it.
    pub(crate) event: Vec<u8>,
    /// Its host calls, in order.
    pub(crate) calls: Vec<Crossing>,
}

/// Why bytes are no trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TraceError {
    /// Another kind of file, or one of a later host.
    #[error("this is not a trace of this version of souk")]
    Foreign,
    /// It was cut off or changed.
    #[error("the trace is damaged")]
    Damaged,
    /// It would take more room than a trace may.
    #[error("the trace would take more than {} KiB", TRACE_BYTES_MAX >> 10)]
    TooLong,
}

impl Blamed for TraceError {
    fn blame(&self) -> Blame {
        match self {
            Self::Foreign | Self::Damaged => Blame::User,
            Self::TooLong => Blame::Host,
        }
    }
}

/// A host call of a trace, as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallLine {
    /// The function, like `souk:storage/buckets@0.1.0#[method]bucket.get`.
    pub function: String,
    /// How it ended, in a word.
    pub ended: &'static str,
}

impl Trace {
    /// Writes the trace down.
    ///
    /// # Errors
    /// [`TraceError::TooLong`].
    pub fn to_bytes(&self) -> Result<Vec<u8>, TraceError> {
        let bytes = postcard::to_extend(self, MAGIC.to_vec()).map_err(|_| TraceError::Damaged)?;
        if bytes.len() > TRACE_BYTES_MAX {
            return Err(TraceError::TooLong);
        }
        Ok(bytes)
    }

    /// Reads a trace.
    ///
    /// # Errors
    /// [`TraceError::Foreign`] and [`TraceError::Damaged`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, TraceError> {
        let body = bytes.strip_prefix(MAGIC).ok_or(TraceError::Foreign)?;
        postcard::from_bytes(body).map_err(|_| TraceError::Damaged)
    }
}

impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recording").finish_non_exhaustive()
    }
}

impl Recording {
    /// Returns its host calls, in order.
    pub fn calls(&self) -> impl Iterator<Item = CallLine> + '_ {
        self.calls.iter().map(Crossing::line)
    }

    /// Returns how it ended, in words.
    pub fn ended(&self) -> String {
        replay::end(&self.end, self.cost.fuel)
    }

    /// Returns what the app was told, in words.
    pub fn told(&self) -> String {
        self.event()
            .map_or_else(String::new, |event| format!("{event:?}"))
    }

    /// Returns a run that was answered as this one and told what another was told.
    pub fn told_as(&self, other: &Self) -> Self {
        let event = other.event.clone();
        Self {
            event,
            ..self.clone()
        }
    }

    /// What the guest is told again.
    pub(crate) fn event(&self) -> Option<events::Event> {
        postcard::from_bytes(&self.event).ok()
    }
}

/// Writes down what a guest is told.
pub(crate) fn event_bytes(event: &events::Event) -> Vec<u8> {
    match postcard::to_extend(event, Vec::with_capacity(EVENT_BYTES)) {
        Ok(bytes) => bytes,
        Err(_) => unreachable!("every event of the contract has bytes"),
    }
}
