//! One run of a mini-app inside a transaction: what it may do is fixed, it runs, and what it
//! staged stays or goes.

use std::sync::Arc;

use souk_chat::Kind;
use souk_core::limits::{EVENT_RETRY_MS, EVENT_TRIES_MAX};
use souk_core::manifest::{Asked, Manifest, Permission};
use souk_core::{AppId, Blame, TypedId};
use souk_events::{Cause, Due, Event, Mark, Outcome, done, due, parked};
use souk_identity::consent::{self, Question};
use souk_registry::grant::{self, Grants};
use souk_registry::{app, app::Version};
use souk_runtime::{End, Job, Report};
use souk_store::{Seed, Store, StoreError, Txn};

use crate::record::{News, news_log};
use crate::{Market, MarketError, audit};

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

impl Market {
    /// Runs an event and stages all that follows: the app's effects or none of them, what the
    /// person is told, the event's mark and the audit line. Commits nothing.
    pub(crate) async fn run(
        &self,
        txn: &Txn,
        event: &Event,
        contents: [u8; 32],
    ) -> Result<Outcome, MarketError> {
        let version = app::live(txn, &event.app).await?;
        let version = version.ok_or_else(|| MarketError::UnknownApp(event.app.clone()))?;
        let before = txn.savepoint()?;
        let report = self.run_guest(txn, event, &version).await?;
        if !matches!(report.end, End::Ok) {
            txn.roll_back(before)?;
        }
        for line in &report.log {
            tracing::info!(app = %event.app, event = %event.id, "{line}");
        }
        let outcome = settle(txn, event, &version, &report).await?;
        note(txn, event, contents, &outcome).await?;
        audit::append(txn, event, version.code, &outcome, &report)?;
        Ok(outcome)
    }

    async fn run_guest(
        &self,
        txn: &Txn,
        event: &Event,
        version: &Version,
    ) -> Result<Report, MarketError> {
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
        Ok(self
            .0
            .shelf
            .runtime()
            .run(&ready.prepared, job, txn)
            .await?)
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
) -> Result<Outcome, MarketError> {
    match &report.end {
        End::Ok => Ok(Outcome::Done),
        End::Rejected(text) => Ok(Outcome::Rejected(text.clone())),
        End::InvalidInput(wrong) => Ok(Outcome::InvalidInput(wrong.clone())),
        End::Retry(_) => again_later(txn, event).await,
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
            Ok(Outcome::Fault {
                blame: fault.blame,
                what: fault.what.clone(),
            })
        }
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

/// Parks an event whose app asked for another try, each time for twice as long.
async fn again_later(txn: &Txn, event: &Event) -> Result<Outcome, MarketError> {
    let tries = event.tries.saturating_add(1);
    if tries >= EVENT_TRIES_MAX {
        let what = format!("it asked to be run again {tries} times");
        return Ok(Outcome::Fault {
            blame: Blame::Guest,
            what,
        });
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
