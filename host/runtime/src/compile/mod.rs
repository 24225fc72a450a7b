//! From a component to machine code, in a process of its own.
//!
//! How long compiling takes, and how much memory, is up to whoever made the component; the engine
//! promises nothing about either. So a host has it done by another process, which can be stopped
//! and whose end is the end of nothing else. That process first checks that the component is valid,
//! which can be made to take long as well.

mod child;
mod parent;

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use souk_core::limits::{COMPILE_TURN_MS_MAX, COMPILES_AT_ONCE_MAX};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;
use wasmtime::Engine;

use crate::prepare::PrepareError;

pub use child::serve;

/// A program that compiles: it calls [`serve`] and does nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Where it is.
    pub path: PathBuf,
    /// What it is started with.
    pub arguments: Vec<OsString>,
    /// All that its environment has.
    pub environment: Vec<(OsString, OsString)>,
}

/// Who compiles, and how many at once.
#[derive(Debug)]
pub struct Compiler {
    place: Place,
    turns: Semaphore,
}

#[derive(Debug)]
enum Place {
    Elsewhere(Program),
    Here,
}

impl Compiler {
    /// Compiles in processes of their own, each started as this program.
    pub fn elsewhere(program: Program) -> Self {
        Self::at(Place::Elsewhere(program))
    }

    /// Compiles in this process, which nothing protects then: for tests and the laboratory.
    pub fn here() -> Self {
        Self::at(Place::Here)
    }

    fn at(place: Place) -> Self {
        let turns = Semaphore::new(COMPILES_AT_ONCE_MAX);
        Self { place, turns }
    }

    /// Waits for a turn, which lasts as long as what is returned.
    pub(crate) async fn turn(&self) -> Result<SemaphorePermit<'_>, PrepareError> {
        let patience = Duration::from_millis(COMPILE_TURN_MS_MAX);
        let turn = timeout(patience, self.turns.acquire()).await;
        turn.ok().and_then(Result::ok).ok_or(PrepareError::Busy)
    }

    /// Compiles a component for an engine.
    pub(crate) async fn compile(
        &self,
        engine: &Engine,
        component: Arc<[u8]>,
    ) -> Result<Vec<u8>, PrepareError> {
        match &self.place {
            Place::Elsewhere(program) => parent::compile(program, &component).await,
            Place::Here => {
                let engine = engine.clone();
                let compiling = move || child::compile(&engine, &component);
                let compiled = tokio::task::spawn_blocking(compiling).await;
                let compiled = compiled.map_err(|_| PrepareError::Overwhelmed)?;
                compiled.map_err(PrepareError::Invalid)
            }
        }
    }
}
