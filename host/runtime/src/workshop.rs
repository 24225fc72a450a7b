//! The workshop: packages are made ready to run in it, each compiled once and then kept.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use souk_core::limits::COMPILE_MS_MAX;
use souk_store::Store;
use tokio::time::timeout;

use crate::artifact::{Artifact, Artifacts, Source, Spoilt, Trust};
use crate::compile::Compiler;
use crate::prepare::PrepareError;
use crate::prepared::Prepared;
use crate::runtime::Runtime;

/// Makes packages ready to run. A cheap handle: clones are the same workshop.
#[derive(Clone)]
pub struct Workshop(Arc<Inner>);

struct Inner {
    runtime: Runtime,
    compiler: Compiler,
    /// `None` keeps nothing.
    artifacts: Option<Artifacts>,
}

/// What became of a package's artifact.
#[derive(Clone, Debug)]
pub enum Found {
    /// It is this host's own, and ready to run.
    Ready(Prepared),
    /// There is none.
    Nothing,
    /// It is not this host's own, or was changed since. It was not loaded.
    Spoilt,
}

impl Workshop {
    /// Opens a workshop that keeps artifacts in a folder. What other engines left there is deleted.
    ///
    /// # Errors
    /// When the folder cannot be read or made.
    pub fn open(
        runtime: Runtime,
        compiler: Compiler,
        folder: &Path,
        store: Store,
        trust: Trust,
    ) -> io::Result<Self> {
        let artifacts = Artifacts::open(folder, store, runtime.engine(), trust)?;
        Ok(Self::of(runtime, compiler, Some(artifacts)))
    }

    /// A workshop that compiles in this process and keeps nothing: for tests and the laboratory.
    pub fn bare(runtime: Runtime) -> Self {
        Self::of(runtime, Compiler::here(), None)
    }

    fn of(runtime: Runtime, compiler: Compiler, artifacts: Option<Artifacts>) -> Self {
        let inner = Inner {
            runtime,
            compiler,
            artifacts,
        };
        Self(Arc::new(inner))
    }

    /// Returns where what is made ready here runs.
    pub fn runtime(&self) -> &Runtime {
        &self.0.runtime
    }

    /// Looks for what was compiled earlier.
    ///
    /// # Errors
    /// [`PrepareError`] when it fits this host no more.
    pub async fn find(&self, source: [u8; 32]) -> Result<Found, PrepareError> {
        let inner = Arc::clone(&self.0);
        let found = tokio::task::spawn_blocking(move || inner.find(&source)).await;
        found.map_err(|_| PrepareError::Overwhelmed)?
    }

    /// Compiles a package and keeps what comes of it, unless somebody has just done so.
    ///
    /// # Errors
    /// [`PrepareError`], naming what is wrong with it; it takes too long, or there is no turn.
    pub async fn make(
        &self,
        source: [u8; 32],
        component: Vec<u8>,
    ) -> Result<Prepared, PrepareError> {
        let making = async {
            let _turn = self.0.compiler.turn().await?;
            if let Found::Ready(ready) = self.find(source).await? {
                return Ok(ready);
            }
            self.compile(source, component.into()).await
        };
        let patience = Duration::from_millis(COMPILE_MS_MAX);
        timeout(patience, making)
            .await
            .map_err(|_| PrepareError::Slow)?
    }

    async fn compile(
        &self,
        source: Source,
        component: Arc<[u8]>,
    ) -> Result<Prepared, PrepareError> {
        let engine = self.0.runtime.engine();
        let code = self.0.compiler.compile(engine, component).await?;
        let inner = Arc::clone(&self.0);
        let load = move || {
            let artifact = Artifact::compiled(code);
            let ready = inner.runtime.load(&artifact)?;
            inner.keep(&source, &artifact);
            Ok(ready)
        };
        let loaded = tokio::task::spawn_blocking(load).await;
        loaded.map_err(|_| PrepareError::Overwhelmed)?
    }
}

impl Inner {
    fn find(&self, source: &Source) -> Result<Found, PrepareError> {
        let Some(artifacts) = &self.artifacts else {
            return Ok(Found::Nothing);
        };
        match artifacts.find(source) {
            Ok(Some(artifact)) => Ok(Found::Ready(self.runtime.load(&artifact)?)),
            Ok(None) => Ok(Found::Nothing),
            Err(spoilt @ Spoilt) => {
                tracing::error!(package = hex::encode(source), "{spoilt}; it is made again");
                Ok(Found::Spoilt)
            }
        }
    }

    /// Keeps an artifact. Without it the package runs too; it is compiled again after a restart.
    fn keep(&self, source: &Source, artifact: &Artifact) {
        let kept = self.artifacts.as_ref().map(|it| it.keep(source, artifact));
        if let Some(Err(error)) = kept {
            tracing::error!(%error, package = hex::encode(source), "an artifact cannot be kept");
        }
    }
}
