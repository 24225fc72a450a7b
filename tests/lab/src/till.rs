//! A till: the ledger on the embedded engine, in this process, with deposits that follow from their
//! numbers. What was acknowledged can be looked for in whatever is left of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use souk_core::{Money, TransferId, TypedId, UserId};
use souk_ledger::{Entry, Policy, Refusal, audit, rail, transfer};
use souk_market::SystemClock;
use souk_store::embedded::{Embedded, Opened, Options, Protections, StateFound};
use souk_store::{Disk, Engine, Keyring, Range, RawKey, Store, StoreError, Versioned};
use tempfile::TempDir;

use crate::hesitant::Hesitant;
use crate::unprotected::Unchecked;
use crate::{Wrong, report};

/// People whose wallets are filled.
const PEOPLE: u64 = 16;
/// Segments so small that a few hundred deposits fill some.
const SEGMENT_BYTES: u64 = 64 << 10;
const GROWTH_BYTES: u64 = 16 << 10;
/// Segments that a dozen deposits fill, and a checkpoint when two are full: the state rests on one,
/// and there is an archive, after a hundred deposits.
const LAYERED_SEGMENT_BYTES: u64 = 16 << 10;
const LAYERED_GROWTH_BYTES: u64 = 8 << 10;
const LAYERED_CHECKPOINT_BYTES: u64 = 32 << 10;
/// Deposits after which the upkeep is waited for, where that is asked for.
const AT_ONCE: usize = 30;
/// How long the upkeep is waited for at most, look after look.
const UPKEEP_LOOK: Duration = Duration::from_millis(5);
const UPKEEP_LOOKS_MAX: u32 = 4_000;
/// The files of a system that live in memory.
const MEMORY: &str = "/dev/shm";

/// The ledger, open.
pub(crate) struct Till {
    engine: Arc<Embedded>,
    keyring: Arc<Keyring>,
    options: Options,
    pub(crate) store: Store,
    pub(crate) opened: Opened,
}

/// What is not as it was acknowledged.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Lost {
    #[error("deposit {0} was acknowledged and is missing")]
    Missing(u64),
    #[error("deposit {0} is not what was asked for")]
    Other(u64),
    #[error("the audit says: {0}")]
    Audit(String),
}

impl Till {
    /// Opens it. What [`Embedded::open`] says can be found in the error.
    pub(crate) fn open(options: &Options) -> Result<Self, Wrong> {
        let (engine, opened) = Embedded::open(options)?;
        let (engine, keyring) = (Arc::new(engine), Arc::new(Keyring::ephemeral()?));
        let clock = Arc::new(SystemClock);
        let store = Store::new(Arc::clone(&engine) as _, Arc::clone(&keyring), clock);
        Ok(Self {
            engine,
            keyring,
            options: options.clone(),
            store,
            opened,
        })
    }

    /// Returns the same store for so many who start together, with the checks of a commit or
    /// without.
    pub(crate) fn crowded(&self, together: usize, checked: bool) -> Store {
        self.on(Arc::new(self.hesitant(together, checked)))
    }

    /// Returns the engine on which so many commit together.
    pub(crate) fn hesitant(&self, together: usize, checked: bool) -> Hesitant {
        let engine = Arc::clone(&self.engine);
        let engine: Arc<dyn Engine> = if checked {
            engine
        } else {
            Arc::new(Unchecked(engine))
        };
        Hesitant::new(engine, together)
    }

    /// Returns the same store behind another engine.
    pub(crate) fn on(&self, engine: Arc<dyn Engine>) -> Store {
        Store::new(engine, Arc::clone(&self.keyring), Arc::new(SystemClock))
    }

    /// Makes the deposit with this number, once however often it is called.
    pub(crate) async fn deposit(&self, number: u64) -> Result<Entry, Refusal> {
        let (person, amount, policy) = (person(number), amount(number)?, &Policy::default());
        let deposit =
            |txn| async move { rail::deposit(&txn, policy, person, amount, name(number)).await };
        self.store.transact(deposit).await
    }

    /// Makes deposits one after the other.
    pub(crate) async fn deposit_all(&self, numbers: std::ops::Range<u64>) -> Result<(), Refusal> {
        for number in numbers {
            self.deposit(number).await?;
        }
        Ok(())
    }

    /// Makes deposits one after the other, and lets the upkeep come after them again and again: it
    /// makes a checkpoint whenever one is due, and the state rests on it.
    pub(crate) async fn deposit_at_leisure(
        &self,
        numbers: std::ops::Range<u64>,
    ) -> Result<(), Wrong> {
        for number in numbers.clone().step_by(AT_ONCE) {
            let end = numbers.end.min(number + AT_ONCE as u64);
            self.deposit_all(number..end).await?;
            self.kept_up().await?;
        }
        Ok(())
    }

    /// Returns when no checkpoint is due and the state is one layer on the newest.
    async fn kept_up(&self) -> Result<(), Wrong> {
        for _ in 0..UPKEEP_LOOKS_MAX {
            // What is looked at may be gone a moment later.
            if is_kept_up(&self.options).unwrap_or(false) {
                return Ok(());
            }
            tokio::time::sleep(UPKEEP_LOOK).await;
        }
        Err("a checkpoint is due, and the upkeep makes none".into())
    }

    /// Tells whether the deposit with this number is there.
    pub(crate) async fn has(&self, number: u64) -> Result<bool, Wrong> {
        let txn = self.store.begin()?;
        Ok(transfer::made(&txn, name(number)).await?.is_some())
    }

    /// Checks that deposits which were acknowledged are there as they were asked for, and that the
    /// books are in order. Returns how many entries they have.
    pub(crate) async fn check(
        &self,
        acknowledged: impl Iterator<Item = u64>,
    ) -> Result<u64, Wrong> {
        let txn = self.store.begin()?;
        for number in acknowledged {
            let entry = transfer::made(&txn, name(number)).await?;
            let entry = entry.ok_or(Lost::Missing(number))?;
            let credit = souk_ledger::Holder::Person(person(number));
            if entry.amount != amount(number)? || entry.credit != credit {
                return Err(Lost::Other(number).into());
            }
        }
        let audit = audit::audit(&txn).await?;
        match audit.faults.first() {
            None => Ok(audit.entries),
            Some(fault) => Err(Lost::Audit(fault.to_string()).into()),
        }
    }

    /// Returns all there is: every key, its value and the commit that wrote it.
    pub(crate) async fn everything(&self) -> Result<Vec<(RawKey, Versioned)>, StoreError> {
        let all = Range {
            start: Vec::new(),
            end: vec![u8::MAX; 8],
            limit: usize::MAX,
            reverse: false,
        };
        self.engine.scan(&all).await
    }
}

/// Opens a till, once more where it stops over what it finds in its state, and returns all there
/// is in it. Also tells whether the state had to be mended.
pub(crate) async fn reopened(options: &Options) -> Result<(Vec<(RawKey, Versioned)>, bool), Wrong> {
    let till = Till::open(options)?;
    let sound = matches!(till.opened.state, StateFound::Sound);
    match till.everything().await {
        Err(StoreError::Stopped) => {
            drop(till);
            Ok((Till::open(options)?.everything().await?, true))
        }
        everything => Ok((everything?, !sound)),
    }
}

/// The finished checkpoints of a store, the oldest first.
pub(crate) fn checkpoints(options: &Options) -> Result<Vec<PathBuf>, Wrong> {
    let mut found = within(&options.checkpoints())?;
    found.retain(|path| path.extension().is_some_and(|name| name == "checkpoint"));
    Ok(found)
}

/// Refuses a store that is no trial of the state in layers: fewer than two checkpoints, or nothing
/// in the archive.
pub(crate) fn must_be_layered(options: &Options) -> Result<(), Wrong> {
    let (checkpoints, archived) = (checkpoints(options)?.len(), within(&options.archive)?.len());
    report::tell(format_args!(
        "{checkpoints} checkpoints are kept, and {archived} archived segments."
    ));
    if checkpoints < 2 || archived == 0 {
        return Err("the state does not rest on checkpoints: this tries nothing".into());
    }
    Ok(())
}

/// Tells whether less lies behind the newest checkpoint than the next one needs.
fn is_kept_up(options: &Options) -> Result<bool, Wrong> {
    let length = |path: &PathBuf| Ok::<_, Wrong>(std::fs::metadata(path)?.len());
    let newest = checkpoints(options)?.last().map_or(Ok(0), length)?;
    let live = files(&options.journal())?;
    // The last two are the one that is written to and the one that lies ready.
    let ended = live.iter().rev().skip(2).map(length);
    let behind: u64 = ended.sum::<Result<u64, _>>()?;
    let mut layers = 0;
    for entry in std::fs::read_dir(options.state())? {
        layers += u32::from(entry?.path().is_dir());
    }
    Ok(layers == 1 && behind < options.checkpoint_bytes.max(newest))
}

fn person(number: u64) -> UserId {
    UserId::from_bits(u128::from(number % PEOPLE) + 1)
}

fn amount(number: u64) -> Result<Money, Refusal> {
    let currency = "USD".parse().map_err(|_| Refusal::Currencies)?;
    Money::new(number % 9 + 1, currency).map_err(|_| Refusal::AmountLarge)
}

fn name(number: u64) -> TransferId {
    TransferId::from_bits(u128::from(number) + 1)
}

/// A folder in memory, where the system has such; on the disk otherwise. No campaign that uses it
/// rests on what the system makes durable.
pub(crate) fn folder() -> Result<TempDir, Wrong> {
    let memory = Path::new(MEMORY);
    Ok(if memory.is_dir() {
        tempfile::tempdir_in(memory)?
    } else {
        tempfile::tempdir()?
    })
}

/// Leaves what a bad try left where it can be looked at; where that was to be expected, not.
pub(crate) fn put_by(room: TempDir, expected: bool) {
    if !expected {
        report::tell(format_args!("It is kept in {}.", room.keep().display()));
    }
}

/// Options for a small till in a folder, on this disk.
pub(crate) fn options(folder: &Path, disk: Arc<dyn Disk>) -> Options {
    let protections = Protections {
        disk,
        ..Protections::default()
    };
    Options {
        segment_bytes: SEGMENT_BYTES,
        growth_bytes: GROWTH_BYTES,
        protections,
        ..Options::at(&folder.join("data"))
    }
}

/// Options for a small till whose state rests on checkpoints soon.
pub(crate) fn layered(folder: &Path, disk: Arc<dyn Disk>) -> Options {
    Options {
        segment_bytes: LAYERED_SEGMENT_BYTES,
        growth_bytes: LAYERED_GROWTH_BYTES,
        checkpoint_bytes: LAYERED_CHECKPOINT_BYTES,
        ..options(folder, disk)
    }
}

/// Copies a till, running or not: the anchor first, since what it counts must not be missing.
pub(crate) fn copy(from: &Options, folder: &Path) -> Result<Options, Wrong> {
    let to = Options {
        data: folder.join("data"),
        anchor: folder.join("data.anchor"),
        archive: folder.join("data").join("archive"),
        ..from.clone()
    };
    std::fs::create_dir_all(&to.data)?;
    std::fs::copy(&from.anchor, &to.anchor)?;
    copy_folder(&from.data, &to.data)?;
    Ok(to)
}

/// Copies all files of a folder, however deep.
pub(crate) fn copy_folder(from: &Path, to: &Path) -> Result<(), Wrong> {
    for path in files(from)? {
        let target = to.join(path.strip_prefix(from)?);
        if let Some(parent) = target.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::copy(&path, &target)?;
    }
    Ok(())
}

/// All files of a folder, however deep, in order; none where there is no such folder.
pub(crate) fn within(folder: &Path) -> Result<Vec<PathBuf>, Wrong> {
    if folder.exists() {
        files(folder)
    } else {
        Ok(Vec::new())
    }
}

/// All files of a folder, however deep, in order.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>, Wrong> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
