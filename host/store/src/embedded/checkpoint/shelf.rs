//! Which checkpoints there are, and from where on everything is kept.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::record::Head;
use super::{Flaw, reader};
use crate::disk::sync_folder;
use crate::embedded::journal::StoreId;
use crate::embedded::pace::Pace;

const SUFFIX: &str = ".checkpoint";
/// What was a checkpoint and is damaged is called this.
const UNSOUND: &str = "unsound";
/// What is not finished is called this.
const NEW: &str = ".new";
/// The file that says which segment is the oldest that is kept.
const KEPT: &str = "kept";

/// The folder of checkpoints.
#[derive(Clone, Debug)]
pub(in crate::embedded) struct Checkpoints {
    folder: PathBuf,
    store: StoreId,
}

impl Checkpoints {
    pub(in crate::embedded) fn new(folder: PathBuf, store: StoreId) -> Self {
        Self { folder, store }
    }

    /// The sequence numbers of all checkpoints, oldest first.
    pub(in crate::embedded) fn numbers(&self) -> io::Result<Vec<u64>> {
        let mut numbers = Vec::new();
        for name in names(&self.folder)? {
            let number = name.strip_suffix(SUFFIX);
            numbers.extend(number.and_then(|number| number.parse::<u64>().ok()));
        }
        numbers.sort_unstable();
        Ok(numbers)
    }

    pub(in crate::embedded) fn path(&self, number: u64) -> PathBuf {
        self.folder.join(format!("{number:020}{SUFFIX}"))
    }

    pub(in crate::embedded) fn folder(&self) -> &Path {
        &self.folder
    }

    /// A path for something unfinished.
    pub(in crate::embedded) fn unfinished(&self, number: usize) -> PathBuf {
        self.folder.join(format!("{number:06}{NEW}"))
    }

    /// Removes what was never finished.
    pub(in crate::embedded) fn tidy(&self) -> io::Result<()> {
        for name in names(&self.folder)? {
            if name.ends_with(NEW) {
                fs::remove_file(self.folder.join(name))?;
            }
        }
        Ok(())
    }

    /// Reads a checkpoint's header.
    pub(in crate::embedded) fn head(&self, number: u64) -> Result<Head, Flaw> {
        let head = reader::head(&self.path(number))?;
        if head.store != self.store || head.stamp.sequence != number {
            return Err(Flaw::Stranger);
        }
        Ok(head)
    }

    /// Reads a whole checkpoint and tells whether it is sound; nothing when it was told to stop.
    pub(in crate::embedded) fn check(
        &self,
        number: u64,
        pace: &mut Pace<'_>,
    ) -> Result<Option<Head>, Flaw> {
        let head = self.head(number)?;
        let mut reader = reader::Reader::open(&self.path(number))?;
        let mut before = 0;
        while reader.step()?.is_some() {
            if !pace.go(reader.bytes().saturating_sub(before)) {
                return Ok(None);
            }
            before = reader.bytes();
        }
        if reader.is_claimed() {
            Ok(Some(head))
        } else {
            Err(Flaw::Tally)
        }
    }

    /// The newest checkpoint whose header is sound and that the journal has come to.
    pub(in crate::embedded) fn newest(&self, until: u64) -> io::Result<Option<Head>> {
        let numbers = self.numbers()?.into_iter().rev();
        let mut heads = numbers
            .filter(|number| *number <= until)
            .map(|number| self.head(number));
        Ok(heads.find_map(Result::ok))
    }

    /// The oldest segment that is kept: everything before it has expired.
    pub(in crate::embedded) fn kept(&self) -> io::Result<u64> {
        let bytes = match fs::read(self.folder.join(KEPT)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(1),
            other => other?,
        };
        let number = bytes.split_last_chunk::<4>().and_then(|(body, sum)| {
            let sound = crc32fast::hash(body) == u32::from_be_bytes(*sum);
            sound.then(|| body.first_chunk().copied()).flatten()
        });
        // Nobody knows what has expired: all that should be there is asked for.
        Ok(number.map_or(1, u64::from_be_bytes))
    }

    /// Says which segment is the oldest that is kept; durable when it returns.
    pub(in crate::embedded) fn keep_from(&self, number: u64) -> io::Result<()> {
        let body = number.to_be_bytes();
        let bytes = [&body[..], &crc32fast::hash(&body).to_be_bytes()].concat();
        let new = self.folder.join(format!("{KEPT}{NEW}"));
        fs::write(&new, bytes)?;
        fs::File::open(&new)?.sync_all()?;
        super::writer::name(&new, &self.folder.join(KEPT))
    }

    /// Where everything that is kept begins: the checkpoint before the oldest segment.
    pub(in crate::embedded) fn base(&self) -> Result<Head, Flaw> {
        let kept = self.kept()?;
        if kept <= 1 {
            return Ok(Head::genesis(self.store));
        }
        for number in self.numbers()? {
            let head = self.head(number)?;
            if head.next().number == kept {
                return Ok(head);
            }
        }
        Err(Flaw::Missing)
    }

    /// Makes the folder, if it is not there.
    pub(in crate::embedded) fn make(&self) -> io::Result<()> {
        if self.folder.exists() {
            return Ok(());
        }
        fs::create_dir_all(&self.folder)?;
        crate::disk::sync_folder_of(&self.folder)
    }

    /// Gives a checkpoint that is unsound another name, under which nobody takes it for one.
    pub(in crate::embedded) fn set_aside(&self, number: u64) -> io::Result<()> {
        let path = self.path(number);
        fs::rename(&path, path.with_extension(UNSOUND))?;
        sync_folder(&self.folder)
    }

    /// Removes a checkpoint; durable when it returns.
    pub(in crate::embedded) fn remove(&self, number: u64) -> io::Result<()> {
        fs::remove_file(self.path(number))?;
        sync_folder(&self.folder)
    }
}

fn names(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other?,
    };
    let names = entries.map(|entry| Ok(entry?.file_name().into_string().ok()));
    let names = names.collect::<io::Result<Vec<_>>>()?;
    Ok(names.into_iter().flatten().collect())
}
