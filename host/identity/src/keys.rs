//! Where people are kept. Room `identity`.

use souk_core::{AppId, ConsentId, EntryId, OrderId, Timestamp, TokenId, UserId};
use souk_store::Key;

use crate::record::Question;
use crate::secret::Digest;

fn room(what: &str) -> Key {
    Key::room("identity").with(what)
}

/// A person's account.
pub(crate) fn account(user: UserId) -> Key {
    room("account").with(user)
}

/// Whose handle has this keyed hash.
pub(crate) fn handle(hash: &[u8; 32]) -> Key {
    room("handle").with(hash.as_slice())
}

/// The session with this secret.
pub(crate) fn session(digest: &Digest) -> Key {
    room("session").with(digest.bytes())
}

/// A person's sessions, oldest first.
pub(crate) fn sessions_of(user: UserId) -> Key {
    room("sessions-of").with(user)
}

/// One of a person's sessions.
pub(crate) fn session_of(user: UserId, opened: Timestamp, digest: &Digest) -> Key {
    sessions_of(user).with(opened.millis()).with(digest.bytes())
}

/// The token with this secret.
pub(crate) fn token(digest: &Digest) -> Key {
    room("token").with(digest.bytes())
}

/// A person's tokens.
pub(crate) fn tokens_of(user: UserId) -> Key {
    room("tokens-of").with(user)
}

/// One of a person's tokens.
pub(crate) fn token_of(user: UserId, token: TokenId) -> Key {
    tokens_of(user).with(token)
}

/// What the operator proves themselves with.
pub(crate) fn operator() -> Key {
    room("operator")
}

/// The questions a person has not answered.
pub(crate) fn questions_of(user: UserId) -> Key {
    room("question").with(user)
}

/// A question to a person.
pub(crate) fn question(user: UserId, id: ConsentId) -> Key {
    questions_of(user).with(id)
}

/// The open question of an app to a person about exactly these matters.
pub(crate) fn asked(question: &Question) -> Key {
    let of = room("asked").with(question.user).with(&question.app);
    let lines = question.lines.iter();
    lines.fold(of, |key, line| key.with(line.matter.matter().as_str()))
}

/// All a person has said to apps.
pub(crate) fn said_by(user: UserId) -> Key {
    room("said").with(user)
}

/// What a person has said to an app.
pub(crate) fn said(user: UserId, app: &AppId) -> Key {
    said_by(user).with(app)
}

/// All budgets of a person.
pub(crate) fn budgets_of(user: UserId) -> Key {
    room("budget").with(user)
}

/// A person's budget at an app.
pub(crate) fn budget(user: UserId, app: &AppId) -> Key {
    budgets_of(user).with(app)
}

/// The log of what a person should hear of.
pub(crate) fn news(user: UserId) -> Key {
    room("news").with(user)
}

/// What there is between a person and an app.
pub(crate) fn ties(user: UserId, app: &AppId) -> Key {
    room("ties").with(user).with(app)
}

/// As whom the payer of an order was asked.
pub(crate) fn asked_as(order: OrderId) -> Key {
    room("asked-as").with(order)
}

/// As whom a person was paid by an app of its own accord.
pub(crate) fn paid_as(entry: EntryId) -> Key {
    room("paid-as").with(entry)
}

/// How often a person has left an app of a merchant's.
pub(crate) fn left_merchant(user: UserId, merchant: UserId) -> Key {
    room("left-merchant").with(user).with(merchant)
}
