//! `http`, from inside a guest.

use std::sync::atomic::Ordering;

use expect_test::expect;
use souk_core::{EventId, TypedId};
use souk_events::{Cause, Due, Reply, Silence, due};
use souk_registry::grant::Grant;
use souk_runtime::End;

use crate::languages::Guest;
use crate::stage::Stage;

in_rust_and_javascript! {
    "http":
    what_is_granted_is_read_and_sent
    what_is_not_granted_is_neither
    what_goes_wrong_outside_has_a_name
    a_run_asks_and_sends_only_so_much
    a_run_that_fails_sends_nothing
    an_answer_is_an_event
}

/// The letters that wait to be sent.
async fn letters(stage: &Stage) -> usize {
    let txn = stage.store.begin().unwrap();
    let due = due::by_now(&txn, 100).await.unwrap();
    due.iter()
        .filter(|(_, due)| matches!(due, Due::Send(_)))
        .count()
}

fn response(outcome: Result<&str, &str>) -> Cause {
    Cause::Response {
        request: EventId::from_bits(7),
        depth: 1,
        outcome: outcome
            .map(|body| Reply {
                status: 201,
                headers: Vec::new(),
                body: body.as_bytes().to_vec(),
            })
            .map_err(|code| Silence {
                code: code.to_owned(),
                text: "nobody there".to_owned(),
            }),
    }
}

async fn what_is_granted_is_read_and_sent(guest: &Guest) {
    let stage = Stage::on(guest).await;
    stage
        .check(
            "get",
            "https://api.example.com/tea?hot",
            expect!["reader.get: 200 /tea?hot"],
        )
        .await;
    stage
        .check(
            "send",
            "POST https://api.example.com/tea jasmine",
            expect!["outbox.send: ok"],
        )
        .await;
    assert_eq!(letters(&stage).await, 1);
}

async fn what_is_not_granted_is_neither(guest: &Guest) {
    let mut stage = Stage::on(guest).await;
    for url in [
        "https://www.example.com/",
        "http://api.example.com/",
        "https://api.example.com:8443/",
    ] {
        let told = stage.command("get", url).await.told();
        assert!(
            told.starts_with("reader.get: denied not-granted"),
            "{url}: {told}"
        );
    }
    for url in ["https://127.0.0.1/", "https://a@api.example.com/", "tea"] {
        let told = stage.command("get", url).await.told();
        assert!(
            told.starts_with("reader.get: denied invalid url: "),
            "{url}: {told}"
        );
    }
    let told = stage
        .command("send", "DELETE https://api.example.com/tea")
        .await
        .told();
    assert!(
        told.starts_with("outbox.send: denied not-granted"),
        "{told}"
    );
    stage.grants.http = Grant::Denied;
    for (name, arguments) in [
        ("get", "https://api.example.com/"),
        ("send", "POST https://api.example.com/"),
    ] {
        let played = stage.command(name, arguments).await;
        assert!(
            played.told().contains("denied not-granted"),
            "{}",
            played.told()
        );
    }
    assert_eq!(stage.outside.asked.load(Ordering::SeqCst), 0);
    assert_eq!(letters(&stage).await, 0);
}

async fn what_goes_wrong_outside_has_a_name(guest: &Guest) {
    let stage = Stage::on(guest).await;
    stage
        .check(
            "get",
            "https://api.example.com/fail/slow",
            expect!["reader.get: denied unavailable that is not possible right now"],
        )
        .await;
    stage
        .check(
            "get",
            "https://api.example.com/fail/private",
            expect!["reader.get: denied private-host the host is not on the public Internet"],
        )
        .await;
}

async fn a_run_asks_and_sends_only_so_much(guest: &Guest) {
    let stage = Stage::on(guest).await;
    let told = stage
        .command("many", "https://api.example.com/ 5")
        .await
        .told();
    assert_eq!(told.matches("reader.get: 200").count(), 4);
    assert!(told.contains("over the limit of 4 (reads)"), "{told}");
    let told = stage
        .command("flood", "https://api.example.com/ 9")
        .await
        .told();
    assert_eq!(told.matches("outbox.send: ok").count(), 8);
    assert!(told.contains("over the limit of 8 (sends)"), "{told}");
    stage
        .check(
            "big",
            "https://api.example.com/ 49152",
            expect!["outbox.send: ok"],
        )
        .await;
    stage
        .check(
            "big",
            "https://api.example.com/ 49153",
            expect![
                "outbox.send: denied over-limit that is over the limit of 49152 (http-body-bytes)"
            ],
        )
        .await;
}

async fn a_run_that_fails_sends_nothing(guest: &Guest) {
    let stage = Stage::on(guest).await;
    let played = stage
        .command("fail", "POST https://api.example.com/tea")
        .await;
    assert!(matches!(played.report.end, End::Rejected(_)));
    assert_eq!(letters(&stage).await, 0);
}

async fn an_answer_is_an_event(guest: &Guest) {
    let stage = Stage::on(guest).await;
    let play = async |outcome| stage.play(&stage.event(response(outcome))).await.told();
    assert_eq!(play(Ok("jasmine")).await, "response: 201 jasmine");
    assert_eq!(
        play(Err("unreachable")).await,
        "response: none: unreachable"
    );
    let more = "more https://api.example.com/again";
    let expected = "response: 201 more https://api.example.com/again\noutbox.send: ok";
    assert_eq!(play(Ok(more)).await, expected);
}
