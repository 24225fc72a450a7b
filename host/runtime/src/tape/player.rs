//! A tape that is played: each call is answered as it was, as long as the run is the recorded one.

use std::sync::Arc;

use super::given::Said;
use super::{Answer, Crossing, told};
use crate::border::Crosses;
use crate::denied::Halt;
use crate::outcome::FaultKind;

/// What is still to be played, and where the run left what was recorded.
pub(crate) struct Player {
    pub(super) calls: std::vec::IntoIter<Crossing>,
    pub(super) met: usize,
    pub(super) apart: Option<Apart>,
}

/// Where a run left what was recorded: at a call, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Apart {
    pub(crate) call: usize,
    pub(crate) expected: String,
    pub(crate) got: String,
}

/// Ends a run that is not the recorded one.
#[derive(Debug, thiserror::Error)]
#[error("the run is not the recorded one from here on")]
struct Ends;

impl Player {
    /// The next call of the tape, if it is this one. Otherwise the run ends here.
    pub(crate) fn next<P: Crosses, T: Crosses>(
        &mut self,
        function: &Arc<str>,
        given: &P,
    ) -> (wasmtime::Result<T>, u64) {
        let Some(call) = self.calls.next() else {
            let got = told(function, given);
            return (self.leaves("no more calls".to_owned(), got), 0);
        };
        let same = call.function.is(function) && call.given.is(&Said::of(given).given());
        if !same {
            return (
                self.leaves(call.told::<P>(function), told(function, given)),
                0,
            );
        }
        self.met = self.met.saturating_add(1);
        let answer = match &call.answer {
            Answer::Given(bytes) => match T::read(&mut bytes.as_slice()) {
                Some(answer) => Ok(answer),
                None => self.leaves(
                    "an answer of this contract".to_owned(),
                    "another".to_owned(),
                ),
            },
            Answer::NeedsConsent(matters) => Err(Halt::NeedsConsent(matters.clone()).into()),
            Answer::Fault(kind) => Err(Halt::Fault(*kind).into()),
            Answer::Cut => Err(Halt::Fault(FaultKind::HostSlow).into()),
        };
        (answer, call.handed)
    }

    fn leaves<T>(&mut self, expected: String, got: String) -> wasmtime::Result<T> {
        let call = self.met.saturating_add(1);
        self.apart.get_or_insert(Apart {
            call,
            expected,
            got,
        });
        Err(wasmtime::Error::new(Ends))
    }

    pub(super) fn missing(&mut self) -> Option<Apart> {
        let call = self.calls.next()?;
        Some(Apart {
            call: self.met.saturating_add(1),
            expected: call.function.0.to_string(),
            got: "no more calls".to_owned(),
        })
    }
}
