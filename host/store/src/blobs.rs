//! Blobs: components, images and other large bytes, kept under the hash of what they are.
//!
//! A blob never changes and is never half there, so nothing about it has to be in a transaction: it
//! is put first, and a committed record then names it. One that nobody came to name is harmless.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::StoreError;
use crate::disk::{is_full, sync_folder, sync_folder_of};

/// A folder of blobs. A cheap handle.
#[derive(Clone, Debug)]
pub struct Blobs {
    folder: PathBuf,
}

impl Blobs {
    /// Opens a folder of blobs, or makes it.
    ///
    /// # Errors
    /// [`StoreError::Blobs`] when the folder cannot be made.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let made = fs::create_dir_all(folder).and_then(|()| sync_folder_of(folder));
        made.map_err(|error| failed(folder, &error))?;
        Ok(Self {
            folder: folder.to_path_buf(),
        })
    }

    /// Keeps bytes and returns their SHA-256, under which they are found; durable when it returns.
    /// Putting what is there already mends it if it was damaged.
    ///
    /// # Errors
    /// [`StoreError::Full`], [`StoreError::Blobs`]; nothing half-written is ever found.
    pub async fn put(&self, bytes: Vec<u8>) -> Result<[u8; 32], StoreError> {
        let folder = self.folder.clone();
        blocking(move || {
            let digest = digest(&bytes);
            let path = path(&folder, &digest);
            if !matches!(read(&path, &digest), Ok(Some(_))) {
                write(&folder, &path, &bytes).map_err(|error| failed(&path, &error))?;
            }
            Ok(digest)
        })
        .await
    }

    /// Returns the bytes with this SHA-256, checked, or nothing if there are none.
    ///
    /// # Errors
    /// [`StoreError::Form`] when they are damaged, [`StoreError::Blobs`] when they cannot be read.
    pub async fn get(&self, digest: &[u8; 32]) -> Result<Option<Vec<u8>>, StoreError> {
        let (path, digest) = (path(&self.folder, digest), *digest);
        blocking(move || read(&path, &digest)).await
    }
}

/// Runs something where it may block.
async fn blocking<T: Send + 'static>(
    body: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(body)
        .await
        .unwrap_or(Err(StoreError::Blobs))
}

fn failed(path: &Path, error: &io::Error) -> StoreError {
    tracing::error!(%error, path = %path.display(), "a blob cannot be read or written");
    if is_full(error) {
        StoreError::Full
    } else {
        StoreError::Blobs
    }
}

fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// A folder for each first byte keeps them all small.
fn path(folder: &Path, digest: &[u8; 32]) -> PathBuf {
    let name = hex::encode(digest);
    let (shelf, _) = name.split_at(2);
    folder.join(shelf).join(&name)
}

fn read(path: &Path, wanted: &[u8; 32]) -> Result<Option<Vec<u8>>, StoreError> {
    match fs::read(path) {
        Ok(bytes) if digest(&bytes) == *wanted => Ok(Some(bytes)),
        Ok(_) => {
            tracing::error!(path = %path.display(), "a blob is damaged");
            Err(StoreError::Form)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(path, &error)),
    }
}

/// Writes beside and renames. Two who put the same at once write files of their own.
fn write(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let shelf = path.parent().unwrap_or(folder);
    if !shelf.exists() {
        fs::create_dir_all(shelf)?;
        sync_folder(folder)?;
        sync_folder_of(folder)?;
    }
    let mut suffix = [0; 8];
    getrandom::fill(&mut suffix).map_err(io::Error::other)?;
    let new = path.with_extension(format!("new-{}", hex::encode(suffix)));
    let written = write_file(&new, bytes).and_then(|()| fs::rename(&new, path));
    if let Err(error) = written {
        drop(fs::remove_file(&new));
        return Err(error);
    }
    sync_folder(shelf)
}

fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file: File = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Copies all blobs of a folder into another, each checked; durable when it returns. Returns how
/// many.
///
/// # Errors
/// The path that cannot be read or written, and why.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<u64, (PathBuf, io::Error)> {
    let mut copied = 0;
    for shelf in listed(from)? {
        for blob in listed(&shelf)? {
            let failed = |error| (blob.clone(), error);
            let bytes = fs::read(&blob).map_err(failed)?;
            let name = hex::encode(digest(&bytes));
            match blob.file_name().and_then(|name| name.to_str()) {
                Some(found) if found == name => {}
                // One that is being written, or was never finished.
                Some(found) if found.contains(".new-") => continue,
                _ => return Err(failed(io::ErrorKind::InvalidData.into())),
            }
            write(to, &path(to, &digest(&bytes)), &bytes).map_err(failed)?;
            copied += 1;
        }
    }
    Ok(copied)
}

/// The paths in a folder; none if it is not there.
fn listed(folder: &Path) -> Result<Vec<PathBuf>, (PathBuf, io::Error)> {
    let read = || -> io::Result<Vec<PathBuf>> {
        let entries = match fs::read_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other?,
        };
        entries.map(|entry| Ok(entry?.path())).collect()
    };
    read().map_err(|error| (folder.to_path_buf(), error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blobs() -> (tempfile::TempDir, Blobs) {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(&folder.path().join("blobs")).unwrap();
        (folder, blobs)
    }

    #[tokio::test]
    async fn what_was_put_is_found_under_its_hash() {
        let (_folder, blobs) = blobs();
        assert_eq!(blobs.get(&[7; 32]).await.unwrap(), None);
        let digest = blobs.put(b"a component".to_vec()).await.unwrap();
        assert_eq!(digest, <[u8; 32]>::from(Sha256::digest(b"a component")));
        assert_eq!(blobs.get(&digest).await.unwrap().unwrap(), b"a component");
        assert_eq!(blobs.put(b"a component".to_vec()).await.unwrap(), digest);
        assert_ne!(blobs.put(Vec::new()).await.unwrap(), digest);
    }

    #[tokio::test]
    async fn many_may_put_the_same_at_once() {
        let (_folder, blobs) = blobs();
        let mut puts = tokio::task::JoinSet::new();
        for _ in 0..16 {
            let blobs = blobs.clone();
            puts.spawn(async move { blobs.put(vec![5; 100_000]).await.unwrap() });
        }
        for digest in puts.join_all().await {
            assert_eq!(blobs.get(&digest).await.unwrap().unwrap().len(), 100_000);
        }
    }

    #[tokio::test]
    async fn a_damaged_blob_is_never_handed_out_and_can_be_put_again() {
        let (_folder, blobs) = blobs();
        let digest = blobs.put(b"a component".to_vec()).await.unwrap();
        fs::write(path(&blobs.folder, &digest), b"a Component").unwrap();
        assert_eq!(blobs.get(&digest).await, Err(StoreError::Form));
        blobs.put(b"a component".to_vec()).await.unwrap();
        assert_eq!(blobs.get(&digest).await.unwrap().unwrap(), b"a component");
    }
}
