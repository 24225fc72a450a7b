//! One run of a mini-app inside a transaction: what it may do is fixed, it runs, and what it
//! staged stays or goes.

use std::sync::Arc;

use souk_chat::Kind;
use souk_core::limits::{EVENT_RETRY_MS, EVENT_TRIES_MAX};
use souk_core::manifest::Manifest;
use souk_core::{Blame, EventId, Line, TraceId, TypedId};
use souk_events::{Cause, Due, Event, Mark, Outcome, done, due, parked};
use souk_identity::{consent, ties};
use souk_registry::grant::{self, Grant, Grants};
use souk_registry::{app, app::Version};
use souk_runtime::{End, Job, Report, Trace};
use souk_store::{Seed, Store, Txn};

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

/// The language apps are told of until people can choose one.
const LOCALE: &str = "en";

/// The seed of everything an event makes when its turn has come: same turn, same ids. An event that
/// waited for an answer has another turn in its lane, and what it made before it waited stays.
pub(crate) fn seed(store: &Store, event: EventId, turn: Turn) -> Seed {
    let turn = match turn {
        Turn::AtOnce => 0,
        Turn::InLane(place) => place.saturating_add(1),
    };
    let parts = [&event.bits().to_be_bytes()[..], &turn.to_be_bytes()];
    Seed(store.keyring().keyed_hash("event-seed", &parts))
}

/// When an event runs.
#[derive(Clone, Copy)]
pub(crate) enum Turn {
    /// As it comes in.
    AtOnce,
    /// In its lane, at this place.
    InLane(u64),
}

/// What a person's consent makes of an event before anything runs.
enum Consented {
    /// The app wants more than the person agreed to: they are asked first.
    Asks(Vec<Line>),
    /// It runs with this.
    Runs(Grants),
}

/// What became of an event in a run, and what is kept of the run once that has committed.
pub(crate) struct Ran {
    pub(crate) outcome: Outcome,
    taken: Option<Taken>,
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
    /// Runs an event and stages all that follows: the app's effects or none of them, what the
    /// person is told, the event's mark and the audit line. Commits nothing.
    pub(crate) async fn run(
        &self,
        txn: &Txn,
        event: &Event,
        contents: [u8; 32],
    ) -> Result<Ran, MarketError> {
        let version = app::live(txn, &event.app).await?;
        let version = version.ok_or_else(|| MarketError::UnknownApp(event.app.clone()))?;
        let is_known = is_known(txn, event).await?;
        if !is_known && is_only_theirs(&event.cause) {
            let outcome = has_left();
            note(txn, event, contents, &outcome).await?;
            return Ok(Ran::before(outcome));
        }
        let ready = self.0.shelf.take(txn, &version).await?;
        let ran = match self
            .consented(txn, event, is_known, &ready.manifest)
            .await?
        {
            Consented::Asks(lines) => Ran::before(consents::ask(txn, event, lines).await?),
            Consented::Runs(grants) => {
                let grants = given_by(&event.cause, grants);
                self.play(txn, event, &version, &ready, grants).await?
            }
        };
        note(txn, event, contents, &ran.outcome).await?;
        Ok(ran)
    }

    /// Reads what the person of an event agreed to. The transaction rests on it: whatever they say
    /// before it commits, the event runs again with that.
    async fn consented(
        &self,
        txn: &Txn,
        event: &Event,
        is_known: bool,
        asked: &Manifest,
    ) -> Result<Consented, MarketError> {
        let allowed = &self.0.config.policy;
        let Some(user) = event.user else {
            return Ok(Consented::Runs(grant::of(asked, allowed, None)));
        };
        let mut consents = consent::of(txn, user, &event.app).await?;
        if may_ask(event) {
            let more = grant::more(asked, allowed, &consents);
            if !more.is_empty() {
                return Ok(Consented::Asks(more));
            }
            if !consents.opened() {
                let matters = grant::opening(asked, allowed).map(|(matter, _)| matter);
                consents = consent::open(txn, user, &event.app, matters).await?;
            }
        }
        let grants = grant::of(asked, allowed, Some(&consents));
        if is_known && (may_ask(event) || consents.opened()) {
            return Ok(Consented::Runs(grants));
        }
        Ok(Consented::Runs(of_a_stranger(grants)))
    }

    /// Has the app handle the event, drops what it staged unless it is content, and leaves the
    /// run's line.
    async fn play(
        &self,
        txn: &Txn,
        event: &Event,
        version: &Version,
        ready: &Ready,
        grants: Grants,
    ) -> Result<Ran, MarketError> {
        let before = txn.savepoint()?;
        let mut report = self.run_guest(txn, event, version, ready, grants).await?;
        if !matches!(report.end, End::Ok) {
            txn.roll_back(before)?;
        }
        for line in &report.log {
            tracing::info!(app = %event.app, event = %event.id, "{line}");
        }
        let id = TraceId::mint(txn.now(), event.id.bits());
        let outcome = self.conclude(txn, event, ready, &report.end, id).await?;
        audit::append(txn, event, id, version.code, &outcome, &report)?;
        let recording = report.recording.take();
        let taken = recording.map(|run| Taken {
            line: line(txn, event, id, version.code, &outcome, &report),
            owner: event.owner(),
            signer: ready.signer,
            trace: Trace {
                app: version.app.clone(),
                version: version.code,
                package: version.digest,
                run,
            },
        });
        Ok(Ran { outcome, taken })
    }

    /// Keeps what is to be kept of a run that has committed, and returns what became of its event.
    pub(crate) fn kept(&self, ran: Ran) -> Outcome {
        if let (Some(traces), Some(taken)) = (&self.0.traces, ran.taken) {
            traces.keep(self.store(), taken);
        }
        ran.outcome
    }

    /// Turns the end of a run into what it means for the event, and stages that.
    async fn conclude(
        &self,
        txn: &Txn,
        event: &Event,
        ready: &Ready,
        end: &End,
        trace: TraceId,
    ) -> Result<Outcome, MarketError> {
        match end {
            End::Ok => Ok(Outcome::Done),
            End::Rejected(text) => Ok(Outcome::Rejected(text.clone())),
            End::InvalidInput(wrong) => Ok(Outcome::InvalidInput(wrong.clone())),
            End::Retry(_) => {
                let failed = Outcome::Fault {
                    blame: Blame::Guest,
                    what: format!("it asked to be run again {EVENT_TRIES_MAX} times"),
                };
                again_later(txn, event, failed, trace).await
            }
            End::NeedsConsent { matters } => {
                let lines = consents::lines(&ready.manifest, &self.0.config.policy, matters);
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
                again_later(txn, event, failed, trace).await
            }
        }
    }

    async fn run_guest(
        &self,
        txn: &Txn,
        event: &Event,
        version: &Version,
        ready: &Ready,
        grants: Grants,
    ) -> Result<Report, MarketError> {
        let chat = match event.chat {
            Some(chat) => souk_chat::chat::get(txn, chat).await?,
            None => None,
        };
        let job = Job {
            event: event.clone(),
            merchant: version.merchant,
            is_group: chat.is_some_and(|chat| chat.kind == Kind::Group),
            grants,
            issuer: Arc::clone(&self.0.config.issuer),
            money: Arc::clone(&self.0.config.money),
            outside: self.outside(),
            locale: LOCALE.to_owned(),
            narrower: self.0.config.narrower(&event.app),
            may_ask: may_ask(event),
        };
        let runtime = self.0.shelf.runtime();
        Ok(runtime.run(&ready.prepared, job, txn).await?)
    }
}

/// Whether the person of an event is still who the app knew when what led to it happened: they have
/// not left it since.
async fn is_known(txn: &Txn, event: &Event) -> Result<bool, MarketError> {
    let Some(user) = event.user else {
        return Ok(true);
    };
    let ties = ties::of(txn, user, &event.app).await?;
    Ok(!ties.away && ties.left == event.left)
}

/// Whether an event is none of the app's business once its person has left: what they said, looked
/// at or did. What becomes of their money, and of what the app has sent, still is.
fn is_only_theirs(cause: &Cause) -> bool {
    match cause {
        Cause::Command { .. } | Cause::Action { .. } | Cause::Message { .. } | Cause::View(_) => {
            true
        }
        Cause::Order(_) | Cause::Timer { .. } | Cause::Response { .. } => false,
    }
}

/// What an app may do in an event of somebody who never opened it, or who left it: answer where
/// they are, and nothing that is about them or theirs.
fn of_a_stranger(grants: Grants) -> Grants {
    Grants {
        messaging_post: grants.messaging_post,
        messaging_listen: grants.messaging_listen,
        storage_app: grants.storage_app,
        storage_chat: grants.storage_chat,
        config: grants.config,
        ..Grants::default()
    }
}

/// What an app may do in an event: what it may at all, as far as the event's cause gives it.
fn given_by(cause: &Cause, grants: Grants) -> Grants {
    match cause {
        // Whoever only looks sets nothing off: no money, no timer, nothing outside.
        Cause::View(_) => Grants {
            wallet_request: Grant::Denied,
            wallet_pay_out: Grant::Denied,
            schedule: Grant::Denied,
            http: Grant::Denied,
            ..grants
        },
        Cause::Command { .. }
        | Cause::Action { .. }
        | Cause::Message { .. }
        | Cause::Order(_)
        | Cause::Timer { .. }
        | Cause::Response { .. } => grants,
    }
}

/// What a list of traces says of a run.
fn line(
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
        | End::Retry(_)
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

/// Whether the person of an event is there to be asked.
fn may_ask(event: &Event) -> bool {
    matches!(event.cause, Cause::Command { .. } | Cause::Action { .. })
}

/// Parks an event for another try, each time for twice as long. After the last one it has failed,
/// and is set aside for the merchant unless a person was told.
async fn again_later(
    txn: &Txn,
    event: &Event,
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
    let wait = EVENT_RETRY_MS.saturating_mul(1 << event.tries.min(EVENT_TRIES_MAX));
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
async fn note(
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

#[cfg(test)]
mod tests {
    use souk_core::MessageId;

    use super::*;

    #[test]
    fn whoever_only_looks_sets_nothing_off() {
        let all = Grants {
            messaging_post: Grant::Granted(()),
            wallet_request: Grant::Granted("1.00 USD".parse().unwrap()),
            wallet_pay_out: Grant::Granted("1.00 USD".parse().unwrap()),
            storage_chat: Grant::Granted(()),
            schedule: Grant::Granted(()),
            http: Grant::Granted(Vec::new()),
            ..Grants::default()
        };
        let seen = given_by(&Cause::View(MessageId::from_bits(1)), all.clone());
        let expected = Grants {
            messaging_post: Grant::Granted(()),
            storage_chat: Grant::Granted(()),
            ..Grants::default()
        };
        assert_eq!(seen, expected);
        let timer = Cause::Timer {
            name: String::new(),
            payload: Vec::new(),
        };
        assert_eq!(given_by(&timer, all.clone()), all);
    }
}
