//! The one door: every host call passes it before anything else happens.
//!
//! It counts the call, asks whether the grants allow it, measures what it brings and what it is
//! handed, and remembers it. What a run may do is fixed when the door is hung and never widens.
//! Each call with its answer is on the door's tape; a run that is replayed is answered from it.

use std::sync::Arc;

use souk_registry::grant::Grants;

use crate::border::Crosses;
use crate::denied::{Halt, No};
use crate::limits::Limits;
use crate::needs::{Lack, Needs};
use crate::outcome::{Called, Cost, FaultKind};
use crate::tape::{Tape, Turn};

/// A call that stands at the door.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'a> {
    /// The capability, like `wallet`.
    pub(crate) capability: &'static str,
    /// The function, like `wallet.request`.
    pub(crate) function: &'static str,
    /// The bytes of its strings and lists.
    pub(crate) bytes: usize,
    /// What it takes.
    pub(crate) needs: Needs<'a>,
}

/// The door of one run.
pub(crate) struct Door {
    grants: Grants,
    may_ask: bool,
    calls_left: u64,
    wasi_calls_left: u64,
    money_call_bytes: usize,
    answer_bytes: usize,
    answer_left: usize,
    called: Vec<Called>,
    /// How much could be handed out when the present call came.
    answer_before: usize,
    pub(crate) tape: Tape,
}

/// The run was handed as much as there is.
pub(crate) struct AnswersFull {
    allowed: usize,
}

impl Door {
    /// A door for these grants; `may_ask` where the person can be asked for what is missing.
    pub(crate) fn new(grants: Grants, may_ask: bool, limits: &Limits) -> Self {
        Self {
            grants,
            may_ask,
            calls_left: limits.host_calls,
            wasi_calls_left: limits.wasi_calls,
            money_call_bytes: limits.money_call_bytes,
            answer_bytes: limits.answer_bytes,
            answer_left: limits.answer_bytes,
            called: Vec::new(),
            answer_before: limits.answer_bytes,
            tape: Tape::empty(),
        }
    }

    /// Meets a call at the border: it is to happen, or was answered when the run was recorded.
    pub(crate) fn meet<P: Crosses, T: Crosses>(
        &mut self,
        function: &Arc<str>,
        given: &P,
    ) -> Turn<T> {
        self.answer_before = self.answer_left;
        match &mut self.tape {
            Tape::Recorded(recorder) => {
                recorder.begin(function, given);
                Turn::Live
            }
            Tape::Played(player) => {
                let (answer, handed) = player.next(function, given);
                let handed = usize::try_from(handed).unwrap_or(usize::MAX);
                self.answer_left = self.answer_left.saturating_sub(handed);
                Turn::Played(answer)
            }
        }
    }

    /// Keeps what the call that was met last came to.
    pub(crate) fn answered<T: Crosses>(&mut self, answer: Result<&T, &wasmtime::Error>) {
        let handed = number(self.answer_before.saturating_sub(self.answer_left));
        if let Tape::Recorded(recorder) = &mut self.tape {
            recorder.end(answer, handed);
        }
    }

    /// What the run may do.
    pub(crate) fn grants(&self) -> &Grants {
        &self.grants
    }

    /// Lets a call pass that the grants allow and that brings no more than it may.
    pub(crate) fn pass(&mut self, call: Call<'_>) -> Result<(), No> {
        self.note(call)?;
        match call.needs.met_by(&self.grants) {
            Ok(()) => {}
            Err(Lack::Grant) => return Err(No::not_granted()),
            Err(Lack::Yes) => return Err(No::refused()),
            Err(Lack::Answer(matters)) if self.may_ask => {
                return Err(Halt::NeedsConsent(matters).into());
            }
            Err(Lack::Answer(_)) => return Err(No::not_granted()),
        }
        if call.capability == "wallet" && call.bytes > self.money_call_bytes {
            return Err(No::over_limit("money-call-bytes", self.money_call_bytes));
        }
        Ok(())
    }

    /// Counts and remembers a call. Enough for one that only reads a handle.
    pub(crate) fn count(
        &mut self,
        capability: &'static str,
        function: &'static str,
        bytes: usize,
    ) -> Result<(), Halt> {
        self.note(Call {
            capability,
            function,
            bytes,
            needs: Needs::Nothing,
        })
    }

    fn note(&mut self, call: Call<'_>) -> Result<(), Halt> {
        let left = self.calls_left.checked_sub(1);
        self.calls_left = left.ok_or(Halt::Fault(FaultKind::HostCalls))?;
        let called = Called {
            capability: call.capability,
            function: call.function,
            permission: call.needs.used_of(&self.grants),
            bytes_in: call.bytes,
            bytes_out: 0,
            denied: false,
        };
        self.called.push(called);
        Ok(())
    }

    /// Counts a call of the small WASI: it has no effect, so it is not remembered one by one.
    pub(crate) fn count_wasi(&mut self) -> Result<(), Halt> {
        let left = self.wasi_calls_left.checked_sub(1);
        self.wasi_calls_left = left.ok_or(Halt::Fault(FaultKind::HostCalls))?;
        Ok(())
    }

    /// Hands the answer of the last call to the guest, if the run was not handed too much already.
    pub(crate) fn hand_out(&mut self, bytes: usize) -> Result<(), AnswersFull> {
        self.hand_out_wasi(bytes)?;
        if let Some(called) = self.called.last_mut() {
            called.bytes_out = called.bytes_out.saturating_add(bytes);
        }
        Ok(())
    }

    /// Hands something of the small WASI to the guest, likewise.
    pub(crate) fn hand_out_wasi(&mut self, bytes: usize) -> Result<(), AnswersFull> {
        let full = AnswersFull {
            allowed: self.answer_bytes,
        };
        self.answer_left = self.answer_left.checked_sub(bytes).ok_or(full)?;
        Ok(())
    }

    /// How much the run may still be handed, in bytes.
    pub(crate) fn answer_left(&self) -> usize {
        self.answer_left
    }

    /// How many calls the run may still make.
    pub(crate) fn calls_left(&self) -> usize {
        usize::try_from(self.calls_left).unwrap_or(usize::MAX)
    }

    /// Notes that the host said no to the last call.
    pub(crate) fn denied(&mut self) {
        if let Some(called) = self.called.last_mut() {
            called.denied = true;
        }
    }

    /// How many calls there were.
    pub(crate) fn calls(&self) -> u64 {
        number(self.called.len())
    }

    /// What it came to, as far as it passed here.
    pub(crate) fn cost(&self) -> Cost {
        let bytes_in = self.called.iter().map(|call| call.bytes_in);
        let bytes_in = bytes_in.fold(0, usize::saturating_add);
        let bytes_out = self.answer_bytes.saturating_sub(self.answer_left);
        let (bytes_in, bytes_out) = (number(bytes_in), number(bytes_out));
        Cost {
            host_calls: self.calls(),
            bytes_in,
            bytes_out,
            ..Cost::default()
        }
    }

    /// What the run could do, what was called, in order, and its tape.
    pub(crate) fn into_parts(self) -> (Grants, Vec<Called>, Tape) {
        (self.grants, self.called, self.tape)
    }
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

impl From<AnswersFull> for No {
    fn from(full: AnswersFull) -> Self {
        Self::over_limit("answer-bytes", full.allowed)
    }
}

impl From<AnswersFull> for Halt {
    /// Where the contract leaves no way to say no.
    fn from(_: AnswersFull) -> Self {
        Self::Fault(FaultKind::AnswerBytes)
    }
}

#[cfg(test)]
mod tests {
    use souk_registry::grant::Grant;

    use super::*;
    use crate::denied::Denied;
    use crate::testing::everything;

    fn call<'a>(function: &'static str, bytes: usize, needs: Needs<'a>) -> Call<'a> {
        Call {
            capability: "wallet",
            function,
            bytes,
            needs,
        }
    }

    fn denied<T>(answer: Result<T, No>) -> Denied {
        match answer {
            Err(No::Denied(denied)) => denied,
            Err(No::Halt(halt)) => panic!("halted: {halt}"),
            Ok(_) => panic!("passed"),
        }
    }

    #[test]
    fn a_no_is_told_and_what_nobody_asked_is_asked() {
        let with = |schedule| Grants {
            schedule,
            ..everything()
        };
        let (refused, unasked) = (with(Grant::Refused), with(Grant::Unasked));
        let later = call("timers.set", 0, Needs::Schedule);
        let mut door = Door::new(refused, true, &Limits::default());
        assert!(matches!(denied(door.pass(later)), Denied::ConsentRefused));
        let mut door = Door::new(unasked.clone(), false, &Limits::default());
        assert!(matches!(denied(door.pass(later)), Denied::NotGranted));
        let mut door = Door::new(unasked, true, &Limits::default());
        assert!(matches!(
            door.pass(later),
            Err(No::Halt(Halt::NeedsConsent(_)))
        ));
    }

    #[test]
    fn what_is_lacking_comes_before_what_is_too_much() {
        let limits = Limits {
            money_call_bytes: 10,
            ..Limits::default()
        };
        let mut poor = Door::new(Grants::default(), true, &limits);
        let too_much = call("wallet.request", 11, Needs::WalletRequest);
        assert!(matches!(denied(poor.pass(too_much)), Denied::NotGranted));
        let mut rich = Door::new(everything(), true, &limits);
        assert!(matches!(denied(rich.pass(too_much)), Denied::OverLimit(_)));
        assert!(
            rich.pass(call("wallet.request", 10, Needs::WalletRequest))
                .is_ok()
        );
    }

    #[test]
    fn every_call_is_counted_measured_and_remembered() {
        let mut door = Door::new(
            Grants::default(),
            true,
            &Limits {
                host_calls: 3,
                ..Limits::default()
            },
        );
        door.count("messaging", "chat.id", 0).unwrap();
        assert!(door.hand_out(36).is_ok());
        drop(denied(door.pass(call(
            "wallet.mine",
            5,
            Needs::WalletRequest,
        ))));
        door.denied();
        door.count("messaging", "chat.id", 2).unwrap();
        let over = door.count("messaging", "chat.id", 0);
        assert_eq!(over, Err(Halt::Fault(FaultKind::HostCalls)));

        let cost = Cost {
            host_calls: 3,
            bytes_in: 7,
            bytes_out: 36,
            ..Cost::default()
        };
        assert_eq!(door.cost(), cost);
        let called = door.called.iter();
        let called: Vec<_> = called
            .map(|it| (it.function, it.bytes_out, it.denied))
            .collect();
        let expected = [
            ("chat.id", 36, false),
            ("wallet.mine", 0, true),
            ("chat.id", 0, false),
        ];
        assert_eq!(called, expected);
    }

    #[test]
    fn a_run_is_handed_only_so_much() {
        let mut door = Door::new(
            everything(),
            true,
            &Limits {
                answer_bytes: 10,
                ..Limits::default()
            },
        );
        assert!(door.hand_out(6).is_ok());
        assert!(matches!(
            denied(door.hand_out(5).map_err(No::from)),
            Denied::OverLimit(_)
        ));
        assert_eq!(
            door.answer_left(),
            4,
            "what was not handed out does not count"
        );
        assert!(door.hand_out_wasi(4).is_ok());
        assert_eq!(door.cost().bytes_out, 10);
    }

    #[test]
    fn the_small_wasi_has_a_bound_of_its_own() {
        let mut door = Door::new(
            everything(),
            true,
            &Limits {
                wasi_calls: 1,
                ..Limits::default()
            },
        );
        assert_eq!(door.count_wasi(), Ok(()));
        assert_eq!(door.count_wasi(), Err(Halt::Fault(FaultKind::HostCalls)));
        assert_eq!(door.cost().host_calls, 0);
    }
}
