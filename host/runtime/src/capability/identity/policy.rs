//! What becomes of a question about a person: three keys open it, and the last one is theirs.

use souk_core::Claim;
use souk_identity::Answer;

use crate::denied::{Denied, Halt, No};

/// Decides on a set of claims the app was granted, given what the person has said to each.
///
/// A no to any of them is a no. What nobody was asked yet is asked, where this event may ask.
pub(super) fn may_tell(answers: &[(Claim, Answer)], may_ask: bool) -> Result<(), No> {
    let said = |wanted: Answer| answers.iter().filter(move |(_, answer)| *answer == wanted);
    if said(Answer::Refused).next().is_some() {
        return Err(No::Denied(Denied::ConsentRefused));
    }
    let unasked: Vec<Claim> = said(Answer::Unasked).map(|(claim, _)| *claim).collect();
    if unasked.is_empty() {
        return Ok(());
    }
    Err(if may_ask {
        No::Halt(Halt::NeedsConsent(unasked))
    } else {
        No::not_granted()
    })
}
