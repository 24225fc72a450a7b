//! What one run has: the event it serves, its transaction, its handles, and what it has used up.
//!
//! The capabilities are implemented on it, each in its own folder. What they share is here: every
//! call first passes the door, and every answer is measured.

use std::sync::Arc;

use souk_core::UserId;
use souk_events::Event;
use souk_registry::grant::Grants;
use souk_store::Txn;
use wasmtime::component::{Resource, ResourceTable};

use crate::bindings::souk::miniapp::events;
use crate::bindings::souk::types::common;
use crate::capability::config::ConfigCtx;
use crate::capability::http::HttpCtx;
use crate::capability::messaging::MessagingCtx;
use crate::capability::schedule::ScheduleCtx;
use crate::capability::storage::StorageCtx;
use crate::capability::wallet::WalletCtx;
use crate::denied::{Denied, Halt, No};
use crate::door::Door;
use crate::limiter::Limiter;
use crate::limits::Limits;
use crate::outside::Outside;
use crate::terms::Terms;
use crate::wasi::WasiCtx;

/// What is to be run, and on whose behalf.
#[derive(Clone, Debug)]
pub struct Job {
    /// What happened.
    pub event: Event,
    /// Who owns the app.
    pub merchant: UserId,
    /// Whether more than two people can be in the chat.
    pub is_group: bool,
    /// What the app may do; it never widens during the run.
    pub grants: Grants,
    /// What the operator decided.
    pub terms: Arc<Terms>,
    /// Where its questions to the outside go; `None`: nobody is asked.
    pub outside: Option<Arc<dyn Outside>>,
    /// Whether the app may ask for consent and put a sheet before the person: in a command or an
    /// action.
    pub may_ask: bool,
}

/// The data of a run's sandbox.
pub(crate) struct Ctx {
    pub(crate) job: Job,
    pub(crate) txn: Txn,
    pub(crate) table: ResourceTable,
    pub(crate) door: Door,
    pub(crate) limiter: Limiter,
    pub(crate) wasi: WasiCtx,
    pub(crate) messaging: MessagingCtx,
    pub(crate) wallet: WalletCtx,
    pub(crate) storage: StorageCtx,
    pub(crate) config: ConfigCtx,
    pub(crate) schedule: ScheduleCtx,
    pub(crate) http: HttpCtx,
    /// What bounds the run.
    pub(crate) limits: Limits,
    /// Whether the guest is there and was given its event.
    pub(crate) started: bool,
    /// Ticks it has computed for.
    pub(crate) ticks: u64,
    /// How many host calls it had made at the last of them.
    pub(crate) calls_at_tick: u64,
}

impl Ctx {
    pub(crate) fn new(mut job: Job, txn: &Txn, limits: &Limits) -> Self {
        let mut table = ResourceTable::new();
        table.set_max_capacity(limits.handles);
        Self {
            door: Door::new(std::mem::take(&mut job.grants), job.may_ask, limits),
            txn: txn.clone(),
            table,
            limiter: Limiter::new(limits.memory_bytes),
            wasi: WasiCtx::new(&job.event, limits),
            messaging: MessagingCtx::new(limits),
            wallet: WalletCtx::new(limits),
            storage: StorageCtx::new(limits),
            config: ConfigCtx::default(),
            schedule: ScheduleCtx::new(limits),
            http: HttpCtx::new(limits),
            limits: limits.clone(),
            started: false,
            ticks: 0,
            calls_at_tick: 0,
            job,
        }
    }

    /// How many handles the guest may still be given.
    pub(crate) fn handles_left(&mut self) -> usize {
        let held = self.table.iter_mut().count();
        self.table.max_capacity().saturating_sub(held)
    }

    /// Looks at what a handle stands for.
    pub(crate) fn held<T: Clone + Send + 'static>(&self, handle: &Resource<T>) -> Result<T, Halt> {
        Ok(self.table.get(handle)?.clone())
    }

    /// Gives the guest a handle.
    pub(crate) fn give<T: Send + 'static>(&mut self, what: T) -> Result<Resource<T>, Halt> {
        Ok(self.table.push(what)?)
    }

    /// Takes a handle back.
    pub(crate) fn close<T: 'static>(&mut self, handle: Resource<T>) -> wasmtime::Result<()> {
        self.table.delete(handle).map_err(Halt::from)?;
        Ok(())
    }

    /// Hands a text to the guest where the contract leaves no way to say no.
    pub(crate) fn say(&mut self, text: String) -> Result<String, Halt> {
        self.door.hand_out(text.len())?;
        Ok(text)
    }
}

impl events::Host for Ctx {}

impl common::Host for Ctx {
    /// Where every denial leaves the host.
    fn convert_denied(&mut self, no: No) -> wasmtime::Result<Denied> {
        match no {
            No::Denied(denied) => {
                self.door.denied();
                Ok(denied)
            }
            No::Halt(halt) => Err(halt.into()),
        }
    }
}
