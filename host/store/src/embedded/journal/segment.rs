//! A segment: one file of the journal. A header, records, and zeros where records will be.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::{Chain, StoreId};

const MAGIC: &[u8; 8] = b"SOUK-JNL";
/// Counts up when the shape of headers or records changes.
const FORMAT: u32 = 1;
/// A sector of its own for the header; records start behind it.
pub(in crate::embedded) const HEADER_BYTES: usize = 512;
/// Magic, format, store, number, first sequence and the hash before it.
const BODY_BYTES: usize = 8 + 4 + 16 + 8 + 8 + 32;

/// What a segment says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::embedded) struct Header {
    pub(in crate::embedded) store: StoreId,
    /// Which segment this is, from 1.
    pub(in crate::embedded) number: u64,
    /// The sequence number of its first record.
    pub(in crate::embedded) first: u64,
    /// The hash of the record before that.
    pub(in crate::embedded) before: Chain,
}

/// What the first bytes of a file are.
pub(in crate::embedded) enum Found {
    Header(Header),
    /// All zeros: allocated and not yet used.
    Unused,
    /// A header of another format.
    Unknown,
    /// No header at all.
    Damaged,
}

impl Header {
    pub(in crate::embedded) fn bytes(&self) -> [u8; HEADER_BYTES] {
        let mut body = [&MAGIC[..], &FORMAT.to_be_bytes(), &self.store].concat();
        body.extend(self.number.to_be_bytes());
        body.extend(self.first.to_be_bytes());
        body.extend(self.before);
        body.resize(HEADER_BYTES - 4, 0);
        body.extend(crc32fast::hash(&body).to_be_bytes());
        body.first_chunk().copied().unwrap_or([0; HEADER_BYTES])
    }
}

impl Found {
    pub(in crate::embedded) fn read(bytes: &[u8; HEADER_BYTES]) -> Self {
        if *bytes == [0; HEADER_BYTES] {
            return Self::Unused;
        }
        let Some((body, sum)) = bytes.split_last_chunk::<4>() else {
            return Self::Damaged;
        };
        if crc32fast::hash(body) != u32::from_be_bytes(*sum) || !body.starts_with(MAGIC) {
            return Self::Damaged;
        }
        if body.get(8..12) != Some(&FORMAT.to_be_bytes()[..]) {
            return Self::Unknown;
        }
        body.get(12..BODY_BYTES)
            .and_then(Self::fields)
            .unwrap_or(Self::Damaged)
    }

    fn fields(bytes: &[u8]) -> Option<Self> {
        let (store, rest) = bytes.split_first_chunk()?;
        let (number, rest) = rest.split_first_chunk()?;
        let (first, before) = rest.split_first_chunk()?;
        Some(Self::Header(Header {
            store: *store,
            number: u64::from_be_bytes(*number),
            first: u64::from_be_bytes(*first),
            before: *before.first_chunk()?,
        }))
    }
}

/// Returns the header of a segment, if the file is there and has a sound one.
pub(in crate::embedded) fn header(path: &Path) -> io::Result<Option<Header>> {
    let mut bytes = [0; HEADER_BYTES];
    let read = File::open(path).and_then(|file| file.read_exact_at(&mut bytes, 0));
    match read {
        Ok(()) => {}
        Err(error) if is_absence(&error) => return Ok(None),
        Err(error) => return Err(error),
    }
    Ok(match Found::read(&bytes) {
        Found::Header(header) => Some(header),
        Found::Unused | Found::Unknown | Found::Damaged => None,
    })
}

fn is_absence(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::UnexpectedEof
    )
}

/// The path of a segment.
pub(in crate::embedded) fn path(journal: &Path, number: u64) -> PathBuf {
    journal.join(format!("{number:010}.journal"))
}

/// The numbers of all segments there are, in order.
pub(in crate::embedded) fn numbers(journal: &Path) -> io::Result<Vec<u64>> {
    let mut numbers = Vec::new();
    let entries = match fs::read_dir(journal) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(numbers),
        other => other?,
    };
    for entry in entries {
        let name = entry?.file_name();
        let number = name.to_str().and_then(|name| name.strip_suffix(".journal"));
        numbers.extend(number.and_then(|number| number.parse::<u64>().ok()));
    }
    numbers.sort_unstable();
    Ok(numbers)
}
