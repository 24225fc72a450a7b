//! The ceiling of an invocation: wasmtime with everything tuned and nothing around it. A fresh
//! instance, one typed call, and the instance is dropped.

use wasmtime::component::{Component, Linker, ResourceTable};
use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Store,
};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use self::bindings::MiniAppPre;
use self::bindings::souk::miniapp::events::{Cause, Command, Event};
use crate::{Wrong, echo};

/// The contract, generated once more: the bench shares nothing with the sandbox it measures.
mod bindings {
    #![allow(
        missing_docs,
        unreachable_pub,
        clippy::all,
        clippy::pedantic,
        clippy::str_to_string,
        clippy::use_self,
        clippy::uninlined_format_args,
        reason = "generated from sdk/wit"
    )]

    wasmtime::component::bindgen!({ path: "../../sdk/wit", world: "souk:miniapp/mini-app" });
}

/// What stays in place for the next instance.
const MEMORY_KEPT_BYTES: usize = 1 << 20;
const TABLE_KEPT_BYTES: usize = 64 << 10;
/// Instances at once, more than any benchmark has.
const INSTANCES_MAX: u32 = 256;

/// A mini-app in bare wasmtime.
pub struct Bare {
    engine: Engine,
    app: MiniAppPre<State>,
    event: Event,
}

/// What the WASI of one instance needs.
struct State {
    table: ResourceTable,
    wasi: WasiCtx,
}

impl Bare {
    /// Compiles the laboratory's mini-app.
    ///
    /// # Errors
    /// As `Bare::of`.
    pub fn echo() -> Result<Self, Wrong> {
        Self::of(&echo::component()?)
    }

    /// Compiles a mini-app. What it does not call on its way is linked to traps.
    ///
    /// # Errors
    /// When it is not built, or wasmtime does not take it.
    pub(super) fn of(component: &[u8]) -> Result<Self, Wrong> {
        let engine = Engine::new(&config())?;
        let component = Component::from_binary(&engine, component)?;
        let mut linker = Linker::new(&engine);
        wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
        linker.define_unknown_imports_as_traps(&component)?;
        let app = MiniAppPre::new(linker.instantiate_pre(&component)?)?;
        let command = Command {
            name: echo::IDLE.to_owned(),
            arguments: String::new(),
            start_parameter: None,
        };
        let event = Event {
            id: "evt_00000000000000000000000001".to_owned(),
            at: 0,
            locale: None,
            cause: Cause::Command(command),
        };
        Ok(Self { engine, app, event })
    }

    /// Makes an instance, has it handle the event that asks for nothing, and drops it.
    ///
    /// # Errors
    /// When the guest fails.
    pub fn call(&self) -> Result<(), Wrong> {
        let state = State {
            table: ResourceTable::new(),
            wasi: WasiCtx::builder().build(),
        };
        let mut store = Store::new(&self.engine, state);
        let app = self.app.instantiate(&mut store)?;
        let answer = app
            .souk_miniapp_handler()
            .call_handle(&mut store, &self.event)?;
        answer.map_err(|failure| format!("the guest says {failure:?}").into())
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

/// As in the targets.
pub(super) fn config() -> Config {
    let mut pool = PoolingAllocationConfig::new();
    pool.pagemap_scan(Enabled::Auto)
        .linear_memory_keep_resident(MEMORY_KEPT_BYTES)
        .table_keep_resident(TABLE_KEPT_BYTES)
        .total_component_instances(INSTANCES_MAX)
        .total_memories(INSTANCES_MAX);
    let mut config = Config::new();
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    config
}
