//! Whether the engine has stopped for good.

use std::sync::Arc;

use tokio::sync::watch;

use crate::engine::StoreError;

/// A cheap handle: whoever finds that nothing may be acknowledged any more says so here.
#[derive(Clone)]
pub(super) struct Stop(Arc<watch::Sender<bool>>);

impl Stop {
    pub(super) fn new() -> Self {
        Self(Arc::new(watch::channel(false).0))
    }

    /// From now on nothing is acknowledged.
    pub(super) fn now(&self) {
        self.0.send_replace(true);
    }

    /// Refuses when it has stopped.
    pub(super) fn running(&self) -> Result<(), StoreError> {
        if *self.0.borrow() {
            Err(StoreError::Stopped)
        } else {
            Ok(())
        }
    }

    /// Returns when it has stopped.
    pub(super) async fn stopped(&self) {
        // Whoever asks has a handle, so the sender is there.
        drop(self.0.subscribe().wait_for(|stopped| *stopped).await);
    }
}
