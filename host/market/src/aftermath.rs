//! What follows from a run: what becomes of its event, what the person is told, and what is kept of
//! the run.

use souk_core::limits::{EVENT_RETRY_AFTER_MS_MAX, EVENT_RETRY_MS, EVENT_TRIES_MAX};
use souk_core::{Blame, TraceId};
use souk_events::{Cause, Due, Event, Mark, Outcome, done, due, parked};
use souk_runtime::{End, Report};
use souk_store::Txn;

use crate::record::{News, news_log};
use crate::shelf::Ready;
use crate::traces::{Fault, Taken, TraceLine};
use crate::{Market, MarketError, audit, consents, failures};

/// How an event ended whose person is not there for its app any more.
pub(crate) fn has_left() -> Outcome {
    Outcome::Fault {
        blame: Blame::User,
        what: "the person has left the app".to_owned(),
    }
}

/// What became of an event in a run, and what is kept of the run once that has committed.
pub(crate) struct Ran {
    pub(crate) outcome: Outcome,
    pub(crate) taken: Option<Taken>,
}

impl Ran {
    /// What became of an event earlier: nothing ran.
    pub(crate) fn before(outcome: Outcome) -> Self {
        Self {
            outcome,
            taken: None,
        }
    }
}

impl Market {
    /// Keeps what is to be kept of a run that has committed, and returns what became of its event.
    pub(crate) fn kept(&self, ran: Ran) -> Outcome {
        if let (Some(traces), Some(taken)) = (&self.0.traces, ran.taken) {
            traces.keep(self.store(), taken);
        }
        ran.outcome
    }

    /// Turns the end of a run into what it means for the event, and stages that.
    pub(crate) async fn conclude(
        &self,
        txn: &Txn,
        event: &Event,
        ready: &Ready,
        report: &Report,
        trace: TraceId,
    ) -> Result<Outcome, MarketError> {
        match &report.end {
            End::Ok => Ok(match &report.refused {
                Some(why) => Outcome::Rejected(why.clone()),
                None => Outcome::Done,
            }),
            End::Rejected(text) => Ok(Outcome::Rejected(text.clone())),
            End::InvalidInput(wrong) => Ok(Outcome::InvalidInput(wrong.clone())),
            // Nobody pays later than now.
            End::Retry { why, .. } if matches!(event.cause, Cause::LastLook(_)) => {
                Ok(Outcome::Rejected(why.clone()))
            }
            End::Retry { after_ms, .. } => {
                let failed = Outcome::Fault {
                    blame: Blame::Guest,
                    what: format!("it asked to be run again {EVENT_TRIES_MAX} times"),
                };
                again_later(txn, event, *after_ms, failed, trace).await
            }
            End::NeedsConsent { matters } => {
                let allowed = self.0.config.policies.of(&event.app);
                let lines = consents::lines(&ready.manifest, allowed, matters);
                consents::ask(txn, event, lines).await
            }
            End::Fault(fault) => {
                let (app, blame) = (&event.app, fault.blame);
                tracing::warn!(%app, event = %event.id, %blame, "{}", fault.detail);
                let failed = Outcome::Fault {
                    blame: fault.blame,
                    what: fault.what.clone(),
                };
                if event.cause.is_awaited() {
                    return Ok(failed);
                }
                again_later(txn, event, None, failed, trace).await
            }
        }
    }
}

/// What a list of traces says of a run.
pub(crate) fn line(
    txn: &Txn,
    event: &Event,
    id: TraceId,
    version: u32,
    outcome: &Outcome,
    report: &Report,
) -> TraceLine {
    let fault = match &report.end {
        End::Fault(fault) => Some(Fault {
            blame: fault.blame,
            what: fault.what.clone(),
        }),
        End::Ok
        | End::Rejected(_)
        | End::InvalidInput(_)
        | End::Retry { .. }
        | End::NeedsConsent { .. } => None,
    };
    TraceLine {
        id,
        event: event.id,
        version,
        at: txn.now(),
        cause: event.cause.word().to_owned(),
        ended: audit::word(outcome).to_owned(),
        fault,
        host_calls: report.cost.host_calls,
        fuel: report.cost.fuel,
    }
}

/// Parks an event for another try, each time for twice as long, and for as long as the app says if
/// that is longer. After the last one it has failed, and is set aside for the merchant unless
/// a person was told.
async fn again_later(
    txn: &Txn,
    event: &Event,
    after_ms: Option<u64>,
    failed: Outcome,
    trace: TraceId,
) -> Result<Outcome, MarketError> {
    let tries = event.tries.saturating_add(1);
    if tries >= EVENT_TRIES_MAX {
        if !event.cause.is_awaited() {
            failures::set_aside(txn, event, &failed, trace).await?;
        }
        return Ok(failed);
    }
    let usual = EVENT_RETRY_MS.saturating_mul(1 << event.tries.min(EVENT_TRIES_MAX));
    let asked = after_ms.unwrap_or(0).min(EVENT_RETRY_AFTER_MS_MAX);
    let wait = usual.max(asked);
    parked::park(
        txn,
        &Event {
            tries,
            ..event.clone()
        },
    )
    .await?;
    due::set(txn, txn.now().after_millis(wait), &Due::Retry(event.id))?;
    Ok(Outcome::Parked)
}

/// Notes how the event ended, and tells the person when it did not end well.
pub(crate) async fn note(
    txn: &Txn,
    event: &Event,
    contents: [u8; 32],
    outcome: &Outcome,
) -> Result<(), MarketError> {
    let mark = Mark {
        user: event.user,
        chat: event.chat,
        app: event.app.clone(),
        contents,
        outcome: outcome.clone(),
    };
    done::note(txn, event.id, mark).await?;
    // Whoever only spoke where an app listens did nothing that could fail.
    let told = event
        .user
        .filter(|_| !matches!(event.cause, Cause::Message { .. }));
    match outcome {
        Outcome::Done | Outcome::Parked => Ok(()),
        Outcome::Rejected(_) | Outcome::InvalidInput(_) | Outcome::Fault { .. } => match told {
            Some(user) => Ok(txn.append(&news_log(user), &News::Ended(event.id))?),
            None => Ok(()),
        },
    }
}
