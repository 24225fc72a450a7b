//! Traces and failed events, as merchants see them.

use serde::{Deserialize, Serialize};
use souk_core::{Blame, EventId, TraceId};
use souk_events::failed::Failing;
use souk_market::TraceLine;

/// One run of an app, without anything that a person said or is called.
#[derive(Debug, Serialize, Deserialize)]
pub struct Trace {
    /// Names it.
    pub id: TraceId,
    /// The event it ran for.
    pub event: EventId,
    /// The version that ran.
    pub version: u32,
    /// When, in milliseconds since 1970.
    pub at: u64,
    /// command, action, order, timer or response.
    pub cause: String,
    /// done, rejected, invalid-input, parked or fault.
    pub ended: String,
    /// How it failed; absent when it did not.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub fault: Option<Fault>,
    /// How many host calls it made.
    pub host_calls: u64,
    /// What it computed: about one for each instruction.
    pub fuel: u64,
}

/// How a run failed.
#[derive(Debug, Serialize, Deserialize)]
pub struct Fault {
    /// Who has to do something about it.
    pub blame: Blame,
    /// What happened, in the host's words.
    pub what: String,
}

impl From<TraceLine> for Trace {
    fn from(line: TraceLine) -> Self {
        let TraceLine {
            id,
            event,
            version,
            at,
            cause,
            ended,
            fault,
            host_calls,
            fuel,
        } = line;
        Self {
            id,
            event,
            version,
            at: at.millis(),
            cause,
            ended,
            fault: fault.map(|souk_market::Fault { blame, what }| Fault { blame, what }),
            host_calls,
            fuel,
        }
    }
}

/// An event that is set aside because its app kept failing.
#[derive(Debug, Serialize, Deserialize)]
pub struct Failure {
    /// The event.
    pub event: EventId,
    /// order, timer or response.
    pub cause: String,
    /// When it was set aside, in milliseconds since 1970.
    pub at: u64,
    /// Who has to do something about it.
    pub blame: Blame,
    /// What happened in its last run, in the host's words.
    pub what: String,
    /// The trace of that run.
    pub trace: TraceId,
}

impl From<Failing> for Failure {
    fn from(failing: Failing) -> Self {
        let Failing {
            event,
            cause,
            at,
            blame,
            what,
            trace,
        } = failing;
        Self {
            event,
            cause,
            at: at.millis(),
            blame,
            what,
            trace,
        }
    }
}
