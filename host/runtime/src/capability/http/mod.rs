//! `http`: a mini-app asks the outside, and sends letters to it.
//!
//! Contract: `sdk/wit/deps/souk-http`. Rules: `souk-egress` decides where a request may lead,
//! `souk-events` keeps letters and answers. A question is answered while the run waits; a letter is
//! staged, and leaves when the run has committed.

mod host;
#[cfg(test)]
mod tests;

use std::time::Duration;

use souk_core::limits::HTTP_READ_MS_MAX;
use souk_events::Reply;

use crate::bindings::souk::http::types::{Header, Response};
use crate::denied::No;
use crate::limits::Limits;

/// What one run may still ask and send.
pub(crate) struct HttpCtx {
    reads: usize,
    reads_left: usize,
    wait_ms: u64,
    wait_left_ms: u64,
    sends: usize,
    sends_left: usize,
}

impl HttpCtx {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            reads: limits.reads,
            reads_left: limits.reads,
            wait_ms: limits.reads_ms,
            wait_left_ms: limits.reads_ms,
            sends: limits.sends,
            sends_left: limits.sends,
        }
    }

    /// Counts a question, and returns how long its answer may take.
    fn may_read(&mut self) -> Result<Duration, No> {
        let left = self.reads_left.checked_sub(1);
        self.reads_left = left.ok_or_else(|| No::over_limit("reads", self.reads))?;
        Ok(Duration::from_millis(
            self.wait_left_ms.min(HTTP_READ_MS_MAX),
        ))
    }

    /// Notes how long an answer was waited for.
    fn waited(&mut self, millis: u64) {
        self.wait_left_ms = self.wait_left_ms.saturating_sub(millis);
    }

    /// Counts a letter.
    fn may_send(&mut self) -> Result<(), No> {
        let left = self.sends_left.checked_sub(1);
        self.sends_left = left.ok_or_else(|| No::over_limit("sends", self.sends))?;
        Ok(())
    }
}

/// An answer in the guest's words.
pub(crate) fn response(reply: Reply) -> Response {
    let header = |(name, value)| Header { name, value };
    Response {
        status: reply.status,
        headers: reply.headers.into_iter().map(header).collect(),
        body: reply.body,
    }
}
