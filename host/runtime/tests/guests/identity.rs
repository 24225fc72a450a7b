//! `identity`, from inside a guest.

use std::collections::BTreeMap;

use expect_test::expect;
use souk_core::Claim;
use souk_registry::grant::Grant;
use souk_runtime::End;

use crate::languages::Guest;
use crate::stage::{Stage, command};

in_rust! {
    "identity":
    the_id_needs_no_permission_and_stays
    a_name_nobody_was_asked_for_ends_the_run_and_drops_what_it_staged
    a_name_is_told_once_the_person_says_yes
    a_no_is_told_as_a_no
    claims_that_were_not_granted_are_not_asked_for
    an_event_that_nobody_waits_for_asks_nobody
    two_apps_see_two_people
}

impl Stage {
    /// A stage on which this came of asking for Ana's name.
    async fn with_name(guest: &Guest, name: Grant<()>) -> Self {
        let mut stage = Self::on(guest).await;
        stage.grants.profile_claims = BTreeMap::from([(Claim::Name, name)]);
        stage
    }
}

fn asks() -> End {
    End::NeedsConsent {
        matters: vec!["identity.profile:name".to_owned()],
    }
}

async fn the_id_needs_no_permission_and_stays(guest: &Guest) {
    let mut stage = Stage::on(guest).await;
    stage.grants.profile_claims = BTreeMap::new();
    let once = stage.command("who", "").await;
    assert!(once.said[0].contains("user.id: pid_"), "{:?}", once.said);
    assert_eq!(once.said, stage.command("who", "").await.said);
}

async fn a_name_nobody_was_asked_for_ends_the_run_and_drops_what_it_staged(guest: &Guest) {
    let stage = Stage::with_name(guest, Grant::Unasked).await;
    let played = stage.command("greet", "").await;
    assert_eq!(played.report.end, asks());
    assert_eq!((played.said.len(), played.uses("chat.post")), (0, (1, 0)));
}

async fn a_name_is_told_once_the_person_says_yes(guest: &Guest) {
    let stage = Stage::with_name(guest, Grant::Granted(())).await;
    stage
        .check(
            "name",
            "",
            expect![[r#"
        user.current: ok
        user.name: Ana
        user.name again: Ana"#]],
        )
        .await;
}

async fn a_no_is_told_as_a_no(guest: &Guest) {
    let stage = Stage::with_name(guest, Grant::Refused).await;
    stage
        .check(
            "name",
            "",
            expect![[r#"
        user.current: ok
        user.name: denied consent-refused you chose not to allow what this needs
        user.name again: denied consent-refused you chose not to allow what this needs"#]],
        )
        .await;
}

async fn claims_that_were_not_granted_are_not_asked_for(guest: &Guest) {
    let mut stage = Stage::on(guest).await;
    stage
        .check(
            "claims",
            "email",
            expect![[r#"
        user.current: ok
        user.profile: denied not-granted this app was not granted what it needs for that"#]],
        )
        .await;
    stage.grants.profile_claims = BTreeMap::new();
    stage
        .check(
            "name",
            "",
            expect![[r#"
        user.current: ok
        user.name: denied not-granted this app was not granted what it needs for that
        user.name again: denied not-granted this app was not granted what it needs for that"#]],
        )
        .await;
}

async fn an_event_that_nobody_waits_for_asks_nobody(guest: &Guest) {
    let stage = Stage::with_name(guest, Grant::Unasked).await;
    let event = stage.event(command("name", ""));
    let mut job = stage.job(&event);
    job.may_ask = false;
    let played = stage.play_job(job).await;
    assert_eq!(played.report.end, End::Ok);
    let told = played.told();
    assert!(told.contains("denied not-granted"), "{told}");
}

async fn two_apps_see_two_people(guest: &Guest) {
    let mut stage = Stage::on(guest).await;
    let tea = stage.command("who", "").await.said;
    stage.app = "com.example.inn".parse().unwrap();
    assert_ne!(tea, stage.command("who", "").await.said);
}
