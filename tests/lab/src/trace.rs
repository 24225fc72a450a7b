//! What an engine does to its disk, written down, and the states a power cut can leave on the way.
//!
//! Writes and syncs are told by the engine. Renamed and removed files are seen in their folders,
//! with the next write or sync: by their inodes. What was done to names lately may be undone by a
//! cut, the last first: a file system with a journal of its own keeps their order.
//!
//! A cut keeps everything that was synced. What was written and not synced is there, or not, or in
//! part, sector by sector, in any order: so each sector of each such write takes its chance.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs::{self, File};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use souk_store::{Disk, Durable};

use crate::Wrong;
use crate::dice::Dice;

/// The least that a disk writes whole.
const SECTOR_BYTES: usize = 512;
/// How many changes of names a cut undoes, at most.
const UNDONE_MAX: usize = 6;

/// One thing that was done to the disk, or told to somebody.
#[derive(Clone, Debug)]
pub(crate) enum Deed {
    /// Bytes were written at a place of a file.
    Write(PathBuf, u64, Vec<u8>),
    /// All that was written to a file became durable.
    Sync(PathBuf),
    /// A file got another name.
    Rename(PathBuf, PathBuf),
    /// A file was removed.
    Remove(PathBuf),
    /// The deposit with this number was acknowledged.
    Told(u64),
    /// What is not written down was copied to this folder.
    Copied(PathBuf),
}

impl Deed {
    /// The file it was done to, if there is one.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Self::Write(path, ..) | Self::Sync(path) | Self::Remove(path) => Some(path),
            Self::Rename(..) | Self::Told(_) | Self::Copied(_) => None,
        }
    }
}

/// A disk that writes down what is done to it.
pub(crate) struct Recorder {
    book: Mutex<Book>,
    /// Leave the syncs out.
    lying: bool,
}

/// What was written down so far.
struct Book {
    deeds: Vec<Deed>,
    /// Folders whose files get other names or are removed.
    folders: Vec<PathBuf>,
    /// The files in them when they were looked at last, by their inodes.
    names: BTreeMap<Birth, PathBuf>,
    /// Files whose bytes are written down.
    known: BTreeSet<Birth>,
}

impl Recorder {
    /// One that looks for other names in these folders.
    pub(crate) fn new(folders: Vec<PathBuf>, lying: bool) -> Result<Self, Wrong> {
        let names = names(&folders)?;
        let known = names.keys().copied().collect();
        let book = Book {
            deeds: Vec::new(),
            folders,
            names,
            known,
        };
        Ok(Self {
            book: Mutex::new(book),
            lying,
        })
    }

    /// Writes down that a deposit was acknowledged.
    pub(crate) fn told(&self, number: u64) {
        self.book().deeds.push(Deed::Told(number));
    }

    /// Writes down that something was copied to a folder.
    pub(crate) fn copied(&self, to: PathBuf) {
        self.book().deeds.push(Deed::Copied(to));
    }

    /// Returns everything so far.
    pub(crate) fn trace(&self) -> Result<Vec<Deed>, Wrong> {
        let mut book = self.book();
        book.look()?;
        Ok(book.deeds.clone())
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Book {
    /// Writes down what became of names since the last look: first those that are gone, in whose
    /// place others may have come.
    fn look(&mut self) -> io::Result<()> {
        let now = names(&self.folders)?;
        let before = std::mem::replace(&mut self.names, now.clone());
        let gone = before.iter().filter(|(inode, _)| !now.contains_key(inode));
        self.deeds
            .extend(gone.map(|(_, path)| Deed::Remove(path.clone())));
        for (inode, path) in &now {
            match before.get(inode) {
                Some(from) if from != path => {
                    self.deeds.push(Deed::Rename(from.clone(), path.clone()));
                }
                Some(_) | None => {}
            }
            self.find(*inode, path)?;
        }
        Ok(())
    }

    /// Writes down a file that was not written through this disk, and has its last name: such are
    /// synced before they get it.
    fn find(&mut self, inode: Birth, path: &Path) -> io::Result<()> {
        let unfinished = path.extension().is_some_and(|name| name == "new");
        if self.known.contains(&inode) || unfinished {
            return Ok(());
        }
        let bytes = match fs::read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            bytes => bytes?,
        };
        if !bytes.is_empty() {
            self.known.insert(inode);
            self.deeds.push(Deed::Write(path.to_owned(), 0, bytes));
            self.deeds.push(Deed::Sync(path.to_owned()));
        }
        Ok(())
    }
}

impl Disk for Recorder {
    fn write(&self, file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
        let mut book = self.book();
        book.known.insert(birth(&file.metadata()?));
        book.look()?;
        let deed = Deed::Write(path(file)?, at, bytes.to_vec());
        book.deeds.push(deed);
        drop(book);
        Durable.write(file, bytes, at)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        if !self.lying {
            let mut book = self.book();
            book.look()?;
            book.deeds.push(Deed::Sync(path(file)?));
        }
        Ok(())
    }

    fn allocate(&self, file: &File, from: u64, bytes: u64) -> io::Result<()> {
        let zeros = vec![0; usize::try_from(bytes).map_err(io::Error::other)?];
        self.write(file, &zeros, from)
    }
}

/// What tells a file from all others: its inode, which another may have later, and when that was
/// made.
type Birth = (u64, Option<SystemTime>);

fn birth(file: &fs::Metadata) -> Birth {
    (file.ino(), file.created().ok())
}

/// The files in folders, by their inodes. While names change, a look may miss some: two must agree.
fn names(folders: &[PathBuf]) -> io::Result<BTreeMap<Birth, PathBuf>> {
    let mut names = names_at_a_look(folders)?;
    loop {
        let again = names_at_a_look(folders)?;
        if again == names {
            return Ok(names);
        }
        names = again;
    }
}

/// The files that one look at folders shows; they may be gone again, or not yet there.
fn names_at_a_look(folders: &[PathBuf]) -> io::Result<BTreeMap<Birth, PathBuf>> {
    let mut names = BTreeMap::new();
    let gone = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
    for folder in folders {
        let entries = match fs::read_dir(folder) {
            Err(error) if gone(&error) => continue,
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            match entry.metadata() {
                Err(error) if gone(&error) => {}
                metadata => {
                    names.insert(birth(&metadata?), entry.path());
                }
            }
        }
    }
    Ok(names)
}

/// Where an open file is.
fn path(file: &File) -> io::Result<PathBuf> {
    fs::read_link(format!("/proc/self/fd/{}", file.as_raw_fd()))
}

/// The files of a disk at one place of a trace.
#[derive(Clone, Default)]
pub(crate) struct Platter {
    names: Names,
    files: BTreeMap<usize, Sectors>,
    /// What was done to names lately, the last at the end.
    lately: VecDeque<Change>,
}

/// Which file has which name.
type Names = BTreeMap<PathBuf, usize>;

/// A file that got another name, or none, and what had that name before.
#[derive(Clone)]
struct Change {
    file: usize,
    from: PathBuf,
    to: Option<PathBuf>,
    over: Option<usize>,
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
            platter.file(&path).durable = Some(fs::read(&path)?);
        }
        Ok(platter)
    }

    /// Does one more thing of the trace.
    pub(crate) fn step(&mut self, deed: &Deed) {
        match deed {
            Deed::Write(path, at, bytes) => self.file(path).unsynced.push((*at, bytes.clone())),
            Deed::Sync(path) => {
                let file = self.file(path);
                let mut bytes = file.durable.take().unwrap_or_default();
                for (at, written) in file.unsynced.drain(..) {
                    put(&mut bytes, at, &written);
                }
                file.durable = Some(bytes);
            }
            Deed::Rename(from, to) => self.change(from, Some(to)),
            Deed::Remove(path) => self.change(path, None),
            Deed::Told(_) | Deed::Copied(_) => {}
        }
    }

    /// The file of this name, which is a new one where there is none.
    fn file(&mut self, path: &Path) -> &mut Sectors {
        let next = self.files.len();
        let number = *self.names.entry(path.to_owned()).or_insert(next);
        self.files.entry(number).or_default()
    }

    /// Gives a file another name, or none.
    fn change(&mut self, from: &Path, to: Option<&PathBuf>) {
        let Some(file) = self.names.remove(from) else {
            return;
        };
        let over = to.and_then(|to| self.names.insert(to.clone(), file));
        let (from, to) = (from.to_owned(), to.cloned());
        self.lately.push_back(Change {
            file,
            from,
            to,
            over,
        });
        if self.lately.len() > UNDONE_MAX {
            self.lately.pop_front();
        }
    }

    /// The names that a cut leaves: all, or not the last that were given and taken.
    fn names_left(&self, dice: &mut Dice) -> Names {
        let mut names = self.names.clone();
        let undone = dice.place(2 * UNDONE_MAX).saturating_sub(UNDONE_MAX);
        for change in self.lately.iter().rev().take(undone) {
            if let Some(to) = &change.to {
                names.remove(to);
                names.extend(change.over.map(|over| (to.clone(), over)));
            }
            names.insert(change.from.clone(), change.file);
        }
        names
    }

    /// Writes down what a cut at this place leaves, moving each file from one folder to another.
    pub(crate) fn cut(&self, from: &Path, to: &Path, dice: &mut Dice) -> Result<(), Wrong> {
        let fate = Fate::of(dice);
        for (path, number) in self.names_left(dice) {
            let file = self.files.get(&number);
            let Some(bytes) = file.and_then(|file| file.left(fate, dice)) else {
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
        platter.files[&0].left(fate, &mut dice)
    }

    #[test]
    fn what_was_synced_is_always_there() {
        let deeds = [write(0, 3_000), Deed::Sync("file".into()), write(3_000, 9)];
        for seed in 0..100 {
            assert!(left(&deeds, seed).unwrap().starts_with(&[7; 3_000]));
        }
    }

    #[test]
    fn names_that_were_given_lately_may_be_undone_and_the_last_first() {
        let (new, old): (PathBuf, PathBuf) = ("new".into(), "old".into());
        let mut platter = Platter::default();
        platter.step(&Deed::Write(new.clone(), 0, vec![1]));
        platter.step(&Deed::Write(old.clone(), 0, vec![2]));
        platter.step(&Deed::Rename(new.clone(), "whole".into()));
        platter.step(&Deed::Remove(old.clone()));
        platter.step(&Deed::Write(new.clone(), 0, vec![3]));
        let found: BTreeSet<Vec<(PathBuf, usize)>> = (0..100)
            .map(|seed| platter.names_left(&mut Dice::new(seed)))
            .map(|names| names.into_iter().collect())
            .collect();
        let (whole, next) = ((PathBuf::from("whole"), 0), (new.clone(), 2));
        let kept = vec![next.clone(), whole.clone()];
        let not_removed = vec![next, (old.clone(), 1), whole];
        let neither = vec![(new, 0), (old, 1)];
        assert_eq!(found, BTreeSet::from([kept, not_removed, neither]));
    }

    #[test]
    fn another_name_and_none_are_seen_with_the_next_write() {
        let room = tempfile::tempdir().unwrap();
        let at = |name: &str| room.path().join(name);
        fs::write(at("a"), b"1").unwrap();
        fs::write(at("b"), b"2").unwrap();
        let recorder = Recorder::new(vec![room.path().to_owned()], false).unwrap();
        fs::rename(at("a"), at("c")).unwrap();
        fs::remove_file(at("b")).unwrap();
        let file = File::create(at("d")).unwrap();
        recorder.write(&file, b"4", 0).unwrap();
        let trace = recorder.trace().unwrap();
        assert!(matches!(&trace[0], Deed::Remove(path) if *path == at("b")));
        assert!(matches!(&trace[1], Deed::Rename(from, to) if *from == at("a") && *to == at("c")));
        assert!(matches!(&trace[2], Deed::Write(path, 0, _) if *path == at("d")));
        assert_eq!(trace.len(), 3);
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
