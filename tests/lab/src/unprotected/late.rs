//! What is left when the protection is taken out that R2 tests: a disk that says that everything
//! is written and synced, and only gets to it a while later. A host on it is still correct as long
//! as it lives, and when it is told to stop; whoever kills it finds that it lied.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use souk_store::Disk;

use crate::stopwatch::Stopwatch;

/// How long a write is only a promise. Most kills come in the middle of a load, which then loses
/// this much of what was acknowledged.
const LATE: Duration = Duration::from_millis(150);

/// A disk that acknowledges at once and writes later, in order.
pub struct LateDisk {
    promised: Mutex<Option<Sender<Promise>>>,
    keeper: Mutex<Option<JoinHandle<io::Result<()>>>>,
}

/// A write that was acknowledged.
struct Promise {
    file: File,
    bytes: Vec<u8>,
    at: u64,
    made: Stopwatch,
}

impl LateDisk {
    /// Starts the thread that will write.
    ///
    /// # Errors
    /// When the system gives none.
    pub fn start() -> io::Result<Self> {
        let (promised, promises) = mpsc::channel();
        let keeper = thread::Builder::new().name("late-disk".to_owned());
        let keeper = keeper.spawn(move || keep(&promises))?;
        Ok(Self {
            promised: Mutex::new(Some(promised)),
            keeper: Mutex::new(Some(keeper)),
        })
    }

    /// Returns when everything promised is written. Nothing can be written after it.
    ///
    /// # Errors
    /// What the system says about one of the writes.
    pub fn finish(&self) -> io::Result<()> {
        drop(
            self.promised
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
        let keeper = self
            .keeper
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        keeper.map_or(Ok(()), |keeper| {
            keeper.join().unwrap_or_else(|_| Err(gone()))
        })
    }
}

impl Disk for LateDisk {
    fn write(&self, file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
        let (file, bytes) = (file.try_clone()?, bytes.to_vec());
        let promise = Promise {
            file,
            bytes,
            at,
            made: Stopwatch::start(),
        };
        let promised = self.promised.lock().unwrap_or_else(PoisonError::into_inner);
        promised
            .as_ref()
            .and_then(|promised| promised.send(promise).ok())
            .ok_or_else(gone)
    }

    fn sync(&self, _: &File) -> io::Result<()> {
        Ok(())
    }
}

/// Keeps promises until there are no more.
fn keep(promises: &Receiver<Promise>) -> io::Result<()> {
    for Promise {
        file,
        bytes,
        at,
        made,
    } in promises
    {
        thread::sleep(LATE.saturating_sub(made.elapsed()));
        file.write_all_at(&bytes, at)?;
    }
    Ok(())
}

fn gone() -> io::Error {
    io::Error::other("the late disk has stopped")
}
