//! Pairwise ids: each app sees a person, and a chat, under an id of its own.
//!
//! Nobody without the host's keyring can tell whether two apps' ids mean the same person, or find
//! the person behind one (OpenID Connect Core, 8.1).

use souk_core::{AppId, ChatId, TypedId, UserId};
use souk_store::{Keyring, StoreError, Txn};

use crate::{base32, ties};

/// Returns the id under which this merchant's app sees a person: the same until they leave the app.
///
/// # Errors
/// The store's.
pub async fn id(
    txn: &Txn,
    merchant: UserId,
    app: &AppId,
    user: UserId,
) -> Result<String, StoreError> {
    let left = ties::of(txn, user, app).await?.left;
    Ok(id_as(txn.keyring(), merchant, app, user, left))
}

/// Returns the id under which the app saw a person who had left it so many times: a dead one, if
/// they have left it since.
pub fn id_as(keyring: &Keyring, merchant: UserId, app: &AppId, user: UserId, left: u64) -> String {
    let merchant = merchant.bits().to_be_bytes();
    let to = [&merchant, app.as_str().as_bytes()];
    of_person(keyring, "pid", &to, user, left)
}

/// Returns the id under which all of a merchant's apps see a person: the same until they leave one
/// of them.
///
/// # Errors
/// The store's.
pub async fn merchant_id(txn: &Txn, merchant: UserId, user: UserId) -> Result<String, StoreError> {
    let left = ties::left_merchant(txn, user, merchant).await?;
    let merchant = merchant.bits().to_be_bytes();
    Ok(of_person(txn.keyring(), "pmi", &[&merchant], user, left))
}

/// An id for whoever is meant by `to`, of a person who has left them so many times.
fn of_person(keyring: &Keyring, prefix: &str, to: &[&[u8]], user: UserId, left: u64) -> String {
    let (user, left) = (user.bits().to_be_bytes(), left.to_be_bytes());
    let parts = [to, &[&user, &left]].concat();
    text(keyring, prefix, &parts)
}

/// Returns the id under which an app sees a chat, for ever the same.
pub fn chat_id(keyring: &Keyring, app: &AppId, chat: ChatId) -> String {
    text(
        keyring,
        "pch",
        &[app.as_str().as_bytes(), &chat.bits().to_be_bytes()],
    )
}

/// 160 bits: 32 digits without a remainder, and no two alike in any host's life.
fn text(keyring: &Keyring, prefix: &str, parts: &[&[u8]]) -> String {
    let hash = keyring.keyed_hash(&format!("identity.{prefix}"), parts);
    let (bits, _) = hash.split_first_chunk::<20>().unwrap_or((&[0; 20], &[]));
    format!("{prefix}_{}", base32::encode(bits))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn user(bits: u128) -> UserId {
        UserId::from_bits(bits)
    }

    /// Of the second person, as an app of the first one's sees them.
    fn seen_by(keyring: &Keyring, app: &str) -> String {
        let merchant = 1_u128.to_be_bytes();
        of_person(keyring, "pid", &[&merchant, app.as_bytes()], user(2), 0)
    }

    #[test]
    fn one_person_has_as_many_ids_as_there_are_apps() {
        let keyring = Keyring::ephemeral().unwrap();
        let apps = (0..1_000).map(|n| format!("com.example.app{n}"));
        let ids: BTreeSet<_> = apps.map(|app| seen_by(&keyring, &app)).collect();
        assert_eq!(ids.len(), 1_000);
        assert!(
            ids.iter()
                .all(|id| id.starts_with("pid_") && id.len() == 36)
        );
    }

    #[test]
    fn an_id_stays_and_depends_on_everything() {
        let keyring = Keyring::ephemeral().unwrap();
        let other_keyring = Keyring::ephemeral().unwrap();
        let (merchant, other) = (1_u128.to_be_bytes(), 3_u128.to_be_bytes());
        let id = |keyring: &Keyring, prefix: &str, to: &[&[u8]], who: u128, left: u64| {
            of_person(keyring, prefix, to, user(who), left)
        };
        let first = id(&keyring, "pid", &[&merchant, b"com.a.tea"], 2, 0);
        let same = id(&keyring, "pid", &[&merchant, b"com.a.tea"], 2, 0);
        assert_eq!(first, same);
        for different in [
            id(&keyring, "pid", &[&merchant, b"com.a.tea"], 3, 0),
            id(&keyring, "pid", &[&merchant, b"com.a.inn"], 2, 0),
            id(&keyring, "pid", &[&other, b"com.a.tea"], 2, 0),
            id(&keyring, "pid", &[&merchant, b"com.a.tea"], 2, 1),
            id(&keyring, "pmi", &[&merchant], 2, 0),
            id(&other_keyring, "pid", &[&merchant, b"com.a.tea"], 2, 0),
        ] {
            assert_ne!(first, different);
        }
    }

    #[test]
    fn a_chat_has_another_id_in_each_app() {
        let keyring = Keyring::ephemeral().unwrap();
        let (tea, inn): (AppId, AppId) =
            ("com.a.tea".parse().unwrap(), "com.a.inn".parse().unwrap());
        let chat = ChatId::from_bits(5);
        assert_ne!(chat_id(&keyring, &tea, chat), chat_id(&keyring, &inn, chat));
        assert!(chat_id(&keyring, &tea, chat).starts_with("pch_"));
    }
}
