//! The shelf: mini-apps ready to run, by the digest of their package, as many as memory is set
//! aside for.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use souk_core::limits::SHELF_BYTES_MAX;
use souk_core::manifest::Manifest;
use souk_registry::app::{self, Version};
use souk_registry::package::Package;
use souk_runtime::{Found, Prepared, Runtime, Workshop};
use souk_store::{Blobs, StoreError, Txn};

use crate::MarketError;

/// A package's SHA-256.
type Digest = [u8; 32];

/// A package ready to run.
#[derive(Clone)]
pub(crate) struct Ready {
    pub(crate) prepared: Prepared,
    pub(crate) manifest: Arc<Manifest>,
    /// The key it is signed with.
    pub(crate) signer: [u8; 32],
}

/// Packages in the blob directory, and those ready to run in memory.
pub(crate) struct Shelf {
    blobs: Blobs,
    workshop: Workshop,
    ready: Mutex<Recent>,
}

/// What was used lately.
#[derive(Default)]
struct Recent {
    /// When each was used last, by the count of uses.
    all: BTreeMap<Digest, (u64, Ready)>,
    uses: u64,
}

impl Shelf {
    pub(crate) fn new(blobs: Blobs, workshop: Workshop) -> Self {
        Self {
            blobs,
            workshop,
            ready: Mutex::default(),
        }
    }

    /// Returns where what stands here runs.
    pub(crate) fn runtime(&self) -> &Runtime {
        self.workshop.runtime()
    }

    /// Compiles a package and keeps it, durably, before anything refers to it.
    pub(crate) async fn add(&self, package: &Package) -> Result<(), MarketError> {
        let (digest, component) = (package.digest, package.component.clone());
        let prepared = self.workshop.make(digest, component).await?;
        self.blobs.put(package.component.clone()).await?;
        let manifest = Arc::new(package.manifest.clone());
        let ready = Ready {
            prepared,
            manifest,
            signer: package.signer,
        };
        self.recent().put(digest, ready);
        Ok(())
    }

    /// Returns a version ready to run: at hand, or compiled earlier, or compiled now.
    pub(crate) async fn take(&self, txn: &Txn, version: &Version) -> Result<Ready, MarketError> {
        let digest = version.digest;
        let at_hand = self.recent().get(&digest);
        if let Some(ready) = at_hand {
            return Ok(ready);
        }
        let manifest = Arc::new(app::manifest(txn, version).await?);
        let signer = app::signer(txn, &version.app).await?;
        let prepared = match self.workshop.find(digest).await? {
            Found::Ready(prepared) => prepared,
            Found::Nothing | Found::Spoilt => self.make(digest).await?,
        };
        let ready = Ready {
            prepared,
            manifest,
            signer: signer.ok_or(StoreError::Form)?,
        };
        self.recent().put(digest, ready.clone());
        Ok(ready)
    }

    /// Sees to it that a version need not be compiled when it is first used.
    pub(crate) async fn make_ready(&self, version: &Version) -> Result<(), MarketError> {
        match self.workshop.find(version.digest).await? {
            Found::Ready(_) => {}
            Found::Nothing | Found::Spoilt => drop(self.make(version.digest).await?),
        }
        Ok(())
    }

    async fn make(&self, digest: Digest) -> Result<Prepared, MarketError> {
        let package = self.blobs.get(&digest).await?.ok_or(StoreError::Form)?;
        Ok(self.workshop.make(digest, package).await?)
    }

    fn recent(&self) -> MutexGuard<'_, Recent> {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recent {
    fn get(&mut self, digest: &Digest) -> Option<Ready> {
        self.uses = self.uses.saturating_add(1);
        let (used, ready) = self.all.get_mut(digest)?;
        *used = self.uses;
        Some(ready.clone())
    }

    /// Puts one more here, and makes room for it: what was not used for longest goes.
    fn put(&mut self, digest: Digest, ready: Ready) {
        self.uses = self.uses.saturating_add(1);
        self.all.insert(digest, (self.uses, ready));
        while self.bytes() > SHELF_BYTES_MAX && self.all.len() > 1 {
            let oldest = self.all.iter().min_by_key(|(_, (used, _))| *used);
            let Some((&oldest, _)) = oldest else { break };
            self.all.remove(&oldest);
        }
    }

    /// What they come to at present, in bytes: an app takes more while it runs on several cores.
    fn bytes(&self) -> usize {
        let each = self.all.values().map(|(_, ready)| ready.prepared.bytes());
        each.fold(0, usize::saturating_add)
    }
}
