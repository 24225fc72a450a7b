//! The small part of WASI p2 that language runtimes need: nothing outside the run shows through.
//!
//! What is printed becomes log lines, the clock stands still at the event's time, randomness
//! follows from the event, and there are no files, no sockets, no arguments and no environment.

mod cli;
mod clock;
mod log;
mod random;

use souk_events::Event;
use wasmtime::component::{HasSelf, Linker};
use wasmtime_wasi::filesystem::{WasiFilesystem, WasiFilesystemCtx, WasiFilesystemCtxView};
use wasmtime_wasi::p2::bindings::{cli as cli_api, clocks, filesystem, random as random_api};
use wasmtime_wasi_io::IoView;

pub(crate) use self::log::Log;
use self::random::Random;
use crate::ctx::Ctx;
use crate::limits::Limits;

/// What one run sees of WASI.
pub(crate) struct WasiCtx {
    /// What it prints.
    pub(crate) log: Log,
    /// The time, in milliseconds since 1970.
    at: u64,
    random: Option<Random>,
    /// No directory is ever opened to a guest; this is what their runtimes ask to find out.
    files: WasiFilesystemCtx,
}

impl WasiCtx {
    pub(crate) fn new(event: &Event, limits: &Limits) -> Self {
        Self {
            log: Log::new(limits.log_bytes),
            at: event.at.millis(),
            random: None,
            files: WasiFilesystemCtx::default(),
        }
    }

    /// Has all randomness follow from a seed.
    pub(crate) fn follow(&mut self, seed: [u8; 32]) {
        self.random = Some(Random::of(seed));
    }

    /// What its randomness follows from; nothing when none was asked for.
    pub(crate) fn seed(&self) -> Option<[u8; 32]> {
        self.random.as_ref().map(Random::seed)
    }
}

/// Links all of it.
pub(crate) fn add_to_linker(linker: &mut Linker<Ctx>) -> wasmtime::Result<()> {
    type Own = HasSelf<Ctx>;
    wasmtime_wasi_io::add_to_linker_async(linker)?;

    clocks::wall_clock::add_to_linker::<_, Own>(linker, |ctx| ctx)?;
    clocks::monotonic_clock::add_to_linker::<_, Own>(linker, |ctx| ctx)?;
    random_api::random::add_to_linker::<_, Own>(linker, |ctx| ctx)?;
    random_api::insecure::add_to_linker::<_, Own>(linker, |ctx| ctx)?;
    random_api::insecure_seed::add_to_linker::<_, Own>(linker, |ctx| ctx)?;

    cli_api::environment::add_to_linker::<_, Own>(linker, |ctx| ctx)?;
    cli_api::exit::add_to_linker::<_, Own>(linker, |ctx| ctx)?;
    cli_api::stdin::add_to_linker::<_, Own>(linker, |ctx| ctx)?;
    cli_api::stdout::add_to_linker::<_, Own>(linker, |ctx| ctx)?;
    cli_api::stderr::add_to_linker::<_, Own>(linker, |ctx| ctx)?;
    cli_api::terminal_input::add_to_linker::<_, Own>(linker, |ctx| ctx)?;
    cli_api::terminal_output::add_to_linker::<_, Own>(linker, |ctx| ctx)?;
    cli_api::terminal_stdin::add_to_linker::<_, Own>(linker, |ctx| ctx)?;
    cli_api::terminal_stdout::add_to_linker::<_, Own>(linker, |ctx| ctx)?;
    cli_api::terminal_stderr::add_to_linker::<_, Own>(linker, |ctx| ctx)?;

    filesystem::preopens::add_to_linker::<_, WasiFilesystem>(linker, files)?;
    filesystem::types::add_to_linker::<_, WasiFilesystem>(linker, files)
}

fn files(ctx: &mut Ctx) -> WasiFilesystemCtxView<'_> {
    WasiFilesystemCtxView {
        ctx: &mut ctx.wasi.files,
        table: &mut ctx.table,
    }
}

impl IoView for Ctx {
    fn table(&mut self) -> &mut wasmtime::component::ResourceTable {
        &mut self.table
    }
}
