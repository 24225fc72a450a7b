//! What the audit says of one request: to whom and what came of it, never what was said.

use std::fmt;
use std::net::SocketAddr;

use souk_core::{Method, Origin, Timestamp};

use crate::message::{Answer, Request};
use crate::refusal::Refusal;

/// One request, as the audit tells of it. Path, headers and body may hold secrets and are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When it began.
    pub at: Timestamp,
    /// What it did.
    pub method: Method,
    /// To whom.
    pub origin: Origin,
    /// Where the host was found; `None` when nothing was connected to.
    pub address: Option<SocketAddr>,
    /// The answer's status, or why there was none.
    pub ended: Result<u16, &'static str>,
    /// What the request carried, in bytes.
    pub bytes_out: usize,
    /// What the answer carried, in bytes.
    pub bytes_in: usize,
    /// How long it took, in milliseconds.
    pub millis: u64,
}

/// A line that is not finished.
pub(crate) struct Draft {
    at: Timestamp,
    method: Method,
    origin: Origin,
    bytes_out: usize,
    pub(crate) address: Option<SocketAddr>,
}

impl Draft {
    pub(crate) fn of(request: &Request, at: Timestamp) -> Self {
        Self {
            at,
            method: request.method,
            origin: request.origin.clone(),
            bytes_out: request.body.len(),
            address: None,
        }
    }

    pub(crate) fn end(self, answer: &Result<Answer, Refusal>, now: Timestamp) -> Line {
        Line {
            at: self.at,
            method: self.method,
            origin: self.origin,
            address: self.address,
            ended: answer.as_ref().map(|it| it.status).map_err(Refusal::code),
            bytes_out: self.bytes_out,
            bytes_in: answer.as_ref().map_or(0, |it| it.body.len()),
            millis: now.millis_since(self.at),
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ", self.method, self.origin)?;
        match self.ended {
            Ok(status) => write!(f, "{status}")?,
            Err(code) => f.write_str(code)?,
        }
        write!(f, " in {} ms", self.millis)
    }
}
