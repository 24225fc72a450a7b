//! A tape that is being recorded: each call as it comes, with what it came to.

use std::sync::Arc;

use souk_core::limits::TRACE_GIVEN_BYTES_MAX;

use super::given::{Given, Said, digest};
use super::{Answer, Crossing, Name};
use crate::border::Crosses;
use crate::denied::Halt;

/// What is recorded so far.
#[derive(Default)]
pub(crate) struct Recorder {
    pub(super) calls: Vec<Crossing>,
    given_bytes: usize,
}

impl Recorder {
    /// Puts a call on the tape that has not been answered yet.
    pub(crate) fn begin(&mut self, function: &Arc<str>, given: &impl Crosses) {
        let given = self.kept(Said::of(given));
        self.calls.push(Crossing {
            function: Name(Arc::clone(function)),
            given,
            answer: Answer::Cut,
            handed: 0,
        });
    }

    /// Completes the last one.
    pub(crate) fn end<T: Crosses>(&mut self, answer: Result<&T, &wasmtime::Error>, handed: u64) {
        let Some(call) = self.calls.last_mut() else {
            return;
        };
        call.handed = handed;
        call.answer = match answer {
            Ok(answer) => Answer::Given(bytes(answer)),
            Err(error) => match error.downcast_ref::<Halt>() {
                Some(Halt::NeedsConsent(matters)) => Answer::NeedsConsent(matters.clone()),
                Some(Halt::Fault(kind)) => Answer::Fault(*kind),
                // A run that ends so is not kept.
                Some(Halt::Store(_)) | None => Answer::Cut,
            },
        };
    }

    /// What is kept of what was said: all of it if it is short, and there is not much yet.
    fn kept(&mut self, said: Said) -> Given {
        let given = said.given();
        if let Given::Whole(whole) = &given {
            let sum = self.given_bytes.saturating_add(whole.len());
            if sum > TRACE_GIVEN_BYTES_MAX {
                return digest(whole);
            }
            self.given_bytes = sum;
        }
        given
    }
}

/// The bytes of a value, in no more room than they take: an answer may be long, and growing step by
/// step would hold it three times.
fn bytes(value: &impl Crosses) -> Vec<u8> {
    let mut length = Length::default();
    value.write(&mut length);
    let mut bytes = Vec::with_capacity(length.0);
    value.write(&mut bytes);
    bytes
}

/// How many bytes were written.
#[derive(Default)]
struct Length(usize);

impl Extend<u8> for Length {
    fn extend<I: IntoIterator<Item = u8>>(&mut self, bytes: I) {
        self.0 = self.0.saturating_add(bytes.into_iter().count());
    }
}
