//! Traces: what runs were, kept for their merchants for a while, beside the store.
//!
//! A trace is written after its run has committed and off everybody's way: it may be missing after
//! a crash, and nothing rests on it. Runs that ended badly are always kept, good ones now and then.
//! It is sealed twice: to the key the app's packages are signed with, so that only the merchant can
//! read it; and with the key of whose event it was, so that it is erased with them.

mod ring;
mod writer;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use souk_core::limits::{
    TRACE_KEPT_MS_DEFAULT, TRACE_OK_EVERY_MS, TRACES_OF_APP_DEFAULT, TRACES_WAITING_MAX,
};
use souk_core::{AppId, Blame, EventId, Timestamp, TraceId, UserId};
use souk_registry::envelope::{EnvelopeError, Sealer};
use souk_runtime::{Trace, TraceError};
use souk_store::{Owner, Store, StoreError, Txn};
use tokio::task::JoinSet;

use crate::{Market, MarketError, apps};
use ring::{Kind, Record};
use writer::Writer;

/// Where traces are kept, how many and for how long.
#[derive(Clone, Debug)]
pub struct TraceKeeping {
    /// The directory; nothing else may be in it.
    pub directory: PathBuf,
    /// How many runs of an app are kept that ended well, and how many that did not.
    pub of_app: usize,
    /// For how long, in milliseconds.
    pub kept_ms: u64,
    /// How soon after a run that ended well the next one of its app may be kept, in milliseconds.
    pub ok_every_ms: u64,
}

impl TraceKeeping {
    /// Returns what a host does unless its operator says otherwise.
    pub fn in_directory(directory: PathBuf) -> Self {
        Self {
            directory,
            of_app: TRACES_OF_APP_DEFAULT,
            kept_ms: TRACE_KEPT_MS_DEFAULT,
            ok_every_ms: TRACE_OK_EVERY_MS,
        }
    }

    fn is_kept(&self, line: &TraceLine, now: Timestamp) -> bool {
        line.at.after_millis(self.kept_ms) > now
    }
}

/// What a list of traces says of one: nothing that a person said or is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceLine {
    /// Names it; the run's audit line does too.
    pub id: TraceId,
    /// The event it ran for.
    pub event: EventId,
    /// The version that ran.
    pub version: u32,
    /// When it ran.
    pub at: Timestamp,
    /// Why the event was, in a word.
    pub cause: String,
    /// How the run ended, in a word.
    pub ended: String,
    /// How it failed, if it did.
    pub fault: Option<Fault>,
    /// How many host calls it made.
    pub host_calls: u64,
    /// What it computed, in the engine's unit.
    pub fuel: u64,
}

/// How a run failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Who has to do something about it.
    pub blame: Blame,
    /// What happened, in the host's words.
    pub what: String,
}

/// A trace that is to be kept once its run has committed.
pub(crate) struct Taken {
    pub(crate) line: TraceLine,
    pub(crate) owner: Owner,
    /// The key the app's packages are signed with.
    pub(crate) signer: [u8; 32],
    pub(crate) trace: Trace,
}

/// Why a trace is not kept.
#[derive(Debug, thiserror::Error)]
enum Unkept {
    #[error(transparent)]
    Trace(#[from] TraceError),
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The traces of a host. A cheap handle.
#[derive(Clone)]
pub(crate) struct Traces(Arc<Inner>);

struct Inner {
    keeping: TraceKeeping,
    writer: Writer,
    /// Those that are being sealed.
    sealing: Mutex<JoinSet<()>>,
    sealers: Mutex<BTreeMap<[u8; 32], Arc<Sealer>>>,
    /// When a run of each app was kept last that ended well.
    last_ok: Mutex<BTreeMap<AppId, Timestamp>>,
}

impl Traces {
    /// Opens them. Nothing rests on traces: where there is no place for them, none are kept.
    pub(crate) fn open(keeping: TraceKeeping) -> Option<Self> {
        let writer = Writer::start(&keeping)
            .inspect_err(|error| tracing::error!(%error, "traces cannot be kept"));
        Some(Self(Arc::new(Inner {
            writer: writer.ok()?,
            keeping,
            sealing: Mutex::default(),
            sealers: Mutex::default(),
            last_ok: Mutex::default(),
        })))
    }

    /// Keeps a trace, some time soon.
    pub(crate) fn keep(&self, store: &Store, taken: Taken) {
        if !self.is_wanted(&taken) {
            return;
        }
        let (traces, store) = (self.clone(), store.clone());
        let (app, id) = (taken.trace.app.clone(), taken.line.id);
        let mut sealing = self
            .0
            .sealing
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        while sealing.try_join_next().is_some() {}
        if sealing.len() >= TRACES_WAITING_MAX {
            tracing::warn!(%app, trace = %id, "a trace is not kept: too many wait to be sealed");
            return;
        }
        sealing.spawn(async move {
            if let Err(error) = traces.seal_and_write(&store, taken).await {
                tracing::warn!(%app, trace = %id, "a trace is not kept: {error}");
            }
        });
    }

    /// Whether it is one that is kept: a bad one, or the first good one in a while.
    fn is_wanted(&self, taken: &Taken) -> bool {
        if Kind::of(&taken.line) == Kind::Bad {
            return true;
        }
        let mut last = self
            .0
            .last_ok
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let now = taken.line.at;
        let due = last
            .get(&taken.trace.app)
            .is_none_or(|last| last.after_millis(self.0.keeping.ok_every_ms) <= now);
        if due {
            last.insert(taken.trace.app.clone(), now);
        }
        due
    }

    async fn seal_and_write(&self, store: &Store, taken: Taken) -> Result<(), Unkept> {
        let Taken {
            line,
            owner,
            signer,
            trace,
        } = taken;
        let envelope = self.sealer(&signer)?.seal(&trace.to_bytes()?)?;
        let sealed = store.keyring().seal(&owner, &envelope).await?;
        self.0.writer.write(trace.app, Record { line, sealed });
        Ok(())
    }

    fn sealer(&self, signer: &[u8; 32]) -> Result<Arc<Sealer>, EnvelopeError> {
        let mut sealers = self
            .0
            .sealers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(sealer) = sealers.get(signer) {
            return Ok(Arc::clone(sealer));
        }
        let sealer = Arc::new(Sealer::to(signer)?);
        sealers.insert(*signer, Arc::clone(&sealer));
        Ok(sealer)
    }

    /// Deletes what is older than it may be.
    pub(crate) fn sweep(&self, now: Timestamp) {
        self.0.writer.sweep(now);
    }

    /// What there is to say of the traces of an app, newest first.
    async fn lines(&self, app: &AppId, now: Timestamp) -> Vec<TraceLine> {
        let read = self.read(app, move |keeping, app| {
            let mut found = ring::lines(&keeping.directory, app);
            found.retain(|line| keeping.is_kept(line, now));
            found.sort_by_key(|line| std::cmp::Reverse(line.id));
            found
        });
        read.await.unwrap_or_default()
    }

    /// One trace of an app.
    async fn find(&self, app: &AppId, id: TraceId, now: Timestamp) -> Option<Record> {
        let read = self.read(app, move |keeping, app| {
            let found = ring::find(&keeping.directory, app, id);
            found.filter(|record| keeping.is_kept(&record.line, now))
        });
        read.await.flatten()
    }

    /// Reads the files of an app, once everything is written.
    async fn read<T: Send + 'static>(
        &self,
        app: &AppId,
        how: impl FnOnce(&TraceKeeping, &AppId) -> T + Send + 'static,
    ) -> Option<T> {
        let (traces, app) = (self.clone(), app.clone());
        let read = move || {
            traces.0.writer.flush();
            how(&traces.0.keeping, &app)
        };
        tokio::task::spawn_blocking(read).await.ok()
    }
}

impl Market {
    /// Returns what is kept of the runs of a merchant's app, newest first.
    ///
    /// # Errors
    /// [`MarketError::UnknownApp`], also for other people's.
    pub async fn traces(
        &self,
        merchant: UserId,
        app: &AppId,
        limit: usize,
    ) -> Result<Vec<TraceLine>, MarketError> {
        let Some(traces) = self.traces_of(merchant, app).await? else {
            return Ok(Vec::new());
        };
        let mut found = traces.lines(app, self.store().now()).await;
        found.truncate(limit);
        Ok(found)
    }

    /// Returns the trace of one run of a merchant's app, sealed to the merchant's key.
    ///
    /// # Errors
    /// [`MarketError::UnknownApp`], also for other people's; [`MarketError::UnknownTrace`] when it
    /// was not kept, or not for so long, or was erased with the person whose event it was.
    pub async fn trace(
        &self,
        merchant: UserId,
        app: &AppId,
        id: TraceId,
    ) -> Result<Vec<u8>, MarketError> {
        let traces = self.traces_of(merchant, app).await?;
        let traces = traces.ok_or(MarketError::UnknownTrace)?;
        let record = traces.find(app, id, self.store().now()).await;
        let opened = record.and_then(|record| self.store().keyring().open(&record.sealed));
        opened.ok_or(MarketError::UnknownTrace)
    }

    /// The traces of this host, for the app's merchant; none where none are kept.
    async fn traces_of(
        &self,
        merchant: UserId,
        app: &AppId,
    ) -> Result<Option<&Traces>, MarketError> {
        let check = |txn: Txn| async move { apps::check_merchant(&txn, merchant, app).await };
        self.store().view(check).await?;
        Ok(self.0.traces.as_ref())
    }
}
