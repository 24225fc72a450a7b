//! The shelf: compiled mini-apps at hand, by the digest of their package.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use souk_core::manifest::Manifest;
use souk_registry::package::{self, Package};
use souk_runtime::{Prepared, Runtime};
use souk_store::{Blobs, StoreError};

use crate::MarketError;

/// A package's SHA-256.
type Digest = [u8; 32];

/// A package ready to run.
#[derive(Clone)]
pub(crate) struct Ready {
    pub(crate) prepared: Prepared,
    pub(crate) manifest: Arc<Manifest>,
}

/// Packages in the blob directory, and those ready to run in memory.
pub(crate) struct Shelf {
    blobs: Blobs,
    ready: Mutex<BTreeMap<Digest, Ready>>,
}

impl Shelf {
    pub(crate) fn new(blobs: Blobs) -> Self {
        Self {
            blobs,
            ready: Mutex::default(),
        }
    }

    /// Compiles a package and keeps it, durably, before anything refers to it.
    pub(crate) async fn add(
        &self,
        runtime: &Runtime,
        package: &Package,
    ) -> Result<(), MarketError> {
        let ready = make_ready(runtime, package.clone()).await?;
        self.blobs.put(package.component.clone()).await?;
        self.keep(package.digest, ready);
        Ok(())
    }

    /// Returns a package ready to run, from the blob directory after a restart.
    pub(crate) async fn take(
        &self,
        runtime: &Runtime,
        digest: Digest,
    ) -> Result<Ready, MarketError> {
        if let Some(ready) = self.ready().get(&digest) {
            return Ok(ready.clone());
        }
        let bytes = self.blobs.get(&digest).await?.ok_or(StoreError::Form)?;
        let ready = make_ready(runtime, package::read(&bytes)?).await?;
        self.keep(digest, ready.clone());
        Ok(ready)
    }

    fn keep(&self, digest: Digest, ready: Ready) {
        self.ready().insert(digest, ready);
    }

    fn ready(&self) -> MutexGuard<'_, BTreeMap<Digest, Ready>> {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Compiles off the threads that answer people.
async fn make_ready(runtime: &Runtime, package: Package) -> Result<Ready, MarketError> {
    let runtime = runtime.clone();
    let Package {
        manifest,
        component,
        ..
    } = package;
    let compiled = tokio::task::spawn_blocking(move || runtime.prepare(&component)).await;
    // The task cannot be cancelled, and a panic inside it is a defect that stops here.
    let prepared = compiled.map_err(|_| StoreError::Over)??;
    Ok(Ready {
        prepared,
        manifest: Arc::new(manifest),
    })
}
