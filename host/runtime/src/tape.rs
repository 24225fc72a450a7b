//! The tape of the door: every call that crosses the border is on it, in order, with what the guest
//! said and what it was answered. A run is recorded on one, or played from one.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use souk_core::limits::{TRACE_GIVEN_BYTES_MAX, TRACE_GIVEN_WHOLE_BYTES_MAX};

use crate::border::Crosses;
use crate::denied::Halt;
use crate::outcome::FaultKind;
use crate::trace::CallLine;

/// A host call, as it crossed the border.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Crossing {
    /// The function, like `souk:storage/buckets@0.1.0#[method]bucket.get`.
    pub(crate) function: Name,
    /// What the guest said.
    pub(crate) given: Given,
    /// What it was answered.
    pub(crate) answer: Answer,
    /// What that took of what a run may be handed, in bytes.
    pub(crate) handed: u64,
}

/// A function's name; clones are the same one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name(Arc<str>);

/// What the guest said, or enough to tell whether it says the same again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Given {
    Whole(Vec<u8>),
    /// How many bytes, and the first half of their SHA-256.
    Digest(u64, [u8; 16]),
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Answer {
    /// With this, denials too.
    Given(Vec<u8>),
    /// With the run's end: somebody has to be asked first.
    NeedsConsent(Vec<String>),
    /// With the run's end: a rule was broken.
    Fault(FaultKind),
    /// Not before the run was given up.
    Cut,
}

/// What a call at the border is to do.
pub(crate) enum Turn<T> {
    /// Happen.
    Live,
    /// Come to this.
    Played(wasmtime::Result<T>),
}

/// The tape of one run.
pub(crate) enum Tape {
    Recorded(Recorder),
    Played(Player),
}

/// What is recorded so far.
#[derive(Default)]
pub(crate) struct Recorder {
    calls: Vec<Crossing>,
    given_bytes: usize,
}

/// What is still to be played, and where the run left what was recorded.
pub(crate) struct Player {
    calls: std::vec::IntoIter<Crossing>,
    met: usize,
    apart: Option<Apart>,
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

/// What a guest says, as it is written down: never more of it in memory than may be kept.
#[derive(Default)]
struct Said {
    whole: Vec<u8>,
    more: Option<More>,
}

/// What was said, once it is too much to be kept.
struct More {
    hash: Sha256,
    /// What is not in the hash yet.
    buffer: Vec<u8>,
    bytes: u64,
}

impl Tape {
    /// A tape with nothing on it.
    pub(crate) fn empty() -> Self {
        Self::Recorded(Recorder::default())
    }

    /// A tape to be played.
    pub(crate) fn of(calls: Vec<Crossing>) -> Self {
        Self::Played(Player {
            calls: calls.into_iter(),
            met: 0,
            apart: None,
        })
    }

    pub(crate) fn is_played(&self) -> bool {
        matches!(self, Self::Played(_))
    }

    /// What was recorded; nothing of what was played.
    pub(crate) fn into_calls(self) -> Vec<Crossing> {
        match self {
            Self::Recorded(recorder) => recorder.calls,
            Self::Played(_) => Vec::new(),
        }
    }

    /// Where the run left what was recorded. A call that was recorded and did not come is told at
    /// the end.
    pub(crate) fn apart(&mut self) -> Option<Apart> {
        match self {
            Self::Recorded(_) => None,
            Self::Played(player) => player.apart.take().or_else(|| player.missing()),
        }
    }
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
        let same = call.function.0 == *function && call.given.is(&Said::of(given).given());
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

    fn missing(&mut self) -> Option<Apart> {
        let call = self.calls.next()?;
        Some(Apart {
            call: self.met.saturating_add(1),
            expected: call.function.0.to_string(),
            got: "no more calls".to_owned(),
        })
    }
}

impl Given {
    /// Whether it is the same, though of one of the two only a digest may have been kept.
    fn is(&self, said: &Self) -> bool {
        match (self, said) {
            (Self::Digest(..), Self::Whole(whole)) => *self == digest(whole),
            (Self::Whole(_), _) | (Self::Digest(..), Self::Digest(..)) => self == said,
        }
    }
}

impl Said {
    fn of(given: &impl Crosses) -> Self {
        let mut said = Self::default();
        given.write(&mut said);
        said
    }

    fn given(self) -> Given {
        match self.more {
            None => Given::Whole(self.whole),
            Some(more) => more.digest(),
        }
    }

    fn push(&mut self, byte: u8) {
        match &mut self.more {
            Some(more) => more.push(byte),
            None if self.whole.len() < TRACE_GIVEN_WHOLE_BYTES_MAX => self.whole.push(byte),
            None => {
                let mut more = More::of(&self.whole);
                more.push(byte);
                self.more = Some(more);
            }
        }
    }
}

impl Extend<u8> for Said {
    fn extend<T: IntoIterator<Item = u8>>(&mut self, bytes: T) {
        bytes.into_iter().for_each(|byte| self.push(byte));
    }
}

impl More {
    fn of(said: &[u8]) -> Self {
        Self {
            hash: Sha256::new_with_prefix(said),
            buffer: Vec::with_capacity(TRACE_GIVEN_WHOLE_BYTES_MAX),
            bytes: length(said),
        }
    }

    fn push(&mut self, byte: u8) {
        self.buffer.push(byte);
        self.bytes = self.bytes.saturating_add(1);
        if self.buffer.len() >= TRACE_GIVEN_WHOLE_BYTES_MAX {
            self.hash.update(&self.buffer);
            self.buffer.clear();
        }
    }

    fn digest(mut self) -> Given {
        self.hash.update(&self.buffer);
        Given::Digest(self.bytes, half(self.hash))
    }
}

impl Crossing {
    /// What a list shows of it.
    pub(crate) fn line(&self) -> CallLine {
        let ended = match &self.answer {
            // Denials are answers too; only the types tell them apart.
            Answer::Given(_) => "answered",
            Answer::NeedsConsent(_) => "needs-consent",
            Answer::Fault(_) => "fault",
            Answer::Cut => "cut",
        };
        CallLine {
            function: self.function.to_string(),
            ended,
        }
    }

    /// Says what was recorded, in the words of the function that was called instead, if it is the
    /// same one.
    fn told<P: Crosses>(&self, function: &Arc<str>) -> String {
        let name = &self.function;
        match &self.given {
            Given::Whole(whole) if name.0 == *function => match P::read(&mut whole.as_slice()) {
                Some(given) => told(function, &given),
                None => format!("{name}, in words of another contract"),
            },
            Given::Whole(whole) => format!("{name} with {} bytes", whole.len()),
            Given::Digest(bytes, digest) => {
                format!(
                    "{name} with {bytes} bytes of SHA-256 {}…",
                    hex::encode(digest)
                )
            }
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self(String::deserialize(from)?.into()))
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

fn digest(said: &[u8]) -> Given {
    Given::Digest(length(said), half(Sha256::new_with_prefix(said)))
}

fn half(hash: Sha256) -> [u8; 16] {
    let digest: [u8; 32] = hash.finalize().into();
    let (half, _) = digest.split_first_chunk().unwrap_or((&[0; 16], &[]));
    *half
}

fn length(said: &[u8]) -> u64 {
    u64::try_from(said.len()).unwrap_or(u64::MAX)
}

fn told(function: &Arc<str>, given: &impl Crosses) -> String {
    let mut said = format!("{function}(");
    given.tell(&mut said);
    said.push(')');
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Arc<str> {
        text.into()
    }

    fn recorded() -> Vec<Crossing> {
        let mut recorder = Recorder::default();
        recorder.begin(&name("get"), &("cup".to_owned(),));
        recorder.end(Ok(&(7_u64,)), 8);
        recorder.begin(&name("put"), &(vec![0_u8; TRACE_GIVEN_WHOLE_BYTES_MAX],));
        let full = wasmtime::Error::new(Halt::Fault(FaultKind::AnswerBytes));
        recorder.end(Err::<&(u64,), _>(&full), 0);
        recorder.begin(&name("get"), &("saucer".to_owned(),));
        recorder.calls
    }

    fn player() -> Player {
        match Tape::of(recorded()) {
            Tape::Played(player) => player,
            Tape::Recorded(_) => panic!("a new tape"),
        }
    }

    fn fault(answer: wasmtime::Result<(u64,)>) -> FaultKind {
        match answer.unwrap_err().downcast_ref::<Halt>() {
            Some(Halt::Fault(kind)) => *kind,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_tape_plays_what_was_recorded() {
        let mut player = player();
        let (answer, handed) = player.next::<_, (u64,)>(&name("get"), &("cup".to_owned(),));
        assert_eq!((answer.unwrap(), handed), ((7,), 8));
        let much = (vec![0_u8; TRACE_GIVEN_WHOLE_BYTES_MAX],);
        let (answer, _) = player.next(&name("put"), &much);
        assert_eq!(fault(answer), FaultKind::AnswerBytes);
        let (answer, _) = player.next(&name("get"), &("saucer".to_owned(),));
        assert_eq!(fault(answer), FaultKind::HostSlow, "it was cut here");
        assert_eq!(Tape::Played(player).apart(), None);
    }

    #[test]
    fn what_is_long_is_kept_as_a_digest() {
        let calls = recorded();
        assert!(matches!(calls[1].given, Given::Digest(bytes, _) if bytes > 1_000));
        let mut other = vec![0_u8; TRACE_GIVEN_WHOLE_BYTES_MAX];
        other[3] = 1;
        let mut player = player();
        drop(player.next::<_, (u64,)>(&name("get"), &("cup".to_owned(),)));
        drop(player.next::<_, (u64,)>(&name("put"), &(other,)));
        let apart = Tape::Played(player).apart().unwrap();
        assert!(
            apart.call == 2 && apart.expected.contains("SHA-256"),
            "{apart:?}"
        );
    }

    #[test]
    fn a_digest_is_the_same_however_it_came_about() {
        for bytes in [0, 1, 4_095, 4_096, 4_097, 8_192, 20_000] {
            let long = "x".repeat(bytes);
            let mut whole = Vec::new();
            (long.clone(),).write(&mut whole);
            let said = Said::of(&(long,)).given();
            assert!(digest(&whole).is(&said), "{bytes}");
        }
    }

    #[test]
    fn the_first_difference_is_told() {
        let check = |function: &str, key: &str, expected: &str, got: &str| {
            let mut player = player();
            drop(player.next::<_, (u64,)>(&name(function), &(key.to_owned(),)));
            drop(player.next::<_, (u64,)>(&name("later"), &(1_u64,)));
            let apart = Tape::Played(player).apart().unwrap();
            let told = (apart.call, apart.expected.as_str(), apart.got.as_str());
            assert_eq!(told, (1, expected, got));
        };
        check("get", "pot", "get(\"cup\")", "get(\"pot\")");
        check("count", "cup", "get with 4 bytes", "count(\"cup\")");
    }

    #[test]
    fn calls_that_do_not_come_are_missed() {
        let mut tape = Tape::of(recorded());
        let apart = tape.apart().unwrap();
        assert_eq!((apart.call, apart.expected.as_str()), (1, "get"));
        assert_eq!(Tape::of(Vec::new()).apart(), None);
    }
}
