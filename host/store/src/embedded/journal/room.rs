//! Room for the journal, allocated by a thread of its own before it is needed. This is where a full
//! disk is met: what was allocated can be written.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::PathBuf;

use super::segment::{self, HEADER_BYTES};
use crate::disk::{is_full, sync_folder};
use crate::embedded::options::Options;
use crate::embedded::queue::{Ask, Queue};
use crate::embedded::shared::Shared;

/// The newest segment, which is made longer or followed by another.
pub(in crate::embedded) struct Room {
    pub(in crate::embedded) journal: PathBuf,
    pub(in crate::embedded) file: File,
    pub(in crate::embedded) segment: u64,
    /// How much of it is allocated.
    pub(in crate::embedded) length: u64,
}

/// Room that was made.
enum Made {
    Longer(u64),
    Segment(u64),
}

/// Allocates what is asked for until nothing is any more.
pub(in crate::embedded) fn run(shared: &Shared, mut room: Room) {
    while let Some(ask) = shared.next_ask() {
        match room.make(&shared.options, ask) {
            Ok(Made::Longer(bytes)) => shared.allocated(|queue| queue.grown(bytes)),
            Ok(Made::Segment(length)) => shared.allocated(|queue| queue.new_segment(length)),
            Err(error) if is_full(&error) => {
                tracing::warn!("the disk is full; commits are refused until there is room");
                shared.allocated(Queue::no_room);
            }
            Err(error) => return shared.stop("allocating room for the journal", &error),
        }
    }
}

impl Room {
    fn make(&mut self, options: &Options, ask: Ask) -> io::Result<Made> {
        let disk = &*options.protections.disk;
        let bytes = ask.bytes.max(options.growth_bytes);
        let longer = self.length.saturating_add(bytes);
        if ask.has_next || longer <= options.segment_bytes {
            disk.allocate(&self.file, self.length, bytes)?;
            disk.sync(&self.file)?;
            self.length = longer;
            return Ok(Made::Longer(bytes));
        }
        let bytes = bytes.saturating_add(HEADER_BYTES as u64);
        let number = self.segment.saturating_add(1);
        let path = segment::path(&self.journal, number);
        let open = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .open(path);
        let file = open?;
        disk.allocate(&file, 0, bytes)?;
        disk.sync(&file)?;
        sync_folder(&self.journal)?;
        *self = Self {
            journal: self.journal.clone(),
            file,
            segment: number,
            length: bytes,
        };
        Ok(Made::Segment(bytes))
    }
}
