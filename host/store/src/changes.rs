//! Who is woken when a log grows: those who follow it, and nobody else. With ten thousand people
//! connected, a commit costs what those cost whom it concerns.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::key::Key;

/// Where it is said which logs grew, and to whom it matters.
#[derive(Clone, Default)]
pub struct Hub(Arc<Mutex<Followers>>);

/// Who follows what, by the numbers they have.
#[derive(Default)]
struct Followers {
    last: u64,
    of_logs: BTreeMap<Key, BTreeMap<u64, Arc<Notify>>>,
    /// Those who follow every log whose key starts with theirs.
    of_rooms: BTreeMap<u64, (Key, Arc<Notify>)>,
}

/// One who follows some logs.
pub struct Changes {
    hub: Hub,
    number: u64,
    logs: BTreeSet<Key>,
    grew: Arc<Notify>,
}

impl Hub {
    /// Wakes those who follow one of these logs.
    pub(crate) fn tell(&self, logs: &[Key]) {
        let followers = self.followers();
        for log in logs {
            let of_log = followers.of_logs.get(log).into_iter().flatten();
            let rooms = followers.of_rooms.values();
            let of_rooms = rooms.filter(|(room, _)| log.after(room).is_some());
            let woken = of_log.map(|(_, grew)| grew);
            let woken = woken.chain(of_rooms.map(|(_, grew)| grew));
            woken.for_each(|grew| grew.notify_one());
        }
    }

    /// Begins to follow every log of a room.
    pub(crate) fn room(&self, room: Key) -> Changes {
        let changes = self.nothing();
        let follower = (room, Arc::clone(&changes.grew));
        self.followers().of_rooms.insert(changes.number, follower);
        changes
    }

    /// Begins to follow nothing yet.
    pub(crate) fn nothing(&self) -> Changes {
        let mut followers = self.followers();
        followers.last = followers.last.saturating_add(1);
        Changes {
            hub: self.clone(),
            number: followers.last,
            logs: BTreeSet::new(),
            grew: Arc::default(),
        }
    }

    fn followers(&self) -> MutexGuard<'_, Followers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Changes {
    /// Follows these logs from now on, and no others. One that was not followed before may have
    /// grown since it was read.
    pub fn follow(&mut self, logs: BTreeSet<Key>) {
        let mut followers = self.hub.followers();
        for gone in self.logs.difference(&logs) {
            followers.leave(gone, self.number);
        }
        for new in logs.difference(&self.logs) {
            let of_log = followers.of_logs.entry(new.clone()).or_default();
            of_log.insert(self.number, Arc::clone(&self.grew));
        }
        drop(followers);
        if !logs.is_subset(&self.logs) {
            self.grew.notify_one();
        }
        self.logs = logs;
    }

    /// Returns when one that is followed has grown since this returned last, or may have.
    pub async fn grew(&self) {
        self.grew.notified().await;
    }
}

impl Drop for Changes {
    fn drop(&mut self) {
        self.follow(BTreeSet::new());
        self.hub.followers().of_rooms.remove(&self.number);
    }
}

impl Followers {
    fn leave(&mut self, log: &Key, number: u64) {
        if let Some(of_log) = self.of_logs.get_mut(log) {
            of_log.remove(&number);
            if of_log.is_empty() {
                self.of_logs.remove(log);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn key(name: &str) -> Key {
        Key::room("room").with(name)
    }

    fn woken(changes: &Changes) -> bool {
        changes.grew().now_or_never().is_some()
    }

    #[test]
    fn only_those_whom_it_concerns_are_woken_and_once() {
        let hub = Hub::default();
        let (mut one, mut other) = (hub.nothing(), hub.nothing());
        let all = hub.room(Key::room("room"));
        one.follow([key("a"), key("b")].into());
        other.follow([key("c")].into());
        assert_eq!([&one, &other, &all].map(woken), [true, true, false]);
        hub.tell(&[key("a"), key("b")]);
        assert_eq!([&one, &other, &all].map(woken), [true, false, true]);
        assert_eq!([&one, &other, &all].map(woken), [false; 3]);
        one.follow([key("b")].into());
        assert_eq!([&one, &other, &all].map(woken), [false; 3]);
        one.follow([key("c")].into());
        assert_eq!([&one, &other, &all].map(woken), [true, false, false]);
        hub.tell(&[key("a"), Key::room("elsewhere").with("c")]);
        assert_eq!([&one, &other, &all].map(woken), [false, false, true]);
        hub.tell(&[key("c")]);
        assert_eq!([&one, &other, &all].map(woken), [true; 3]);
    }

    #[test]
    fn nothing_is_kept_of_who_is_gone() {
        let hub = Hub::default();
        let mut gone = hub.nothing();
        gone.follow([key("a")].into());
        drop((gone, hub.room(key("b"))));
        let followers = hub.followers();
        assert!(followers.of_logs.is_empty() && followers.of_rooms.is_empty());
    }
}
