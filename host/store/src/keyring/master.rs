//! The master key: one file that wraps every other key.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use zeroize::Zeroizing;

use super::cipher::Secret;
use super::error::KeyringError;
use crate::disk::sync_folder_of;

/// Permission bits that let everyone on the machine read, write or run a file.
const EVERYONE: u32 = 0o007;

/// The key that wraps all others. Whoever has it and the key file can read everything; whoever
/// loses it has erased everything.
#[derive(Clone)]
pub struct MasterKey(pub(super) Secret);

impl MasterKey {
    /// Takes a key from somewhere else: a systemd credential, a test.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Secret::of(bytes))
    }

    /// Reads the key from a file of 64 hexadecimal digits, or makes the file, readable by its owner
    /// only, from the system's randomness. It is durable when this returns.
    ///
    /// # Errors
    /// The file cannot be read or made, is open to everyone, or holds something else.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyringError> {
        if !path.try_exists().map_err(KeyringError::io(path))? {
            create(path)?;
        }
        let mode = fs::metadata(path)
            .map_err(KeyringError::io(path))?
            .permissions()
            .mode();
        if mode & EVERYONE != 0 {
            return Err(KeyringError::Exposed {
                path: path.to_path_buf(),
            });
        }
        let text = Zeroizing::new(fs::read(path).map_err(KeyringError::io(path))?);
        let mut key = Zeroizing::new([0; 32]);
        match hex::decode_to_slice(text.trim_ascii_end(), &mut *key) {
            Ok(()) => Ok(Self::from_bytes(*key)),
            Err(_) => Err(KeyringError::NoMasterKey {
                path: path.to_path_buf(),
            }),
        }
    }
}

/// Writes a new key beside `path` and links it there whole: if two do so at once, one of them wins
/// and both then read the winner's.
fn create(path: &Path) -> Result<(), KeyringError> {
    let (secret, suffix) = (Secret::random()?, Secret::random()?);
    let [one, two, three, four, ..] = *suffix.bytes();
    let new = path.with_extension(format!("new-{}", hex::encode([one, two, three, four])));
    let written = write(&new, &secret).and_then(|()| match fs::hard_link(&new, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    });
    let removed = fs::remove_file(&new);
    written
        .and(removed)
        .and_then(|()| sync_folder_of(path))
        .map_err(KeyringError::io(path))
}

fn write(path: &Path, secret: &Secret) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    let text = Zeroizing::new(hex::encode(secret.bytes()));
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}
