//! Actions, and how events end.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use souk_core::{AppId, EventId};
use souk_events::Outcome;
use souk_market::Happened;

/// A button pressed or a form sent.
#[derive(Debug, Serialize, Deserialize)]
pub struct PressAsk {
    /// The revision of the message the person sees.
    pub revision: u64,
    /// Which of their own views of it, as the message says; absent for what everybody sees.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub view: u64,
    /// The id of the button in its card.
    pub button: String,
    /// What the person entered, by input id.
    #[serde(default)]
    pub inputs: Map<String, Value>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
pub(super) fn is_zero(view: &u64) -> bool {
    *view == 0
}

/// An event, and how it ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Event {
    /// Names it.
    pub event: EventId,
    /// Whom it was for.
    pub app: AppId,
    /// done, waiting, rejected, invalid-input or fault.
    pub outcome: String,
    /// The app's own words, when it said no. Show them quoted, as the app's.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub app_says: Option<String>,
    /// What happened, in the host's words, when the app failed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub what: Option<String>,
}

impl From<Happened> for Event {
    fn from(happened: Happened) -> Self {
        let (outcome, app_says, what) = match happened.outcome {
            Outcome::Done => ("done", None, None),
            Outcome::Parked => ("waiting", None, None),
            Outcome::Rejected(text) => ("rejected", Some(text), None),
            Outcome::InvalidInput(wrong) => {
                let texts: Vec<String> = wrong.into_iter().map(|wrong| wrong.text).collect();
                ("invalid-input", Some(texts.join(" ")), None)
            }
            Outcome::Fault { what, .. } => ("fault", None, Some(what)),
        };
        Self {
            event: happened.event,
            app: happened.app,
            outcome: outcome.to_owned(),
            app_says,
            what,
        }
    }
}
