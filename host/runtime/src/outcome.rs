//! How a run ended, what it cost and what it used.

use serde::{Deserialize, Serialize};
use souk_core::{Blame, Blamed};
use souk_events::Wrong;

use crate::trace::Recording;

/// Everything a run leaves behind beside what it staged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// How it ended. Unless [`End::Ok`], what it staged is to be dropped.
    pub end: End,
    /// Why a payment does not happen that the app took its last look at, in its words; nothing when
    /// it does, as far as the app goes.
    pub refused: Option<String>,
    /// What it cost.
    pub cost: Cost,
    /// What it printed, line by line.
    pub log: Vec<String>,
    /// What it called, in the order of first use.
    pub uses: Vec<Use>,
    /// Every host call, in order.
    pub called: Vec<Called>,
    /// What it takes to run it again; nothing when the host panicked in it.
    pub recording: Option<Recording>,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum End {
    /// The app is content: commit what it staged.
    Ok,
    /// The app says no, and why, in its words.
    Rejected(String),
    /// The app points at inputs that need another look.
    InvalidInput(Vec<Wrong>),
    /// The app wants the event again later.
    Retry {
        /// Why, in its words.
        why: String,
        /// How long it waits at least, in milliseconds.
        after_ms: Option<u64>,
    },
    /// The app needs what the person has not been asked about: ask, then run it again.
    NeedsConsent {
        /// What it needs and nobody has answered yet, by name.
        matters: Vec<String>,
    },
    /// The app failed.
    Fault(Fault),
}

/// What a run cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// What it computed, in the engine's unit: about one for each instruction.
    pub fuel: u64,
    /// Host calls.
    pub host_calls: u64,
    /// What they brought in, in bytes.
    pub bytes_in: u64,
    /// What they handed to the guest, in bytes.
    pub bytes_out: u64,
    /// All memories and tables together, in bytes.
    pub memory_peak: usize,
    /// How long it took, in microseconds, its waits for the host included.
    pub micros: u64,
}

/// One host call, as a trace tells of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Called {
    /// The capability, like `wallet`.
    pub capability: &'static str,
    /// The function, like `wallet.request`.
    pub function: &'static str,
    /// The permission it took; empty when it took none.
    pub permission: &'static str,
    /// What it brought in, in bytes.
    pub bytes_in: usize,
    /// What it handed to the guest, in bytes.
    pub bytes_out: usize,
    /// Whether the host said no.
    pub denied: bool,
}

/// How often one function of one capability was called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The capability, like `wallet`.
    pub capability: &'static str,
    /// The function, like `wallet.request`.
    pub function: &'static str,
    /// The permission it took; empty when it took none.
    pub permission: &'static str,
    /// Calls.
    pub count: u64,
    /// Calls that the host said no to.
    pub denied: u64,
}

impl Use {
    /// Sums up what was called, in the order of first use.
    pub(crate) fn of(called: &[Called]) -> Vec<Self> {
        let mut uses: Vec<Self> = Vec::new();
        for call in called {
            let (capability, function, denied) = (call.capability, call.function, call.denied);
            let permission = call.permission;
            let same = |used: &&mut Self| {
                let one = (used.capability, used.function, used.permission);
                one == (capability, function, permission)
            };
            if let Some(used) = uses.iter_mut().find(same) {
                used.count = used.count.saturating_add(1);
                used.denied = used.denied.saturating_add(denied.into());
            } else {
                uses.push(Self {
                    capability,
                    function,
                    permission,
                    count: 1,
                    denied: denied.into(),
                });
            }
        }
        uses
    }
}

/// How an app failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What happened.
    pub kind: FaultKind,
    /// Who has to do something about it.
    pub blame: Blame,
    /// What happened, in the host's words: for a notice.
    pub what: String,
    /// What the engine says of it, the guest's stack included: for the app's log.
    pub detail: String,
}

impl Fault {
    pub(crate) fn new(kind: FaultKind, detail: String) -> Self {
        Self {
            kind,
            blame: kind.blame(),
            what: kind.to_string(),
            detail,
        }
    }
}

/// What can go wrong in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum FaultKind {
    /// It computed for too long.
    #[error("the app took too long and was stopped")]
    Deadline,
    /// It waited for the host for too long.
    #[error("the host was too slow for the app; try again")]
    HostSlow,
    /// It wanted more memory than there is.
    #[error("the app used too much memory and was stopped")]
    Memory,
    /// It called itself too deeply.
    #[error("the app's stack overflowed")]
    StackOverflow,
    /// It called the host too often.
    #[error("the app called the host too often and was stopped")]
    HostCalls,
    /// One call brought too much.
    #[error("the app sent too much in one call and was stopped")]
    CallBytes,
    /// It was handed too much.
    #[error("the app asked for too much data and was stopped")]
    AnswerBytes,
    /// It holds too many handles.
    #[error("the app held too many handles and was stopped")]
    Handles,
    /// It ended itself instead of answering.
    #[error("the app ended without an answer")]
    Exit,
    /// It crashed: a panic, a division by zero, a read beyond its memory.
    #[error("the app crashed")]
    Crash,
    /// It could not be started.
    #[error("the app could not be started")]
    Start,
    /// The host went wrong.
    #[error("the host failed while it ran the app")]
    Host,
}

impl Blamed for FaultKind {
    fn blame(&self) -> Blame {
        match self {
            Self::Deadline
            | Self::Memory
            | Self::StackOverflow
            | Self::HostCalls
            | Self::CallBytes
            | Self::AnswerBytes
            | Self::Handles
            | Self::Exit
            | Self::Crash
            | Self::Start => Blame::Guest,
            Self::HostSlow => Blame::Operator,
            Self::Host => Blame::Host,
        }
    }
}
