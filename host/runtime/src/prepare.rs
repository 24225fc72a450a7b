//! From machine code to something that can be run at once.

use souk_core::limits::{COMPILE_MEMORY_BYTES_MAX, COMPILE_MS_MAX};
use souk_core::{Blame, Blamed};
use wasmtime::component::Component;

use crate::artifact::Artifact;
use crate::prepared::{App, Prepared};
use crate::runtime::Runtime;
use crate::twins::Twin;
use crate::words::short;

/// How a WebAssembly binary begins.
const MAGIC: &[u8] = b"\0asm";
/// What follows in a component, and not in a core module.
const COMPONENT_LAYER: &[u8] = &[0x0d, 0x00, 0x01, 0x00];

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
    #[error("the component does not export souk:miniapp/handler as the contract says: {0}")]
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
        self.prepared(|twin| {
            let component = Component::from_binary(&twin.engine, component);
            component.map_err(|error| PrepareError::Invalid(words(&error)))
        })
    }

    /// Loads what was compiled earlier, and links it.
    pub(crate) fn load(&self, artifact: &Artifact) -> Result<Prepared, PrepareError> {
        self.prepared(|twin| load(twin, artifact))
    }

    /// Loads once more, on the engine of this number, what is loaded on another.
    pub(crate) fn copy(&self, app: &App, number: usize) -> Result<App, PrepareError> {
        let code = app.instance_pre().component().serialize();
        let code = code.map_err(|error| PrepareError::Invalid(words(&error)))?;
        let twin = self.twins().get(number);
        link(twin, &load(twin, &Artifact::compiled(code))?)
    }

    /// Links what is loaded on the engine whose turn it is.
    fn prepared(
        &self,
        load: impl FnOnce(&Twin) -> Result<Component, PrepareError>,
    ) -> Result<Prepared, PrepareError> {
        let number = self.twins().next();
        let twin = self.twins().get(number);
        let app = link(twin, &load(twin)?)?;
        Ok(Prepared::of(app, number, self.twins().turns(self.limits())))
    }
}

/// Loads machine code on an engine.
#[expect(
    unsafe_code,
    reason = "the engine believes machine code; an `Artifact` is what this host's compiler \
              made, or carries this host's MAC"
)]
fn load(twin: &Twin, artifact: &Artifact) -> Result<Component, PrepareError> {
    // SAFETY: nobody but this host's own compiler has made the bytes, and they are copied.
    let component = unsafe { Component::deserialize(&twin.engine, artifact.code()) };
    component.map_err(|error| PrepareError::Invalid(words(&error)))
}

fn link(twin: &Twin, component: &Component) -> Result<App, PrepareError> {
    let linked = twin
        .linker
        .instantiate_pre(component)
        .map_err(|error| PrepareError::Import(words(&error)))?;
    App::new(linked).map_err(|error| PrepareError::Handler(words(&error)))
}

/// An engine's error with its causes, on one line.
fn words(error: &wasmtime::Error) -> String {
    short(format_args!("{error:#}"))
        .lines()
        .map(str::trim)
        .collect::<Vec<_>>()
        .join(" ")
}
