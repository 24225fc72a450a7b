//! Apps as they were built against each release of the contract: kept as bytes, and run for ever.

use std::path::{Path, PathBuf};
use std::process::Command;

use ed25519_dalek::SigningKey;
use expect_test::expect;
use souk_registry::package;
use souk_runtime::{End, Limits, Trace};
use wit_component::dummy_module;
use wit_parser::{LiftLowerAbi, ManglingAndAbi};

use crate::languages::Guest;
use crate::programs;
use crate::raw::{world, wrapped};
use crate::stage::Stage;

const MANIFEST: &str = "app_id = \"com.example.tea\"\n\
    name = \"Tea House\"\n\
    description = \"Serves tea\"\n\
    version = { code = 1, name = \"1.0\" }\n\
    build = { command = \"make\", component = \"tea.wasm\" }\n";

/// A program of each release in these languages, as its merchant published it.
pub(crate) fn guests(languages: &[&str], program: &str) -> Vec<Guest> {
    let of_one = |release: PathBuf| {
        let found = languages.iter();
        let found: Vec<_> = found
            .filter_map(|language| kept(&release.join(language), program))
            .collect();
        assert!(
            !found.is_empty(),
            "{}: `{program}` was not kept in {languages:?}",
            release.display()
        );
        found
    };
    let components = releases().into_iter().flat_map(of_one);
    components.map(|it| published(&it)).collect()
}

/// A guest that went through the registry.
fn published(component: &[u8]) -> Guest {
    let package = packaged(component).unwrap();
    let package = package::read(&package).unwrap();
    Guest::new(&package.component, &Limits::default())
}

fn packaged(component: &[u8]) -> Result<Vec<u8>, String> {
    let built = package::build(component, MANIFEST, &[], &SigningKey::from_bytes(&[7; 32]));
    built.map_err(|error| error.to_string())
}

/// The folders of the releases, in order.
fn releases() -> Vec<PathBuf> {
    let folders = std::fs::read_dir(programs::guests().join("released")).unwrap();
    let mut folders: Vec<_> = folders.map(|release| release.unwrap().path()).collect();
    folders.sort();
    assert!(!folders.is_empty(), "no release was kept");
    folders
}

/// A program of a folder, if it was kept there: those that are large are packed.
fn kept(folder: &Path, program: &str) -> Option<Vec<u8>> {
    let plain = folder.join(format!("{program}.wasm"));
    if plain.exists() {
        return Some(std::fs::read(plain).unwrap());
    }
    let packed = folder.join(format!("{program}.wasm.gz"));
    packed.exists().then(|| {
        let mut gzip = Command::new("gzip");
        let unpacked = gzip
            .args(["--decompress", "--stdout"])
            .arg(&packed)
            .output();
        let unpacked = unpacked.expect("gzip can be started");
        assert!(unpacked.status.success(), "{}", packed.display());
        unpacked.stdout
    })
}

/// What was built against 0.1.0, as an SDK of another patch of it would have built it.
fn of_patch(patch: u8, bytes: &[u8]) -> Vec<u8> {
    const WRITTEN: &[u8] = b"@0.1.0";
    let mut bytes = bytes.to_vec();
    for start in 0..bytes.len() - WRITTEN.len() {
        let end = start + WRITTEN.len();
        if bytes[start..end] == *WRITTEN {
            bytes[end - 1] = b'0' + patch;
        }
    }
    bytes
}

fn storage_of_the_first_release() -> Vec<u8> {
    kept(&programs::guests().join("released/0.1.0/rust"), "storage").unwrap()
}

#[test]
fn an_app_that_uses_all_of_a_release_is_accepted_and_linked() {
    for release in releases() {
        let (wit, world) = world(release.join("wit"));
        let uses_all = dummy_module(&wit, world, ManglingAndAbi::Legacy(LiftLowerAbi::Sync));
        let uses_all = wrapped(uses_all, &wit, world);
        let imports = package::imports(&uses_all).unwrap();
        assert!(
            imports.len() >= wit.worlds[world].imports.len(),
            "{imports:?}"
        );
        drop(published(&uses_all));
    }
}

#[test]
fn an_app_that_is_newer_than_the_host_is_refused_with_both_versions() {
    let newer = of_patch(9, &storage_of_the_first_release());
    expect![[r#"
        the component was built against `souk:types/common@0.1.9`, and the newest version this host has of it is 0.1.0; build it with an SDK of contract 0.1.0, or have the host updated"#]]
    .assert_eq(&packaged(&newer).unwrap_err());
}

#[tokio::test]
async fn another_version_on_the_track_is_linked_called_and_replayed() {
    // The host's own version is the first there is, so the app's is the newer one: the engine joins
    // the two by their track, in either direction.
    let other = Guest::new(
        &of_patch(9, &storage_of_the_first_release()),
        &Limits::default(),
    );
    let stage = Stage::on(&other).await;
    let report = stage.command("put", "app cup full").await.report;
    assert_eq!(report.end, End::Ok);
    assert!(report.cost.host_calls > 0);

    // And so it is with what another host recorded.
    let trace = Trace {
        app: stage.app.clone(),
        version: 1,
        package: [7; 32],
        run: report.recording.unwrap(),
    };
    let elsewhere = of_patch(9, &trace.to_bytes().unwrap());
    let elsewhere = Trace::from_bytes(&elsewhere).unwrap();
    assert_ne!(elsewhere, trace);
    let own = Guest::new(&storage_of_the_first_release(), &Limits::default());
    let replayed = own.runtime.replay(&own.prepared, &elsewhere, false).await;
    assert_eq!(replayed.unwrap().difference, None);
}
