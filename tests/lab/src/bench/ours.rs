//! Our invocation: the same guest and the same event through the sandbox, inside a transaction
//! that is begun for it and given up.

use std::sync::Arc;

use souk_core::manifest::Manifest;
use souk_core::{ChatId, EventId, TypedId, UserId};
use souk_events::{Cause, Event};
use souk_market::SystemClock;
use souk_registry::grant::{self, Policy};
use souk_runtime::{End, Job, Limits, Prepared, Runtime};
use souk_store::memory::Memory;
use souk_store::{Keyring, Store};

use crate::{Wrong, echo};

/// A mini-app in our sandbox.
pub(super) struct Ours {
    runtime: Runtime,
    app: Prepared,
    store: Store,
    job: Job,
}

impl Ours {
    pub(super) fn of(component: &[u8]) -> Result<Self, Wrong> {
        let runtime = Runtime::new(&Limits::default())?;
        let app = runtime.prepare(component)?;
        let keyring = Arc::new(Keyring::ephemeral()?);
        let store = Store::new(Arc::new(Memory::default()), keyring, Arc::new(SystemClock));
        let job = job(&Manifest::parse(echo::MANIFEST)?, &store);
        Ok(Self {
            runtime,
            app,
            store,
            job,
        })
    }

    pub(super) async fn call(&self) -> Result<(), Wrong> {
        let txn = self.store.begin()?;
        let report = self.runtime.run(&self.app, self.job.clone(), &txn).await?;
        match report.end {
            End::Ok => Ok(()),
            end => Err(format!("the run ended with {end:?}").into()),
        }
    }
}

/// The event that asks for nothing, with all that the manifest asks for granted.
fn job(manifest: &Manifest, store: &Store) -> Job {
    let user = UserId::from_bits(1);
    let cause = Cause::Command {
        name: echo::IDLE.to_owned(),
        arguments: String::new(),
        start: None,
    };
    let event = Event {
        id: EventId::from_bits(1),
        app: manifest.app_id.clone(),
        chat: Some(ChatId::from_bits(1)),
        user: Some(user),
        left: 0,
        at: store.now(),
        tries: 0,
        locale: None,
        cause,
    };
    let grants = grant::of(manifest, &Policy::default(), None);
    Job {
        event,
        merchant: user,
        is_group: false,
        grants,
        outside: None,
        terms: Arc::default(),
        may_ask: true,
    }
}
