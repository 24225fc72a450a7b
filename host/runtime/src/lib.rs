//! The sandbox: runs mini-apps, each event in a fresh instance, and gives them what they may have.
//!
//! A [`Runtime`] prepares a component once and runs it for every event. A run stages its effects in
//! the transaction it is given and answers with a [`Report`]; it never commits. A guest cannot make
//! the host panic, take memory without bound or wait without a deadline: every bound is in
//! [`Limits`], and every call from the guest passes one door. What crosses there is recorded: a
//! [`Trace`] runs again anywhere, to the byte.
//!
//! This is the only crate that names the WebAssembly engine.

mod artifact;
mod bindings;
mod border;
mod capability;
mod code;
pub mod compile;
mod console;
mod convert;
mod ctx;
mod denied;
mod door;
mod left;
mod limiter;
mod limits;
mod narrower;
mod needs;
mod outcome;
mod outside;
mod prepare;
mod prepared;
mod replay;
mod run;
mod runtime;
mod seat;
mod slow;
mod tape;
mod terms;
#[cfg(test)]
mod testing;
mod ticker;
mod trace;
mod twins;
mod wasi;
mod words;
mod workshop;

pub use artifact::Trust;
pub use capability::storage::{expire, forget};
pub use compile::Compiler;
pub use ctx::Job;
pub use limits::Limits;
pub use narrower::{BOUNDS, Bound, Narrower, Narrowers, bound};
pub use outcome::{Called, Cost, End, Fault, FaultKind, Report, Use};
pub use outside::{Outside, Read, reply};
pub use prepare::PrepareError;
pub use prepared::Prepared;
pub use replay::{Difference, Place, Replay, ReplayError};
pub use runtime::{Protections, Runtime, RuntimeError};
pub use terms::Terms;
pub use trace::{CallLine, Recording, Trace, TraceError};
pub use workshop::{Found, Workshop};
