//! A run again, from its trace alone: no host, no store, no outside.
//!
//! The guest is given what it perceived then. As long as it says the same, it is answered the same;
//! where it does not, the run ends, and what it was to say is told beside what it said.

use std::fmt;
use std::sync::Arc;

use souk_core::{AppId, Blame, Blamed, Clock, EventId, Timestamp, TypedId, UserId};
use souk_events::{Cause, Event};
use souk_store::memory::Memory;
use souk_store::{Keyring, Store, StoreError};

use crate::bindings::souk::miniapp::events;
use crate::ctx::{Ctx, Job};
use crate::limits::Limits;
use crate::outcome::{Cost, End, Fault, FaultKind};
use crate::prepared::Prepared;
use crate::run::{Ended, Run, sandbox};
use crate::runtime::Runtime;
use crate::slow::Broken;
use crate::tape::Tape;
use crate::trace::{Recording, Trace};

/// How much longer than the recorded run a replay may take: this machine may be slower.
const SLOWER: u64 = 10;

/// What a replay came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    /// The first difference; `None`: it did the same.
    pub difference: Option<Difference>,
    /// How it ended this time. A fault names lines of the source, as far as the component says.
    pub end: End,
    /// What it cost this time.
    pub cost: Cost,
}

/// Where a replay is not what was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where.
    pub place: Place,
    /// What was recorded.
    pub expected: String,
    /// What it is this time.
    pub got: String,
}

/// A place in a trace, in the order in which they are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A host call, from 1.
    Call(usize),
    /// How the run ended.
    End,
    /// Where it crashed: the offsets of the stack, innermost first.
    Stack,
    /// A line of its log, from 1.
    Log(usize),
    /// What it computed.
    Fuel,
    /// The memory it took.
    Memory,
}

/// Why nothing can be replayed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// What it was told is of another contract.
    #[error("the trace's event is of another version of the contract")]
    Event,
    /// The host went wrong.
    #[error("the host failed while it replayed the run")]
    Host,
    /// The stand-in for the store cannot be made.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Blamed for ReplayError {
    fn blame(&self) -> Blame {
        match self {
            Self::Event => Blame::User,
            Self::Host => Blame::Host,
            Self::Store(error) => error.blame(),
        }
    }
}

impl Runtime {
    /// Runs an app on what another run perceived, and compares. `same_code` tells whether it is the
    /// recorded one's own package: then what it computed and where it crashed must be the same too.
    ///
    /// # Errors
    /// [`ReplayError`].
    pub async fn replay(
        &self,
        prepared: &Prepared,
        trace: &Trace,
        same_code: bool,
    ) -> Result<Replay, ReplayError> {
        let recorded = &trace.run;
        let told = recorded.event().ok_or(ReplayError::Event)?;
        let limits = Limits {
            run_ms: recorded.limits.run_ms.saturating_mul(SLOWER),
            ..recorded.limits.clone()
        };
        let ctx = played(&trace.app, recorded, &told, &limits)?;
        let app = Arc::clone(prepared.home());
        let mut sandbox = sandbox(&app, ctx, &limits);
        if is_cut(&recorded.end) && sandbox.set_fuel(recorded.cost.fuel).is_err() {
            unreachable!("the engine is made with a meter");
        }
        let run = Run::of(app, sandbox, told, &limits);
        let mut ended = match self.slow().run(run.play()).await {
            Ok(ended) => ended?,
            Err(Broken) => return Err(ReplayError::Host),
        };
        let difference = compare(recorded, &mut ended, same_code);
        Ok(Replay {
            difference,
            cost: ended.cost(),
            end: ended.end,
        })
    }
}

/// The data of a run that is answered from a tape. Behind it stands an empty store; nobody asks it.
fn played(
    app: &AppId,
    recorded: &Recording,
    told: &events::Event,
    limits: &Limits,
) -> Result<Ctx, ReplayError> {
    let keyring = Arc::new(Keyring::ephemeral()?);
    let clock = Arc::new(Still(recorded.clock));
    let store = Store::new(Arc::new(Memory::default()), keyring, clock);
    let event = Event {
        id: told.id.parse().unwrap_or(EventId::from_bits(0)),
        app: app.clone(),
        chat: None,
        user: None,
        left: 0,
        at: recorded.clock,
        tries: 0,
        locale: None,
        cause: Cause::Timer {
            name: String::new(),
            due: recorded.clock,
            payload: Vec::new(),
        },
    };
    let job = Job {
        event,
        merchant: UserId::from_bits(0),
        is_group: false,
        grants: recorded.grants.clone(),
        terms: Arc::default(),
        outside: None,
        may_ask: false,
    };
    let mut ctx = Ctx::new(job, &store.begin()?, limits);
    ctx.door.tape = Tape::of(recorded.calls.clone());
    ctx.wasi.follow(recorded.seed.unwrap_or_default());
    Ok(ctx)
}

/// A clock that stands still.
struct Still(Timestamp);

impl Clock for Still {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// Whether a run was given up: it is given the same fuel again, and must use it up.
fn is_cut(end: &End) -> bool {
    let given_up = |fault: &Fault| matches!(fault.kind, FaultKind::Deadline | FaultKind::HostSlow);
    matches!(end, End::Fault(fault) if given_up(fault))
}

/// The first difference.
fn compare(recorded: &Recording, ended: &mut Ended, same_code: bool) -> Option<Difference> {
    if let Some(apart) = ended.ctx.door.tape.apart() {
        return Some(Difference {
            place: Place::Call(apart.call),
            expected: apart.expected,
            got: apart.got,
        });
    }
    let cut = is_cut(&recorded.end);
    let fuel = recorded.cost.fuel;
    different(Place::End, end(&recorded.end, fuel), end(&ended.end, fuel))
        .or_else(|| log(&recorded.log, &ended.log()))
        .or_else(|| {
            let (then, now) = (recorded.cost, ended.cost());
            let stacks = || (stack(&recorded.end), stack(&ended.end));
            let exact = || {
                let (expected, got) = stacks();
                different(Place::Stack, expected, got)
                    .or_else(|| different(Place::Fuel, words(then.fuel), words(now.fuel)))
                    .or_else(|| {
                        different(
                            Place::Memory,
                            words(then.memory_peak),
                            words(now.memory_peak),
                        )
                    })
            };
            (same_code && !cut).then(exact).flatten()
        })
}

fn different(place: Place, expected: String, got: String) -> Option<Difference> {
    (expected != got).then_some(Difference {
        place,
        expected,
        got,
    })
}

fn words(number: impl fmt::Display) -> String {
    number.to_string()
}

/// How a run ended, in words that are the same if it ended the same.
pub(crate) fn end(end: &End, fuel: u64) -> String {
    match end {
        cut if is_cut(cut) => format!("cut at {fuel} fuel"),
        End::Ok => "done".to_owned(),
        End::Rejected(why) => format!("rejected: {why}"),
        End::InvalidInput(wrong) => format!("invalid input: {wrong:?}"),
        End::Retry { why, after_ms } => match after_ms {
            Some(after_ms) => format!("again after {after_ms} ms: {why}"),
            None => format!("again later: {why}"),
        },
        End::NeedsConsent { matters } => format!("needs consent to {matters:?}"),
        End::Fault(fault) => fault.what.clone(),
    }
}

/// Where a run crashed, as the engine's words have it; the lines of the source are left out, since
/// only a replay looks for them.
fn stack(end: &End) -> String {
    let End::Fault(fault) = end else {
        return String::new();
    };
    let frame = |line: &str| {
        let (number, rest) = line.trim_start().split_once(": ")?;
        number.parse::<u32>().ok()?;
        let offset = rest.trim_start().split(' ').next()?;
        offset.starts_with("0x").then(|| offset.to_owned())
    };
    let frames: Vec<_> = fault.detail.lines().filter_map(frame).collect();
    frames.join(" ")
}

fn log(recorded: &[String], printed: &[String]) -> Option<Difference> {
    let lines = recorded.len().max(printed.len());
    let line = |of: &[String], place: usize| {
        of.get(place)
            .cloned()
            .unwrap_or_else(|| "(no more lines)".to_owned())
    };
    (0..lines).find_map(|place| {
        let number = place.saturating_add(1);
        different(
            Place::Log(number),
            line(recorded, place),
            line(printed, place),
        )
    })
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            place,
            expected,
            got,
        } = self;
        write!(f, "{place}: expected {expected}, got {got}")
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(number) => write!(f, "host call {number}"),
            Self::End => f.write_str("the end"),
            Self::Stack => f.write_str("the stack"),
            Self::Log(number) => write!(f, "line {number} of the log"),
            Self::Fuel => f.write_str("fuel"),
            Self::Memory => f.write_str("memory"),
        }
    }
}
