//! Pairwise ids: each app sees a person, and a chat, under an id of its own.
//!
//! Nobody without the host's keyring can tell whether two apps' ids mean the same person, or find
//! the person behind one (OpenID Connect Core, 8.1).

use souk_core::{AppId, ChatId, TypedId, UserId};
use souk_store::Keyring;

use crate::base32;

/// Returns the id under which this merchant's app sees a person, for ever the same.
pub fn id(keyring: &Keyring, merchant: UserId, app: &AppId, user: UserId) -> String {
    let merchant = merchant.bits().to_be_bytes();
    let user = user.bits().to_be_bytes();
    text(keyring, "pid", &[&merchant, app.as_str().as_bytes(), &user])
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

    #[test]
    fn one_person_has_as_many_ids_as_there_are_apps() {
        let keyring = Keyring::ephemeral().unwrap();
        let (merchant, ana) = (UserId::from_bits(1), UserId::from_bits(2));
        let apps = (0..1_000).map(|n| format!("com.example.app{n}").parse::<AppId>().unwrap());
        let ids: BTreeSet<_> = apps.map(|app| id(&keyring, merchant, &app, ana)).collect();
        assert_eq!(ids.len(), 1_000);
        assert!(
            ids.iter()
                .all(|id| id.starts_with("pid_") && id.len() == 36)
        );
    }

    #[test]
    fn an_id_stays_and_depends_on_everything() {
        let keyring = Keyring::ephemeral().unwrap();
        let user = UserId::from_bits;
        let (tea, inn): (AppId, AppId) =
            ("com.a.tea".parse().unwrap(), "com.a.inn".parse().unwrap());
        let first = id(&keyring, user(1), &tea, user(2));
        assert_eq!(first, id(&keyring, user(1), &tea, user(2)));
        for other in [
            id(&keyring, user(1), &tea, user(3)),
            id(&keyring, user(1), &inn, user(2)),
            id(&keyring, user(3), &tea, user(2)),
            id(&Keyring::ephemeral().unwrap(), user(1), &tea, user(2)),
        ] {
            assert_ne!(first, other);
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
