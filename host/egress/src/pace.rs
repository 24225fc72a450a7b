//! How often, and how much at once: one app's slow backend must not hold up the others.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use souk_core::{AppId, Timestamp, limits};

use crate::refusal::Refusal;

/// A minute, in milliseconds.
const MINUTE_MS: u64 = 60_000;
/// When it is worth trying again where somebody else's request has to end first.
const SOON_MS: u64 = 1_000;

/// How often, and how much at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Requests of one app in a minute.
    pub per_minute: usize,
    /// Requests of one app under way at once.
    pub of_app: usize,
    /// Requests under way at once.
    pub at_once: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            per_minute: limits::HTTP_REQUESTS_PER_MINUTE_MAX,
            of_app: limits::HTTP_APP_AT_ONCE_REQUESTS_MAX,
            at_once: limits::HTTP_AT_ONCE_REQUESTS_MAX,
        }
    }
}

/// How often, and how much at once, for every app and for single ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paces {
    /// What holds for every app that is not named, and for all together.
    pub every: Limits,
    /// What holds for those that are.
    pub single: BTreeMap<AppId, Limits>,
}

impl From<Limits> for Paces {
    fn from(every: Limits) -> Self {
        let single = BTreeMap::new();
        Self { every, single }
    }
}

/// Counts requests.
pub(crate) struct Pace {
    paces: Paces,
    counts: Arc<Mutex<Counts>>,
}

#[derive(Default)]
struct Counts {
    /// Which minute is counted.
    minute: u64,
    /// Requests of each app in it.
    begun: BTreeMap<AppId, usize>,
    /// Requests of each app under way.
    under_way: BTreeMap<AppId, usize>,
}

/// A request under way, until it is dropped.
pub(crate) struct Place {
    counts: Arc<Mutex<Counts>>,
    app: AppId,
}

impl Pace {
    pub(crate) fn new(paces: Paces) -> Self {
        let counts = Arc::default();
        Self { paces, counts }
    }

    /// Lets a request of an app begin.
    pub(crate) fn enter(&self, app: &AppId, now: Timestamp) -> Result<Place, Refusal> {
        let limits = self.paces.single.get(app).unwrap_or(&self.paces.every);
        let mut counts = lock(&self.counts);
        let minute = now.millis() / MINUTE_MS;
        if counts.minute != minute {
            counts.minute = minute;
            counts.begun.clear();
        }
        let all: usize = counts.under_way.values().sum();
        let own = counts.under_way.get(app).copied().unwrap_or(0);
        for (under_way, allowed) in [(own, limits.of_app), (all, self.paces.every.at_once)] {
            if under_way >= allowed {
                let retry_ms = SOON_MS;
                return Err(Refusal::Pace { allowed, retry_ms });
            }
        }
        let begun = counts.begun.entry(app.clone()).or_default();
        let allowed = limits.per_minute;
        if *begun >= allowed {
            let retry_ms = MINUTE_MS.saturating_sub(now.millis() % MINUTE_MS);
            return Err(Refusal::Pace { allowed, retry_ms });
        }
        *begun = begun.saturating_add(1);
        counts.under_way.insert(app.clone(), own.saturating_add(1));
        Ok(Place {
            counts: Arc::clone(&self.counts),
            app: app.clone(),
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = lock(&self.counts);
        let left = counts.under_way.get(&self.app).copied().unwrap_or(0);
        match left.checked_sub(1) {
            Some(0) | None => counts.under_way.remove(&self.app),
            Some(left) => counts.under_way.insert(self.app.clone(), left),
        };
    }
}

fn lock(counts: &Mutex<Counts>) -> MutexGuard<'_, Counts> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        per_minute: 3,
        of_app: 2,
        at_once: 3,
    };

    fn app(name: &str) -> AppId {
        format!("com.example.{name}").parse().unwrap()
    }

    #[test]
    fn each_limit_holds_and_lets_go() {
        let pace = Pace::new(LIMITS.into());
        let at = Timestamp::from_millis;
        let refused = |name, now| pace.enter(&app(name), at(now)).err();
        let pace_of = |allowed, retry_ms| Some(Refusal::Pace { allowed, retry_ms });
        let (one, two) = (
            pace.enter(&app("tea"), at(0)).unwrap(),
            pace.enter(&app("tea"), at(0)).unwrap(),
        );
        assert_eq!(
            refused("tea", 0),
            pace_of(2, SOON_MS),
            "two of one app at once"
        );
        let three = pace.enter(&app("inn"), at(0)).unwrap();
        assert_eq!(refused("bar", 0), pace_of(3, SOON_MS), "three at once");
        drop((one, two, three));
        assert_eq!(refused("tea", 10_000), None);
        let later = pace_of(3, 50_000);
        assert_eq!(refused("tea", 10_000), later, "three in a minute");
        assert_eq!(refused("tea", 60_000), None);
    }

    #[test]
    fn an_app_has_a_pace_of_its_own() {
        let slow = Limits {
            per_minute: 1,
            ..LIMITS
        };
        let pace = Pace::new(Paces {
            every: LIMITS,
            single: BTreeMap::from([(app("tea"), slow)]),
        });
        let refused = |name| pace.enter(&app(name), Timestamp::from_millis(0)).err();
        assert_eq!(
            (refused("tea"), refused("inn"), refused("inn")),
            (None, None, None)
        );
        let (allowed, retry_ms) = (1, MINUTE_MS);
        assert_eq!(refused("tea"), Some(Refusal::Pace { allowed, retry_ms }));
    }
}
