//! One run of a mini-app inside a transaction: what it may do is fixed, it runs, and what it
//! staged stays or goes.

use std::sync::Arc;

use souk_chat::Kind;
use souk_core::limits::{EVENT_RETRY_MS, EVENT_TRIES_MAX};
use souk_core::manifest::{Asked, Manifest, Permission};
use souk_core::{AppId, Blame, TraceId, TypedId};
use souk_events::{Cause, Due, Event, Mark, Outcome, done, due, parked};
use souk_identity::consent::{self, Question};
use souk_registry::grant::{self, Grants};
use souk_registry::{app, app::Version};
use souk_runtime::{End, Job, Report, Trace};
use souk_store::{Seed, Store, StoreError, Txn};

use crate::record::{News, news_log};
use crate::traces::{Fault, Taken, TraceLine};
use crate::{Market, MarketError, audit, failures};

/// The language apps are told of until people can choose one.
const LOCALE: &str = "en";

/// The seed of everything an event makes: same event, same ids.
pub(crate) fn seed(store: &Store, event: souk_core::EventId) -> Seed {
    Seed(
        store
            .keyring()
            .keyed_hash("event-seed", &[&event.bits().to_be_bytes()]),
    )
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
        let before = txn.savepoint()?;
        let (mut report, signer) = self.run_guest(txn, event, &version).await?;
        if !matches!(report.end, End::Ok) {
            txn.roll_back(before)?;
        }
        for line in &report.log {
            tracing::info!(app = %event.app, event = %event.id, "{line}");
        }
        let id = TraceId::mint(txn.now(), event.id.bits());
        let outcome = settle(txn, event, &version, &report, id).await?;
        note(txn, event, contents, &outcome).await?;
        audit::append(txn, event, id, version.code, &outcome, &report)?;
        let recording = report.recording.take();
        let taken = recording.map(|run| Taken {
            line: line(txn, event, id, version.code, &outcome, &report),
            owner: event.owner(),
            signer,
            trace: Trace {
                app: version.app,
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

    async fn run_guest(
        &self,
        txn: &Txn,
        event: &Event,
        version: &Version,
    ) -> Result<(Report, [u8; 32]), MarketError> {
        let ready = self.0.shelf.take(txn, version).await?;
        let chat = match event.chat {
            Some(chat) => souk_chat::chat::get(txn, chat).await?,
            None => None,
        };
        let job = Job {
            event: event.clone(),
            merchant: version.merchant,
            is_group: chat.is_some_and(|chat| chat.kind == Kind::Group),
            grants: self.grants(&ready.manifest, event),
            issuer: Arc::clone(&self.0.config.issuer),
            money: Arc::clone(&self.0.config.money),
            outside: self.outside(),
            locale: LOCALE.to_owned(),
            narrower: self.0.config.narrower(&event.app),
            may_ask: matches!(event.cause, Cause::Command { .. } | Cause::Action { .. }),
        };
        let runtime = self.0.shelf.runtime();
        let report = runtime.run(&ready.prepared, job, txn).await?;
        Ok((report, ready.signer))
    }
}

impl Market {
    /// What an app may do in an event: asked for, allowed, and given by the event's cause.
    fn grants(&self, manifest: &Manifest, event: &Event) -> Grants {
        let grants = grant::of(manifest, &self.0.config.policy);
        match event.cause {
            // Whoever only looks pays nothing and is paid nothing.
            Cause::View(_) => Grants {
                wallet_request: None,
                wallet_pay_out: None,
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

    /// What an app may do at present; nothing when there is none.
    pub(crate) async fn grants_now(&self, txn: &Txn, of: &AppId) -> Result<Grants, MarketError> {
        let Some(live) = app::live(txn, of).await? else {
            return Ok(Grants::default());
        };
        let manifest = app::manifest(txn, &live).await?;
        Ok(grant::of(&manifest, &self.0.config.policy))
    }
}

/// Turns the end of a run into what it means for the event, and stages that.
async fn settle(
    txn: &Txn,
    event: &Event,
    version: &Version,
    report: &Report,
    trace: TraceId,
) -> Result<Outcome, MarketError> {
    match &report.end {
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
        End::NeedsConsent { claims } => {
            let manifest = app::manifest(txn, version).await?;
            // Only where there is somebody to ask may an app ask.
            let (user, chat) = event.user.zip(event.chat).ok_or(StoreError::Form)?;
            let question = Question {
                user,
                app: event.app.clone(),
                chat,
                claims: claims.clone(),
                reason: profile_reason(&manifest),
                event: event.id,
            };
            consent::ask(txn, &question).await?;
            parked::park(txn, event).await?;
            Ok(Outcome::Parked)
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

/// Why the app wants to know something of the person, in the words of its manifest.
fn profile_reason(manifest: &Manifest) -> String {
    let profile = |asked: &&Asked| matches!(asked.permission, Permission::IdentityProfile { .. });
    manifest
        .req_permissions
        .iter()
        .find(profile)
        .map(|asked| asked.reason.clone())
        .unwrap_or_default()
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
    match outcome {
        Outcome::Done | Outcome::Parked => Ok(()),
        Outcome::Rejected(_) | Outcome::InvalidInput(_) | Outcome::Fault { .. } => {
            match event.user {
                Some(user) => Ok(txn.append(&news_log(user), &News::Ended(event.id))?),
                None => Ok(()),
            }
        }
    }
}
