//! A disk in memory whose power can be cut: an ext4 image on a loop device.
//!
//! The image is a memory file. Sealing it makes every further write of the device fail at one
//! moment, in the middle of a sync as well as between two: what the file then holds is what a disk
//! without a cache of its own holds after a power cut. Needs root.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};

use crate::Wrong;

/// What is copied at once.
const CHUNK_BYTES: usize = 1 << 20;
/// The file system writes its own journal when it is told to, and hardly ever by itself.
const MOUNT: &str = "commit=300";

/// The disk, and where it is mounted.
pub(crate) struct MemoryDisk {
    image: File,
    mounted: Option<Mounted>,
}

struct Mounted {
    device: String,
    at: PathBuf,
}

impl MemoryDisk {
    /// Makes a disk with an empty file system. It takes only as much memory as is written to it.
    pub(crate) fn format(bytes: u64) -> Result<Self, Wrong> {
        let disk = Self::blank(bytes)?;
        run("mkfs.ext4", &["-q", "-F", "-m", "0", &disk.path()])?;
        Ok(disk)
    }

    /// Mounts it.
    pub(crate) fn mount(&mut self, at: &Path) -> Result<(), Wrong> {
        let device = run("losetup", &["--find", "--show", &self.path()])?;
        let device = device.trim().to_owned();
        self.mounted = Some(Mounted {
            device: device.clone(),
            at: at.to_path_buf(),
        });
        run("mount", &["-o", MOUNT, &device, &at.to_string_lossy()])?;
        Ok(())
    }

    /// Cuts its power: nothing is written to it any more.
    pub(crate) fn cut(&self) -> Result<(), Wrong> {
        Ok(fcntl_add_seals(&self.image, SealFlags::FUTURE_WRITE)?)
    }

    /// Takes it away from whoever had it open last.
    pub(crate) fn unmount(&mut self) -> Result<(), Wrong> {
        if let Some(Mounted { device, at }) = self.mounted.take() {
            let unmounted = run("umount", &[&at.to_string_lossy()]);
            run("losetup", &["--detach", &device])?;
            unmounted?;
        }
        Ok(())
    }

    /// Returns a disk that holds the same.
    pub(crate) fn copy(&self) -> Result<Self, Wrong> {
        let length = self.image.metadata()?.len();
        let (copy, mut at) = (Self::blank(length)?, 0);
        let mut chunk = vec![0; CHUNK_BYTES];
        while at < length {
            let count = self.image.read_at(&mut chunk, at)?;
            let read = chunk.get(..count).unwrap_or_default();
            if read.iter().any(|byte| *byte != 0) {
                copy.image.write_all_at(read, at)?;
            }
            at = at.saturating_add(u64::try_from(count)?);
        }
        Ok(copy)
    }

    fn blank(bytes: u64) -> Result<Self, Wrong> {
        let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
        let image = File::from(memfd_create("souk-lab-disk", flags)?);
        image.set_len(bytes)?;
        Ok(Self {
            image,
            mounted: None,
        })
    }

    /// Where other programs find the image, as long as this one runs.
    fn path(&self) -> String {
        format!("/proc/{}/fd/{}", std::process::id(), self.image.as_raw_fd())
    }
}

impl Drop for MemoryDisk {
    fn drop(&mut self) {
        // What cannot be unmounted stays, and whoever looks at the machine sees it.
        drop(self.unmount());
    }
}

/// Runs a program of the system and returns what it says.
fn run(program: &str, words: &[&str]) -> Result<String, Wrong> {
    let said = Command::new(program).args(words).output();
    let said = said.map_err(|error| io::Error::other(format!("{program}: {error}")))?;
    if said.status.success() {
        return Ok(String::from_utf8_lossy(&said.stdout).into_owned());
    }
    let words = String::from_utf8_lossy(&said.stderr);
    Err(format!("{program} says: {}", words.trim()).into())
}
