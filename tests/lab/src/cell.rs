//! A sandbox with one guest in it, on a store in memory: what the hostile corpus is let loose in.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use souk_chat::chat;
use souk_core::{ChatId, Claim, EventId, TypedId, UserId};
use souk_events::{Cause, Event};
use souk_identity::account;
use souk_market::SystemClock;
use souk_registry::grant::{Grant, Grants};
use souk_runtime::{Job, Prepared, Report, Runtime};
use souk_store::memory::Memory;
use souk_store::{Engine, Keyring, Store};

use crate::Wrong;

/// Where guests run, one store for all of them.
pub(crate) struct Cell {
    pub(crate) runtime: Runtime,
    pub(crate) store: Store,
    ana: UserId,
    chat: ChatId,
    events: AtomicU64,
}

impl Cell {
    /// Opens a cell on an empty store.
    pub(crate) async fn open(runtime: Runtime) -> Result<Self, Wrong> {
        Self::on(runtime, Arc::new(Memory::default())).await
    }

    /// Opens a cell on an engine of its own.
    pub(crate) async fn on(runtime: Runtime, engine: Arc<dyn Engine>) -> Result<Self, Wrong> {
        let store = Store::new(
            engine,
            Arc::new(Keyring::ephemeral()?),
            Arc::new(SystemClock),
        );
        let txn = store.begin()?;
        let ana = account::register(&txn, "ana", "Ana", "-".to_owned()).await?;
        let bo = account::register(&txn, "bo", "Bo", "-".to_owned()).await?;
        let chat = chat::open_group(&txn, ana, "Tea time", &[bo]).await?;
        store.commit(&txn).await?;
        Ok(Self {
            runtime,
            store,
            ana,
            chat,
            events: AtomicU64::new(1),
        })
    }

    /// Has a guest handle a command of Ana's. Nothing of it is committed.
    ///
    /// # Errors
    /// What the store answered to it.
    pub(crate) async fn command(&self, guest: &Prepared, name: &str) -> Result<Report, Wrong> {
        let txn = self.store.begin()?;
        Ok(self.runtime.run(guest, self.job(name), &txn).await?)
    }

    /// A command of Ana's, with everything granted that there is inside.
    pub(crate) fn job(&self, name: &str) -> Job {
        self.job_of(name, ARGUMENTS)
    }

    /// The same, with these words behind it.
    pub(crate) fn job_of(&self, name: &str, arguments: &str) -> Job {
        let number = self.events.fetch_add(1, Ordering::Relaxed);
        let cause = Cause::Command {
            name: name.to_owned(),
            arguments: arguments.to_owned(),
            start: None,
        };
        let event = Event {
            id: EventId::mint(self.store.now(), number.into()),
            app: APP
                .parse()
                .unwrap_or_else(|_| unreachable!("{APP} is an id")),
            chat: Some(self.chat),
            user: Some(self.ana),
            left: 0,
            at: self.store.now(),
            tries: 0,
            locale: None,
            cause,
        };
        Job {
            event,
            merchant: UserId::from_bits(99),
            is_group: true,
            grants: everything(),
            terms: Arc::default(),
            outside: None,
            may_ask: true,
        }
    }
}

/// What Ana types behind every command.
const ARGUMENTS: &str = "large, please";
/// The guest's app.
const APP: &str = "com.example.hostile";

fn everything() -> Grants {
    let money = |text: &str| text.parse().map_or(Grant::Denied, Grant::Granted);
    Grants {
        messaging_post: Grant::Granted(()),
        messaging_push: Grant::Granted(()),
        messaging_listen: Grant::Granted(()),
        profile_claims: Claim::ALL.map(|claim| (claim, Grant::Granted(()))).into(),
        merchant_id: Grant::Granted(()),
        wallet_request: money("50.00 USD"),
        wallet_pay_out: money("2.00 USD"),
        storage_app: Grant::Granted(()),
        storage_chat: Grant::Granted(()),
        storage_user: Grant::Granted(()),
        config: Grant::Granted(()),
        schedule: Grant::Granted(()),
        http: Grant::Denied,
    }
}
