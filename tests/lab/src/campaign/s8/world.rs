//! A store with a person, a chat and an app that has made something of every kind, and the guests
//! that are run in it. Each try has one of its own; the sandbox is the same for all.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use souk_core::{Method, Reach, Timestamp};
use souk_registry::grant::Grant;
use souk_registry::setting;
use souk_runtime::{End, Job, Prepared, Report, Runtime};
use souk_store::memory::Memory;
use souk_store::{Batch, CommitError, Committed, Engine, Range, RawKey, StoreError, Versioned};

use super::commands::{Command, GUESTS, ORIGIN};
use super::fate::Fate;
use super::outside::Unlucky;
use crate::cell::Cell;
use crate::{Wrong, corpus};

/// The guests, ready to run.
#[derive(Clone)]
pub(super) struct Guests {
    runtime: Runtime,
    ready: Arc<BTreeMap<&'static str, Prepared>>,
}

/// Where they run.
#[derive(Clone)]
pub(super) struct World {
    cell: Arc<Cell>,
    engine: Arc<UnluckyStore>,
    outside: Arc<Unlucky>,
    pub(super) fate: Arc<Fate>,
    /// What the app has made, by kind.
    pub(super) names: Arc<BTreeMap<String, String>>,
}

impl Guests {
    pub(super) fn open(runtime: Runtime) -> Result<Self, Wrong> {
        let mut ready = BTreeMap::new();
        for guest in GUESTS {
            ready.insert(guest, runtime.prepare(&corpus::program(guest)?)?);
        }
        let ready = Arc::new(ready);
        Ok(Self { runtime, ready })
    }

    fn ready(&self, guest: &str) -> Result<&Prepared, Wrong> {
        let ready = self.ready.get(guest);
        ready.ok_or_else(|| format!("there is no guest {guest}").into())
    }
}

impl World {
    pub(super) async fn open(guests: &Guests) -> Result<Self, Wrong> {
        let fate = Arc::new(Fate::default());
        let engine = Arc::new(UnluckyStore::open(Arc::clone(&fate)));
        let cell = Cell::on(guests.runtime.clone(), Arc::clone(&engine) as _).await?;
        let outside = Unlucky::open(cell.store.clone(), Arc::clone(&fate))?;
        let mut world = Self {
            cell: Arc::new(cell),
            engine,
            outside: Arc::new(outside),
            fate,
            names: Arc::default(),
        };
        world.names = Arc::new(world.make(guests).await?);
        Ok(world)
    }

    /// Has the app make something of every kind.
    async fn make(&self, guests: &Guests) -> Result<BTreeMap<String, String>, Wrong> {
        let store = &self.cell.store;
        let txn = store.begin()?;
        let job = self.job("make", "")?;
        setting::set(&txn, &job.event.app, "canary-setting", "set", false).await?;
        setting::set(&txn, &job.event.app, "canary-secret", "secret", true).await?;
        let report = self
            .cell
            .runtime
            .run(guests.ready("probe")?, job, &txn)
            .await?;
        if report.end != End::Ok {
            return Err(format!("the app makes nothing: {:?}", report.end).into());
        }
        store.commit(&txn).await?;
        let names = report.log.iter().filter_map(|line| line.split_once(' '));
        Ok(names
            .map(|(kind, name)| (kind.to_owned(), name.to_owned()))
            .collect())
    }

    /// Runs a command and commits what it staged, as whoever asks for a run does.
    pub(super) async fn ask(&self, guests: &Guests, command: &Command) -> Result<Report, Wrong> {
        let txn = self.cell.store.begin()?;
        let report = self.run(guests, command, &txn).await?;
        self.fate.run_is_over();
        if report.end == End::Ok {
            self.cell.store.commit(&txn).await?;
        }
        Ok(report)
    }

    /// The same, for a task of its own: how it ends.
    pub(super) fn asking(
        &self,
        guests: &Guests,
        command: &Command,
    ) -> impl Future<Output = Result<End, Wrong>> + use<> {
        let (own, guests, command) = (self.clone(), guests.clone(), command.clone());
        async move { Ok(own.ask(&guests, &command).await?.end) }
    }

    /// Everything that is in the store.
    pub(super) async fn contents(&self) -> Result<Vec<(RawKey, Versioned)>, Wrong> {
        let all = Range {
            start: RawKey::new(),
            end: vec![u8::MAX; 64],
            limit: usize::MAX,
            reverse: false,
        };
        Ok(self.engine.memory.scan(&all).await?)
    }

    /// Runs a command, and commits nothing.
    pub(super) async fn try_out(
        &self,
        guests: &Guests,
        command: &Command,
    ) -> Result<Report, Wrong> {
        let txn = self.cell.store.begin()?;
        self.run(guests, command, &txn).await
    }

    async fn run(
        &self,
        guests: &Guests,
        command: &Command,
        txn: &souk_store::Txn,
    ) -> Result<Report, Wrong> {
        let job = self.job(command.name, &command.words(&self.names)?)?;
        let guest = guests.ready(command.guest)?;
        Ok(self.cell.runtime.run(guest, job, txn).await?)
    }

    fn job(&self, name: &str, words: &str) -> Result<Job, Wrong> {
        let mut job = self.cell.job_of(name, words);
        job.grants.http = Grant::Granted(vec![Reach {
            origin: ORIGIN.parse()?,
            methods: vec![Method::Get, Method::Post],
        }]);
        job.outside = Some(Arc::clone(&self.outside) as _);
        Ok(job)
    }
}

/// A store in memory, with which an answer goes wrong. Nothing of a commit that does is there.
pub(super) struct UnluckyStore {
    memory: Memory,
    fate: Arc<Fate>,
}

impl UnluckyStore {
    /// An empty one.
    pub(super) fn open(fate: Arc<Fate>) -> Self {
        Self {
            memory: Memory::default(),
            fate,
        }
    }

    async fn wait(&self) -> Result<(), StoreError> {
        self.fate.wait(false).await.map_err(|_| StoreError::Stopped)
    }
}

#[async_trait]
impl Engine for UnluckyStore {
    async fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        self.wait().await?;
        self.memory.get(key).await
    }

    async fn scan(&self, range: &Range) -> Result<Vec<(RawKey, Versioned)>, StoreError> {
        self.wait().await?;
        self.memory.scan(range).await
    }

    async fn commit(&self, batch: Batch, now: Timestamp) -> Result<Committed, CommitError> {
        self.wait().await?;
        let changes = !batch.is_read_only();
        let committed = self.memory.commit(batch, now).await?;
        if changes {
            self.fate.committed();
        }
        Ok(committed)
    }

    async fn durable(&self, sequence: u64) -> Result<(), StoreError> {
        self.wait().await?;
        self.memory.durable(sequence).await
    }
}
