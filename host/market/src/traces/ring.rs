//! How traces lie on the disk: of each app, those that ended well and those that did not, in two
//! files each. When the newer is full it becomes the older one, and the older one goes.
//!
//! Nothing is synced. A record that was not written whole is cut off when the file is opened again.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use souk_core::AppId;
use souk_core::limits::{TRACE_BYTES_MAX, TRACE_FILE_BYTES_MAX};
use souk_store::Sealed;

use super::TraceLine;

/// What sealing and the line add, at most.
const RECORD_BYTES_MAX: usize = TRACE_BYTES_MAX + (64 << 10);

/// A trace as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) line: TraceLine,
    pub(super) sealed: Sealed,
}

/// Which of an app's traces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Ok,
    Bad,
}

impl Kind {
    const ALL: [Self; 2] = [Self::Ok, Self::Bad];

    pub(super) fn of(line: &TraceLine) -> Self {
        let well = matches!(line.ended.as_str(), "done" | "parked") && line.fault.is_none();
        if well { Self::Ok } else { Self::Bad }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Bad => "bad",
        }
    }
}

/// The newer file of a ring, open.
pub(super) struct Ring {
    place: Place,
    file: File,
    records: usize,
    bytes: usize,
}

/// Where a ring is.
#[derive(Clone, Debug)]
struct Place {
    directory: PathBuf,
    name: String,
}

impl Place {
    fn of(directory: &Path, app: &AppId, kind: Kind) -> Self {
        Self {
            directory: directory.to_owned(),
            name: format!("{app}.{}", kind.name()),
        }
    }

    fn newer(&self) -> PathBuf {
        self.directory.join(format!("{}.new", self.name))
    }

    fn older(&self) -> PathBuf {
        self.directory.join(format!("{}.old", self.name))
    }
}

impl Ring {
    pub(super) fn open(directory: &Path, app: &AppId, kind: Kind) -> io::Result<Self> {
        Self::at(Place::of(directory, app, kind))
    }

    fn at(place: Place) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        let file = options.create(true).append(true).open(place.newer())?;
        let found = records(&place.newer());
        let bytes = found.iter().map(|(_, bytes)| bytes).sum();
        file.set_len(u64::try_from(bytes).unwrap_or(u64::MAX))?;
        Ok(Self {
            place,
            file,
            records: found.len(),
            bytes,
        })
    }

    /// Appends a record; the ring keeps about `most` of them.
    pub(super) fn append(&mut self, record: &Record, most: usize) -> io::Result<()> {
        if self.records >= most.div_ceil(2) || self.bytes >= TRACE_FILE_BYTES_MAX {
            std::fs::rename(self.place.newer(), self.place.older())?;
            *self = Self::at(self.place.clone())?;
        }
        let content = postcard::to_stdvec(record).map_err(io::Error::other)?;
        let length = u32::try_from(content.len()).map_err(io::Error::other)?;
        let written = [length.to_le_bytes().as_slice(), &content].concat();
        self.file.write_all(&written)?;
        self.records = self.records.saturating_add(1);
        self.bytes = self.bytes.saturating_add(written.len());
        Ok(())
    }
}

/// All traces of an app, as far as they can be read.
pub(super) fn read(directory: &Path, app: &AppId) -> Vec<Record> {
    let places = Kind::ALL.map(|kind| Place::of(directory, app, kind));
    let files = places.iter().flat_map(|it| [it.older(), it.newer()]);
    files
        .flat_map(|file| records(&file))
        .map(|(record, _)| record)
        .collect()
}

/// Deletes the files in which nothing is wanted any more.
pub(super) fn sweep(directory: &Path, wanted: impl Fn(&TraceLine) -> bool) -> io::Result<()> {
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        let last = records(&path).pop();
        if !last.is_some_and(|(record, _)| wanted(&record.line)) {
            std::fs::remove_file(&path)?;
        }
    }
    Ok(())
}

/// The records of a file, in order, each with the bytes it takes, up to one that is not whole.
fn records(path: &Path) -> Vec<(Record, usize)> {
    let Ok(file) = File::open(path) else {
        return Vec::new();
    };
    let mut file = BufReader::new(file);
    std::iter::from_fn(|| next(&mut file)).collect()
}

fn next(file: &mut impl Read) -> Option<(Record, usize)> {
    let mut length = [0; 4];
    file.read_exact(&mut length).ok()?;
    let length = usize::try_from(u32::from_le_bytes(length)).ok()?;
    if length > RECORD_BYTES_MAX {
        return None;
    }
    let mut content = vec![0; length];
    file.read_exact(&mut content).ok()?;
    let record = postcard::from_bytes(&content).ok()?;
    Some((record, length.saturating_add(4)))
}

#[cfg(test)]
mod tests {
    use souk_core::{EventId, Timestamp, TraceId, TypedId};
    use souk_store::Keyring;

    use super::*;

    fn app() -> AppId {
        "com.example.tea".parse().unwrap()
    }

    async fn record(number: u64) -> Record {
        let keyring = Keyring::ephemeral().unwrap();
        let owner = souk_store::Owner::App(app());
        Record {
            line: TraceLine {
                id: TraceId::from_bits(number.into()),
                event: EventId::from_bits(1),
                version: 1,
                at: Timestamp::from_millis(number),
                cause: "command".to_owned(),
                ended: "fault".to_owned(),
                fault: None,
                host_calls: 0,
                fuel: 0,
            },
            sealed: keyring.seal(&owner, b"tea").await.unwrap(),
        }
    }

    async fn filled(directory: &Path, count: u64, most: usize) -> Ring {
        let mut ring = Ring::open(directory, &app(), Kind::Bad).unwrap();
        for number in 0..count {
            ring.append(&record(number).await, most).unwrap();
        }
        ring
    }

    fn kept(directory: &Path) -> Vec<u64> {
        let found = read(directory, &app());
        found.iter().map(|record| record.line.at.millis()).collect()
    }

    #[tokio::test]
    async fn the_newest_are_kept() {
        let room = tempfile::tempdir().unwrap();
        drop(filled(room.path(), 11, 4).await);
        assert_eq!(kept(room.path()), [8, 9, 10]);
        drop(filled(room.path(), 1, 4).await);
        assert_eq!(kept(room.path()), [8, 9, 10, 0]);
    }

    #[tokio::test]
    async fn what_was_not_written_whole_is_cut_off() {
        let room = tempfile::tempdir().unwrap();
        let mut ring = filled(room.path(), 2, 100).await;
        ring.file.write_all(&[9, 0, 0, 0, 1, 2]).unwrap();
        assert_eq!(kept(room.path()), [0, 1]);
        let mut again = Ring::open(room.path(), &app(), Kind::Bad).unwrap();
        again.append(&record(7).await, 100).unwrap();
        assert_eq!(kept(room.path()), [0, 1, 7]);
    }

    #[tokio::test]
    async fn what_nobody_wants_is_swept() {
        let room = tempfile::tempdir().unwrap();
        drop(filled(room.path(), 3, 100).await);
        sweep(room.path(), |line| line.at.millis() == 2).unwrap();
        assert_eq!(kept(room.path()), [0, 1, 2]);
        sweep(room.path(), |line| line.at.millis() > 2).unwrap();
        assert!(kept(room.path()).is_empty());
    }
}
