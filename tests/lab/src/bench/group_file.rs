//! One file that many write to at once, with one sync for all of them: what a durable answer costs
//! when there is nothing else to it.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use tokio::sync::oneshot;

/// The file is written round and round, so that its length and place on the disk stay.
const FILE_BYTES: usize = 64 << 20;

/// The file. Clones write to the same one.
#[derive(Clone)]
pub struct GroupFile(Sender<Record>);

struct Record {
    bytes: Vec<u8>,
    durable: oneshot::Sender<()>,
}

impl GroupFile {
    /// Makes the file, full of zeros, and starts the thread that writes it.
    ///
    /// # Errors
    /// What the system says.
    pub fn create(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().write(true).create_new(true).open(path)?;
        file.write_all_at(&vec![0; FILE_BYTES], 0)?;
        file.sync_all()?;
        let (records, waiting) = mpsc::channel();
        thread::Builder::new()
            .name("group-file".to_owned())
            .spawn(move || keep(&file, &waiting))?;
        Ok(Self(records))
    }

    /// Appends a record and returns when it is durable.
    ///
    /// # Errors
    /// When the disk refused.
    pub async fn append(&self, bytes: Vec<u8>) -> io::Result<()> {
        let gone = || io::Error::other("the file could not be written");
        let (durable, told) = oneshot::channel();
        self.0.send(Record { bytes, durable }).map_err(|_| gone())?;
        told.await.map_err(|_| gone())
    }
}

/// Writes and syncs all that waits, then tells who waited. Stops at the first error: then nobody is
/// told any more.
fn keep(file: &File, waiting: &Receiver<Record>) {
    let (mut at, mut group) = (0, Vec::new());
    while let Ok(first) = waiting.recv() {
        group.clear();
        let mut told = vec![first.durable];
        group.extend(first.bytes);
        for Record { bytes, durable } in waiting.try_iter() {
            group.extend(bytes);
            told.push(durable);
        }
        if at + group.len() > FILE_BYTES {
            at = 0;
        }
        if file
            .write_all_at(&group, at as u64)
            .and_then(|()| file.sync_data())
            .is_err()
        {
            return;
        }
        at += group.len();
        for durable in told {
            // Whoever hung up meanwhile does not want to know.
            durable.send(()).unwrap_or_default();
        }
    }
}
