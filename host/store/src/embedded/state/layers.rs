//! What the state is made of: the sled that is written to, perhaps one that was written to before,
//! and the checkpoint under them. Each is a folder or a file; the newest sled says what is under
//! it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::layer::Layer;
use super::mark::{Applied, Footing, Mark};
use super::{StateError, block};
use crate::embedded::checkpoint::base::Base;
use crate::embedded::checkpoint::shelf::Checkpoints;
use crate::embedded::recent::{Written, by_key, merge, versioned};
use crate::engine::{Range, RawKey, Versioned};

/// What the state is made of, the newest first.
pub(super) struct Layers {
    /// What is written to.
    pub(super) active: Arc<Layer>,
    /// The number in its folder's name.
    pub(super) number: u64,
    pub(super) footing: Footing,
    /// What was written to before, and is not in the base yet.
    pub(super) frozen: Option<Arc<Layer>>,
    pub(super) base: Option<Arc<Base>>,
}

/// What is under a key, if it is there.
type Found = Result<(RawKey, Written), StateError>;

impl Layers {
    pub(super) fn open(folder: &Path, checkpoints: &Path) -> Result<Self, StateError> {
        let mut numbers = numbers(folder)?;
        let (number, active, mark) = loop {
            let number = numbers.pop().unwrap_or(1);
            let active = Layer::open(&generation(folder, number))?;
            match active.mark()? {
                // A cut came before it had said where it stands.
                None if !numbers.is_empty() => {
                    drop(active);
                    fs::remove_dir_all(generation(folder, number))?;
                }
                mark => break (number, active, mark),
            }
        };
        let footing = mark.map_or(Footing::default(), |mark| mark.footing);
        let frozen = match mark {
            Some(mark) if footing.has_gap() => {
                let before = numbers
                    .pop()
                    .filter(|before| before.checked_add(1) == Some(number));
                let before = before.ok_or(StateError::Missing)?;
                Some(Arc::new(under(&generation(folder, before), &mark)?))
            }
            Some(_) | None => None,
        };
        if frozen.is_none() {
            remove_before(folder, number)?;
        }
        let base = match mark {
            Some(mark) => open_base(checkpoints, &mark.applied, footing)?,
            None => None,
        };
        Ok(Self {
            active: Arc::new(active),
            number,
            footing,
            frozen,
            base,
        })
    }

    /// Tells whether nothing lies under the layer that is written to.
    pub(super) fn is_sled_alone(&self) -> bool {
        self.frozen.is_none() && self.base.is_none()
    }

    pub(super) fn is_empty(&self) -> Result<bool, StateError> {
        Ok(self.is_sled_alone() && self.active.sled.with(|db| Ok(db.is_empty()))?)
    }

    /// How long its files are.
    pub(super) fn bytes(&self) -> io::Result<u64> {
        let base = self.base.as_ref().map_or(0, |base| base.bytes());
        Ok(self.sled_bytes()?.saturating_add(base))
    }

    /// How long the files are that are sled's.
    pub(super) fn sled_bytes(&self) -> io::Result<u64> {
        let frozen = self
            .frozen
            .as_ref()
            .map_or(Ok(0), |frozen| frozen.bytes())?;
        Ok(self.active.bytes()?.saturating_add(frozen))
    }

    pub(super) fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StateError> {
        for layer in [Some(&self.active), self.frozen.as_ref()]
            .into_iter()
            .flatten()
        {
            if let Some(written) = layer.get(key)? {
                return Ok(versioned(&written));
            }
        }
        match &self.base {
            Some(base) => Ok(base.get(key)?),
            None => Ok(None),
        }
    }

    /// The commit that wrote what a key holds; 0 for none, and for what comes to a log.
    pub(super) fn version(&self, key: &[u8]) -> Result<u64, StateError> {
        if block::is_entry(key) {
            return Ok(0);
        }
        Ok(self.get(key)?.map_or(0, |found| found.version))
    }

    /// Returns what is in a range, deletions included.
    pub(super) fn scan(
        &self,
        range: &Range,
    ) -> Result<Box<dyn Iterator<Item = Found>>, StateError> {
        let mut found: Box<dyn Iterator<Item = Found>> = Box::new(self.active.scan(range)?);
        if let Some(frozen) = &self.frozen {
            let under = frozen.scan(range)?;
            found = Box::new(merge(found, under, by_key(range.reverse)));
        }
        if let Some(base) = &self.base {
            let under = base.scan(range).map(|next| {
                let entry = next?;
                let (version, value) = (entry.version, entry.value);
                Ok((entry.key, Written { version, value }))
            });
            found = Box::new(merge(found, under, by_key(range.reverse)));
        }
        Ok(found)
    }
}

/// Opens the layer under another, which has to have all that the other one lacks.
fn under(folder: &Path, above: &Mark) -> Result<Layer, StateError> {
    let layer = Layer::open(folder)?;
    let mark = layer.mark()?.ok_or(StateError::Missing)?;
    let is_whole = mark.applied.store == above.applied.store
        && mark.footing.base == above.footing.base
        && mark.applied.sequence >= above.footing.floor;
    is_whole.then_some(layer).ok_or(StateError::Missing)
}

/// Opens the checkpoint that a layer rests on, if it rests on one.
pub(super) fn open_base(
    checkpoints: &Path,
    applied: &Applied,
    footing: Footing,
) -> Result<Option<Arc<Base>>, StateError> {
    if footing.base == 0 {
        return Ok(None);
    }
    let checkpoints = Checkpoints::new(checkpoints.to_path_buf(), applied.store);
    checkpoints.head(footing.base)?;
    let base = Base::open(&checkpoints.path(footing.base))?;
    Ok(Some(Arc::new(base)))
}

pub(super) fn generation(folder: &Path, number: u64) -> PathBuf {
    folder.join(number.to_string())
}

/// The numbers of the layers there are, the oldest first.
pub(super) fn numbers(folder: &Path) -> io::Result<Vec<u64>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other?,
    };
    let mut numbers = Vec::new();
    for entry in entries {
        let name = entry?.file_name();
        numbers.extend(name.to_str().and_then(|name| name.parse::<u64>().ok()));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

/// Removes all layers before one.
pub(super) fn remove_before(folder: &Path, number: u64) -> io::Result<()> {
    for older in numbers(folder)? {
        if older < number {
            fs::remove_dir_all(generation(folder, older))?;
        }
    }
    Ok(())
}
