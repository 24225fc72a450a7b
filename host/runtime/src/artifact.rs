//! Artifacts: compiled packages, kept on disk between starts.
//!
//! An artifact is machine code, and the engine believes whatever it is given. So each one carries a
//! MAC that only this host's keyring can make, over the package it was compiled from, the engine it
//! was compiled for and every byte of it. Only an [`Artifact`] is ever loaded, and there are two
//! ways to one: the compiler has just made it, or its MAC is right.
//!
//! Artifacts are derived: whoever deletes them loses the time it takes to compile.

use std::fs;
use std::hash::{Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use souk_store::Store;
use subtle::ConstantTimeEq;
use wasmtime::Engine;

/// The SHA-256 of a package.
pub(crate) type Source = [u8; 32];

/// How long a MAC is, which stands before the code.
const MAC_BYTES: usize = 32;

/// Which of the artifacts found on disk are loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Those with this host's MAC.
    Own,
    /// All of them: for the laboratory, which shows what the MAC is good for.
    Any,
}

/// Machine code that this host may run.
pub(crate) struct Artifact(Vec<u8>);

/// An artifact that this host did not make, or that was changed since.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an artifact does not have this host's MAC")]
pub(crate) struct Spoilt;

/// A folder of artifacts, all for one engine.
pub(crate) struct Artifacts {
    folder: PathBuf,
    store: Store,
    engine: [u8; 32],
    trust: Trust,
}

impl Artifact {
    /// What the compiler has just made.
    pub(crate) fn compiled(code: Vec<u8>) -> Self {
        Self(code)
    }

    pub(crate) fn code(&self) -> &[u8] {
        &self.0
    }
}

impl Artifacts {
    /// Opens a folder, or makes it, and deletes what was compiled for other engines.
    pub(crate) fn open(
        folder: &Path,
        store: Store,
        engine: &Engine,
        trust: Trust,
    ) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let artifacts = Self {
            folder: folder.to_path_buf(),
            store,
            engine: identity(engine),
            trust,
        };
        let mine = artifacts.ending();
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if !path.to_string_lossy().ends_with(&mine) {
                fs::remove_file(path)?;
            }
        }
        Ok(artifacts)
    }

    /// Keeps what was compiled. Whoever finds it finds all of it.
    pub(crate) fn keep(&self, source: &Source, artifact: &Artifact) -> io::Result<()> {
        let (path, code) = (self.path(source), artifact.code());
        let new = path.with_extension("new");
        fs::write(&new, [&self.mac(source, code), code].concat())?;
        fs::rename(&new, &path)
    }

    /// Returns what was compiled of a package, if it was.
    pub(crate) fn find(&self, source: &Source) -> Result<Option<Artifact>, Spoilt> {
        let mut file = match fs::read(self.path(source)) {
            Ok(file) => file,
            Err(error) => {
                if error.kind() != io::ErrorKind::NotFound {
                    tracing::error!(%error, "an artifact cannot be read");
                }
                return Ok(None);
            }
        };
        let (mac, code) = file.split_first_chunk::<MAC_BYTES>().ok_or(Spoilt)?;
        let own = self.mac(source, code);
        if self.trust == Trust::Own && !bool::from(mac.ct_eq(&own)) {
            return Err(Spoilt);
        }
        Ok(Some(Artifact(file.split_off(MAC_BYTES))))
    }

    fn mac(&self, source: &Source, code: &[u8]) -> [u8; MAC_BYTES] {
        let parts: [&[u8]; 3] = [source, &self.engine, code];
        self.store.keyring().keyed_hash("artifact", &parts)
    }

    fn path(&self, source: &Source) -> PathBuf {
        self.folder.join(hex::encode(source) + &self.ending())
    }

    /// What the names of this engine's artifacts end with.
    fn ending(&self) -> String {
        let (engine, _) = self.engine.split_at(8);
        format!(".{}", hex::encode(engine))
    }
}

/// Tells an engine from every other: its version, its settings and the machine it compiles for.
fn identity(engine: &Engine) -> [u8; 32] {
    struct Sink(Sha256);
    impl Hasher for Sink {
        fn finish(&self) -> u64 {
            0
        }
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }
    }
    let mut sink = Sink(Sha256::new());
    engine.precompile_compatibility_hash().hash(&mut sink);
    sink.0.finalize().into()
}
