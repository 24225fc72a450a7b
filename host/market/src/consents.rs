//! Questions put to people about what an app may do, and their answers.

use souk_core::manifest::Manifest;
use souk_core::{Blamed, ConsentId, Line, UserId};
use souk_events::{Event, Outcome, parked};
use souk_identity::Refusal;
use souk_identity::consent::{self, Question, Waiting};
use souk_registry::grant::Policy;
use souk_store::{StoreError, Txn};

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

/// Asks the person of an event, and parks it until they answer.
pub(crate) async fn ask(
    txn: &Txn,
    event: &Event,
    lines: Vec<Line>,
) -> Result<Outcome, MarketError> {
    // Only where there is somebody to ask may an app ask.
    let (user, chat) = event.user.zip(event.chat).ok_or(StoreError::Form)?;
    let question = Question {
        user,
        app: event.app.clone(),
        chat,
        lines,
        event: event.id,
    };
    match consent::ask(txn, &question).await {
        Ok(_) => {
            parked::park(txn, event).await?;
            Ok(Outcome::Parked)
        }
        // Whoever answers nothing must not hold up those behind them in the lane.
        Err(full @ Refusal::EventsWaitingMax) => Ok(Outcome::Fault {
            blame: full.blame(),
            what: full.to_string(),
        }),
        Err(refusal) => Err(refusal.into()),
    }
}

/// The lines about matters that a run came to and nobody had answered.
pub(crate) fn lines(asked: &Manifest, allowed: &Policy, matters: &[String]) -> Vec<Line> {
    let all = asked
        .matters()
        .filter(|(matter, _)| matters.contains(&matter.matter()));
    let line = |(matter, reason): (_, &str)| {
        Some(Line {
            matter: allowed.narrow(&matter)?,
            agreed: None,
            reason: reason.to_owned(),
        })
    };
    all.filter_map(line).collect()
}
