//! The thread that writes traces: nobody waits for it. When it does not keep up, some are dropped.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, SyncSender, TrySendError};
use std::thread;

use souk_core::limits::TRACES_WAITING_MAX;
use souk_core::{AppId, Timestamp};

use super::TraceKeeping;
use super::ring::{self, Kind, Record, Ring};

/// Files held open; more are opened again when they are written to.
const OPEN_MAX: usize = 64;

/// What the thread is asked to do.
enum Job {
    Write(AppId, Box<Record>),
    Sweep(Timestamp),
    /// To say when everything before is done.
    Tell(SyncSender<()>),
}

/// The way to the thread, which ends with it.
pub(super) struct Writer(SyncSender<Job>);

impl Writer {
    pub(super) fn start(keeping: &TraceKeeping) -> io::Result<Self> {
        std::fs::create_dir_all(&keeping.directory)?;
        let (sender, jobs) = mpsc::sync_channel(TRACES_WAITING_MAX);
        let desk = Desk {
            directory: keeping.directory.clone(),
            most: keeping.of_app,
            kept_ms: keeping.kept_ms,
            rings: BTreeMap::new(),
        };
        thread::Builder::new()
            .name("souk-traces".to_owned())
            .spawn(move || desk.work(&jobs))?;
        Ok(Self(sender))
    }

    pub(super) fn write(&self, app: AppId, record: Record) {
        match self.0.try_send(Job::Write(app, Box::new(record))) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => tracing::debug!("a trace too many; it is dropped"),
            Err(TrySendError::Disconnected(_)) => tracing::warn!("nobody writes traces any more"),
        }
    }

    pub(super) fn sweep(&self, now: Timestamp) {
        // When there is much to write, the next one will do.
        drop(self.0.try_send(Job::Sweep(now)));
    }

    /// Waits until everything is written.
    pub(super) fn flush(&self) {
        let (told, wait) = mpsc::sync_channel(1);
        if self.0.send(Job::Tell(told)).is_ok() {
            wait.recv().unwrap_or_default();
        }
    }
}

/// What the thread has before it.
struct Desk {
    directory: PathBuf,
    most: usize,
    kept_ms: u64,
    rings: BTreeMap<(AppId, Kind), Ring>,
}

impl Desk {
    fn work(mut self, jobs: &Receiver<Job>) {
        for job in jobs {
            let done = match job {
                Job::Write(app, record) => self.write(app, &record),
                Job::Sweep(now) => self.sweep(now),
                Job::Tell(told) => {
                    told.send(()).unwrap_or_default();
                    Ok(())
                }
            };
            if let Err(error) = done {
                tracing::warn!(%error, "traces cannot be written");
            }
        }
    }

    fn write(&mut self, app: AppId, record: &Record) -> io::Result<()> {
        let at = (app, Kind::of(&record.line));
        if !self.rings.contains_key(&at) {
            if self.rings.len() >= OPEN_MAX {
                self.rings.clear();
            }
            let ring = Ring::open(&self.directory, &at.0, at.1)?;
            self.rings.insert(at.clone(), ring);
        }
        match self.rings.get_mut(&at) {
            Some(ring) => ring.append(record, self.most),
            None => Ok(()),
        }
    }

    fn sweep(&mut self, now: Timestamp) -> io::Result<()> {
        self.rings.clear();
        let kept_ms = self.kept_ms;
        ring::sweep(&self.directory, |line| line.at.after_millis(kept_ms) > now)
    }
}
