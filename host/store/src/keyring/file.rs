//! The key file: a header with the host's own keys, two heads in turn, and one slot for each owner.
//!
//! A head says how many slots are in use and which one is being erased. It is written and synced
//! after the slots it counts and before any of their keys is used: a slot it counts must be
//! readable, one beyond it was never used. A head that is cut short leaves the other one.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use zeroize::Zeroizing;

use super::cipher::{OVERHEAD_BYTES, Secret};
use super::error::KeyringError;
use super::keys::Known;
use super::master::MasterKey;
use super::rotate::Retired;
use super::slot::{self, Name, SLOT_BYTES, Slot};
use crate::StoreError;
use crate::disk::{self, Disk, Durable, sync_folder_of};

const MAGIC: &[u8; 8] = b"SOUK-KEY";
/// Since 2 there may be places of retired keys; 1 is read all the same.
const FORMAT: u32 = 2;
const FORMAT_MIN: u32 = 1;
pub(super) const HEADER_BYTES: usize = 8 + 4 + OVERHEAD_BYTES + 64 + 4;
/// Header and heads lie in sectors of their own, so that writing one cannot spoil another.
const SECTOR_BYTES: u64 = 512;
const HEAD_BYTES: usize = 3 * 8 + 4;
/// Where the slots start.
pub(super) const SLOTS_AT: u64 = 4 * SECTOR_BYTES;
/// The file grows by this much: room for 512 keys, asked for before it is needed.
const GROWTH_BYTES: u64 = 64 << 10;
/// What the host's own keys are bound to.
const CONTEXT: &[u8] = b"souk host keys";

/// The key file, open for writing.
pub(super) struct KeyFile {
    file: File,
    master: Secret,
    pub(super) head: Head,
    /// How many bytes are allocated.
    room: u64,
    /// A write or a sync failed: what is on the disk is not known any more.
    failed: bool,
}

/// What opening the key file gives.
pub(super) struct OpenedFile {
    pub(super) file: KeyFile,
    pub(super) hashing: Secret,
    pub(super) signing: Secret,
    pub(super) keys: BTreeMap<Name, Known>,
    pub(super) retired: Vec<Retired>,
}

/// What the slots hold.
#[derive(Default)]
struct Held {
    keys: BTreeMap<Name, Known>,
    retired: Vec<Retired>,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Head {
    pub(super) generation: u64,
    pub(super) slots: u64,
    pub(super) erasing: Option<u64>,
}

impl KeyFile {
    pub(super) fn path(dir: &Path) -> PathBuf {
        dir.join("keys")
    }

    pub(super) fn open_or_create(
        dir: &Path,
        master: &MasterKey,
    ) -> Result<OpenedFile, KeyringError> {
        let path = Self::path(dir);
        if !path.try_exists().map_err(KeyringError::io(&path))? {
            create(dir, &path, &master.0)?;
        }
        open(&path, &master.0)
    }

    /// Writes keys into the next slots and returns the first one's number; durable when it returns.
    pub(super) fn append(&mut self, keys: &[(Name, Secret)]) -> Result<u64, StoreError> {
        self.sound()?;
        let first = self.head.slots;
        let slots = keys
            .iter()
            .map(|(name, key)| slot::key(name, key, &self.master));
        let bytes = slots.collect::<Result<Vec<_>, _>>()?.concat();
        let after = slot_at(first).saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        self.make_room(after)?;
        let count = u64::try_from(keys.len()).unwrap_or(u64::MAX);
        self.attempt(|file| {
            file.write_durably(&bytes, slot_at(first))?;
            file.write_head(Head {
                slots: first.saturating_add(count),
                ..file.head
            })
        })?;
        Ok(first)
    }

    /// Overwrites a slot; durable when it returns. The head names the slot before it is touched, so
    /// that a cut in the middle is finished by the next opening.
    pub(super) fn erase(&mut self, slot: u64) -> Result<(), StoreError> {
        self.sound()?;
        self.attempt(|file| {
            file.write_head(Head {
                erasing: Some(slot),
                ..file.head
            })?;
            file.write_durably(&slot::erased(), slot_at(slot))?;
            file.write_head(Head {
                erasing: None,
                ..file.head
            })
        })
    }

    fn sound(&self) -> Result<(), StoreError> {
        if self.failed {
            Err(StoreError::Keyring)
        } else {
            Ok(())
        }
    }

    /// After a failed write or sync nothing more is written: what the disk holds is not known.
    fn attempt(
        &mut self,
        write: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> Result<(), StoreError> {
        write(self).map_err(|error| {
            tracing::error!(%error, "the key file cannot be written");
            self.failed = true;
            StoreError::Keyring
        })
    }

    fn make_room(&mut self, until: u64) -> Result<(), StoreError> {
        while self.room < until {
            match Durable.allocate(&self.file, self.room, GROWTH_BYTES) {
                Ok(()) => self.room = self.room.saturating_add(GROWTH_BYTES),
                Err(error) if disk::is_full(&error) => return Err(StoreError::Full),
                Err(error) => return self.attempt(|_| Err(error)),
            }
        }
        Ok(())
    }

    fn write_durably(&self, bytes: &[u8], at: u64) -> io::Result<()> {
        self.file.write_all_at(bytes, at)?;
        self.file.sync_data()
    }

    pub(super) fn write_head(&mut self, head: Head) -> io::Result<()> {
        let head = Head {
            generation: head.generation.saturating_add(1),
            ..head
        };
        self.write_durably(&head.bytes(), head.place())?;
        self.head = head;
        Ok(())
    }
}

impl Head {
    /// Heads take turns.
    fn place(self) -> u64 {
        SECTOR_BYTES.saturating_mul(1 + self.generation % 2)
    }

    fn bytes(self) -> Vec<u8> {
        let erasing = self.erasing.map_or(0, |slot| slot.saturating_add(1));
        let body = [self.generation, self.slots, erasing]
            .map(u64::to_be_bytes)
            .concat();
        let sum = crc32fast::hash(&body).to_be_bytes();
        [&body[..], &sum].concat()
    }

    fn read(bytes: &[u8; HEAD_BYTES]) -> Option<Self> {
        let (body, sum) = bytes.split_last_chunk::<4>()?;
        if crc32fast::hash(body) != u32::from_be_bytes(*sum) {
            return None;
        }
        let (generation, rest) = body.split_first_chunk()?;
        let (slots, erasing) = rest.split_first_chunk()?;
        let erasing = u64::from_be_bytes(*erasing.first_chunk()?);
        let (generation, slots) = (u64::from_be_bytes(*generation), u64::from_be_bytes(*slots));
        Some(Self {
            generation,
            slots,
            erasing: erasing.checked_sub(1),
        })
    }
}

pub(super) fn slot_at(slot: u64) -> u64 {
    SLOTS_AT.saturating_add(slot.saturating_mul(SLOT_BYTES as u64))
}

/// Makes a key file with new host keys and no slots, and names it `path` when it is whole.
fn create(dir: &Path, path: &Path, master: &Secret) -> Result<(), KeyringError> {
    let header = header(&Secret::random()?, &Secret::random()?, master)?;
    let write = || {
        fs::create_dir_all(dir)?;
        write_whole(path, &header, &[])?;
        sync_folder_of(dir)
    };
    write().map_err(KeyringError::io(path))
}

/// Writes the header with the host's own keys.
pub(super) fn header(
    hashing: &Secret,
    signing: &Secret,
    master: &Secret,
) -> Result<Vec<u8>, KeyringError> {
    let mut bytes = [&MAGIC[..], &FORMAT.to_be_bytes()].concat();
    let host_keys = Zeroizing::new([*hashing.bytes(), *signing.bytes()].concat());
    master.encrypt(CONTEXT, &host_keys, &mut bytes)?;
    bytes.extend(crc32fast::hash(&bytes).to_be_bytes());
    Ok(bytes)
}

/// Writes a whole key file beside `path` and renames it; durable when it returns.
pub(super) fn write_whole(path: &Path, header: &[u8], slots: &[slot::Bytes]) -> io::Result<()> {
    let new = path.with_extension("new");
    let open = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&new);
    let file = open?;
    let head = Head {
        slots: u64::try_from(slots.len()).unwrap_or(u64::MAX),
        ..Head::default()
    };
    file.write_all_at(header, 0)?;
    file.write_all_at(&head.bytes(), head.place())?;
    file.set_len(SLOTS_AT)?;
    file.write_all_at(slots.as_flattened(), SLOTS_AT)?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    sync_folder_of(path)
}

pub(super) fn open(path: &Path, master: &Secret) -> Result<OpenedFile, KeyringError> {
    let open = || OpenOptions::new().read(true).write(true).open(path);
    let file = open().map_err(KeyringError::io(path))?;
    let (hashing, signing) = read_header(&file, path, master)?;
    let head = read_head(&file, path)?;
    let room = file.metadata().map_err(KeyringError::io(path))?.len();
    let mut file = KeyFile {
        file,
        master: master.clone(),
        head,
        room,
        failed: false,
    };
    let Held { keys, retired } = read_slots(&mut file, path)?;
    Ok(OpenedFile {
        file,
        hashing,
        signing,
        keys,
        retired,
    })
}

fn read_header(
    file: &File,
    path: &Path,
    master: &Secret,
) -> Result<(Secret, Secret), KeyringError> {
    let format = || KeyringError::Format {
        path: path.to_path_buf(),
    };
    let mut bytes = [0; HEADER_BYTES];
    file.read_exact_at(&mut bytes, 0).map_err(|_| format())?;
    let (body, sum) = bytes.split_last_chunk::<4>().ok_or_else(format)?;
    let rest = body.strip_prefix(MAGIC).ok_or_else(format)?;
    let (form, wrapped) = rest.split_first_chunk().ok_or_else(format)?;
    if !(FORMAT_MIN..=FORMAT).contains(&u32::from_be_bytes(*form)) {
        return Err(format());
    }
    if crc32fast::hash(body) != u32::from_be_bytes(*sum) {
        return Err(format());
    }
    let other = || KeyringError::OtherMaster {
        path: path.to_path_buf(),
    };
    let keys = Zeroizing::new(master.decrypt(CONTEXT, wrapped).ok_or_else(other)?);
    let (hashing, signing) = keys.split_first_chunk().ok_or_else(format)?;
    let signing = signing.first_chunk().ok_or_else(format)?;
    Ok((Secret::of(*hashing), Secret::of(*signing)))
}

/// Returns the newer of the two heads; one may have been cut short while it was written.
fn read_head(file: &File, path: &Path) -> Result<Head, KeyringError> {
    let heads = [0, 1].map(|generation| {
        let mut bytes = [0; HEAD_BYTES];
        let place = Head {
            generation,
            ..Head::default()
        }
        .place();
        file.read_exact_at(&mut bytes, place)
            .ok()
            .and_then(|()| Head::read(&bytes))
    });
    let newest = heads
        .into_iter()
        .flatten()
        .max_by_key(|head| head.generation);
    newest.ok_or_else(|| KeyringError::Format {
        path: path.to_path_buf(),
    })
}

/// Reads all slots, finishes an erasure that was cut short, and clears what was never used.
fn read_slots(file: &mut KeyFile, path: &Path) -> Result<Held, KeyringError> {
    let (counted, erasing) = (file.head.slots, file.head.erasing);
    let whole = file.room.saturating_sub(SLOTS_AT) / SLOT_BYTES as u64;
    let mut held = Held::default();
    let (mut used, mut spoilt, mut free) = (counted, Vec::from_iter(erasing), Vec::new());
    for index in 0..whole.max(counted) {
        let offset = slot_at(index);
        let damaged = || KeyringError::Damaged {
            path: path.to_path_buf(),
            offset,
            index,
        };
        match read_slot(file, index, whole).map_err(KeyringError::io(path))? {
            _ if erasing == Some(index) => {}
            Slot::Free | Slot::Unreadable if index < counted => return Err(damaged()),
            Slot::Free => {
                free.push(index);
                continue;
            }
            Slot::Key(name, wrapped) => {
                let key = Arc::new(file.master.unwrap(&name, &wrapped).ok_or_else(damaged)?);
                held.keys.insert(name, Known { key, slot: index });
            }
            Slot::Retired(name, wrapped) => {
                let key = file.master.unwrap(&name, &wrapped).ok_or_else(damaged)?;
                held.retired.push(Retired::of(&name, &key));
            }
            Slot::Erased => {}
            Slot::Unreadable => spoilt.push(index),
        }
        used = used.max(index.saturating_add(1));
    }
    spoilt.extend(free.into_iter().filter(|index| *index < used));
    settle(file, &spoilt, used).map_err(KeyringError::io(path))?;
    Ok(held)
}

fn read_slot(file: &KeyFile, index: u64, whole: u64) -> io::Result<Slot> {
    let mut bytes = [0; SLOT_BYTES];
    if index < whole {
        file.file.read_exact_at(&mut bytes, slot_at(index))?;
    }
    Ok(Slot::read(&bytes))
}

/// Marks spoilt slots as erased, and counts everything that is there.
fn settle(file: &mut KeyFile, spoilt: &[u64], used: u64) -> io::Result<()> {
    if spoilt.is_empty() && used == file.head.slots {
        return Ok(());
    }
    for slot in spoilt {
        file.write_durably(&slot::erased(), slot_at(*slot))?;
    }
    file.write_head(Head {
        slots: used,
        erasing: None,
        ..file.head
    })
}
