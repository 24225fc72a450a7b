//! `messaging`, from inside a guest.

use expect_test::expect;

use crate::stage::Stage;

#[tokio::test]
async fn an_app_speaks_changes_and_takes_back_its_own_words() {
    let stage = Stage::of("messaging").await;
    let played = stage.command("all", "").await;
    expect![[r#"
        chat.current: ok
        chat.id: pch_…
        chat.is-group: true
        chat.post: ok
        chat.edit: ok
        reply: msg_…
        card: msg_…
        chat.post: ok
        chat.delete: ok
        edit of nobody's: denied not-found there is no such thing here
        allowance: messages 12
        allowance: edits 15"#]]
    .assert_eq(&played.told());
    assert_eq!(
        played.said[..played.said.len() - 1],
        ["first, edited", "a reply", "A card"]
    );
}

#[tokio::test]
async fn without_the_grant_every_call_is_answered_not_granted() {
    let mut stage = Stage::of("messaging").await;
    stage.grants.messaging_post = false;
    let played = stage.command("all", "").await;
    expect![[r#"
        chat.current: denied not-granted this app was not granted what it needs for that
        chat.post: denied not-granted"#]]
    .assert_eq(&played.told());
    assert_eq!(played.uses("chat.current"), (2, 2));
}

#[tokio::test]
async fn the_seventeenth_message_is_over_the_limit() {
    let stage = Stage::of("messaging").await;
    let played = stage.command("many", "20").await;
    expect!["chat.post: denied over-limit"].assert_eq(played.report.log.last().unwrap());
    assert_eq!(played.uses("chat.post"), (18, 2));
}

#[tokio::test]
async fn a_card_outside_the_profile_is_invalid_and_names_the_place() {
    let played = Stage::of("messaging").await.command("bad-card", "").await;
    expect![[r#"
        chat.current: ok
        chat.post: denied invalid card /actions/0/url: must be a link to a public host that starts with https:// and is at most 2048 plain characters long, without a user name"#]].assert_eq(&played.told());
}
