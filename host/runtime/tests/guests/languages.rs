//! One program in several languages and releases, and the cases that all of them play.

use std::path::Path;

use souk_runtime::{Limits, Prepared, Runtime};

use crate::programs::{build, guests, program, read};

/// Plays cases with a program in Rust, each as a test of its own; then all of them with the same
/// program as it was built against each release of the contract.
macro_rules! in_rust {
    ($program:literal: $($case:ident)*) => {
        mod in_rust {
            $(
                #[tokio::test]
                async fn $case() {
                    super::$case(&crate::languages::Guest::in_rust($program)).await;
                }
            )*
        }

        #[tokio::test]
        async fn built_against_a_release() {
            for guest in crate::released::guests(&["rust"], $program) {
                $($case(&guest).await;)*
            }
        }
    };
}

/// Plays them likewise, and all that every language can play with the same program in JavaScript.
/// That takes long to prepare, so it is one test.
macro_rules! in_rust_and_javascript {
    ($program:literal: $($case:ident)* $(; in rust only: $($own:ident)*)?) => {
        in_rust! { $program: $($case)* $($($own)*)? }

        async fn play_all(guest: &crate::languages::Guest) {
            $($case(guest).await;)*
        }

        #[tokio::test]
        async fn in_javascript() {
            play_all(&crate::languages::Guest::in_javascript($program)).await;
        }
    };
}

/// Plays them likewise, and with the same program in each other language, and with those of them
/// that were built against a release of the contract.
macro_rules! in_every_language {
    ($program:literal: $($case:ident)*) => {
        in_rust_and_javascript! { $program: $($case)* }

        #[tokio::test]
        async fn in_python() {
            play_all(&crate::languages::Guest::in_python($program)).await;
        }

        #[tokio::test]
        async fn built_against_a_release_in_another_language() {
            for guest in crate::released::guests(&["js", "py"], $program) {
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
        Self::built(&guests().join("js/target"), name)
    }

    pub(crate) fn in_python(name: &str) -> Self {
        build("py");
        Self::built(&guests().join("py/target"), name)
    }

    fn built(folder: &Path, name: &str) -> Self {
        Self::new(&read(folder, name), &Limits::default())
    }
}
