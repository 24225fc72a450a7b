//! `messaging`, from inside a guest.

use expect_test::expect;
use souk_core::{Blame, MessageId, TypedId};
use souk_events::Cause;
use souk_registry::grant::Grant;
use souk_runtime::{End, FaultKind};

use crate::languages::Guest;
use crate::stage::Stage;

in_every_language! {
    "messaging":
    an_app_speaks_changes_and_takes_back_its_own_words
    without_the_grant_every_call_is_answered_not_granted
    the_seventeenth_message_is_over_the_limit
    a_card_outside_the_profile_is_invalid_and_names_the_place
    a_mistake_in_the_app_is_its_fault_and_leaves_nothing
    a_press_brings_what_the_app_wrote_and_the_person_entered
    a_link_brings_its_start_parameter_and_typing_none
}

async fn an_app_speaks_changes_and_takes_back_its_own_words(guest: &Guest) {
    let stage = Stage::on(guest).await;
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
        chat.link: https:  souk.example #start=com.example.tea pch_… table-4
        link, quoted: denied invalid a start parameter has only letters A to Z, large and small, digits, `_` and `-`
        link, long: denied over-limit that is over the limit of 64 (start-parameter-chars)
        allowance: messages 12
        allowance: edits 15"#]]
    .assert_eq(&played.told());
    assert_eq!(
        played.said[..played.said.len() - 1],
        ["first, edited", "a reply", "A card"]
    );
}

async fn without_the_grant_every_call_is_answered_not_granted(guest: &Guest) {
    let mut stage = Stage::on(guest).await;
    stage.grants.messaging_post = Grant::Denied;
    let played = stage.command("all", "").await;
    expect!["chat.current: denied not-granted this app was not granted what it needs for that"]
        .assert_eq(&played.told());
    assert_eq!(played.uses("chat.current"), (2, 2));
}

async fn the_seventeenth_message_is_over_the_limit(guest: &Guest) {
    let stage = Stage::on(guest).await;
    let played = stage.command("many", "20").await;
    // The report is one message more, so it is not posted either.
    assert!(matches!(played.report.end, End::Rejected(_)));
    assert_eq!(played.uses("chat.post"), (18, 2));
}

async fn a_card_outside_the_profile_is_invalid_and_names_the_place(guest: &Guest) {
    let played = Stage::on(guest).await.command("bad-card", "").await;
    expect![[r#"
        chat.current: ok
        chat.post: denied invalid card /actions/0/url: must be a link to a public host that starts with https:// and is at most 2048 plain characters long, without a user name"#]].assert_eq(&played.told());
}

async fn a_mistake_in_the_app_is_its_fault_and_leaves_nothing(guest: &Guest) {
    let played = Stage::on(guest).await.command("stumble", "").await;
    let End::Fault(fault) = &played.report.end else {
        panic!("{:?}", played.report.end);
    };
    assert_eq!((fault.kind, fault.blame), (FaultKind::Crash, Blame::Guest));
    assert_eq!((played.said.len(), played.uses("chat.post")), (0, (1, 0)));
}

async fn a_press_brings_what_the_app_wrote_and_the_person_entered(guest: &Guest) {
    let stage = Stage::on(guest).await;
    let pressed = Cause::Action {
        message: MessageId::from_bits(7),
        revision: 3,
        button: "send".to_owned(),
        data: r#""from the card""#.to_owned(),
        inputs: r#"{"number": "4", "note": "\u8336 \ud83e\uded6"}"#.to_owned(),
    };
    expect![[r#"
        message: msg_…
        revision: 3
        button: send
        data: from the card
        number: 4
        note: 茶 🫖"#]]
    .assert_eq(&stage.play(&stage.event(pressed)).await.told());
}

async fn a_link_brings_its_start_parameter_and_typing_none(guest: &Guest) {
    let stage = Stage::on(guest).await;
    let start = |start: &str| Cause::Command {
        name: "start".to_owned(),
        arguments: String::new(),
        start: Some(start.parse().unwrap()),
    };
    for (said, told) in [("table-4", "table-4"), ("", "")] {
        let played = stage.play(&stage.event(start(said))).await;
        let expected = format!("chat.current: ok\narguments: \nstart: {told}");
        assert_eq!(played.told(), expected);
    }
    expect![[r#"
        chat.current: ok
        arguments: for two
        start: none"#]]
    .assert_eq(&stage.command("start", "for two").await.told());
}
