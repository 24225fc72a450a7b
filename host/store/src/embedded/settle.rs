//! Making a journal that was inspected ready to be written to: what was never acknowledged and is
//! not sound is cut off, what is sound becomes durable, and the anchor counts all of it.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;

use super::anchor::{Anchor, AnchorFile};
use super::error::OpenError;
use super::inspect::Journal;
use super::journal::room::Room;
use super::journal::segment::{self, HEADER_BYTES};
use super::journal::walk::Place;
use super::journal::writer::Writer;
use super::options::Options;
use super::report::{Dropped, JournalFound};
use crate::disk::{sync_folder, sync_folder_of};

/// What is written again at once.
const COPY_BYTES: usize = 1 << 20;

/// A journal that can be written to.
pub(super) struct Settled {
    pub(super) writer: Writer,
    pub(super) room: Room,
}

impl Journal {
    /// Tells what was found. Nothing is written.
    pub(super) fn found(&self) -> Result<JournalFound, OpenError> {
        let dropped = match self.torn {
            Some(torn) => self.dropped(torn).map_err(OpenError::io(&self.path))?,
            None => None,
        };
        let beyond_anchor = self
            .beyond
            .map_or(0, |_| self.last.sequence - self.anchored);
        let folder = self.checkpoints.folder();
        let kept = self.checkpoints.kept().map_err(OpenError::io(folder))?;
        let end = self.end.map_or(0, |end| end.segment);
        Ok(JournalFound {
            segments: end.saturating_add(1).saturating_sub(kept),
            records: self.last.sequence,
            beyond_anchor,
            dropped,
        })
    }

    /// Counts what lies behind the end.
    fn dropped(&self, torn: Place) -> io::Result<Option<Dropped>> {
        let mut bytes = 0;
        for number in segment::numbers(&self.path)? {
            let from = if number == torn.segment {
                torn.offset
            } else {
                0
            };
            if number >= torn.segment {
                bytes += used(&fs::read(segment::path(&self.path, number))?, from);
            }
        }
        let path = segment::path(&self.path, torn.segment);
        Ok((bytes > 0).then_some(Dropped {
            path,
            offset: torn.offset,
            bytes,
        }))
    }

    /// Makes the journal ready. The order matters: at each moment a cut leaves something that
    /// opens again.
    pub(super) fn settle(&mut self, options: &Options) -> Result<Settled, OpenError> {
        let mut anchor = match self.anchor.take() {
            Some(anchor) => anchor
                .writable(&options.anchor)
                .map_err(OpenError::io(&options.anchor))?,
            None => self.create_anchor(options)?,
        };
        let folder = self.path.clone();
        let io = || OpenError::io(&folder);
        self.cut_off().map_err(io())?;
        let end = match self.end {
            Some(end) => end,
            None => self.begin().map_err(io())?,
        };
        self.write_again(options, end).map_err(io())?;
        let count = Anchor {
            store: self.store,
            sequence: self.last.sequence,
            chain: self.chain,
        };
        let disk = &*options.protections.disk;
        anchor
            .write(disk, &count)
            .map_err(OpenError::io(&options.anchor))?;

        let path = segment::path(&self.path, end.segment);
        let open = || {
            OpenOptions::new()
                .write(true)
                .open(&path)
                .map_err(OpenError::io(&path))
        };
        let (store, chain, journal) = (self.store, self.chain, self.path.clone());
        let room = Room {
            journal: journal.clone(),
            file: open()?,
            segment: end.segment,
            length: end.offset,
        };
        let writer = Writer {
            journal,
            store,
            file: open()?,
            end,
            chain,
            anchor,
        };
        Ok(Settled { writer, room })
    }

    /// Makes the anchor: for a new store before its journal, so that a journal without an anchor
    /// is never one that was only begun.
    fn create_anchor(&self, options: &Options) -> Result<AnchorFile, OpenError> {
        let count = Anchor {
            store: self.store,
            sequence: self.last.sequence,
            chain: self.chain,
        };
        AnchorFile::create(&options.anchor, &count).map_err(OpenError::io(&options.anchor))
    }

    /// Removes everything behind the end.
    fn cut_off(&self) -> io::Result<()> {
        fs::create_dir_all(&self.path)?;
        sync_folder_of(&self.path)?;
        let last = self.end.map_or(self.start.number - 1, |end| end.segment);
        for number in segment::numbers(&self.path)? {
            if number > last {
                fs::remove_file(segment::path(&self.path, number))?;
            }
        }
        sync_folder(&self.path)?;
        let Some(end) = self.end else { return Ok(()) };
        let file = OpenOptions::new()
            .write(true)
            .open(segment::path(&self.path, last))?;
        file.set_len(end.offset)?;
        file.sync_all()
    }

    /// Makes the segment that reading began with, because there was none.
    fn begin(&mut self) -> io::Result<Place> {
        let header = self.start;
        let path = segment::path(&self.path, header.number);
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .open(path)?;
        file.write_all_at(&header.bytes(), 0)?;
        file.sync_all()?;
        sync_folder(&self.path)?;
        self.headers.push(header);
        Ok(Place {
            segment: header.number,
            offset: HEADER_BYTES as u64,
            sequence: header.first,
        })
    }

    /// Writes again what the anchor does not count, and syncs it. A sync that failed in the last
    /// process may have left it in the system's memory only, marked as written.
    fn write_again(&self, options: &Options, end: Place) -> io::Result<()> {
        let Some(beyond) = self.beyond else {
            return Ok(());
        };
        for number in beyond.segment..=end.segment {
            let path = segment::path(&self.path, number);
            let file = OpenOptions::new().read(true).write(true).open(path)?;
            let from = if number == beyond.segment {
                beyond.offset
            } else {
                0
            };
            copy_over_itself(&file, from, options)?;
        }
        Ok(())
    }
}

fn copy_over_itself(file: &File, mut at: u64, options: &Options) -> io::Result<()> {
    let disk = &*options.protections.disk;
    let mut bytes = vec![0; COPY_BYTES];
    loop {
        let count = file.read_at(&mut bytes, at)?;
        let Some(read) = bytes.get(..count).filter(|read| !read.is_empty()) else {
            break;
        };
        disk.write(file, read, at)?;
        at = at.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
    }
    disk.sync(file)
}

/// How many bytes there are from a place to the last that is not zero.
fn used(bytes: &[u8], from: u64) -> u64 {
    let rest = bytes
        .get(usize::try_from(from).unwrap_or(usize::MAX)..)
        .unwrap_or_default();
    let last = rest.iter().rposition(|byte| *byte != 0);
    last.map_or(0, |last| {
        u64::try_from(last).unwrap_or(u64::MAX).saturating_add(1)
    })
}
