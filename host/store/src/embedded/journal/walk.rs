//! Reading the journal from front to back, checking everything on the way.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::PathBuf;

use super::record::{self, FRAME_BYTES, Fault, Record};
use super::segment::{Found, HEADER_BYTES, Header};
use super::shelf::Shelf;
use super::{Chain, StoreId};

/// What is read from the disk at once.
const BUFFER_BYTES: usize = 1 << 20;

/// A place in the journal, and what should be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::embedded) struct Place {
    pub(in crate::embedded) segment: u64,
    /// In bytes from the file's start.
    pub(in crate::embedded) offset: u64,
    /// The record that starts there, or would.
    pub(in crate::embedded) sequence: u64,
}

/// What was found instead of a sound record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// A record's bytes do not give its checksum, or its length is impossible.
    #[error("the record's checksum is wrong")]
    Record,
    /// A sound record that is not the one that follows.
    #[error("the record does not follow the one before it")]
    Chain,
    /// A record that says something impossible.
    #[error("the record cannot be read")]
    Form,
    /// The header of a segment.
    #[error("the segment's header is damaged")]
    Header,
    /// A segment that belongs elsewhere.
    #[error("the segment does not follow the one before it")]
    Order,
    /// No file where one should be.
    #[error("the segment is missing")]
    Missing,
    /// Something where only zeros should be.
    #[error("there are bytes behind the last record")]
    Behind,
}

/// One step of the way.
pub(in crate::embedded) enum Step<'a> {
    /// The sound header of the next segment.
    Segment(Header),
    /// A sound record, and where it starts.
    Record(Record<'a>, u64),
    /// Nothing more, and nothing wrong.
    End,
    /// Something is wrong at the present place.
    Damaged(Damage),
    /// A format of another version.
    Unknown,
    /// A segment of another store.
    Stranger,
}

/// A reader on its way through the journal.
pub(in crate::embedded) struct Walk<'a> {
    shelf: &'a Shelf,
    store: StoreId,
    /// The segments ahead, the next one last.
    ahead: Vec<u64>,
    file: Option<BufReader<File>>,
    place: Place,
    chain: Chain,
    body: Vec<u8>,
}

impl<'a> Walk<'a> {
    /// Starts at a segment whose header is known, or due.
    pub(in crate::embedded) fn from(shelf: &'a Shelf, header: &Header) -> io::Result<Self> {
        let mut ahead = shelf.numbers()?;
        ahead.retain(|number| *number >= header.number);
        ahead.reverse();
        let place = Place {
            segment: header.number.saturating_sub(1),
            offset: 0,
            sequence: header.first,
        };
        Ok(Self {
            shelf,
            store: header.store,
            ahead,
            file: None,
            place,
            chain: header.before,
            body: Vec::new(),
        })
    }

    /// Where the next record starts.
    pub(in crate::embedded) fn place(&self) -> Place {
        self.place
    }

    /// The hash of the last record that was read.
    pub(in crate::embedded) fn chain(&self) -> Chain {
        self.chain
    }

    /// The file where that is.
    pub(in crate::embedded) fn path(&self) -> PathBuf {
        self.shelf.path(self.place.segment)
    }

    /// Goes on to the next record.
    pub(in crate::embedded) fn step(&mut self) -> io::Result<Step<'_>> {
        if self.file.is_none() {
            return self.open_next();
        }
        let mut frame = [0; FRAME_BYTES];
        let length = self.read_frame(&mut frame)?;
        if length == 0 {
            if !self.only_zeros_left(&frame)? {
                return Ok(Step::Damaged(Damage::Behind));
            }
            self.file = None;
            return self.open_next();
        }
        if !record::is_possible(length) || !self.read_body(length)? {
            return Ok(Step::Damaged(Damage::Record));
        }
        Ok(self.check(&frame))
    }

    /// Opens the next segment, or says why there is none.
    fn open_next(&mut self) -> io::Result<Step<'_>> {
        let due = self.place.segment.saturating_add(1);
        let Some(number) = self.ahead.pop() else {
            if self.place.offset > 0 {
                return Ok(Step::End);
            }
            self.place.segment = due;
            return Ok(Step::Damaged(Damage::Missing));
        };
        let left = self.place;
        (self.place.segment, self.place.offset) = (due, 0);
        if number != due {
            return Ok(Step::Damaged(Damage::Missing));
        }
        let mut file = BufReader::with_capacity(BUFFER_BYTES, File::open(self.path())?);
        let mut bytes = [0; HEADER_BYTES];
        read_up_to(&mut file, &mut bytes)?;
        let header = match Found::read(&bytes) {
            Found::Header(header) => header,
            Found::Unused if self.ahead.is_empty() && left.offset > 0 && is_zero(&mut file)? => {
                // Allocated ahead and not used: the journal ends in the segment before.
                self.place = left;
                return Ok(Step::End);
            }
            Found::Unused | Found::Damaged => return Ok(Step::Damaged(Damage::Header)),
            Found::Unknown => return Ok(Step::Unknown),
        };
        if header.store != self.store {
            return Ok(Step::Stranger);
        }
        let due = Header {
            store: self.store,
            number,
            first: self.place.sequence,
            before: self.chain,
        };
        if header != due {
            return Ok(Step::Damaged(Damage::Order));
        }
        self.place.offset = HEADER_BYTES as u64;
        self.file = Some(file);
        Ok(Step::Segment(header))
    }

    /// Reads the next record's frame and returns the body's length; 0 where the records end.
    fn read_frame(&mut self, frame: &mut [u8; FRAME_BYTES]) -> io::Result<usize> {
        let Some(file) = &mut self.file else {
            return Ok(0);
        };
        read_up_to(file, frame)?;
        Ok(frame
            .first_chunk()
            .map_or(0, |length| record::size(*length)))
    }

    /// Reads a body; false when the file is too short for it.
    fn read_body(&mut self, length: usize) -> io::Result<bool> {
        let Some(file) = &mut self.file else {
            return Ok(false);
        };
        self.body.resize(length, 0);
        Ok(read_up_to(file, &mut self.body)? == length)
    }

    fn check(&mut self, frame: &[u8; FRAME_BYTES]) -> Step<'_> {
        let record = match Record::read(frame, &self.body, &self.chain) {
            Ok(record) => record,
            Err(Fault::Checksum) => return Step::Damaged(Damage::Record),
            Err(Fault::Chain) => return Step::Damaged(Damage::Chain),
            Err(Fault::Form) => return Step::Damaged(Damage::Form),
        };
        if record.stamp.sequence != self.place.sequence {
            return Step::Damaged(Damage::Chain);
        }
        let start = self.place.offset;
        let length = FRAME_BYTES.saturating_add(self.body.len());
        self.place.offset = start.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
        self.place.sequence = self.place.sequence.saturating_add(1);
        self.chain = record.chain;
        Step::Record(record, start)
    }

    fn only_zeros_left(&mut self, frame: &[u8]) -> io::Result<bool> {
        let Some(file) = &mut self.file else {
            return Ok(true);
        };
        Ok(frame.iter().all(|byte| *byte == 0) && is_zero(file)?)
    }
}

/// Fills `bytes` as far as the file goes and returns how far that is; the rest is zero.
fn read_up_to(file: &mut impl Read, bytes: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => {
                rest.fill(0);
                break;
            }
            Ok(count) => filled = filled.saturating_add(count),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Reads to the end of a file and tells whether there was anything but zeros.
fn is_zero(file: &mut impl Read) -> io::Result<bool> {
    let mut bytes = vec![0; BUFFER_BYTES];
    loop {
        let count = read_up_to(file, &mut bytes)?;
        if bytes.iter().any(|byte| *byte != 0) {
            return Ok(false);
        }
        if count < bytes.len() {
            return Ok(true);
        }
    }
}
