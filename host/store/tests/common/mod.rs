//! What the store's tests share: engines to try, disks that misbehave, and a clock in the hand.

#[path = "../../../../tests/postgres/server.rs"]
pub mod server;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use souk_core::{Clock, Timestamp};
use souk_store::embedded::{Embedded, Opened, Options, Protections};
use souk_store::memory::Memory;
use souk_store::postgres::{self, Postgres};
use souk_store::{Disk, Durable, Engine, Keyring, Store};
use tempfile::TempDir;

/// A clock that shows what it is set to.
#[derive(Default)]
pub struct HandClock(AtomicU64);

impl HandClock {
    pub fn set(&self, millis: u64) {
        self.0.store(millis, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// An engine under test, which can be closed and opened again.
pub enum Place {
    Memory(Arc<Memory>),
    Embedded(TempDir),
    Postgres(Box<postgres::Options>),
}

impl Place {
    pub fn memory() -> Self {
        Self::Memory(Arc::default())
    }

    pub fn embedded() -> Self {
        Self::Embedded(tempfile::tempdir().unwrap())
    }

    pub fn postgres() -> Self {
        Self::Postgres(Box::new(tables()))
    }

    /// Opens the engine that is here; whoever had it before must have dropped it.
    pub fn open(&self) -> Arc<dyn Engine> {
        match self {
            Self::Memory(memory) => Arc::clone(memory) as Arc<dyn Engine>,
            Self::Embedded(folder) => Arc::new(open(&options(folder.path())).0),
            Self::Postgres(options) => Arc::new(Postgres::open(options).unwrap().0),
        }
    }
}

/// Options for tables that nobody else uses, on a server that does not sync.
pub fn tables() -> postgres::Options {
    let mut options = postgres::Options::at(&server::fresh(server::Kind::Fast)).unwrap();
    options.hold = postgres::Hold::Shared;
    options.protections.durable_server = false;
    options
}

/// A store on an engine.
pub fn store_on(engine: Arc<dyn Engine>) -> (Store, Arc<HandClock>) {
    let clock = Arc::new(HandClock::default());
    let keyring = Arc::new(Keyring::ephemeral().unwrap());
    (
        Store::new(engine, keyring, Arc::clone(&clock) as Arc<dyn Clock>),
        clock,
    )
}

/// A store on an engine, when time does not matter.
pub fn store(engine: &Arc<dyn Engine>) -> Store {
    store_on(Arc::clone(engine)).0
}

/// Options for a small store in a folder, on a disk that does not sync: nobody pulls the plug of a
/// test, and a thousand openings should not take a minute.
pub fn options(folder: &Path) -> Options {
    let protections = Protections {
        disk: Arc::new(Unsynced),
        ..Protections::default()
    };
    Options {
        segment_bytes: 64 << 10,
        growth_bytes: 16 << 10,
        protections,
        ..Options::at(&folder.join("data"))
    }
}

/// The same on another disk.
pub fn options_on(folder: &Path, disk: Arc<dyn Disk>) -> Options {
    let protections = Protections {
        disk,
        ..Protections::default()
    };
    Options {
        protections,
        ..options(folder)
    }
}

pub fn open(options: &Options) -> (Embedded, Opened) {
    Embedded::open(options).unwrap()
}

/// A disk that leaves the syncs out.
pub struct Unsynced;

impl Disk for Unsynced {
    fn sync(&self, _: &File) -> io::Result<()> {
        Ok(())
    }
}

/// A disk that counts its syncs and takes its time for them.
pub struct Slow {
    pub syncs: AtomicU64,
    time: Duration,
}

impl Slow {
    pub fn taking(time: Duration) -> Self {
        Self {
            syncs: AtomicU64::new(0),
            time,
        }
    }
}

impl Disk for Slow {
    fn sync(&self, file: &File) -> io::Result<()> {
        self.syncs.fetch_add(1, Ordering::SeqCst);
        std::thread::sleep(self.time);
        Durable.sync(file)
    }
}

/// A disk that fails once, after so many writes and syncs, and works again as if nothing had been.
pub struct Failing {
    left: AtomicU64,
    pub failed: AtomicBool,
}

impl Failing {
    pub fn after(calls: u64) -> Self {
        Self {
            left: AtomicU64::new(calls),
            failed: AtomicBool::new(false),
        }
    }

    fn count(&self) -> io::Result<()> {
        let before = self.left.fetch_sub(1, Ordering::SeqCst);
        if before == 0 {
            self.failed.store(true, Ordering::SeqCst);
            return Err(io::Error::from_raw_os_error(5));
        }
        Ok(())
    }
}

impl Disk for Failing {
    fn write(&self, file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
        self.count()?;
        Durable.write(file, bytes, at)
    }

    fn sync(&self, _: &File) -> io::Result<()> {
        self.count()
    }
}

/// A disk with room for nothing new while it is full.
#[derive(Default)]
pub struct Filling {
    pub full: AtomicBool,
    /// It takes a while to say that it is full.
    pub slow: AtomicBool,
}

impl Disk for Filling {
    fn sync(&self, _: &File) -> io::Result<()> {
        Ok(())
    }

    fn allocate(&self, file: &File, from: u64, bytes: u64) -> io::Result<()> {
        if self.full.load(Ordering::SeqCst) {
            if self.slow.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(50));
            }
            return Err(io::ErrorKind::StorageFull.into());
        }
        Durable.allocate(file, from, bytes)
    }

    fn reserve(&self, _: &File, _: u64) -> io::Result<()> {
        if self.full.load(Ordering::SeqCst) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(())
    }
}

/// A small random number generator: the same seed, the same test.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Throws a number below `sides`.
    pub fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }
}

/// All files in a folder, however deep.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let entries = match fs::read_dir(folder) {
        // Somebody removes it while it is read.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return found,
        entries => entries.unwrap(),
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Copies a folder with everything in it; what is removed meanwhile is not in the copy.
pub fn copy(from: &Path, to: &Path) {
    for path in files(from) {
        let target = to.join(path.strip_prefix(from).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        match fs::copy(&path, &target) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            copied => drop(copied.unwrap()),
        }
    }
}
