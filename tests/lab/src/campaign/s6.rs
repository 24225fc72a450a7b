//! S6: artifacts that were tampered with, or that another package, host or engine left under this
//! one's name, are refused before the engine sees them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use souk_runtime::{Compiler, Found, Limits, Runtime, Trust, Workshop};
use souk_store::memory::Memory;
use souk_store::{Keyring, Store};
use tempfile::TempDir;

use super::{Args, Tally};
use crate::dice::Dice;
use crate::{Wrong, corpus, till};

/// How often an artifact is tampered with.
const TRIES: u32 = 1_000;
/// Packages that were compiled, by their digest, and the guests in them.
const PACKAGES: [([u8; 32], &str); 2] = [([1; 32], "echo"), ([2; 32], "hostile")];

/// Tampers as often as asked, and tells how often the engine was given what came of it.
///
/// # Errors
/// When nothing can be compiled.
pub async fn run(args: Args) -> Result<Tally, Wrong> {
    let (n, mut tally) = (args.n(TRIES), Tally::default());
    let site = Site::open(args.unprotected).await?;
    for seed in args.seeds(TRIES) {
        tally.count(n, seed, site.try_one(seed).await);
    }
    Ok(tally)
}

/// A workshop, and what it, a stranger's and one with another engine compiled.
struct Site {
    workshop: Workshop,
    _room: TempDir,
    own: Vec<(PathBuf, Vec<u8>)>,
    strangers: Vec<Vec<u8>>,
    /// With the keys of this host.
    other_engines: Vec<Vec<u8>>,
}

impl Site {
    async fn open(unprotected: bool) -> Result<Self, Wrong> {
        let (room, store) = (till::folder()?, store()?);
        let trust = if unprotected { Trust::Any } else { Trust::Own };
        let limits = Limits::default();
        let runtime = Runtime::new(&limits)?;
        let workshop = compiled(runtime.clone(), room.path(), &store, trust).await?;
        let own = files(room.path())?;
        let (strange, stranger) = (till::folder()?, self::store()?);
        drop(compiled(runtime, strange.path(), &stranger, Trust::Own).await?);
        let (other, engine) = (till::folder()?, Runtime::with_source_lines(&limits)?);
        drop(compiled(engine, other.path(), &store, Trust::Own).await?);
        let other_engines = files(other.path())?;
        let named = |files: &[(PathBuf, Vec<u8>)]| {
            let paths = files.iter().map(|(path, _)| path.extension());
            paths.map(|it| it.map(ToOwned::to_owned)).next()
        };
        if named(&own) == named(&other_engines) {
            return Err("an engine that finds lines of the source is taken for this one".into());
        }
        Ok(Self {
            own,
            strangers: contents(files(strange.path())?),
            other_engines: contents(other_engines),
            workshop,
            _room: room,
        })
    }

    /// Puts something else in the place of an artifact, and asks for it.
    async fn try_one(&self, seed: u64) -> Result<(), Wrong> {
        let mut dice = Dice::new(seed);
        let at = dice.place(self.own.len());
        let (path, whole) = self.own.get(at).ok_or("nothing was compiled")?;
        let (digest, _) = PACKAGES.get(at).ok_or("nothing was compiled")?;
        fs::write(path, self.tampered(&mut dice, at, whole)?)?;
        // A task of its own: what the engine is given may make it panic.
        let (workshop, digest) = (self.workshop.clone(), *digest);
        let mut asked = tokio::task::JoinSet::new();
        asked.spawn(async move { workshop.find(digest).await });
        let found = asked.join_next().await.ok_or("nobody asked")?;
        fs::write(path, whole)?;
        match found {
            Ok(Ok(Found::Spoilt)) => Ok(()),
            other => Err(format!("the engine was given it: {other:?}").into()),
        }
    }

    fn tampered(&self, dice: &mut Dice, at: usize, whole: &[u8]) -> Result<Vec<u8>, Wrong> {
        let mut file = whole.to_vec();
        let place = dice.place(file.len());
        match dice.below(8) {
            0 => flip(dice, &mut file, place),
            // In the MAC itself.
            1 => flip(dice, &mut file, place % 32),
            2 => (0..20).for_each(|_| {
                let place = dice.place(whole.len());
                flip(dice, &mut file, place);
            }),
            3 => file.truncate(place),
            4 => file.extend_from_slice(whole.get(place..).unwrap_or(&[0])),
            // Another package's, made by this very host.
            5 => {
                let next = self.own.get((at + 1) % self.own.len());
                file = next.ok_or("one")?.1.clone();
            }
            // This package's, made by this very host with the engine that it had before.
            6 => file = self.other_engines.get(at).ok_or("no other engine")?.clone(),
            // This package's, made by another host.
            _ => file = self.strangers.get(at).ok_or("no stranger")?.clone(),
        }
        if file == whole {
            file.push(0);
        }
        Ok(file)
    }
}

fn flip(dice: &mut Dice, file: &mut [u8], place: usize) {
    if let Some(byte) = file.get_mut(place) {
        *byte ^= 1 << dice.below(8);
    }
}

/// A store with a keyring that nobody else has.
fn store() -> Result<Store, Wrong> {
    let keyring = Arc::new(Keyring::ephemeral()?);
    let clock = Arc::new(souk_market::SystemClock);
    Ok(Store::new(Arc::new(Memory::default()), keyring, clock))
}

/// Compiles the packages into a folder.
async fn compiled(
    runtime: Runtime,
    folder: &Path,
    store: &Store,
    trust: Trust,
) -> Result<Workshop, Wrong> {
    let workshop = Workshop::open(runtime, Compiler::here(), folder, store.clone(), trust)?;
    for (digest, guest) in PACKAGES {
        drop(workshop.make(digest, corpus::program(guest)?).await?);
    }
    Ok(workshop)
}

fn contents(files: Vec<(PathBuf, Vec<u8>)>) -> Vec<Vec<u8>> {
    files.into_iter().map(|(_, file)| file).collect()
}

/// The files of a folder, by name.
fn files(folder: &Path) -> Result<Vec<(PathBuf, Vec<u8>)>, Wrong> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        files.push((path.clone(), fs::read(path)?));
    }
    files.sort();
    Ok(files)
}
