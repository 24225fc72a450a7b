//! What an engine does to its disk, written down, and the states a power cut can leave on the way.
//!
//! A cut keeps everything that was synced. What was written and not synced is there, or not, or in
//! part, sector by sector, in any order: so each sector of each such write takes its chance.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use souk_store::{Disk, Durable};

use crate::Wrong;
use crate::dice::Dice;

/// The least that a disk writes whole.
const SECTOR_BYTES: usize = 512;

/// One thing that was done to the disk, or told to somebody.
#[derive(Clone, Debug)]
pub(crate) enum Deed {
    /// Bytes were written at a place of a file.
    Write(PathBuf, u64, Vec<u8>),
    /// All that was written to a file became durable.
    Sync(PathBuf),
    /// The deposit with this number was acknowledged.
    Told(u64),
}

impl Deed {
    /// The file it was done to, if there is one.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Self::Write(path, ..) | Self::Sync(path) => Some(path),
            Self::Told(_) => None,
        }
    }
}

/// A disk that writes down what is done to it.
pub(crate) struct Recorder {
    deeds: Mutex<Vec<Deed>>,
    /// Leave the syncs out.
    lying: bool,
}

impl Recorder {
    pub(crate) fn new(lying: bool) -> Self {
        Self {
            deeds: Mutex::default(),
            lying,
        }
    }

    /// Writes down that a deposit was acknowledged.
    pub(crate) fn told(&self, number: u64) {
        self.deeds().push(Deed::Told(number));
    }

    /// Returns everything so far.
    pub(crate) fn trace(&self) -> Vec<Deed> {
        self.deeds().clone()
    }

    fn deeds(&self) -> MutexGuard<'_, Vec<Deed>> {
        self.deeds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Disk for Recorder {
    fn write(&self, file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
        let deed = Deed::Write(path(file)?, at, bytes.to_vec());
        self.deeds().push(deed);
        Durable.write(file, bytes, at)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        if !self.lying {
            self.deeds().push(Deed::Sync(path(file)?));
        }
        Ok(())
    }

    fn allocate(&self, file: &File, from: u64, bytes: u64) -> io::Result<()> {
        let zeros = vec![0; usize::try_from(bytes).map_err(io::Error::other)?];
        self.write(file, &zeros, from)
    }
}

/// Where an open file is.
fn path(file: &File) -> io::Result<PathBuf> {
    fs::read_link(format!("/proc/self/fd/{}", file.as_raw_fd()))
}

/// The files of a disk at one place of a trace.
#[derive(Clone, Default)]
pub(crate) struct Platter {
    files: BTreeMap<PathBuf, Sectors>,
}

/// One file: what is durable of it, if it is at all, and what was written since.
#[derive(Clone, Default)]
struct Sectors {
    durable: Option<Vec<u8>>,
    unsynced: Vec<(u64, Vec<u8>)>,
}

impl Platter {
    /// Takes files as they are, all of them durable.
    pub(crate) fn of(files: Vec<PathBuf>) -> Result<Self, Wrong> {
        let mut platter = Self::default();
        for path in files {
            let durable = Some(fs::read(&path)?);
            platter.files.insert(
                path,
                Sectors {
                    durable,
                    ..Sectors::default()
                },
            );
        }
        Ok(platter)
    }

    /// Does one more thing of the trace.
    pub(crate) fn step(&mut self, deed: &Deed) {
        match deed {
            Deed::Write(path, at, bytes) => {
                let file = self.files.entry(path.clone()).or_default();
                file.unsynced.push((*at, bytes.clone()));
            }
            Deed::Sync(path) => {
                let file = self.files.entry(path.clone()).or_default();
                let mut bytes = file.durable.take().unwrap_or_default();
                for (at, written) in file.unsynced.drain(..) {
                    put(&mut bytes, at, &written);
                }
                file.durable = Some(bytes);
            }
            Deed::Told(_) => {}
        }
    }

    /// Writes down what a cut at this place leaves, moving each file from one folder to another.
    pub(crate) fn cut(&self, from: &Path, to: &Path, dice: &mut Dice) -> Result<(), Wrong> {
        let fate = Fate::of(dice);
        for (path, file) in &self.files {
            let Some(bytes) = file.left(fate, dice) else {
                continue;
            };
            let target = to.join(path.strip_prefix(from)?);
            if let Some(parent) = target.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(target, bytes)?;
        }
        Ok(())
    }
}

/// What becomes of the writes that were not synced.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// None of them is there.
    Dropped,
    /// All of them are.
    Kept,
    /// Each is or is not, in no order.
    Reordered,
    /// Each of their sectors is or is not.
    Torn,
}

impl Fate {
    fn of(dice: &mut Dice) -> Self {
        match dice.below(6) {
            0 => Self::Dropped,
            1 => Self::Kept,
            2 => Self::Reordered,
            _ => Self::Torn,
        }
    }

    fn keeps(self, dice: &mut Dice) -> bool {
        match self {
            Self::Dropped => false,
            Self::Kept => true,
            Self::Reordered | Self::Torn => dice.below(2) == 0,
        }
    }
}

impl Sectors {
    /// What a cut leaves of the file; nothing where it was never synced and is gone.
    fn left(&self, fate: Fate, dice: &mut Dice) -> Option<Vec<u8>> {
        let mut bytes = match &self.durable {
            Some(bytes) => bytes.clone(),
            None if fate.keeps(dice) => Vec::new(),
            None => return None,
        };
        for (at, written) in &self.unsynced {
            if fate == Fate::Torn {
                tear(&mut bytes, *at, written, dice);
            } else if fate.keeps(dice) {
                put(&mut bytes, *at, written);
            }
        }
        Some(bytes)
    }
}

/// Writes the sectors that take their chance. They are those of the file, not of the write.
fn tear(bytes: &mut Vec<u8>, mut at: u64, mut written: &[u8], dice: &mut Dice) {
    while !written.is_empty() {
        let into = usize::try_from(at).unwrap_or(usize::MAX) % SECTOR_BYTES;
        let (sector, rest) = written.split_at(written.len().min(SECTOR_BYTES - into));
        if dice.below(2) == 0 {
            put(bytes, at, sector);
        }
        at = at.saturating_add(u64::try_from(sector.len()).unwrap_or(u64::MAX));
        written = rest;
    }
}

/// Writes into a file's bytes, which grow as they must.
fn put(bytes: &mut Vec<u8>, at: u64, written: &[u8]) {
    let from = usize::try_from(at).unwrap_or(usize::MAX);
    let to = from.saturating_add(written.len());
    if bytes.len() < to {
        bytes.resize(to, 0);
    }
    if let Some(place) = bytes.get_mut(from..to) {
        place.copy_from_slice(written);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(at: u64, length: usize) -> Deed {
        Deed::Write("file".into(), at, vec![7; length])
    }

    fn left(deeds: &[Deed], seed: u64) -> Option<Vec<u8>> {
        let mut platter = Platter::default();
        deeds.iter().for_each(|deed| platter.step(deed));
        let mut dice = Dice::new(seed);
        let fate = Fate::of(&mut dice);
        platter.files[Path::new("file")].left(fate, &mut dice)
    }

    #[test]
    fn what_was_synced_is_always_there() {
        let deeds = [write(0, 3_000), Deed::Sync("file".into()), write(3_000, 9)];
        for seed in 0..100 {
            assert!(left(&deeds, seed).unwrap().starts_with(&[7; 3_000]));
        }
    }

    #[test]
    fn what_was_not_synced_is_there_in_every_way() {
        let deeds = [write(0, 1_024)];
        let found: Vec<_> = (0..100).map(|seed| left(&deeds, seed)).collect();
        let second_only = [[0; 512], [7; 512]].concat();
        for way in [
            None,
            Some(vec![7; 1_024]),
            Some(vec![7; 512]),
            Some(second_only),
        ] {
            assert!(found.contains(&way), "{way:?}");
        }
    }
}
