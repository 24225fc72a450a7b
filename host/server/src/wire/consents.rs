//! What apps want to know, and the answers.

use serde::{Deserialize, Serialize};
use souk_core::{AppId, ChatId, ConsentId, EventId};
use souk_market::ConsentView;

/// A question that waits for the person.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Consent {
    /// Names it, to answer it.
    pub id: ConsentId,
    /// Which app asks.
    pub app: AppId,
    /// What the app calls itself.
    pub app_name: String,
    /// Where it came up.
    pub chat: ChatId,
    /// What it wants to know, in OpenID Connect's names.
    pub claims: Vec<String>,
    /// Why, in the app's words. Show them quoted, as the app's.
    pub reason: String,
    /// The event that waits for the answer.
    pub event: EventId,
}

impl From<ConsentView> for Consent {
    fn from(view: ConsentView) -> Self {
        let ConsentView { waiting, app_name } = view;
        let question = waiting.question;
        Self {
            id: waiting.id,
            app: question.app,
            app_name,
            chat: question.chat,
            claims: question.claims.iter().map(ToString::to_string).collect(),
            reason: question.reason,
            event: question.event,
        }
    }
}

/// The person's answer.
#[derive(Debug, Serialize, Deserialize)]
pub struct Answer {
    /// Whether the app may know it.
    pub share: bool,
}
