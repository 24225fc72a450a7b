//! The transcript: what happened, step by step, for a person to read.

use std::future::Future;

use crate::CliError;
use crate::client::ClientError;
use crate::stage::LoadError;
use crate::ui::Ui;

/// Why a step is not as it should be.
#[derive(Debug, thiserror::Error)]
pub(super) enum Wrong {
    /// What was expected did not happen.
    #[error("{0}")]
    Unexpected(String),
    /// A call did not work.
    #[error(transparent)]
    Call(#[from] ClientError),
    /// A load does not check out.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The demo's own doing failed.
    #[error(transparent)]
    Demo(#[from] CliError),
}

/// Says no unless something holds.
pub(super) fn expect(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), Wrong> {
    if holds {
        Ok(())
    } else {
        Err(Wrong::Unexpected(otherwise()))
    }
}

/// The steps so far.
pub(super) struct Transcript {
    ui: Ui,
    steps: usize,
    failed: usize,
}

impl Transcript {
    pub(super) fn new() -> Self {
        Self {
            ui: Ui::new(),
            steps: 0,
            failed: 0,
        }
    }

    /// Begins a scene.
    pub(super) fn scene(&mut self, title: &str) {
        self.ui.result(format_args!("\n{title}"));
    }

    /// Plays one step and prints how it went; what comes after rests on it, so a failure ends the
    /// story.
    pub(super) async fn step<T>(
        &mut self,
        what: &str,
        play: impl Future<Output = Result<(T, String), Wrong>>,
    ) -> Result<T, Wrong> {
        self.steps = self.steps.saturating_add(1);
        let played = play.await;
        let number = self.steps;
        match &played {
            Ok((_, said)) => self.ui.result(format_args!("{number:3}. {what}: {said}")),
            Err(wrong) => {
                self.failed = self.failed.saturating_add(1);
                self.ui
                    .result(format_args!("{number:3}. {what}: FAILED: {wrong}"));
            }
        }
        played.map(|(value, _)| value)
    }

    /// Prints the totals, and fails if any step did.
    pub(super) fn end(&self, ui: &mut Ui) -> Result<(), CliError> {
        ui.result(format_args!(
            "\ndemo: {} steps, {} failed",
            self.steps, self.failed
        ));
        match self.failed {
            0 => Ok(()),
            _ => Err(CliError::new("the demo did not go as it should")),
        }
    }
}
