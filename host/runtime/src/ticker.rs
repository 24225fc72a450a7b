//! The clock that cuts runs: it ticks for all engines.

use std::io;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use wasmtime::Engine;

/// A thread that moves the engines' epochs on, until this is dropped.
pub(crate) struct Ticker {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    pub(crate) fn start(engines: Vec<Engine>, tick: Duration) -> io::Result<Self> {
        let (stop, stopped) = mpsc::channel::<()>();
        #[expect(
            clippy::disallowed_methods,
            reason = "the clock that cuts runs goes by the machine's, and no run sees it"
        )]
        let run = move || {
            let mut due = Instant::now() + tick;
            let wait = |due: Instant| due.saturating_duration_since(Instant::now());
            // A tick that comes late does not make the next ones late.
            while stopped.recv_timeout(wait(due)) == Err(RecvTimeoutError::Timeout) {
                engines.iter().for_each(Engine::increment_epoch);
                due += tick;
            }
        };
        let thread = thread::Builder::new().name("souk-epoch".to_owned());
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread.spawn(run)?),
        })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // It only counts; there is nothing in it that could have failed.
            drop(thread.join());
        }
    }
}
