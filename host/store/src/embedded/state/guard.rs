//! sled behind a wall: where others return errors it panics, and when it is put away, too. Nothing
//! of that gets out but as a [`StateError`], or in the log.

use std::cell::Cell;
use std::io;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use souk_core::limits::{STATE_CACHE_BYTES, STATE_LOCK_WAIT_MS, STATE_LOCK_WAITS_MAX};

use super::StateError;

/// A sled that is open.
pub(super) struct Sled {
    /// There until this is dropped.
    db: Option<sled::Db>,
}

impl Sled {
    /// Opens sled's folder, or makes an empty one.
    pub(super) fn open(path: &Path) -> Result<Self, StateError> {
        let db = guarded(|| Ok(open(path)?))?;
        Ok(Self { db: Some(db) })
    }

    /// Does something with it.
    pub(super) fn with<T>(
        &self,
        body: impl FnOnce(&sled::Db) -> Result<T, StateError>,
    ) -> Result<T, StateError> {
        guarded(|| body(self.db.as_ref().ok_or(StateError::Missing)?))
    }
}

impl Drop for Sled {
    fn drop(&mut self) {
        let db = self.db.take();
        // What it could not make durable is replayed from the journal.
        let put_away = guarded(|| {
            drop(db);
            Ok(())
        });
        if let Err(error) = put_away {
            tracing::error!(%error, "the state could not be put away; the next start replays it");
        }
    }
}

/// Opens sled. Whoever calls has the store to itself, but threads of the sled that was closed last
/// may take a moment to let go of its file.
fn open(path: &Path) -> sled::Result<sled::Db> {
    let config = sled::Config::new().path(path).flush_every_ms(None);
    let config = config.cache_capacity(STATE_CACHE_BYTES);
    for _ in 0..STATE_LOCK_WAITS_MAX {
        match config.open() {
            Err(sled::Error::Io(error)) if is_locked(&error) => {
                thread::sleep(Duration::from_millis(STATE_LOCK_WAIT_MS));
            }
            other => return other,
        }
    }
    config.open()
}

/// Tells whether the file is still locked. sled says so in words alone.
fn is_locked(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::Other && error.to_string().contains("could not acquire lock")
}

thread_local! {
    /// Whether this thread is in sled: its panics are answers then, and nobody else's business.
    static IN_SLED: Cell<bool> = const { Cell::new(false) };
}

/// Lets panics inside sled pass without a word; all others are told as before.
static HUSH: LazyLock<()> = LazyLock::new(|| {
    let tell = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if !IN_SLED.get() {
            tell(panic);
        }
    }));
});

/// Runs something of sled's, which panics where others return errors.
pub(in crate::embedded) fn guarded<T>(
    body: impl FnOnce() -> Result<T, StateError>,
) -> Result<T, StateError> {
    LazyLock::force(&HUSH);
    let outside = IN_SLED.replace(true);
    let answer = catch_unwind(AssertUnwindSafe(body));
    IN_SLED.set(outside);
    answer.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        Err(StateError::Panic(
            text.unwrap_or("without a word").to_owned(),
        ))
    })
}
