//! Leaving an app: the person is nobody it knows any more.

use souk_chat::{listener, push};
use souk_core::{AppId, EventId, UserId};
use souk_events::{Due, Forgotten, Mark, done, due, parked};
use souk_identity::{consent, ties};
use souk_registry::app;
use souk_store::Txn;

use crate::aftermath::has_left;
use crate::record::{News, news_log};
use crate::{Call, Market, MarketError};

impl Market {
    /// Leaves an app: the ids by which it and its merchant knew the person are dead, what it kept
    /// for them is deleted, what they answered it is forgotten, it can speak to them no more and
    /// listens nowhere on their word. What they said and what they paid stays. Should they use it
    /// again, they are somebody new to it. Leaving twice is leaving once more.
    ///
    /// # Errors
    /// [`MarketError::UnknownApp`].
    pub async fn leave_app(&self, call: &Call, app: &AppId) -> Result<(), MarketError> {
        let work = |txn: Txn| async move { call.once(&txn, leave(&txn, call.by, app)).await };
        self.store().transact(work).await
    }
}

/// Deletes some of what an app kept for a person who left it, and comes back for the rest.
pub(crate) async fn forget_more(txn: &Txn, forgotten: &Forgotten) -> Result<(), MarketError> {
    let Forgotten {
        app, user, left, ..
    } = forgotten;
    if souk_runtime::forget(txn, app, *user, *left).await? {
        due::set(txn, txn.now(), &Due::Forget(forgotten.clone()))?;
    }
    Ok(())
}

async fn leave(txn: &Txn, user: UserId, app: &AppId) -> Result<(), MarketError> {
    let merchant = app::merchant(txn, app).await?;
    let merchant = merchant.ok_or_else(|| MarketError::UnknownApp(app.clone()))?;
    let left = ties::of(txn, user, app).await?.left;
    ties::cut(txn, user, merchant, app).await?;
    push::take_back(txn, user, app).await?;
    listener::withdraw(txn, user, app).await?;
    forget_consents(txn, user, app).await?;
    let forgotten = Forgotten {
        id: txn.fresh(),
        app: app.clone(),
        user,
        left,
    };
    Ok(due::set(txn, txn.now(), &Due::Forget(forgotten))?)
}

/// Forgets what a person answered an app, and what it asked and they have not answered: the events
/// that waited for that are over.
async fn forget_consents(txn: &Txn, user: UserId, app: &AppId) -> Result<(), MarketError> {
    for waiting in consent::waiting(txn, user).await? {
        if waiting.question.app == *app {
            for event in consent::answer(txn, user, waiting.id, false).await?.events {
                give_up(txn, user, event).await?;
            }
        }
    }
    Ok(consent::forget(txn, user, app).await?)
}

/// An event that waited for an answer is over, and its person is told.
async fn give_up(txn: &Txn, user: UserId, event: EventId) -> Result<(), MarketError> {
    parked::give_up(txn, event)?;
    let Some(mark) = done::mark(txn, event).await? else {
        return Ok(());
    };
    let outcome = has_left();
    done::note(txn, event, Mark { outcome, ..mark }).await?;
    Ok(txn.append(&news_log(user), &News::Ended(event))?)
}
