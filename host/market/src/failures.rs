//! Events whose app keeps failing, as its merchant sees them.

use souk_core::{AppId, EventId, TraceId, UserId};
use souk_events::failed::{self, Failing};
use souk_events::{Event, Outcome};
use souk_store::{StoreError, Txn};

use crate::{Call, Market, MarketError, apps};

impl Market {
    /// Returns the events of a merchant's app that are set aside because it kept failing, oldest
    /// first.
    ///
    /// # Errors
    /// [`MarketError::UnknownApp`], also for other people's.
    pub async fn failures(
        &self,
        merchant: UserId,
        app: &AppId,
        limit: usize,
    ) -> Result<Vec<Failing>, MarketError> {
        let read = |txn: Txn| async move {
            apps::check_merchant(&txn, merchant, app).await?;
            Ok(failed::list(&txn, app, limit).await?)
        };
        self.store().view(read).await
    }

    /// Lets one of them happen again, at the end of its lane.
    ///
    /// # Errors
    /// [`MarketError::UnknownApp`], also for other people's; [`MarketError::UnknownEvent`] when it
    /// is not set aside.
    pub async fn retry_failure(
        &self,
        call: &Call,
        app: &AppId,
        event: EventId,
    ) -> Result<(), MarketError> {
        let work = |txn: Txn| async move {
            let retry = async {
                apps::check_merchant(&txn, call.by, app).await?;
                known(failed::retry(&txn, app, event).await?)
            };
            call.once(&txn, retry).await
        };
        self.store().transact(work).await
    }

    /// Drops one of them: it never happens.
    ///
    /// # Errors
    /// As for [`Market::retry_failure`].
    pub async fn drop_failure(
        &self,
        call: &Call,
        app: &AppId,
        event: EventId,
    ) -> Result<(), MarketError> {
        let work = |txn: Txn| async move {
            let forget = async {
                apps::check_merchant(&txn, call.by, app).await?;
                known(failed::drop(&txn, app, event).await?)
            };
            call.once(&txn, forget).await
        };
        self.store().transact(work).await
    }
}

fn known(was_there: bool) -> Result<(), MarketError> {
    if was_there {
        Ok(())
    } else {
        Err(MarketError::UnknownEvent)
    }
}

/// Sets an event aside that failed for the last time.
pub(crate) async fn set_aside(
    txn: &Txn,
    event: &Event,
    outcome: &Outcome,
    trace: TraceId,
) -> Result<(), StoreError> {
    let Outcome::Fault { blame, what } = outcome else {
        return Ok(());
    };
    let failing = Failing {
        event: event.id,
        cause: event.cause.word().to_owned(),
        at: txn.now(),
        blame: *blame,
        what: what.clone(),
        trace,
    };
    if !failed::set_aside(txn, event, &failing).await? {
        tracing::warn!(app = %event.app, event = %event.id, "too many failed; it is dropped");
    }
    Ok(())
}
