//! The state on disk: for each key the newest durable value that has reached it.
//!
//! It is layers. What was written lately lies in sled. Under that lies a checkpoint, the
//! [`Base`](super::checkpoint::base::Base), which has everything up to its record in order, so that
//! sled stays small however large the store is. Before a checkpoint is made, a new layer begins
//! ([`turn`](State::turn)); when it is made, the state rests on it ([`rest_on`](State::rest_on))
//! and the layer in between goes away.
//!
//! Nothing here is the only copy of anything: all of it can be made anew from the journal.

mod block;
mod filter;
mod guard;
mod layer;
mod layers;
mod mark;
mod scan;
mod spare;
#[cfg(test)]
mod tests;
mod value;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use self::filter::Filter;
pub(super) use self::guard::guarded;
use self::layer::Layer;
use self::layers::{Layers, generation, open_base};
pub(super) use self::mark::Applied;
use self::mark::{Footing, Mark};
use self::spare::Spare;
use super::census::Census;
use super::checkpoint::Flaw;
use super::checkpoint::record::Head;
use super::options::Options;
use super::recent::versioned;
use super::replay::{Writes, in_order};
use super::tally::Tally;
use crate::disk::{Disk, sync_folder};
use crate::engine::{Range, RawKey, Versioned};

/// Counts up when the shape of what is in the state changes.
const FORMAT: u8 = 3;

/// Why the state on disk cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum StateError {
    #[error("{0}")]
    Sled(#[from] sled::Error),
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("sled panicked: {0}")]
    Panic(String),
    #[error("a value's checksum is wrong")]
    Checksum,
    #[error("it is not what the journal gives")]
    Tally,
    #[error("the disk is full")]
    Full,
    #[error("a part of it is missing")]
    Missing,
    #[error("the checkpoint that it rests on cannot be used: {0}")]
    Base(#[from] Flaw),
    #[error("the checkpoint {path} that it rests on cannot be used: {reason}")]
    Checkpoint { path: PathBuf, reason: String },
}

/// The state on disk.
pub(super) struct State {
    spare: Spare,
    folder: PathBuf,
    checkpoints: PathBuf,
    layers: RwLock<Arc<Layers>>,
    /// Which values there may be.
    filter: Filter,
}

impl State {
    /// Opens the state, or makes an empty one.
    pub(super) fn open(options: &Options) -> Result<Self, StateError> {
        Spare::of(&options.state()).give()?;
        let layers = Layers::open(&options.state(), &options.checkpoints())?;
        Self::of(options, layers)
    }

    /// Makes a state that is what a checkpoint is; there is none yet.
    pub(super) fn on(options: &Options, head: &Head) -> Result<Self, StateError> {
        let (number, base) = (1, head.stamp.sequence);
        let (applied, footing) = (head.applied(), Footing { floor: base, base });
        let active = Layer::open(&generation(&options.state(), number))?;
        active.set_mark(&Mark { applied, footing })?;
        let layers = Layers {
            active: Arc::new(active),
            number,
            footing,
            frozen: None,
            base: open_base(&options.checkpoints(), &applied, footing)?,
        };
        Self::of(options, layers)
    }

    fn of(options: &Options, layers: Layers) -> Result<Self, StateError> {
        let filter = Filter::for_state(layers.bytes()?);
        if layers.is_empty()? {
            filter.complete();
        }
        let spare = Spare::of(&options.state());
        spare.keep(layers.sled_bytes()?, &*options.protections.disk)?;
        Ok(Self {
            spare,
            folder: options.state(),
            checkpoints: options.checkpoints(),
            layers: RwLock::new(Arc::new(layers)),
            filter,
        })
    }

    /// Removes whatever there is of a state.
    pub(super) fn remove(path: &Path) -> io::Result<()> {
        match fs::remove_dir_all(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn layers(&self) -> Arc<Layers> {
        let layers = self.layers.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&layers)
    }

    fn replace(&self, layers: Layers) {
        *self.layers.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(layers);
    }

    pub(super) fn applied(&self) -> Result<Option<Applied>, StateError> {
        Ok(self.layers().active.mark()?.map(|mark| mark.applied))
    }

    pub(super) fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StateError> {
        if !block::is_entry(key) && !self.filter.may_have(key) {
            return Ok(None);
        }
        self.layers().get(key)
    }

    /// Returns what is in a range, in the order the range asks for, without a limit.
    pub(super) fn scan(
        &self,
        range: &Range,
    ) -> Result<impl Iterator<Item = Result<(RawKey, Versioned), StateError>> + use<>, StateError>
    {
        let found = self.layers().scan(range)?;
        Ok(found.filter_map(|next| match next {
            Ok((key, written)) => Some(Ok((key, versioned(&written)?))),
            Err(error) => Some(Err(error)),
        }))
    }

    /// Writes values and deletions in the order of their keys.
    pub(super) fn apply<'a>(
        &self,
        writes: impl Iterator<Item = (&'a RawKey, u64, Option<&'a [u8]>)> + Clone,
        census: &mut Census,
    ) -> Result<(), StateError> {
        let layers = self.layers();
        for (key, version, value) in writes.clone() {
            if census.has_counted(key) {
                let before = layers.version(key)?;
                census.change(key, before, value.map_or(0, |_| version));
            }
            if value.is_some() {
                self.know(key);
            }
        }
        layers.active.apply(writes, layers.is_sled_alone())
    }

    /// Counts the next keys of a census; false when there are no more.
    pub(super) fn count(&self, census: &mut Census, keys: usize) -> Result<bool, StateError> {
        let Some(from) = census.until().cloned() else {
            return Ok(false);
        };
        let mut left = keys;
        for next in self.scan(&Range::from(from))? {
            let (key, found) = next?;
            self.know(&key);
            census.count(&key, found.version);
            left = left.saturating_sub(1);
            if left == 0 {
                return Ok(true);
            }
        }
        self.filter.complete();
        Ok(false)
    }

    /// Takes note of a key that is there.
    fn know(&self, key: &[u8]) {
        if !block::is_entry(key) {
            self.filter.add(key);
        }
    }

    /// Makes sure that there is room for so many bytes more; false on a full disk.
    pub(super) fn has_room(&self, bytes: u64, disk: &dyn Disk) -> Result<bool, StateError> {
        self.layers().active.has_room(bytes, disk)
    }

    /// Says how far the state is.
    pub(super) fn set_applied(&self, applied: &Applied) -> Result<(), StateError> {
        let layers = self.layers();
        layers.active.set_mark(&Mark {
            applied: *applied,
            footing: layers.footing,
        })
    }

    /// Makes everything durable, and keeps room for the next start.
    pub(super) fn sync(&self, disk: &dyn Disk) -> Result<(), StateError> {
        let layers = self.layers();
        layers.active.sync(disk)?;
        Ok(self.spare.keep(layers.sled_bytes()?, disk)?)
    }

    /// Gives up the room that is kept for a start: this one has much to write. The next sync keeps
    /// it again.
    pub(super) fn spend(&self) -> Result<(), StateError> {
        Ok(self.spare.give()?)
    }

    /// Reads everything and returns its tally and the newest version.
    pub(super) fn tally(&self) -> Result<(Tally, u64), StateError> {
        let (mut tally, mut newest) = (Tally::default(), 0);
        for next in self.scan(&Range::from(RawKey::new()))? {
            let (key, found) = next?;
            self.know(&key);
            tally.change(&key, 0, found.version);
            newest = newest.max(found.version);
        }
        self.filter.complete();
        Ok((tally, newest))
    }

    /// The record at which the checkpoint ends that it rests on; 0 for none.
    pub(super) fn rests_on(&self) -> u64 {
        self.layers().footing.base
    }

    /// The record a checkpoint has to have come to for a layer that waits for one.
    pub(super) fn waits_for(&self) -> Option<u64> {
        let layers = self.layers();
        layers.frozen.as_ref().map(|_| layers.footing.floor)
    }

    /// Begins a new layer, which has everything after the record `floor`: `late` is what of that
    /// the state has. Nobody writes to the state meanwhile, and no layer waits.
    pub(super) fn turn(
        &self,
        late: &Writes,
        floor: u64,
        disk: &dyn Disk,
    ) -> Result<(), StateError> {
        let old = self.layers();
        let Some(mark) = old.active.mark()? else {
            return Ok(());
        };
        if !self.has_room(0, disk)? {
            return Err(StateError::Full);
        }
        old.active.sync(disk)?;
        let (applied, number) = (mark.applied, old.number.saturating_add(1));
        let footing = Footing {
            floor,
            ..mark.footing
        };
        let active = Layer::open(&generation(&self.folder, number))?;
        let bytes = late
            .iter()
            .map(|(key, (_, value))| length(key, value.as_deref()));
        if !active.has_room(bytes.sum(), disk)? {
            active.retire();
            return Err(StateError::Full);
        }
        active.apply(in_order(late), false)?;
        active.set_mark(&Mark { applied, footing })?;
        active.sync(disk)?;
        sync_folder(&self.folder)?;
        self.replace(Layers {
            active: Arc::new(active),
            number,
            footing,
            frozen: Some(Arc::clone(&old.active)),
            base: old.base.clone(),
        });
        Ok(())
    }

    /// Rests on a checkpoint from now on, if that has come to where the newest layer begins, and
    /// the layer to where the checkpoint ends: a layer that is behind would hide newer values. The
    /// checkpoint is sound. Nobody writes to the state meanwhile. Returns the layer that nothing
    /// rests on any more, whose folder goes when it is dropped.
    pub(super) fn rest_on(
        &self,
        head: &Head,
        disk: &dyn Disk,
    ) -> Result<Option<Arc<Layer>>, StateError> {
        let old = self.layers();
        let Some(mark) = old.active.mark()? else {
            return Ok(None);
        };
        let reach = mark.footing.floor..=mark.applied.sequence;
        if !reach.contains(&head.stamp.sequence) {
            return Ok(None);
        }
        if !self.has_room(0, disk)? {
            return Err(StateError::Full);
        }
        let footing = Footing {
            base: head.stamp.sequence,
            ..mark.footing
        };
        let base = open_base(&self.checkpoints, &mark.applied, footing)?;
        let applied = mark.applied;
        old.active.set_mark(&Mark { applied, footing })?;
        old.active.sync(disk)?;
        self.replace(Layers {
            active: Arc::clone(&old.active),
            number: old.number,
            footing,
            frozen: None,
            base,
        });
        if let Some(frozen) = &old.frozen {
            frozen.retire();
        }
        Ok(old.frozen.clone())
    }

    /// Puts something there that is no value.
    #[cfg(test)]
    pub(super) fn spoil(&self, key: &[u8]) {
        self.filter.add(key);
        let spoil = |db: &sled::Db| Ok(db.insert(key, vec![7; 40])?);
        drop(self.layers().active.sled.with(spoil));
    }

    pub(super) fn path(&self) -> &Path {
        &self.folder
    }
}

/// How long a key and its value are together.
fn length(key: &[u8], value: Option<&[u8]>) -> u64 {
    let length = key.len().saturating_add(value.map_or(0, <[u8]>::len));
    u64::try_from(length).unwrap_or(u64::MAX)
}
