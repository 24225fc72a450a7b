//! Buttons.

use serde::Serialize;
use serde_json::Value;

use super::Fit;

/// A button of a card.
#[derive(Clone, Debug, Serialize)]
#[must_use]
pub struct Button {
    #[serde(flatten)]
    does: Does,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    style: Option<&'static str>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type")]
enum Does {
    #[serde(rename = "Action.Submit", rename_all = "camelCase")]
    Submit {
        id: String,
        data: Fit<Value>,
        #[serde(skip_serializing_if = "Option::is_none")]
        associated_inputs: Option<&'static str>,
    },
    #[serde(rename = "Action.OpenUrl")]
    OpenUrl { url: String },
}

impl Button {
    /// Returns a button that calls [`MiniApp::action`](crate::MiniApp::action) with `data` and what
    /// the person entered. The `id` is the only one of its name in the card; the data never leaves
    /// the host and comes back as [`Action::data`](crate::Action::data).
    pub fn submit(id: impl Into<String>, title: impl Into<String>, data: impl Serialize) -> Self {
        let data = Fit(serde_json::to_value(data).map_err(|error| error.to_string()));
        let does = Does::Submit {
            id: id.into(),
            data,
            associated_inputs: None,
        };
        Self {
            does,
            title: title.into(),
            style: None,
        }
    }

    /// Returns a button that opens a page. People see the address first; only `https:` is opened.
    pub fn link(title: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            does: Does::OpenUrl { url: url.into() },
            title: title.into(),
            style: None,
        }
    }

    /// Lets it be pressed with the inputs unfilled, and sends none: for Cancel and its like.
    pub fn without_inputs(mut self) -> Self {
        if let Does::Submit {
            associated_inputs, ..
        } = &mut self.does
        {
            *associated_inputs = Some("none");
        }
        self
    }

    /// Shows that this is what most people want.
    pub fn positive(mut self) -> Self {
        self.style = Some("positive");
        self
    }

    /// Shows that this cannot be undone.
    pub fn destructive(mut self) -> Self {
        self.style = Some("destructive");
        self
    }
}
