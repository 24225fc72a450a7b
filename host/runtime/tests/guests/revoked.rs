//! What a person took back, from inside a guest: each capability that a person has a say in answers
//! that they said no, and nothing comes of it.

use souk_registry::grant::{Grant, Grants};
use souk_runtime::End;

use crate::stage::Stage;

/// A program, what is taken from it, and what it tries then.
type Revoked = (
    &'static str,
    fn(&mut Grants),
    &'static [(&'static str, &'static str)],
);

const REVOKED: [Revoked; 6] = [
    (
        "messaging",
        |grants| grants.messaging_post = Grant::Refused,
        &[("all", "")],
    ),
    (
        "identity",
        |grants| {
            grants
                .profile_claims
                .values_mut()
                .for_each(|it| *it = Grant::Refused);
        },
        &[("name", "")],
    ),
    (
        "wallet",
        |grants| grants.wallet_request = Grant::Refused,
        &[("ask", "cup-1 250")],
    ),
    (
        "storage",
        |grants| {
            grants.storage_chat = Grant::Refused;
            grants.storage_user = Grant::Refused;
        },
        &[("get", "chat cup"), ("put", "user cup ana")],
    ),
    (
        "schedule",
        |grants| grants.schedule = Grant::Refused,
        &[("in", "chat tea 60"), ("off", "chat tea"), ("all", "app")],
    ),
    (
        "http",
        |grants| grants.http = Grant::Refused,
        &[
            ("get", "https://api.example.com/"),
            ("send", "POST https://api.example.com/"),
        ],
    ),
];

#[tokio::test]
async fn a_person_who_said_no_is_told_apart_from_a_permission_that_is_not_there() {
    for (program, take, tries) in REVOKED {
        let mut stage = Stage::of(program).await;
        take(&mut stage.grants);
        for (name, arguments) in tries {
            let played = stage.command(name, arguments).await;
            let told = played.told();
            assert!(told.contains("denied consent-refused"), "{program}: {told}");
            assert!(!told.contains("denied not-granted"), "{program}: {told}");
            let uses = played.report.uses.iter();
            let denied: u64 = uses.map(|used| used.denied).sum();
            assert!(denied > 0, "{program}: the line of the run says so");
        }
    }
}

#[tokio::test]
async fn who_wants_no_sheets_still_gets_money_back() {
    let mut stage = Stage::of("wallet").await;
    stage.grants.wallet_request = Grant::Refused;
    let played = stage.command("purse", "USD").await;
    assert_eq!(played.report.end, End::Ok);
    assert!(!played.told().contains("denied"), "{}", played.told());
}
