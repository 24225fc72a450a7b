//! The outside: reading it, and changing it. Needs the permission `http`, which names every origin
//! and method.
//!
//! [`get`] waits for its answer. A change is staged like everything an event does: it leaves when
//! the event has committed, and its answer comes to
//! [`MiniApp::response`](crate::MiniApp::response).

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::denied::{Allowance, allowances as allowances_of};
pub use crate::id::RequestId;
use crate::wit::souk::http::{outbox, reader, types};
use crate::wit::souk::miniapp::events as wit;
use crate::{Denied, Result};

/// What the outside answered. Whatever its status: a redirect is an answer, and so is an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Response {
    /// Returns the status, like 200.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Tells whether the status is one of success, from 200 to 299.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Returns the first header of a name, given in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(header, _)| header == name)?;
        Some(&found.1)
    }

    /// Returns what it carries.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Reads what it carries as JSON. Outside words: do not trust them.
    ///
    /// # Errors
    /// [`Denied::Invalid`] when it is not a `T`.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Denied> {
        serde_json::from_slice(&self.body).map_err(|error| Denied::Invalid(error.to_string()))
    }
}

impl From<types::Response> for Response {
    fn from(response: types::Response) -> Self {
        let pair = |types::Header { name, value }| (name, value);
        Self {
            status: response.status,
            headers: response.headers.into_iter().map(pair).collect(),
            body: response.body,
        }
    }
}

/// What became of a request that an earlier event sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    request: RequestId,
    outcome: Result<Response, Silence>,
}

/// Why the outside did not answer, and will not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct Silence {
    /// The reason's name, like `unreachable`.
    pub code: String,
    /// The reason in words.
    pub text: String,
}

impl Answer {
    pub(crate) fn new(answer: wit::Answer) -> Self {
        let silence = |note: wit::Note| Silence {
            code: note.code,
            text: note.text,
        };
        Self {
            request: RequestId::new(answer.request),
            outcome: answer.outcome.map(Response::from).map_err(silence),
        }
    }

    /// Returns which request it is the answer to: what [`Send::send`] returned.
    pub fn request(&self) -> &RequestId {
        &self.request
    }

    /// Returns what came, or why nothing came.
    pub fn outcome(&self) -> &Result<Response, Silence> {
        &self.outcome
    }
}

/// Asks for what is at a URL, and waits for the answer, at most a second.
///
/// ```no_run
/// # use souk_sdk::prelude::*;
/// # fn demo() -> Result {
/// let rates = souk_sdk::http::get("https://rates.example.com/usd")?;
/// # Ok(()) }
/// ```
///
/// # Errors
/// [`Denied::NotGranted`] for an origin the manifest does not name; [`Denied::Unavailable`];
/// [`Denied::Other`] names what else went wrong outside.
pub fn get(url: &str) -> Result<Response, Denied> {
    get_with(url, &[])
}

/// Like [`get`], with headers.
///
/// # Errors
/// As of [`get`]; [`Denied::Invalid`] for a header that is the host's to set.
pub fn get_with(url: &str, headers: &[(&str, &str)]) -> Result<Response, Denied> {
    let headers: Vec<_> = headers.iter().map(header).collect();
    Ok(reader::get(url, &headers)?.into())
}

/// Begins a request that has something processed.
///
/// ```no_run
/// # use souk_sdk::prelude::*;
/// # fn demo() -> Result {
/// let parcel = souk_sdk::http::post("https://courier.example.com/parcels").json(&"jasmine")?;
/// Bucket::app()?.put("sent", &parcel.send()?.to_string())?;
/// # Ok(()) }
/// ```
pub fn post(url: &str) -> Send {
    Send::new("POST", url)
}

/// Begins a request that replaces what is at a URL.
pub fn put(url: &str) -> Send {
    Send::new("PUT", url)
}

/// Begins a request that changes a part of what is at a URL.
pub fn patch(url: &str) -> Send {
    Send::new("PATCH", url)
}

/// Begins a request that takes away what is at a URL.
pub fn delete(url: &str) -> Send {
    Send::new("DELETE", url)
}

/// A request that is being put together.
#[derive(Clone, Debug)]
#[must_use = "nothing leaves before `send`"]
pub struct Send(outbox::Request);

impl Send {
    fn new(method: &str, url: &str) -> Self {
        Self(outbox::Request {
            method: method.to_owned(),
            url: url.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        })
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.0.headers.push(header(&(name, value)));
        self
    }

    /// Carries bytes.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.0.body = body.into();
        self
    }

    /// Carries a value as JSON.
    ///
    /// # Errors
    /// [`Denied::Invalid`] when JSON cannot say it.
    pub fn json(self, value: &(impl Serialize + ?Sized)) -> Result<Self, Denied> {
        let body = serde_json::to_vec(value);
        let body = body.map_err(|error| Denied::Invalid(error.to_string()))?;
        Ok(self.header("content-type", "application/json").body(body))
    }

    /// Stages the request. It leaves when this event has committed, under the id that is returned,
    /// up to five times in about an hour and a half until the other side answers; at most 8 in one
    /// event.
    ///
    /// # Errors
    /// [`Denied::NotGranted`] for an origin or a method the manifest does not name;
    /// [`Denied::Invalid`]; [`Denied::OverLimit`].
    pub fn send(self) -> Result<RequestId, Denied> {
        Ok(RequestId::new(outbox::send(&self.0)?))
    }
}

/// Returns what is left of the limits on reading and sending.
pub fn allowances() -> Vec<Allowance> {
    let reads = allowances_of(reader::allowances());
    let sends = allowances_of(outbox::allowances());
    [reads, sends].concat()
}

fn header(&(name, value): &(&str, &str)) -> types::Header {
    types::Header {
        name: name.to_owned(),
        value: value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_by_name_and_as_json() {
        let response = Response::from(types::Response {
            status: 201,
            headers: vec![header(&("etag", "1"))],
            body: b"[1, 2]".to_vec(),
        });
        assert!(response.is_success());
        assert_eq!(
            (response.header("etag"), response.header("x")),
            (Some("1"), None)
        );
        assert_eq!(response.json::<(u8, u8)>(), Ok((1, 2)));
        assert!(matches!(response.json::<String>(), Err(Denied::Invalid(_))));
    }

    #[test]
    fn a_request_carries_json_and_says_so() {
        let Send(request) = post("https://a.example/x").json(&vec![1]).unwrap();
        assert_eq!(
            (request.method.as_str(), request.body.as_slice()),
            ("POST", &b"[1]"[..])
        );
        assert_eq!(request.headers[0].value, "application/json");
    }
}
