//! What happens later: events waiting in lanes, things due at a time, events parked for an answer,
//! events set aside, letters to the outside, timers.
//!
//! An [`Event`] is what a mini-app is told. Those a person causes are run at once, in their own
//! commit; those that follow from another commit are appended to a lane, in order, by that very
//! commit, so that they happen if and only if their cause did. A lane's cursor moves in the commit
//! of the event it points at: delivery is at least once, effect exactly once.
//!
//! Nothing here runs anything. The loop that does lives in the market.

pub mod done;
pub mod due;
pub mod failed;
mod keys;
pub mod lane;
pub mod lease;
mod locale;
pub mod outbox;
pub mod parked;
mod plain;
pub mod reads;
mod record;
mod start;
pub mod timer;

pub use locale::Locale;
pub use record::{
    BucketPlace, Cause, Due, Event, Forgotten, Lane, Letter, Mark, Outcome, Outgoing, Reply,
    Silence, TimerPlace, Wrong,
};
pub use start::{StartError, StartParameter};
