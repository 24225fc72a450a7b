//! From machine code to something that can be run at once.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use souk_core::limits::{COMPILE_MEMORY_BYTES_MAX, COMPILE_MS_MAX};
use souk_core::{Blame, Blamed};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use wasmtime::component::Component;

use crate::artifact::Artifact;
use crate::bindings::MiniAppPre;
use crate::ctx::Ctx;
use crate::engine::Runtime;
use crate::words::short;

/// How a WebAssembly binary begins.
const MAGIC: &[u8] = b"\0asm";
/// What follows in a component, and not in a core module.
const COMPONENT_LAYER: &[u8] = &[0x0d, 0x00, 0x01, 0x00];

/// A component, compiled and linked. A cheap handle: clones are the same component.
#[derive(Clone)]
pub struct Prepared {
    app: Arc<MiniAppPre<Ctx>>,
    /// One permit for each run of it there may be at once.
    turns: Arc<Semaphore>,
}

/// Why a component cannot be run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrepareError {
    /// Not WebAssembly at all.
    #[error("this is not WebAssembly; build for wasm32-wasip2")]
    NotWasm,
    /// A core module.
    #[error("this is a core module, not a component; build for wasm32-wasip2")]
    CoreModule,
    /// The engine refuses it.
    #[error("the component is not valid: {0}")]
    Invalid(String),
    /// It imports what there is not.
    #[error("the component imports what this host does not have: {0}")]
    Import(String),
    /// It does not export `souk:miniapp/handler`, or with other types.
    #[error("the component does not export souk:miniapp/handler@0.1.0 as the contract says: {0}")]
    Handler(String),
    /// Compiling it takes too long.
    #[error(
        "compiling the component takes more than {} seconds; make it smaller",
        COMPILE_MS_MAX / 1_000
    )]
    Slow,
    /// Compiling it takes too much memory, or the compiler cannot bear it.
    #[error(
        "the compiler cannot bear the component, or needs more than {} MiB for it; make it smaller",
        COMPILE_MEMORY_BYTES_MAX >> 20
    )]
    Overwhelmed,
    /// Others are before it.
    #[error("other packages are being compiled; try again")]
    Busy,
    /// There is no compiler.
    #[error("the compiler cannot be started: {0}; check that processes can be")]
    Compiler(String),
}

impl Blamed for PrepareError {
    fn blame(&self) -> Blame {
        match self {
            Self::NotWasm
            | Self::CoreModule
            | Self::Invalid(_)
            | Self::Import(_)
            | Self::Handler(_)
            | Self::Slow
            | Self::Overwhelmed => Blame::Guest,
            Self::Busy | Self::Compiler(_) => Blame::Operator,
        }
    }
}

impl Runtime {
    /// Compiles a component here and now, and links it. Takes a processor for as long as that
    /// takes, however long: a host has it done by a [`Workshop`](crate::Workshop).
    ///
    /// # Errors
    /// [`PrepareError`], naming what is wrong with the component.
    pub fn prepare(&self, component: &[u8]) -> Result<Prepared, PrepareError> {
        let layer = component.strip_prefix(MAGIC).ok_or(PrepareError::NotWasm)?;
        if !layer.starts_with(COMPONENT_LAYER) {
            return Err(PrepareError::CoreModule);
        }
        let component = Component::from_binary(self.engine(), component)
            .map_err(|error| PrepareError::Invalid(words(&error)))?;
        self.link(&component)
    }

    /// Loads what was compiled earlier, and links it.
    #[expect(
        unsafe_code,
        reason = "the engine believes machine code; an `Artifact` is what this host's compiler \
                  made, or carries this host's MAC"
    )]
    pub(crate) fn load(&self, artifact: &Artifact) -> Result<Prepared, PrepareError> {
        // SAFETY: nobody but this host's own compiler has made the bytes, and they are copied.
        let component = unsafe { Component::deserialize(self.engine(), artifact.code()) };
        let component = component.map_err(|error| PrepareError::Invalid(words(&error)))?;
        self.link(&component)
    }

    fn link(&self, component: &Component) -> Result<Prepared, PrepareError> {
        let linked = self
            .linker()
            .instantiate_pre(component)
            .map_err(|error| PrepareError::Import(words(&error)))?;
        let ready =
            MiniAppPre::new(linked).map_err(|error| PrepareError::Handler(words(&error)))?;
        Ok(Prepared {
            app: Arc::new(ready),
            turns: Arc::new(Semaphore::new(self.limits().app_runs_at_once)),
        })
    }
}

impl Prepared {
    /// Returns what it keeps in memory, in bytes: its code and what the engine knows of it.
    pub fn bytes(&self) -> usize {
        let image = self.app.instance_pre().component().image_range();
        (image.end as usize).saturating_sub(image.start as usize)
    }

    pub(crate) fn app(&self) -> &MiniAppPre<Ctx> {
        &self.app
    }

    /// Waits until one more run of it may begin. `None`: others of it take too long.
    pub(crate) async fn turn(&self, patience: Duration) -> Option<OwnedSemaphorePermit> {
        // No clock is set where nobody is before it.
        if let Ok(turn) = Arc::clone(&self.turns).try_acquire_owned() {
            return Some(turn);
        }
        let turn = Arc::clone(&self.turns).acquire_owned();
        timeout(patience, turn).await.ok()?.ok()
    }
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prepared").finish_non_exhaustive()
    }
}

/// An engine's error with its causes, on one line.
fn words(error: &wasmtime::Error) -> String {
    short(format_args!("{error:#}"))
        .lines()
        .map(str::trim)
        .collect::<Vec<_>>()
        .join(" ")
}
