//! Sessions: a browser that knew the password once.

use souk_core::UserId;
use souk_core::limits::{SESSION_MS_MAX, SESSIONS_MAX};
use souk_store::{Page, Txn};

use crate::record::{Opened, Session};
use crate::secret::Digest;
use crate::{Refusal, Secret, keys};

/// Opens a session of [`SESSION_MS_MAX`] for a person who proved who they are. The oldest of more
/// than [`SESSIONS_MAX`] ends.
///
/// # Errors
/// The store's.
pub async fn open(txn: &Txn, user: UserId) -> Result<Secret, Refusal> {
    make_room(txn, user).await?;
    let secret = Secret::fresh("ses")?;
    let digest = Digest::of(secret.expose());
    let opened = txn.now();
    let expires = opened.after_millis(SESSION_MS_MAX);
    txn.put(
        &keys::session(&digest),
        &Session {
            user,
            opened,
            expires,
        },
    )?;
    txn.put(
        &keys::session_of(user, opened, &digest),
        &Opened { digest, expires },
    )?;
    Ok(secret)
}

/// Returns whose session a secret is; `None` when it never was one, or is over.
///
/// # Errors
/// The store's.
pub async fn user(txn: &Txn, secret: &str) -> Result<Option<UserId>, Refusal> {
    let session: Option<Session> = txn.get(&keys::session(&Digest::of(secret))).await?;
    Ok(session
        .filter(|session| txn.now() < session.expires)
        .map(|session| session.user))
}

/// Ends a session. Ending what is over already is no error.
///
/// # Errors
/// The store's.
pub async fn close(txn: &Txn, secret: &str) -> Result<(), Refusal> {
    let digest = Digest::of(secret);
    let session: Option<Session> = txn.get(&keys::session(&digest)).await?;
    if let Some(Session { user, opened, .. }) = session {
        txn.delete(&keys::session(&digest))?;
        txn.delete(&keys::session_of(user, opened, &digest))?;
    }
    Ok(())
}

/// Ends all of a person's sessions.
///
/// # Errors
/// The store's.
pub async fn close_all(txn: &Txn, user: UserId) -> Result<(), Refusal> {
    let listed: Vec<(_, Opened)> = txn
        .scan(&keys::sessions_of(user), Page::first(SESSIONS_MAX))
        .await?;
    for (listing, session) in listed {
        txn.delete(&listing)?;
        txn.delete(&keys::session(&session.digest))?;
    }
    Ok(())
}

/// Ends sessions that are over and, when there are too many, the oldest. They are listed oldest
/// first, and all last equally long.
async fn make_room(txn: &Txn, user: UserId) -> Result<(), Refusal> {
    let listed: Vec<(_, Opened)> = txn
        .scan(&keys::sessions_of(user), Page::first(SESSIONS_MAX))
        .await?;
    let surplus = (listed.len() + 1).saturating_sub(SESSIONS_MAX);
    for (place, (listing, session)) in listed.iter().enumerate() {
        if place < surplus || session.expires <= txn.now() {
            txn.delete(listing)?;
            txn.delete(&keys::session(&session.digest))?;
        }
    }
    Ok(())
}
