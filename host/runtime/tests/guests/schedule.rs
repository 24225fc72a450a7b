//! `schedule`, from inside a guest.

use expect_test::expect;
use souk_core::Timestamp;
use souk_events::Cause;
use souk_registry::grant::Grant;

use crate::languages::Guest;
use crate::stage::{Played, Stage};

in_rust_and_javascript! {
    "schedule":
    timers_are_set_listed_and_cancelled
    without_the_permission_there_are_none
    a_run_sets_only_so_many_and_each_brings_back_only_so_much
    a_timer_tells_its_scope_and_when_it_was_due;
    in rust only:
    nobody_sets_a_timer_off
}

/// How late the timers of these tests go off.
const LATE_MS: u64 = 7_000;

impl Stage {
    /// Has a timer of the app go off: in the chat, or in none.
    async fn goes_off(&self, name: &str, scope: &str) -> Played {
        let mut event = self.event(Cause::Timer {
            name: name.to_owned(),
            due: Timestamp::from_millis(self.store.now().millis() - LATE_MS),
            payload: format!("\"{scope}\"").into_bytes(),
        });
        event.user = None;
        event.chat = event.chat.filter(|_| scope == "chat");
        self.play(&event).await
    }
}

async fn timers_are_set_listed_and_cancelled(guest: &Guest) {
    let stage = Stage::on(guest).await;
    let ok = || expect!["timers.set: ok"];
    stage.check("in", "chat tea 240", ok()).await;
    stage.check("in", "chat cake 60", ok()).await;
    stage.check("in", "app stock 60", ok()).await;
    stage
        .check("all", "chat", expect!["timers.list: cake tea"])
        .await;
    stage
        .check("all", "app", expect!["timers.list: stock"])
        .await;
    stage
        .check("off", "chat tea", expect!["timers.cancel: ok"])
        .await;
    stage
        .check(
            "off",
            "chat tea",
            expect!["timers.cancel: denied not-found there is no such thing here"],
        )
        .await;
    stage
        .check("all", "chat", expect!["timers.list: cake"])
        .await;
    stage
        .check(
            "in",
            "chat tea 0",
            expect!["timers.set: denied invalid at: a timer is set at least a second ahead"],
        )
        .await;
}

async fn without_the_permission_there_are_none(guest: &Guest) {
    let mut stage = Stage::on(guest).await;
    stage.grants.schedule = Grant::Denied;
    for (name, arguments) in [("in", "chat tea 60"), ("off", "chat tea"), ("all", "app")] {
        let told = stage.command(name, arguments).await.told();
        assert!(told.contains("denied not-granted"), "{told}");
    }
}

async fn a_run_sets_only_so_many_and_each_brings_back_only_so_much(guest: &Guest) {
    let stage = Stage::on(guest).await;
    let told = stage.command("many", "chat 17").await.told();
    assert_eq!(told.matches("timers.set: ok").count(), 16);
    assert!(told.contains("over the limit of 16 (timers)"), "{told}");
    assert!(told.contains("allowance: timers 0\n"), "{told}");
    assert!(told.contains("allowance: chat-timers 84\n"), "{told}");
    assert!(told.ends_with("allowance: app-timers 9984"), "{told}");
    stage
        .check("big", "chat 4096", expect!["timers.set: ok"])
        .await;
    stage
        .check(
            "big",
            "chat 4097",
            expect!["timers.set: denied over-limit that is over the limit of 4096 (payload-bytes)"],
        )
        .await;
}

async fn a_timer_tells_its_scope_and_when_it_was_due(guest: &Guest) {
    let stage = Stage::on(guest).await;
    let told = stage.goes_off("tea", "chat").await.told();
    assert!(
        told.starts_with("timer: tea\nscope: chat\nlate: 7s\n"),
        "{told}"
    );
}

async fn nobody_sets_a_timer_off(guest: &Guest) {
    let stage = Stage::on(guest).await;
    let played = stage.goes_off("tea", "chat").await;
    expect![[r#"
        timer: tea
        scope: chat
        late: 7s
        user.current: denied not-granted this app was not granted what it needs for that"#]]
    .assert_eq(&played.told());
    assert_eq!(played.said.len(), 1, "it may speak in its chat");
    let played = stage.goes_off("stock", "app").await;
    expect![[r#"
        timer: stock
        scope: app
        late: 7s
        user.current: denied not-granted this app was not granted what it needs for that
        chat.current: denied not-granted this app was not granted what it needs for that
        bucket.chat: denied not-granted this app was not granted what it needs for that
        timers.set in chat: denied not-granted this app was not granted what it needs for that"#]]
    .assert_eq(&played.printed());
    stage.check("count", "", expect!["count: 2"]).await;
}
