//! One run of a mini-app inside a transaction: what it may do is fixed, it runs, and what it
//! staged stays or goes.

use std::sync::Arc;

use souk_chat::Kind;
use souk_core::{EventId, TraceId, TypedId};
use souk_events::Event;
use souk_registry::app::{self, Version};
use souk_registry::grant::Grants;
use souk_runtime::{End, Job, Report, Trace};
use souk_store::{Seed, Store, Txn};

use crate::aftermath::{Ran, has_left, line, note};
use crate::allowed::{Consented, given_by, is_known, is_only_theirs, may_ask};
use crate::shelf::Ready;
use crate::traces::Taken;
use crate::{Market, MarketError, audit, consents};

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
        let outcome = self.conclude(txn, event, ready, &report, id).await?;
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
            terms: Arc::clone(&self.0.config.terms),
            outside: self.outside(),
            may_ask: may_ask(event),
        };
        let runtime = self.0.shelf.runtime();
        Ok(runtime.run(&ready.prepared, job, txn).await?)
    }
}
