//! What apps ask people for, and the answers.

use serde::{Deserialize, Serialize};
use souk_core::{AppId, ChatId, ConsentId, EventId};
use souk_market::ConsentView;
use souk_registry::matter::words;

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
    /// What it wants, one line for each matter.
    pub lines: Vec<Line>,
    /// The event that waits for the answer.
    pub event: EventId,
}

/// One thing an app asks for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Line {
    /// The matter's name, like `wallet.request` or `identity.profile:name`.
    pub matter: String,
    /// What is new about it, in the host's words.
    pub words: String,
    /// What the person agreed to so far, likewise; absent when that was nothing.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub so_far: Option<String>,
    /// Why, in the app's words. Show them quoted, as the app's.
    pub reason: String,
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
            lines: question.lines.into_iter().map(Into::into).collect(),
            event: question.event,
        }
    }
}

impl From<souk_core::Line> for Line {
    fn from(line: souk_core::Line) -> Self {
        Self {
            matter: line.matter.matter(),
            words: words(&line.difference()),
            so_far: line.agreed.as_ref().map(words),
            reason: line.reason,
        }
    }
}

/// The person's answer to all lines.
#[derive(Debug, Serialize, Deserialize)]
pub struct Answer {
    /// Whether the app may.
    pub allow: bool,
}
