//! The third key: what the person said.

use souk_core::Claim;
use souk_identity::Answer;

use super::policy::may_tell;
use crate::denied::{Denied, Halt, No};

fn outcome(answers: &[Answer], may_ask: bool) -> &'static str {
    let answers: Vec<_> = answers
        .iter()
        .map(|answer| (Claim::Name, *answer))
        .collect();
    match may_tell(&answers, may_ask) {
        Ok(()) => "told",
        Err(No::Denied(Denied::NotGranted)) => "not granted",
        Err(No::Denied(Denied::ConsentRefused)) => "refused",
        Err(No::Halt(Halt::NeedsConsent(claims))) => {
            assert!(!claims.is_empty());
            "asked"
        }
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn a_person_decides_on_what_they_were_asked() {
    use Answer::{Granted, Refused, Unasked};
    for (answers, may_ask, otherwise) in [
        (&[Granted][..], "told", "told"),
        (&[Refused], "refused", "refused"),
        (&[Unasked], "asked", "not granted"),
        (&[Granted, Unasked], "asked", "not granted"),
        (&[Unasked, Refused], "refused", "refused"),
        (&[], "told", "told"),
    ] {
        assert_eq!(outcome(answers, true), may_ask, "{answers:?}");
        assert_eq!(outcome(answers, false), otherwise, "{answers:?}");
    }
}
