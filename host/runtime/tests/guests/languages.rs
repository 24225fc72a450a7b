//! One program in several languages and releases, and the cases that all of them play.

use std::path::Path;

use souk_runtime::{Limits, Prepared, Runtime};

use crate::programs::{build, guests, program, read};

/// Plays cases with a program in Rust, each as a test of its own; then all of them with the same
/// program in JavaScript. That takes long to prepare, so it is one test.
macro_rules! in_rust_and_javascript {
    ($program:literal: $($case:ident)*) => {
        mod in_rust {
            $(
                #[tokio::test]
                async fn $case() {
                    super::$case(&crate::languages::Guest::in_rust($program)).await;
                }
            )*
        }

        async fn play_all(guest: &crate::languages::Guest) {
            $($case(guest).await;)*
        }

        #[tokio::test]
        async fn in_javascript() {
            play_all(&crate::languages::Guest::in_javascript($program)).await;
        }
    };
}

/// Plays them likewise, and with the same program in each other language, and as it was built
/// against each release of the contract.
macro_rules! in_every_language {
    ($program:literal: $($case:ident)*) => {
        in_rust_and_javascript! { $program: $($case)* }

        #[tokio::test]
        async fn in_python() {
            play_all(&crate::languages::Guest::in_python($program)).await;
        }

        #[tokio::test]
        async fn built_against_a_release() {
            for guest in crate::languages::Guest::released($program) {
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
        Self::new(&program(name), &Limits::default())
    }

    pub(crate) fn in_javascript(name: &str) -> Self {
        build("js");
        Self::kept(&guests().join("js/target"), name)
    }

    pub(crate) fn in_python(name: &str) -> Self {
        build("py");
        Self::kept(&guests().join("py/target"), name)
    }

    /// The program as it was built against each release of the contract.
    pub(crate) fn released(name: &str) -> Vec<Self> {
        let releases = std::fs::read_dir(guests().join("released")).unwrap();
        let releases = releases.map(|release| release.unwrap().path());
        let programs: Vec<_> = releases.map(|release| Self::kept(&release, name)).collect();
        assert!(!programs.is_empty(), "no release was kept");
        programs
    }

    fn kept(folder: &Path, name: &str) -> Self {
        Self::new(&read(folder, name), &Limits::default())
    }
}
