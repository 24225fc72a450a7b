//! Being told later. Needs the permission `schedule`.
//!
//! A timer belongs to the chat that set it ([`in_chat`]) or to no chat ([`in_app`]). It goes off
//! once, at its time or soon after, and comes to [`MiniApp::timer`](crate::MiniApp::timer). Setting
//! one is staged like everything an event does.

use std::time::SystemTime;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::denied::{Allowance, allowances};
use crate::event::{millis, moment};
use crate::wit::souk::miniapp::events;
use crate::wit::souk::schedule::timers as wit;
use crate::{Denied, Failure, Result};

/// The timers of one scope.
///
/// ```no_run
/// # use std::time::Duration;
/// # use souk_sdk::prelude::*;
/// # fn demo(event: &Event) -> Result {
/// let ready = event.at() + Duration::from_secs(240);
/// souk_sdk::schedule::in_chat().set("tea", ready, "jasmine")?;
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Timers(wit::Scope);

/// Where a timer goes off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// In no chat.
    App,
    /// In the chat it was set in.
    Chat,
}

/// A timer that is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// What the app calls it.
    pub name: String,
    /// When it goes off, or soon after.
    pub at: SystemTime,
}

/// Returns the timers of the chat this event happened in. They may speak there.
pub fn in_chat() -> Timers {
    Timers(wit::Scope::Chat)
}

/// Returns the timers of no chat.
pub fn in_app() -> Timers {
    Timers(wit::Scope::App)
}

/// Returns what is left of the limits on setting timers.
pub fn timer_allowances() -> Vec<Allowance> {
    allowances(wit::allowances())
}

impl Timers {
    /// Sets a timer, in the place of one of the same name: at least a second and at most a year
    /// from this event. It brings `payload` back, at most 4 KiB as JSON.
    ///
    /// # Errors
    /// [`Denied::NotGranted`], also in a chat where the event has none; [`Denied::Invalid`];
    /// [`Denied::OverLimit`].
    pub fn set(
        &self,
        name: &str,
        at: SystemTime,
        payload: &(impl Serialize + ?Sized),
    ) -> Result<(), Denied> {
        let payload = serde_json::to_vec(payload);
        let payload = payload.map_err(|error| Denied::Invalid(error.to_string()))?;
        Ok(wit::set(self.0, name, millis(at), &payload)?)
    }

    /// Takes a timer off.
    ///
    /// # Errors
    /// [`Denied::NotFound`] when none of this name is set, or it went off already.
    pub fn cancel(&self, name: &str) -> Result<(), Denied> {
        Ok(wit::cancel(self.0, name)?)
    }

    /// Returns the timers that are set, by name.
    ///
    /// # Errors
    /// [`Denied::NotGranted`].
    pub fn list(&self) -> Result<Vec<Pending>, Denied> {
        let pending = |wit::Pending { name, at }| Pending {
            name,
            at: moment(at),
        };
        Ok(wit::list(self.0)?.into_iter().map(pending).collect())
    }
}

/// A timer that went off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timer {
    scope: Scope,
    name: String,
    due: SystemTime,
    payload: Vec<u8>,
}

impl Timer {
    pub(crate) fn new(timer: events::Timer) -> Self {
        Self {
            scope: match timer.scope {
                wit::Scope::App => Scope::App,
                wit::Scope::Chat => Scope::Chat,
            },
            name: timer.name,
            due: moment(timer.due),
            payload: timer.payload,
        }
    }

    /// Returns where it went off: names are told apart within one scope.
    pub fn scope(&self) -> Scope {
        self.scope
    }

    /// Returns what the app called it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns when the app wanted to be told. [`Event::at`](crate::Event::at) is when it went off:
    /// soon after, or much later if the host was away.
    pub fn due(&self) -> SystemTime {
        self.due
    }

    /// Reads what the app wanted to have back.
    ///
    /// # Errors
    /// [`Failure::Rejected`] when it is not a `T`: the timer is older than the app.
    pub fn payload<T: DeserializeOwned>(&self) -> Result<T> {
        let old = "This timer is from an earlier version.";
        serde_json::from_slice(&self.payload).map_err(|_| Failure::rejected(old))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timer_brings_back_what_it_was_given() {
        let timer = Timer::new(events::Timer {
            scope: wit::Scope::Chat,
            name: "tea".to_owned(),
            due: 1_000,
            payload: b"[\"jasmine\", 2]".to_vec(),
        });
        assert_eq!(
            timer.payload::<(String, u8)>(),
            Ok(("jasmine".to_owned(), 2))
        );
        assert!(timer.payload::<String>().is_err());
        assert_eq!((timer.scope(), timer.due()), (Scope::Chat, moment(1_000)));
    }
}
