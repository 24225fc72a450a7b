//! The guest programs of `tests/guests`, built once and ready to run.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use souk_runtime::{Limits, Prepared, Runtime};

/// Plays cases with a program in Rust, each as a test of its own; then all of them with the same
/// program in each other language, and as it was built against each release of the contract. Those
/// take long to prepare, so each is one test.
macro_rules! in_every_language {
    ($program:literal: $($case:ident)*) => {
        mod in_rust {
            $(
                #[tokio::test]
                async fn $case() {
                    super::$case(&crate::programs::Guest::in_rust($program)).await;
                }
            )*
        }

        async fn play_all(guest: &crate::programs::Guest) {
            $($case(guest).await;)*
        }

        #[tokio::test]
        async fn in_javascript() {
            play_all(&crate::programs::Guest::in_javascript($program)).await;
        }

        #[tokio::test]
        async fn in_python() {
            play_all(&crate::programs::Guest::in_python($program)).await;
        }

        #[tokio::test]
        async fn built_against_a_release() {
            for guest in crate::programs::Guest::released($program) {
                play_all(&guest).await;
            }
        }
    };
}

/// A program and the runtime it is ready for. A cheap handle.
#[derive(Clone)]
pub(crate) struct Guest {
    pub(crate) runtime: Runtime,
    pub(crate) prepared: Prepared,
}

impl Guest {
    /// Any component.
    pub(crate) fn new(component: &[u8], limits: &Limits) -> Self {
        let runtime = Runtime::new(limits).unwrap();
        let prepared = runtime.prepare(component).unwrap();
        Self { runtime, prepared }
    }

    pub(crate) fn in_rust(name: &str) -> Self {
        static BUILT: OnceLock<()> = OnceLock::new();
        BUILT.get_or_init(|| build("rust"));
        let made = "target/wasm32-wasip2/release/examples";
        Self::of(&guests().join(made).join(name).with_extension("wasm"))
    }

    pub(crate) fn in_javascript(name: &str) -> Self {
        build("js");
        Self::of(&guests().join("js/target").join(name).with_extension("wasm"))
    }

    pub(crate) fn in_python(name: &str) -> Self {
        build("py");
        Self::of(&guests().join("py/target").join(name).with_extension("wasm"))
    }

    /// The program as it was built against each release of the contract.
    pub(crate) fn released(name: &str) -> Vec<Self> {
        let releases = std::fs::read_dir(guests().join("released")).unwrap();
        let releases = releases.map(|release| release.unwrap().path());
        let programs: Vec<_> = releases
            .map(|release| release.join(name).with_extension("wasm"))
            .filter(|program| program.exists())
            .collect();
        assert!(!programs.is_empty(), "no release has {name}");
        programs.iter().map(|program| Self::of(program)).collect()
    }

    fn of(file: &Path) -> Self {
        let component = std::fs::read(file);
        let component = component.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        Self::new(&component, &Limits::default())
    }
}

fn guests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/guests")
}

/// Builds the programs in a language, if they are not.
fn build(language: &str) {
    let built = Command::new(guests().join("build")).arg(language).output();
    let built = built.expect("tests/guests/build can be started");
    assert!(
        built.status.success(),
        "tests/guests/build {language} fails; tests/run installs what it needs:\n{}",
        String::from_utf8_lossy(&built.stderr)
    );
}
