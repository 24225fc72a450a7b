//! Bearer tokens: a program acts for a person.

use souk_core::limits::TOKENS_MAX;
use souk_core::{Timestamp, TokenId, UserId, text};
use souk_store::{Owner, Page, Txn};

use crate::account::readable;
use crate::record::{Bearer, Issued};
use crate::secret::Digest;
use crate::{Refusal, Secret, keys};

/// A token as its person sees it: everything but the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Names it, to revoke it.
    pub id: TokenId,
    /// What the person called it; `None` once they were erased.
    pub label: Option<String>,
    /// When it was issued.
    pub issued: Timestamp,
}

/// Issues a token that acts for a person until it is revoked. The secret is handed over now and
/// never again.
///
/// # Errors
/// [`Refusal::NameMalformed`] for the label, [`Refusal::TokensMax`].
pub async fn issue(txn: &Txn, user: UserId, label: &str) -> Result<(TokenId, Secret), Refusal> {
    if !text::is_name(label) {
        return Err(Refusal::NameMalformed);
    }
    let issued: Vec<(_, Issued)> = txn
        .scan(&keys::tokens_of(user), Page::first(TOKENS_MAX))
        .await?;
    if issued.len() >= TOKENS_MAX {
        return Err(Refusal::TokensMax);
    }

    let token = txn.fresh();
    let secret = Secret::fresh("souk")?;
    let digest = Digest::of(secret.expose());
    let label = txn.seal(&Owner::Person(user), label.as_bytes()).await?;
    txn.put(&keys::token(&digest), &Bearer { user, token })?;
    txn.put(
        &keys::token_of(user, token),
        &Issued {
            label,
            at: txn.now(),
            digest,
        },
    )?;
    Ok((token, secret))
}

/// Returns for whom a secret acts; `None` when it never was a token, or was revoked.
///
/// # Errors
/// The store's.
pub async fn user(txn: &Txn, secret: &str) -> Result<Option<UserId>, Refusal> {
    let bearer: Option<Bearer> = txn.get(&keys::token(&Digest::of(secret))).await?;
    Ok(bearer.map(|bearer| bearer.user))
}

/// Returns a person's tokens, oldest first.
///
/// # Errors
/// The store's.
pub async fn list(txn: &Txn, user: UserId) -> Result<Vec<Token>, Refusal> {
    let prefix = keys::tokens_of(user);
    let found: Vec<(_, Issued)> = txn.scan(&prefix, Page::first(TOKENS_MAX)).await?;
    found
        .into_iter()
        .map(|(key, Issued { label, at, .. })| {
            let id = key.id_after(&prefix).ok_or(souk_store::StoreError::Form)?;
            let label = txn.open(&label).map(readable).transpose()?;
            Ok(Token {
                id,
                label,
                issued: at,
            })
        })
        .collect()
}

/// Revokes a token: from the commit on its secret opens nothing.
///
/// # Errors
/// [`Refusal::UnknownToken`] when the person has no such token.
pub async fn revoke(txn: &Txn, user: UserId, token: TokenId) -> Result<(), Refusal> {
    let listing = keys::token_of(user, token);
    let issued: Issued = txn.get(&listing).await?.ok_or(Refusal::UnknownToken)?;
    txn.delete(&keys::token(&issued.digest))?;
    txn.delete(&listing)?;
    Ok(())
}

/// Revokes all of a person's tokens.
///
/// # Errors
/// The store's.
pub async fn revoke_all(txn: &Txn, user: UserId) -> Result<(), Refusal> {
    let issued: Vec<(_, Issued)> = txn
        .scan(&keys::tokens_of(user), Page::first(TOKENS_MAX))
        .await?;
    for (listing, token) in issued {
        txn.delete(&keys::token(&token.digest))?;
        txn.delete(&listing)?;
    }
    Ok(())
}
