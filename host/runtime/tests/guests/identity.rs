//! `identity`, from inside a guest.

use expect_test::expect;
use souk_core::{Claim, ConsentId};
use souk_identity::{Question, consent};
use souk_runtime::End;

use crate::stage::{Stage, command};

impl Stage {
    /// Ana is asked for her name, and answers.
    async fn answers(&self, yes: bool) {
        let txn = self.store.begin().unwrap();
        let question = Question {
            user: self.ana,
            app: self.app.clone(),
            chat: self.chat,
            claims: vec![Claim::Name],
            reason: "To write your name on the cup".to_owned(),
            event: self.event(command("name", "")).id,
        };
        let id: ConsentId = consent::ask(&txn, &question).await.unwrap();
        consent::answer(&txn, self.ana, id, yes).await.unwrap();
        self.store.commit(&txn).await.unwrap();
    }
}

#[tokio::test]
async fn the_id_needs_no_permission_and_stays() {
    let mut stage = Stage::of("identity").await;
    stage.grants.profile_claims = vec![];
    let once = stage.command("who", "").await;
    assert!(once.said[0].contains("user.id: pid_"), "{:?}", once.said);
    assert_eq!(once.said, stage.command("who", "").await.said);
}

#[tokio::test]
async fn a_name_nobody_was_asked_for_ends_the_run_and_drops_what_it_staged() {
    let stage = Stage::of("identity").await;
    let played = stage.command("greet", "").await;
    assert_eq!(
        played.report.end,
        End::NeedsConsent {
            claims: vec![Claim::Name]
        }
    );
    assert_eq!((played.said.len(), played.uses("chat.post")), (0, (1, 0)));
}

#[tokio::test]
async fn a_name_is_told_once_the_person_says_yes() {
    let stage = Stage::of("identity").await;
    stage.answers(true).await;
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

#[tokio::test]
async fn a_no_is_told_as_a_no() {
    let stage = Stage::of("identity").await;
    stage.answers(false).await;
    stage
        .check(
            "name",
            "",
            expect![[r#"
        user.current: ok
        user.name: denied consent-refused you chose not to share what this needs
        user.name again: denied consent-refused you chose not to share what this needs"#]],
        )
        .await;
}

#[tokio::test]
async fn what_was_taken_back_has_to_be_asked_again() {
    let stage = Stage::of("identity").await;
    stage.answers(true).await;
    let txn = stage.store.begin().unwrap();
    consent::revoke(&txn, stage.ana, &stage.app, Claim::Name)
        .await
        .unwrap();
    stage.store.commit(&txn).await.unwrap();
    let end = stage.command("name", "").await.report.end;
    assert_eq!(
        end,
        End::NeedsConsent {
            claims: vec![Claim::Name]
        }
    );
}

#[tokio::test]
async fn claims_that_were_not_granted_are_not_asked_for() {
    let mut stage = Stage::of("identity").await;
    stage
        .check(
            "claims",
            "email",
            expect![[r#"
        user.current: ok
        user.profile: denied not-granted this app was not granted what it needs for that"#]],
        )
        .await;
    stage.grants.profile_claims = vec![];
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

#[tokio::test]
async fn an_event_that_nobody_waits_for_asks_nobody() {
    let stage = Stage::of("identity").await;
    let event = stage.event(command("name", ""));
    let mut job = stage.job(&event);
    job.may_ask = false;
    let played = stage.play_job(job).await;
    assert_eq!(played.report.end, End::Ok);
    let told = played.told();
    assert!(told.contains("denied not-granted"), "{told}");
}

#[tokio::test]
async fn two_apps_see_two_people() {
    let mut stage = Stage::of("identity").await;
    let tea = stage.command("who", "").await.said;
    stage.app = "com.example.inn".parse().unwrap();
    assert_ne!(tea, stage.command("who", "").await.said);
}
