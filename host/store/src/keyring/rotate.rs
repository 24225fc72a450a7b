//! Changing the master key or the signing key, and copying the key file.
//!
//! Either change writes a whole new key file and renames it, so that a cut leaves the old one or
//! the new one. Erased places are left out of it, and the old file is overwritten.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use souk_core::Timestamp;

use super::cipher::Secret;
use super::error::KeyringError;
use super::file::{self, KeyFile, OpenedFile, SLOTS_AT};
use super::master::MasterKey;
use super::slot::{self, Name, SLOT_BYTES, Slot};
use super::{Keyring, StoreError};
use crate::disk::sync_folder_of;

/// How often a key file is copied that is being written to.
const COPIES_MAX: usize = 20;

/// A public key of the host that does not sign any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retired {
    /// The key, Ed25519.
    pub public_key: [u8; 32],
    /// When it signed last, or a little later.
    pub until: Timestamp,
}

impl Retired {
    pub(super) fn of(name: &Name, key: &Secret) -> Self {
        Self {
            public_key: *key.bytes(),
            until: Timestamp::from_millis(slot::until_ms(name)),
        }
    }
}

/// Opens the keyring in `dir` with the master key in a file, or makes both, and ends a change of
/// the master key that was cut short.
///
/// # Errors
/// The key file or the master key cannot be read, made or opened with each other.
pub fn open(dir: &Path, master: &Path) -> Result<Keyring, KeyringError> {
    let loaded = Keyring::load(dir, &MasterKey::load_or_create(master)?);
    let next = next(master);
    let unfinished = matches!(loaded, Err(KeyringError::OtherMaster { .. })) && next.exists();
    if !unfinished {
        return loaded;
    }
    let keyring = Keyring::load(dir, &MasterKey::load_or_create(&next)?)?;
    replace(&next, master).map_err(KeyringError::io(master))?;
    Ok(keyring)
}

/// Changes the master key in a file, and wraps all keys under the new one. The host must not run.
///
/// # Errors
/// As for [`open`]; then the old master key is still in force, or the next [`open`] ends it.
pub fn rotate_master(dir: &Path, master: &Path) -> Result<(), KeyringError> {
    drop(open(dir, master)?);
    let (old, next) = (MasterKey::load_or_create(master)?, next(master));
    let new = MasterKey::load_or_create(&next)?;
    rewrite(dir, &old, |opened| {
        let retired = opened.retired.clone();
        Ok((new.0.clone(), opened.signing.clone(), retired))
    })?;
    replace(&next, master).map_err(KeyringError::io(master))
}

/// Changes the signing key. The public key of the old one stays published, with the time until
/// which it signed. The host must not run.
///
/// # Errors
/// As for [`open`]; then the old signing key is still in force.
pub fn rotate_signing(dir: &Path, master: &Path, now: Timestamp) -> Result<(), KeyringError> {
    drop(open(dir, master)?);
    let master = MasterKey::load_or_create(master)?;
    rewrite(dir, &master, |opened| {
        let old = SigningKey::from_bytes(opened.signing.bytes());
        let mut retired = opened.retired.clone();
        retired.push(Retired {
            public_key: old.verifying_key().to_bytes(),
            until: now,
        });
        Ok((master.0.clone(), Secret::random()?, retired))
    })
}

/// What a rewritten key file holds beside the owners' keys: the master key it is wrapped under, the
/// signing key, and the public keys of earlier times.
type Changed = (Secret, Secret, Vec<Retired>);

fn rewrite(
    dir: &Path,
    master: &MasterKey,
    change: impl FnOnce(&OpenedFile) -> Result<Changed, StoreError>,
) -> Result<(), KeyringError> {
    let path = KeyFile::path(dir);
    let opened = file::open(&path, &master.0)?;
    let (new, signing, retired) = change(&opened)?;
    let header = file::header(&opened.hashing, &signing, &new)?;
    let retired = retired
        .iter()
        .map(|one| slot::retired(one.until.millis(), one.public_key, &new));
    let keys = opened.keys.iter();
    let keys = keys.map(|(name, known)| slot::key(name, &known.key, &new));
    let slots = retired.chain(keys).collect::<Result<Vec<_>, _>>()?;
    replace_with(&path, || file::write_whole(&path, &header, &slots))
        .map_err(KeyringError::io(&path))
}

/// Where the next master key lies until it is in force.
fn next(master: &Path) -> PathBuf {
    master.with_extension("key-next")
}

/// Puts the next master key in force and overwrites the old one.
fn replace(next: &Path, master: &Path) -> io::Result<()> {
    replace_with(master, || {
        fs::rename(next, master)?;
        sync_folder_of(master)
    })
}

/// Replaces a file, then overwrites what it was.
fn replace_with(path: &Path, body: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
    let old = OpenOptions::new().write(true).open(path)?;
    body()?;
    let length = usize::try_from(old.metadata()?.len()).unwrap_or(usize::MAX);
    old.write_all_at(&vec![0; length], 0)?;
    old.sync_all()
}

/// Copies the key file of a host that may be running into a folder, in place of the copy that is
/// there, which is overwritten. The master key is not copied.
///
/// # Errors
/// The key file cannot be read, or the copy cannot be written.
pub fn copy_keys(from: &Path, to: &Path) -> Result<(), KeyringError> {
    let (from, to) = (KeyFile::path(from), KeyFile::path(to));
    let mut bytes = Vec::new();
    for _ in 0..COPIES_MAX {
        bytes = fs::read(&from).map_err(KeyringError::io(&from))?;
        if is_whole(&bytes) {
            return write_copy(&to, &bytes).map_err(KeyringError::io(&to));
        }
    }
    let torn = bytes.len();
    tracing::error!(bytes = torn, "the key file cannot be copied");
    Err(KeyringError::Format { path: from })
}

/// Checks that a folder holds a copy of a key file that can be copied back.
///
/// # Errors
/// There is none that can be read, or it is not whole.
pub fn check_copy(folder: &Path) -> Result<(), KeyringError> {
    let path = KeyFile::path(folder);
    let bytes = fs::read(&path).map_err(KeyringError::io(&path))?;
    if is_whole(&bytes) {
        return Ok(());
    }
    Err(KeyringError::Format { path })
}

/// Tells whether all places are readable: one that is being written to is not, for a moment. Zeros
/// at the end are room for more.
fn is_whole(bytes: &[u8]) -> bool {
    let start = usize::try_from(SLOTS_AT).unwrap_or(usize::MAX);
    let slots = bytes.get(start..).map(<[u8]>::as_chunks::<SLOT_BYTES>);
    slots.is_some_and(|(slots, _)| {
        let mut slots = slots.iter();
        slots.all(|slot| !matches!(Slot::read(slot), Slot::Unreadable))
    })
}

fn write_copy(to: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    let new = to.with_extension("new");
    let open = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&new);
    let file = open?;
    file.write_all_at(bytes, 0)?;
    file.sync_all()?;
    let rename = || {
        fs::rename(&new, to)?;
        sync_folder_of(to)
    };
    if to.exists() {
        replace_with(to, rename)
    } else {
        rename()
    }
}
