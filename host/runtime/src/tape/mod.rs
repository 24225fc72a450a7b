//! The tape of the door: every call that crosses the border is on it, in order, with what the guest
//! said and what it was answered. A run is recorded on one, or played from one.

mod given;
mod player;
mod recorder;

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use souk_registry::contract::is_same_function;

pub(crate) use self::given::Given;
pub(crate) use self::player::{Apart, Player};
pub(crate) use self::recorder::Recorder;
use crate::border::Crosses;
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
            Given::Whole(whole) if name.is(function) => match P::read(&mut whole.as_slice()) {
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

impl Name {
    /// Whether it names this function. A tape may be of a host with another version of the
    /// contract.
    fn is(&self, function: &str) -> bool {
        is_same_function(&self.0, function)
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

fn told(function: &Arc<str>, given: &impl Crosses) -> String {
    let mut said = format!("{function}(");
    given.tell(&mut said);
    said.push(')');
    said
}

#[cfg(test)]
mod tests {
    use souk_core::limits::TRACE_GIVEN_WHOLE_BYTES_MAX;

    use super::*;
    use crate::denied::Halt;

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
    fn a_tape_of_another_version_on_the_track_plays() {
        let mut recorder = Recorder::default();
        recorder.begin(&name("souk:a/b@0.1.0#get"), &(1_u64,));
        recorder.end(Ok(&(7_u64,)), 8);
        let play = |function| {
            let Tape::Played(mut player) = Tape::of(recorder.calls.clone()) else {
                panic!("a new tape")
            };
            let (answer, _) = player.next::<_, (u64,)>(&name(function), &(1_u64,));
            answer.map_err(|_| Tape::Played(player).apart().unwrap().expected)
        };
        assert_eq!(play("souk:a/b@0.1.3#get").unwrap(), (7,));
        let apart = play("souk:a/b@0.2.0#get").unwrap_err();
        assert_eq!(apart, "souk:a/b@0.1.0#get with 1 bytes");
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
