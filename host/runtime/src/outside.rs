//! Where a run's questions to the outside go. Whoever runs events answers them: from what was kept
//! when the event ran before, or through the way out.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use souk_core::Reach;
use souk_egress::{Answer, Refusal, Request};
use souk_events::{Event, Reply};
use souk_store::StoreError;

/// Something that answers questions to the outside.
#[async_trait]
pub trait Outside: fmt::Debug + Send + Sync {
    /// Answers an event's question, which may go to these origins, waiting at most so long. The
    /// answer is durable when this returns: the same event is given it again.
    ///
    /// # Errors
    /// The store's.
    async fn read(
        &self,
        event: &Event,
        reach: &[Reach],
        request: &Request,
        patience: Duration,
    ) -> Result<Read, StoreError>;
}

/// An answer, and how long it was waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// What came.
    pub answer: Result<Answer, Refusal>,
    /// Milliseconds; none when it was kept.
    pub millis: u64,
}

/// An answer as events keep it.
pub fn reply(answer: Answer) -> Reply {
    let Answer {
        status,
        headers,
        body,
    } = answer;
    Reply {
        status,
        headers,
        body,
    }
}
