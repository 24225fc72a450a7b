//! What a book can be kept on: any engine of the store.

use std::sync::Arc;

use souk_store::Engine;
use souk_store::embedded::Embedded;
use souk_store::memory::Memory;
use souk_store::postgres::{Hold, Options, Postgres};
use tempfile::TempDir;

use crate::server::{Kind, fresh};
use crate::unprotected::Unsynced;
use crate::{Wrong, till};

/// Which engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Ground {
    /// In memory.
    #[default]
    Memory,
    /// Journal and sled, on a disk that leaves the syncs out.
    Embedded,
    /// A `PostgreSQL` of its own that does not sync.
    Postgres,
}

/// An engine, and the folder that goes with it.
pub(in crate::campaign) struct Kept {
    pub(in crate::campaign) engine: Arc<dyn Engine>,
    _folder: Option<TempDir>,
}

impl Ground {
    /// Opens an empty store.
    pub(in crate::campaign) fn open(self) -> Result<Kept, Wrong> {
        let (engine, folder): (Arc<dyn Engine>, _) = match self {
            Self::Memory => (Arc::new(Memory::default()), None),
            Self::Embedded => {
                let folder = till::folder()?;
                let options = till::options(folder.path(), Arc::new(Unsynced));
                (Arc::new(Embedded::open(&options)?.0), Some(folder))
            }
            Self::Postgres => (Arc::new(tables()?), None),
        };
        Ok(Kept {
            engine,
            _folder: folder,
        })
    }
}

fn tables() -> Result<Postgres, Wrong> {
    let mut options = Options::at(&fresh(Kind::Fast))?;
    options.hold = Hold::Shared;
    options.protections.durable_server = false;
    Ok(Postgres::open(&options)?.0)
}
