//! Accounts: a person, what they are called, and how they are found.
//!
//! A handle is found by its keyed hash, so the store never names anybody. It stays taken when its
//! person is erased: nobody can come back as somebody else.

use souk_core::limits::{HANDLE_CHARS_MAX, HANDLE_CHARS_MIN};
use souk_core::{UserId, text};
use souk_store::{Key, Owner, StoreError, Txn};

pub use crate::record::Account;
use crate::{Refusal, keys, password};

/// What others see of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Who it is.
    pub user: UserId,
    /// What they are found by.
    pub handle: String,
    /// What they are called.
    pub name: String,
}

/// Registers a person. `password` is the PHC string that [`password::hash`] made, because making
/// it takes too long for a transaction.
///
/// # Errors
/// [`Refusal::HandleMalformed`], [`Refusal::NameMalformed`], [`Refusal::HandleTaken`].
///
/// [`password::hash`]: crate::password::hash
pub async fn register(
    txn: &Txn,
    handle: &str,
    name: &str,
    password: String,
) -> Result<UserId, Refusal> {
    if !is_handle(handle) {
        return Err(Refusal::HandleMalformed);
    }
    if !text::is_name(name) {
        return Err(Refusal::NameMalformed);
    }
    let by_handle = by_handle_key(txn, handle);
    if txn.get::<UserId>(&by_handle).await?.is_some() {
        return Err(Refusal::HandleTaken);
    }

    let user = txn.fresh();
    let owner = Owner::Person(user);
    let account = Account {
        user,
        handle: txn.seal(&owner, handle.as_bytes()).await?,
        name: txn.seal(&owner, name.as_bytes()).await?,
        password,
        joined: txn.now(),
    };
    txn.put(&by_handle, &user)?;
    txn.put(&keys::account(user), &account)?;
    Ok(user)
}

/// Ends an account: no password opens it any more. What is sealed in it goes with its key.
///
/// # Errors
/// The store's.
pub async fn end(txn: &Txn, user: UserId) -> Result<(), Refusal> {
    let Some(account) = get(txn, user).await? else {
        return Ok(());
    };
    let ended = Account {
        password: password::decoy().to_owned(),
        ..account
    };
    Ok(txn.put(&keys::account(user), &ended)?)
}

/// Returns a person's account, erased or not.
///
/// # Errors
/// The store's.
pub async fn get(txn: &Txn, user: UserId) -> Result<Option<Account>, Refusal> {
    Ok(txn.get(&keys::account(user)).await?)
}

/// Finds a person by their handle.
///
/// # Errors
/// The store's.
pub async fn by_handle(txn: &Txn, handle: &str) -> Result<Option<Account>, Refusal> {
    if !is_handle(handle) {
        return Ok(None);
    }
    match txn.get::<UserId>(&by_handle_key(txn, handle)).await? {
        Some(user) => get(txn, user).await,
        None => Ok(None),
    }
}

/// Returns what a person is called; `None` when there is nobody, or they were erased.
///
/// # Errors
/// The store's.
pub async fn name(txn: &Txn, user: UserId) -> Result<Option<String>, Refusal> {
    Ok(profile(txn, user).await?.map(|profile| profile.name))
}

/// Returns what others see of a person; `None` when there is nobody, or they were erased.
///
/// # Errors
/// The store's.
pub async fn profile(txn: &Txn, user: UserId) -> Result<Option<Profile>, Refusal> {
    let Some(account) = get(txn, user).await? else {
        return Ok(None);
    };
    let (Some(handle), Some(name)) = (txn.open(&account.handle), txn.open(&account.name)) else {
        return Ok(None);
    };
    Ok(Some(Profile {
        user,
        handle: readable(handle)?,
        name: readable(name)?,
    }))
}

/// Tells whether a text may be a handle. Small Latin letters only: no two look the same.
fn is_handle(handle: &str) -> bool {
    let allowed =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
    (HANDLE_CHARS_MIN..=HANDLE_CHARS_MAX).contains(&handle.len())
        && handle.starts_with(|first: char| first.is_ascii_lowercase())
        && handle.bytes().all(allowed)
}

fn by_handle_key(txn: &Txn, handle: &str) -> Key {
    keys::handle(
        &txn.keyring()
            .keyed_hash("identity.handle", &[handle.as_bytes()]),
    )
}

/// Turns opened bytes back into the text they were.
pub(crate) fn readable(bytes: Vec<u8>) -> Result<String, StoreError> {
    String::from_utf8(bytes).map_err(|_| StoreError::Form)
}
