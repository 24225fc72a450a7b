//! Errors as people and programs meet them: RFC 9457 problems.
//!
//! Every error of the market gets its kind in [`table`]; a kind has a stable name, a status, a
//! title and the next step. The words of the error itself say what is wrong here and now.

mod kinds;
mod table;

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value, json};
use souk_events::Outcome;
use souk_market::{Happened, MarketError};

use crate::extract::Address;
use kinds::Kind;
pub(crate) use table::Slip;

/// A problem, ready to be sent.
#[derive(Debug)]
pub(crate) struct Problem {
    kind: &'static Kind,
    detail: String,
    /// What a program can use beside the words, by name.
    extra: Map<String, Value>,
    retry_ms: Option<u64>,
}

/// The members of RFC 9457, section 3.1.
#[derive(Serialize)]
struct Body<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    /// The next step.
    hint: &'a str,
    #[serde(flatten)]
    extra: &'a Map<String, Value>,
}

impl Problem {
    fn new(kind: &'static Kind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            extra: Map::new(),
            retry_ms: None,
        }
    }

    fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.extra.insert(name.to_owned(), value.into());
        self
    }

    /// Tells whether this is the problem that `slip` is.
    pub(crate) fn is(&self, slip: &Slip) -> bool {
        std::ptr::eq(self.kind, table::of_slip(slip))
    }
}

impl From<Slip> for Problem {
    fn from(slip: Slip) -> Self {
        Self::new(table::of_slip(&slip), slip.to_string())
    }
}

impl From<souk_store::StoreError> for Problem {
    fn from(error: souk_store::StoreError) -> Self {
        MarketError::Store(error).into()
    }
}

impl From<MarketError> for Problem {
    fn from(error: MarketError) -> Self {
        let detail = error.to_string();
        if let MarketError::Stopped(happened) = error {
            let stopped = Self::from(*happened);
            return Self { detail, ..stopped };
        }
        let kind = table::of_market(&error);
        let mut problem = Self::new(kind, detail);
        if kind.is_ours() {
            // The words are for the log; the person cannot do anything with them.
            tracing::error!("{}: {error}", kind.name);
            problem.detail = "the host could not do this; it has been noted".to_owned();
        }
        if let MarketError::Inputs(wrong) = &error {
            let fields = wrong
                .iter()
                .map(|wrong| json!({"field": wrong.field, "text": wrong.text}));
            problem = problem.with("fields", fields.collect::<Vec<_>>());
        }
        problem.retry_ms = table::retry_ms(&error);
        problem
    }
}

/// An event that ended otherwise than well. The app's words are quoted as the app's, in `app_says`.
impl From<Happened> for Problem {
    fn from(happened: Happened) -> Self {
        let problem = match happened.outcome {
            Outcome::Rejected(text) => {
                Self::new(&kinds::APP_REFUSED, "the app said no; nothing was changed")
                    .with("app_says", text)
            }
            Outcome::InvalidInput(wrong) => {
                let fields = wrong
                    .into_iter()
                    .map(|wrong| json!({"field": wrong.field, "text": wrong.text}));
                Self::new(
                    &kinds::INPUTS,
                    "the app asks for another look at some inputs",
                )
                .with("fields", fields.collect::<Vec<_>>())
            }
            Outcome::Fault { blame, what } => {
                let detail = format!("{what}; nothing it did remains");
                Self::new(&kinds::APP_FAILED, detail).with("blame", blame.to_string())
            }
            Outcome::Done | Outcome::Parked => Self::new(&kinds::INTERNAL, "this is no problem"),
        };
        problem
            .with("event", happened.event.to_string())
            .with("app", happened.app.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = Body {
            r#type: format!("/problems/{}", self.kind.name),
            title: self.kind.title,
            status: self.kind.status,
            detail: &self.detail,
            hint: self.kind.hint,
            extra: &self.extra,
        };
        let status =
            StatusCode::from_u16(self.kind.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            header::HeaderValue::from_static("application/problem+json"),
        );
        if let Some(wait) = self.retry_ms {
            headers.insert(header::RETRY_AFTER, wait.div_ceil(1_000).into());
        }
        response
    }
}

/// What a problem's type says when it is opened as the address it is.
pub(crate) async fn explain(Address(name): Address<String>) -> Result<String, Problem> {
    let kind = kinds::ALL
        .iter()
        .find(|kind| kind.name == name)
        .ok_or(Slip::NoSuchAddress)?;
    Ok(format!(
        "{} ({})\n\n{}\n",
        kind.title, kind.status, kind.hint
    ))
}

pub(crate) async fn no_such_address() -> Problem {
    Slip::NoSuchAddress.into()
}

pub(crate) async fn no_such_method() -> Problem {
    Slip::NoSuchMethod.into()
}
