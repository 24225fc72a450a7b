//! How traces lie on the disk: of each app, those that ended well and those that did not, in two
//! files each. When the newer is full it becomes the older one, and the older one goes.
//!
//! Of each record its line comes first, so that a list is read without what was sealed. Nothing is
//! synced. A record that was not written whole is cut off when the file is opened again.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;
use souk_core::limits::{TRACE_BYTES_MAX, TRACE_FILE_BYTES_MAX};
use souk_core::{AppId, TraceId};
use souk_store::Sealed;

use super::TraceLine;

/// What sealing adds, at most; a line takes less.
const PART_BYTES_MAX: usize = TRACE_BYTES_MAX + (64 << 10);
/// Before a record: how long its line is, and what was sealed.
const LENGTHS_BYTES: usize = 8;

/// A trace as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
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
        let mut reading = Reading::open(&place.newer())?;
        let records = reading.by_ref().count();
        file.set_len(reading.whole)?;
        Ok(Self {
            place,
            file,
            records,
            bytes: usize::try_from(reading.whole).unwrap_or(usize::MAX),
        })
    }

    /// Appends a record; the ring keeps about `most` of them.
    pub(super) fn append(&mut self, record: &Record, most: usize) -> io::Result<()> {
        if self.records >= most.div_ceil(2) || self.bytes >= TRACE_FILE_BYTES_MAX {
            std::fs::rename(self.place.newer(), self.place.older())?;
            *self = Self::at(self.place.clone())?;
        }
        let (line, sealed) = (part(&record.line)?, part(&record.sealed)?);
        let (of_line, of_sealed) = (length(&line)?, length(&sealed)?);
        let written = [of_line.as_slice(), &of_sealed, &line, &sealed].concat();
        self.file.write_all(&written)?;
        self.records = self.records.saturating_add(1);
        self.bytes = self.bytes.saturating_add(written.len());
        Ok(())
    }
}

fn part(of: &impl Serialize) -> io::Result<Vec<u8>> {
    postcard::to_stdvec(of).map_err(io::Error::other)
}

fn length(part: &[u8]) -> io::Result<[u8; 4]> {
    let length = u32::try_from(part.len()).map_err(io::Error::other)?;
    Ok(length.to_le_bytes())
}

/// What there is to say of all traces of an app, as far as they can be read.
pub(super) fn lines(directory: &Path, app: &AppId) -> Vec<TraceLine> {
    files(directory, app).flatten().collect()
}

/// One trace of an app, if it can be read.
pub(super) fn find(directory: &Path, app: &AppId, id: TraceId) -> Option<Record> {
    files(directory, app).find_map(|mut file| {
        let line = file.by_ref().find(|line| line.id == id)?;
        let sealed = file.sealed()?;
        Some(Record { line, sealed })
    })
}

fn files(directory: &Path, app: &AppId) -> impl Iterator<Item = Reading> {
    let places = Kind::ALL.map(|kind| Place::of(directory, app, kind));
    let files = places.into_iter().flat_map(|it| [it.older(), it.newer()]);
    files.filter_map(|file| Reading::open(&file).ok())
}

/// Deletes the files in which nothing is wanted any more.
pub(super) fn sweep(directory: &Path, wanted: impl Fn(&TraceLine) -> bool) -> io::Result<()> {
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        let last = Reading::open(&path)?.last();
        if !last.is_some_and(|line| wanted(&line)) {
            std::fs::remove_file(&path)?;
        }
    }
    Ok(())
}

/// A file that is read line by line, up to a record that is not whole. What was sealed is passed
/// over unless it is asked for.
struct Reading {
    file: BufReader<File>,
    length: u64,
    /// Up to here all records are whole.
    whole: u64,
    /// What was sealed of the last record: so many bytes, not read yet.
    sealed: usize,
}

impl Reading {
    fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        Ok(Self {
            file: BufReader::new(file),
            length,
            whole: 0,
            sealed: 0,
        })
    }

    /// What was sealed of the record whose line came last.
    fn sealed(mut self) -> Option<Sealed> {
        self.part(self.sealed)
    }

    fn part<T: DeserializeOwned>(&mut self, bytes: usize) -> Option<T> {
        let mut content = vec![0; bytes];
        self.file.read_exact(&mut content).ok()?;
        postcard::from_bytes(&content).ok()
    }

    fn length(&mut self) -> Option<usize> {
        let mut length = [0; 4];
        self.file.read_exact(&mut length).ok()?;
        let length = usize::try_from(u32::from_le_bytes(length)).ok()?;
        (length <= PART_BYTES_MAX).then_some(length)
    }
}

impl Iterator for Reading {
    type Item = TraceLine;

    fn next(&mut self) -> Option<TraceLine> {
        let passed = i64::try_from(self.sealed).ok()?;
        self.file.seek_relative(passed).ok()?;
        let (line, sealed) = (self.length()?, self.length()?);
        let bytes = u64::try_from(line + sealed + LENGTHS_BYTES).ok()?;
        let end = self.whole.checked_add(bytes)?;
        if end > self.length {
            return None;
        }
        let line = self.part(line)?;
        (self.whole, self.sealed) = (end, sealed);
        Some(line)
    }
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
        let found = lines(directory, &app());
        found.iter().map(|line| line.at.millis()).collect()
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
        assert!(find(room.path(), &app(), TraceId::from_bits(2)).is_none());
        let mut again = Ring::open(room.path(), &app(), Kind::Bad).unwrap();
        again.append(&record(7).await, 100).unwrap();
        assert_eq!(kept(room.path()), [0, 1, 7]);
    }

    #[tokio::test]
    async fn a_list_is_read_without_what_was_sealed() {
        let room = tempfile::tempdir().unwrap();
        drop(filled(room.path(), 3, 100).await);
        let (first, last) = (record(0).await, record(2).await);
        let found = find(room.path(), &app(), last.line.id).unwrap();
        assert_eq!(
            (&found.line, found.sealed == last.sealed),
            (&last.line, false)
        );
        assert_ne!(
            found.sealed,
            find(room.path(), &app(), first.line.id).unwrap().sealed
        );

        // Whatever is sealed, the lines stay: all of it is made illegible here.
        let file = room.path().join("com.example.tea.bad.new");
        let mut bytes = std::fs::read(&file).unwrap();
        let sealed = postcard::to_stdvec(&found.sealed).unwrap().len();
        let end = bytes.len() - sealed..;
        bytes[end].fill(0xff);
        std::fs::write(&file, bytes).unwrap();
        assert_eq!(kept(room.path()), [0, 1, 2]);
        assert!(find(room.path(), &app(), last.line.id).is_none());
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
