//! Questions put to people about what an app may know, and their answers.

use souk_core::{ConsentId, UserId};
use souk_events::parked;
use souk_identity::consent::{self, Waiting};
use souk_store::Txn;

use crate::{Call, Market, MarketError, apps};

/// A question as the person meets it.
#[derive(Clone, Debug)]
pub struct ConsentView {
    /// What is asked.
    pub waiting: Waiting,
    /// What the app calls itself.
    pub app_name: String,
}

impl Market {
    /// Returns the questions that wait for a person.
    ///
    /// # Errors
    /// The store's.
    pub async fn waiting_consents(&self, user: UserId) -> Result<Vec<ConsentView>, MarketError> {
        let read = |txn: Txn| async move {
            let mut views = Vec::new();
            for waiting in consent::waiting(&txn, user).await? {
                views.push(view(&txn, waiting).await?);
            }
            Ok(views)
        };
        self.store().view(read).await
    }

    /// Takes a person's answer; the events that wait for it run again with it.
    ///
    /// # Errors
    /// A question that is not this person's, or was answered.
    pub async fn answer_consent(
        &self,
        call: &Call,
        id: ConsentId,
        yes: bool,
    ) -> Result<(), MarketError> {
        let work = |txn: Txn| async move {
            call.once(&txn, async {
                for event in consent::answer(&txn, call.by, id, yes).await?.events {
                    parked::resume(&txn, event).await?;
                }
                Ok(())
            })
            .await
        };
        self.store().transact(work).await
    }
}

pub(crate) async fn view(txn: &Txn, waiting: Waiting) -> Result<ConsentView, MarketError> {
    let app_name = apps::name(txn, &waiting.question.app).await?;
    Ok(ConsentView { waiting, app_name })
}
