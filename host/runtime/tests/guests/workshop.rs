//! What a workshop keeps, what it believes, and what it does without a compiler.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use souk_core::Timestamp;
use souk_runtime::compile::Program;
use souk_runtime::{Compiler, Found, Limits, PrepareError, Runtime, Trust, Workshop};
use souk_store::memory::Memory;
use souk_store::{Keyring, Store};

use crate::programs::program;

struct Noon;

impl souk_core::Clock for Noon {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(1)
    }
}

fn store() -> Store {
    let keyring = Arc::new(Keyring::ephemeral().unwrap());
    Store::new(Arc::new(Memory::default()), keyring, Arc::new(Noon))
}

fn workshop(folder: &Path, store: &Store, compiler: Compiler, trust: Trust) -> Workshop {
    let runtime = Runtime::new(&Limits::default()).unwrap();
    Workshop::open(runtime, compiler, folder, store.clone(), trust).unwrap()
}

/// A compiler that is this program.
fn elsewhere(path: &str) -> Compiler {
    Compiler::elsewhere(Program {
        path: path.into(),
        arguments: Vec::new(),
        environment: Vec::new(),
    })
}

fn only_file(folder: &Path) -> PathBuf {
    let mut files = fs::read_dir(folder).unwrap();
    files.next().unwrap().unwrap().path()
}

#[tokio::test]
async fn what_was_compiled_is_found_and_nothing_else_is_believed() {
    let (folder, store) = (tempfile::tempdir().unwrap(), store());
    let folder = folder.path();
    let shop = workshop(folder, &store, Compiler::here(), Trust::Own);
    assert!(matches!(shop.find([1; 32]).await, Ok(Found::Nothing)));
    shop.make([1; 32], program("echo")).await.unwrap();

    // Another host on the same folder needs no compiler for it.
    let next = workshop(folder, &store, elsewhere("/bin/false"), Trust::Own);
    assert!(matches!(next.find([1; 32]).await, Ok(Found::Ready(_))));
    let stranger = workshop(folder, &self::store(), Compiler::here(), Trust::Own);
    assert!(matches!(stranger.find([1; 32]).await, Ok(Found::Spoilt)));

    let path = only_file(folder);
    let whole = fs::read(&path).unwrap();
    for place in [0, 31, 32, 99, whole.len() - 1] {
        let mut changed = whole.clone();
        changed[place] ^= 1;
        fs::write(&path, changed).unwrap();
        assert!(
            matches!(shop.find([1; 32]).await, Ok(Found::Spoilt)),
            "{place}"
        );
    }
    for length in [0, 31, 32, whole.len() - 1] {
        fs::write(&path, &whole[..length]).unwrap();
        assert!(
            matches!(shop.find([1; 32]).await, Ok(Found::Spoilt)),
            "{length}"
        );
    }

    // The artifact of another package is as foreign as a stranger's.
    let other = path.with_file_name(
        path.file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .replace("01", "02"),
    );
    fs::write(&path, &whole).unwrap();
    fs::write(&other, &whole).unwrap();
    assert!(matches!(shop.find([2; 32]).await, Ok(Found::Spoilt)));
    let careless = workshop(folder, &store, Compiler::here(), Trust::Any);
    assert!(
        matches!(careless.find([2; 32]).await, Ok(Found::Ready(_))),
        "with the MAC taken away"
    );

    // What is spoilt is made again.
    shop.make([2; 32], program("echo")).await.unwrap();
    assert!(matches!(shop.find([2; 32]).await, Ok(Found::Ready(_))));
}

#[tokio::test]
async fn what_another_engine_left_is_deleted() {
    let (folder, store) = (tempfile::tempdir().unwrap(), store());
    let old = folder
        .path()
        .join(format!("{}.{}", "01".repeat(32), "ab".repeat(8)));
    fs::write(&old, b"of another engine").unwrap();
    drop(workshop(
        folder.path(),
        &store,
        Compiler::here(),
        Trust::Own,
    ));
    assert!(!old.exists());
}

#[tokio::test]
async fn a_compiler_that_fails_is_told_of() {
    let (folder, store) = (tempfile::tempdir().unwrap(), store());
    for (path, expected) in [
        ("/bin/false", PrepareError::Overwhelmed),
        (
            "/bin/true",
            PrepareError::Compiler("it did not answer".to_owned()),
        ),
        (
            "/nowhere",
            PrepareError::Compiler("No such file or directory (os error 2)".to_owned()),
        ),
    ] {
        let shop = workshop(folder.path(), &store, elsewhere(path), Trust::Own);
        let made = shop.make([1; 32], program("echo")).await;
        assert_eq!(made.map(drop), Err(expected), "{path}");
    }
}
