//! The keys in memory, and how a new one becomes durable before anybody uses it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use super::cipher::Secret;
use super::file::KeyFile;
use super::slot::Name;
use crate::StoreError;

/// All owners' keys. A cheap handle.
#[derive(Clone)]
pub(super) struct Keys(Arc<Inner>);

struct Inner {
    known: RwLock<BTreeMap<Name, Known>>,
    /// Names that somebody waits for. Whoever holds the file next writes them all with one sync.
    wanted: Mutex<Vec<Name>>,
    /// Nothing for keys that live as long as the process.
    file: Option<Mutex<KeyFile>>,
}

/// A key, and the slot it is kept in.
pub(super) struct Known {
    pub(super) key: Arc<Secret>,
    pub(super) slot: u64,
}

impl Keys {
    pub(super) fn ephemeral() -> Self {
        Self::of(None, BTreeMap::new())
    }

    pub(super) fn kept(file: KeyFile, known: BTreeMap<Name, Known>) -> Self {
        Self::of(Some(Mutex::new(file)), known)
    }

    fn of(file: Option<Mutex<KeyFile>>, known: BTreeMap<Name, Known>) -> Self {
        Self(Arc::new(Inner {
            known: RwLock::new(known),
            wanted: Mutex::default(),
            file,
        }))
    }

    pub(super) fn find(&self, name: &Name) -> Option<Arc<Secret>> {
        self.0.found(name)
    }

    /// How many keys there are.
    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        let known = &self.0.known;
        known.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Makes the key of a name that has none and returns it when it is durable.
    pub(super) async fn make(&self, name: Name) -> Result<Arc<Secret>, StoreError> {
        if self.0.file.is_none() {
            return Ok(self.0.keep(name, 0, Secret::random()?));
        }
        locked(&self.0.wanted).push(name);
        self.with_file(move |inner, file| inner.make_wanted(name, file))
            .await
    }

    /// Erases the key of a name, on the disk first.
    pub(super) async fn erase(&self, name: Name) -> Result<(), StoreError> {
        if self.0.file.is_none() {
            self.0.forget(&name);
            return Ok(());
        }
        self.with_file(move |inner, file| inner.erase(name, file))
            .await
    }

    /// Runs `body` where it may block. It ends what it began even if nobody waits any more.
    async fn with_file<T: Send + 'static>(
        &self,
        body: impl FnOnce(&Inner, &mut KeyFile) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let inner = Arc::clone(&self.0);
        let run = move || {
            let file = inner.file.as_ref().ok_or(StoreError::Keyring)?;
            body(&inner, &mut locked(file))
        };
        tokio::task::spawn_blocking(run)
            .await
            .unwrap_or(Err(StoreError::Keyring))
    }
}

impl Inner {
    fn make_wanted(&self, name: Name, file: &mut KeyFile) -> Result<Arc<Secret>, StoreError> {
        if let Some(made) = self.found(&name) {
            return Ok(made);
        }
        let mut wanted = std::mem::take(&mut *locked(&self.wanted));
        wanted.push(name);
        wanted.sort_unstable();
        wanted.dedup();
        wanted.retain(|name| self.found(name).is_none());
        let keys = wanted.into_iter().map(|name| Ok((name, Secret::random()?)));
        let keys = keys.collect::<Result<Vec<_>, StoreError>>()?;
        let first = file.append(&keys)?;
        for (slot, (name, key)) in (first..).zip(keys) {
            self.keep(name, slot, key);
        }
        self.found(&name).ok_or(StoreError::Keyring)
    }

    fn erase(&self, name: Name, file: &mut KeyFile) -> Result<(), StoreError> {
        let slot = {
            let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
            known.get(&name).map(|known| known.slot)
        };
        if let Some(slot) = slot {
            file.erase(slot)?;
            self.forget(&name);
        }
        Ok(())
    }

    fn found(&self, name: &Name) -> Option<Arc<Secret>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.get(name).map(|known| Arc::clone(&known.key))
    }

    /// Remembers a key, unless the name has one by now: the first one stays.
    fn keep(&self, name: Name, slot: u64, key: Secret) -> Arc<Secret> {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let kept = known.entry(name).or_insert_with(|| Known {
            key: Arc::new(key),
            slot,
        });
        Arc::clone(&kept.key)
    }

    fn forget(&self, name: &Name) {
        self.known
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(name);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
