//! What an app may do in one event: what it asks for, what is allowed here, what the person agreed
//! to, and what led to the event.

use souk_core::Line;
use souk_core::manifest::Manifest;
use souk_events::{Cause, Event};
use souk_identity::{consent, ties};
use souk_registry::grant::{self, Grant, Grants};
use souk_store::Txn;

use crate::{Market, MarketError};

/// What a person's consent makes of an event before anything runs.
pub(crate) enum Consented {
    /// The app wants more than the person agreed to: they are asked first.
    Asks(Vec<Line>),
    /// It runs with this.
    Runs(Grants),
}

impl Market {
    /// Reads what the person of an event agreed to. The transaction rests on it: whatever they say
    /// before it commits, the event runs again with that.
    pub(crate) async fn consented(
        &self,
        txn: &Txn,
        event: &Event,
        is_known: bool,
        asked: &Manifest,
    ) -> Result<Consented, MarketError> {
        let allowed = self.0.config.policies.of(&event.app);
        let Some(user) = event.user else {
            return Ok(Consented::Runs(grant::of(asked, allowed, None)));
        };
        let mut consents = consent::of(txn, user, &event.app).await?;
        if may_ask(event) {
            let more = grant::more(asked, allowed, &consents);
            if !more.is_empty() {
                return Ok(Consented::Asks(more));
            }
            if !consents.opened() {
                let matters = grant::opening(asked, allowed).map(|(matter, _)| matter);
                consents = consent::open(txn, user, &event.app, matters).await?;
            }
        }
        let grants = grant::of(asked, allowed, Some(&consents));
        if is_known && (may_ask(event) || consents.opened()) {
            return Ok(Consented::Runs(grants));
        }
        Ok(Consented::Runs(of_a_stranger(grants)))
    }
}

/// Whether the person of an event is still who the app knew when what led to it happened: they have
/// not left it since.
pub(crate) async fn is_known(txn: &Txn, event: &Event) -> Result<bool, MarketError> {
    let Some(user) = event.user else {
        return Ok(true);
    };
    let ties = ties::of(txn, user, &event.app).await?;
    Ok(!ties.away && ties.left == event.left)
}

/// Whether an event is none of the app's business once its person has left: what they said, looked
/// at or did. What becomes of their money, and of what the app has sent, still is.
pub(crate) fn is_only_theirs(cause: &Cause) -> bool {
    match cause {
        Cause::Command { .. } | Cause::Action { .. } | Cause::Message { .. } | Cause::View(_) => {
            true
        }
        Cause::Order(_) | Cause::LastLook(_) | Cause::Timer { .. } | Cause::Response { .. } => {
            false
        }
    }
}

/// What an app may do in an event of somebody who never opened it, or who left it: answer where
/// they are, and nothing that is about them or theirs.
fn of_a_stranger(grants: Grants) -> Grants {
    Grants {
        messaging_post: grants.messaging_post,
        messaging_listen: grants.messaging_listen,
        storage_app: grants.storage_app,
        storage_chat: grants.storage_chat,
        config: grants.config,
        ..Grants::default()
    }
}

/// What an app may do in an event: what it may at all, as far as the event's cause gives it.
pub(crate) fn given_by(cause: &Cause, grants: Grants) -> Grants {
    match cause {
        // Whoever only looks sets nothing off: no money, no timer, nothing outside.
        Cause::View(_) => Grants {
            wallet_request: Grant::Denied,
            wallet_pay_out: Grant::Denied,
            schedule: Grant::Denied,
            http: Grant::Denied,
            ..grants
        },
        Cause::Command { .. }
        | Cause::Action { .. }
        | Cause::Message { .. }
        | Cause::Order(_)
        | Cause::LastLook(_)
        | Cause::Timer { .. }
        | Cause::Response { .. } => grants,
    }
}

/// Whether the person of an event is there to be asked.
pub(crate) fn may_ask(event: &Event) -> bool {
    matches!(event.cause, Cause::Command { .. } | Cause::Action { .. })
}

#[cfg(test)]
mod tests {
    use souk_core::{MessageId, Timestamp, TypedId};

    use super::*;

    #[test]
    fn whoever_only_looks_sets_nothing_off() {
        let all = Grants {
            messaging_post: Grant::Granted(()),
            wallet_request: Grant::Granted("1.00 USD".parse().unwrap()),
            wallet_pay_out: Grant::Granted("1.00 USD".parse().unwrap()),
            storage_chat: Grant::Granted(()),
            schedule: Grant::Granted(()),
            http: Grant::Granted(Vec::new()),
            ..Grants::default()
        };
        let seen = given_by(&Cause::View(MessageId::from_bits(1)), all.clone());
        let expected = Grants {
            messaging_post: Grant::Granted(()),
            storage_chat: Grant::Granted(()),
            ..Grants::default()
        };
        assert_eq!(seen, expected);
        let timer = Cause::Timer {
            due: Timestamp::from_millis(0),
            name: String::new(),
            payload: Vec::new(),
        };
        assert_eq!(given_by(&timer, all.clone()), all);
    }
}
