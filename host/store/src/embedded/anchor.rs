//! The anchor: how far the journal had come when the last commit was acknowledged, kept outside the
//! data directory.
//!
//! A journal alone cannot tell a commit that was never acknowledged from one that was cut off, nor
//! that it is an old copy. The anchor can: whatever it counts must be there.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use super::journal::{Chain, StoreId};
use crate::disk::{Disk, sync_folder_of};

const MAGIC: &[u8; 8] = b"SOUK-ANC";
const FORMAT: u32 = 1;
/// The two slots lie in blocks of their own, so that writing one cannot spoil the other.
const BLOCK_BYTES: u64 = 4_096;
const SLOT_BYTES: usize = 8 + 4 + 16 + 8 + 8 + 32 + 4;

/// What the anchor says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Anchor {
    pub(super) store: StoreId,
    /// The last acknowledged commit; 0 for none.
    pub(super) sequence: u64,
    /// The hash of its record.
    pub(super) chain: Chain,
}

/// The anchor's file: found open for reading, made open for writing.
pub(super) struct AnchorFile {
    file: File,
    generation: u64,
}

/// What there is where the anchor should be.
pub(super) enum Found {
    Anchor(AnchorFile, Anchor),
    Missing,
    /// Neither of its two slots can be read.
    Damaged,
}

impl AnchorFile {
    /// Writes a new anchor in place of whatever was there; durable when it returns.
    pub(super) fn create(path: &Path, anchor: &Anchor) -> io::Result<Self> {
        let new = path.with_extension("anchor-new");
        let open = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&new);
        let file = open?;
        for generation in [0, 1] {
            file.write_all_at(&slot(generation, anchor), place(generation))?;
        }
        file.set_len(2 * BLOCK_BYTES)?;
        file.sync_all()?;
        fs::rename(&new, path)?;
        sync_folder_of(path)?;
        Ok(Self {
            file,
            generation: 1,
        })
    }

    /// Looks for the anchor. Whoever goes on to write makes it [`writable`](Self::writable).
    pub(super) fn open(path: &Path) -> io::Result<Found> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Missing),
            Err(error) => return Err(error),
        };
        Ok(
            newest(&file).map_or(Found::Damaged, |(generation, anchor)| {
                Found::Anchor(Self { file, generation }, anchor)
            }),
        )
    }

    /// Opens the file that was found for writing, too.
    pub(super) fn writable(self, path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        Ok(Self { file, ..self })
    }

    /// Reads the anchor of a store that may be running; nothing if there is none that can be read.
    pub(super) fn peek(path: &Path) -> io::Result<Option<Anchor>> {
        match File::open(path) {
            Ok(file) => Ok(newest(&file).map(|(_, anchor)| anchor)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes how far the journal has come; durable when it returns. The slots take turns: one of
    /// them is whole at any moment.
    pub(super) fn write(&mut self, disk: &dyn Disk, anchor: &Anchor) -> io::Result<()> {
        self.generation = self.generation.saturating_add(1);
        disk.write(
            &self.file,
            &slot(self.generation, anchor),
            place(self.generation),
        )?;
        disk.sync(&self.file)
    }
}

/// Reads the newer of the two slots that can be read.
fn newest(file: &File) -> Option<(u64, Anchor)> {
    let slots = [0, 1].map(|generation| {
        let mut bytes = [0; SLOT_BYTES];
        let filled = file.read_exact_at(&mut bytes, place(generation));
        filled.ok().and_then(|()| read(&bytes))
    });
    let slots = slots.into_iter().flatten();
    slots.max_by_key(|(generation, _)| *generation)
}

fn place(generation: u64) -> u64 {
    BLOCK_BYTES.saturating_mul(generation % 2)
}

fn slot(generation: u64, anchor: &Anchor) -> Vec<u8> {
    let mut bytes = [&MAGIC[..], &FORMAT.to_be_bytes(), &anchor.store].concat();
    bytes.extend(generation.to_be_bytes());
    bytes.extend(anchor.sequence.to_be_bytes());
    bytes.extend(anchor.chain);
    bytes.extend(crc32fast::hash(&bytes).to_be_bytes());
    bytes
}

fn read(bytes: &[u8; SLOT_BYTES]) -> Option<(u64, Anchor)> {
    let (body, sum) = bytes.split_last_chunk::<4>()?;
    if crc32fast::hash(body) != u32::from_be_bytes(*sum) {
        return None;
    }
    let rest = body
        .strip_prefix(MAGIC)?
        .strip_prefix(&FORMAT.to_be_bytes())?;
    let (store, rest) = rest.split_first_chunk()?;
    let (generation, rest) = rest.split_first_chunk()?;
    let (sequence, chain) = rest.split_first_chunk()?;
    let (generation, sequence) = (
        u64::from_be_bytes(*generation),
        u64::from_be_bytes(*sequence),
    );
    Some((
        generation,
        Anchor {
            store: *store,
            sequence,
            chain: *chain.first_chunk()?,
        },
    ))
}
