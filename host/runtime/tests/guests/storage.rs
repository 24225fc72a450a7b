//! `storage`, from inside a guest.

use expect_test::expect;
use souk_core::{AppId, ChatId, TypedId};
use souk_registry::grant::Grant;

use crate::languages::Guest;
use crate::stage::Stage;

in_rust! {
    "storage":
    every_function_does_what_the_contract_says
    each_scope_needs_its_own_permission
    what_is_committed_is_there_next_time_and_only_in_its_scope
    another_app_chat_or_person_sees_nothing_of_it
    values_and_keys_have_a_size
    a_version_never_stands_for_two_values
    counters_meet_without_conflict_and_series_do_not
    a_value_that_is_lent_is_gone_when_its_time_is_over
    a_time_to_live_has_bounds
    a_write_gives_the_version_for_the_next
    runs_that_meet_over_an_expired_value_take_it_one_after_the_other
    lending_at_once_for_the_same_time_runs_nobody_again
}

async fn every_function_does_what_the_contract_says(guest: &Guest) {
    let stage = Stage::on(guest).await;
    stage
        .check(
            "all",
            "app",
            expect![[r#"
        bucket.open: ok
        delete nothing: ok
        get nothing: nothing
        put if absent: ok
        get: one v1
        put if absent again: denied conflict that cannot be done now: version 1
        put if that version: ok
        put if that version again: denied conflict that cannot be done now: version 2
        get changed: two v2
        delete if that version: denied conflict that cannot be done now: version 2
        delete: ok
        get deleted: nothing
        next: 1
        next again: 2
        add 5: ok
        add -2: ok
        count: 3
        tea/oolong: ok
        tea/jasmine: ok
        teapot: ok
        scan tea/: tea/jasmine tea/oolong
        scan 1 beyond: tea/oolong
        scan 101: tea/jasmine tea/oolong teapot
        all of tea: tea/jasmine tea/oolong teapot
        allowance: bucket-bytes 67108809
        allowance: staged-bytes 1048469"#]],
        )
        .await;
}

async fn each_scope_needs_its_own_permission(guest: &Guest) {
    let mut stage = Stage::on(guest).await;
    stage.grants.storage_chat = Grant::Denied;
    stage
        .check(
            "get",
            "chat cup",
            expect![
                "bucket.open: denied not-granted this app was not granted what it needs for that"
            ],
        )
        .await;
    stage
        .check(
            "get",
            "user cup",
            expect![[r#"
        bucket.open: ok
        bucket.get: nothing"#]],
        )
        .await;
    stage.grants.storage_user = Grant::Denied;
    stage
        .check(
            "get",
            "user cup",
            expect![
                "bucket.open: denied not-granted this app was not granted what it needs for that"
            ],
        )
        .await;
    stage.grants.storage_app = Grant::Denied;
    stage
        .check(
            "get",
            "app cup",
            expect![
                "bucket.open: denied not-granted this app was not granted what it needs for that"
            ],
        )
        .await;
}

async fn what_is_committed_is_there_next_time_and_only_in_its_scope(guest: &Guest) {
    let stage = Stage::on(guest).await;
    stage.command("put", "chat cup ana").await;
    stage
        .check(
            "get",
            "chat cup",
            expect![[r#"
        bucket.open: ok
        bucket.get: ana v1"#]],
        )
        .await;
    stage
        .check(
            "get",
            "user cup",
            expect![[r#"
        bucket.open: ok
        bucket.get: nothing"#]],
        )
        .await;
    stage
        .check(
            "get",
            "app cup",
            expect![[r#"
        bucket.open: ok
        bucket.get: nothing"#]],
        )
        .await;
}

async fn another_app_chat_or_person_sees_nothing_of_it(guest: &Guest) {
    let mut stage = Stage::on(guest).await;
    for scope in ["app", "chat", "user"] {
        stage.command("put", &format!("{scope} cup ana")).await;
    }
    let nothing = "bucket.open: ok\nbucket.get: nothing";
    let here = (stage.app.clone(), stage.chat, stage.ana);
    for (scope, theirs) in [
        (
            "app",
            ("com.example.inn".parse::<AppId>().unwrap(), here.1, here.2),
        ),
        ("chat", (here.0.clone(), ChatId::from_bits(7), here.2)),
        ("user", (here.0.clone(), here.1, stage.bo)),
    ] {
        (stage.app, stage.chat, stage.ana) = theirs;
        let event = stage.event(crate::stage::command("get", &format!("{scope} cup")));
        let (report, _) = stage.run(&event).await;
        assert_eq!(report.unwrap().log[..2].join("\n"), nothing, "{scope}");
        (stage.app, stage.chat, stage.ana) = here.clone();
    }
}

async fn values_and_keys_have_a_size(guest: &Guest) {
    let stage = Stage::on(guest).await;
    stage
        .check(
            "big",
            "app 65536",
            expect![[r#"
        bucket.open: ok
        bucket.put: ok"#]],
        )
        .await;
    stage
        .check(
            "big",
            "app 65537",
            expect![[r#"
        bucket.open: ok
        bucket.put: denied over-limit that is over the limit of 65536 (value-bytes)"#]],
        )
        .await;
    stage
        .check(
            "long",
            "app 512",
            expect![[r#"
        bucket.open: ok
        bucket.get: nothing"#]],
        )
        .await;
    stage
        .check(
            "long",
            "app 513",
            expect![[r#"
        bucket.open: ok
        bucket.get: denied over-limit that is over the limit of 512 (key-bytes)"#]],
        )
        .await;
}

async fn a_version_never_stands_for_two_values(guest: &Guest) {
    let stage = Stage::on(guest).await;
    for (name, arguments) in [
        ("put", "app cup a"),
        ("put", "app cup b"),
        ("delete", "app cup"),
    ] {
        stage.command(name, arguments).await;
    }
    stage.command("put", "app cup c").await;
    stage
        .check(
            "get",
            "app cup",
            expect![[r#"
        bucket.open: ok
        bucket.get: c v3"#]],
        )
        .await;
}

async fn counters_meet_without_conflict_and_series_do_not(guest: &Guest) {
    let stage = Stage::on(guest).await;
    for (name, conflicts) in [("add", false), ("next", true)] {
        stage.command(name, "chat cups 1").await;
        let event = stage.event(crate::stage::command(name, "chat cups 1"));
        let other = stage.event(crate::stage::command(name, "chat cups 1"));
        let ((_, one), (_, two)) = (stage.run(&event).await, stage.run(&other).await);
        stage.store.commit(&one).await.unwrap();
        assert_eq!(stage.store.commit(&two).await.is_err(), conflicts, "{name}");
    }
    stage
        .check(
            "count",
            "chat cups",
            expect![[r#"
        bucket.open: ok
        bucket.count: 3"#]],
        )
        .await;
    stage
        .check(
            "next",
            "chat cups",
            expect![[r#"
        bucket.open: ok
        bucket.next: 3"#]],
        )
        .await;
}

async fn a_value_that_is_lent_is_gone_when_its_time_is_over(guest: &Guest) {
    let stage = Stage::on(guest).await;
    let lend = async |answer: &str| {
        let told = stage.command("lend", "chat cup 5000").await.told();
        assert_eq!(told, format!("bucket.open: ok\nbucket.put: {answer}"));
    };
    let taken = "denied conflict that cannot be done now: version 1";
    lend("1").await;
    stage.clock.pass(4_999);
    lend(taken).await;
    stage.clock.pass(1);
    stage
        .check(
            "get",
            "chat cup",
            expect![[r#"
        bucket.open: ok
        bucket.get: nothing"#]],
        )
        .await;
    lend("2").await;
    stage.command("put", "chat cup for-good").await;
    stage.clock.pass(1_000_000);
    stage
        .check(
            "get",
            "chat cup",
            expect![[r#"
        bucket.open: ok
        bucket.get: for-good v3"#]],
        )
        .await;
}

async fn a_time_to_live_has_bounds(guest: &Guest) {
    let stage = Stage::on(guest).await;
    let lend = async |millis: &str, answer: &str| {
        let words = format!("app {millis} {millis}");
        let told = stage.command("lend", &words).await.told();
        assert_eq!(told, format!("bucket.open: ok\nbucket.put: {answer}"));
    };
    lend(
        "999",
        "denied invalid ttl-ms: a value lives for at least a second",
    )
    .await;
    lend("1000", "1").await;
    lend("31622400000", "1").await;
    lend(
        "31622400001",
        "denied invalid ttl-ms: a value lives for at most 366 days; none keeps it",
    )
    .await;
}

async fn a_write_gives_the_version_for_the_next(guest: &Guest) {
    let stage = Stage::on(guest).await;
    stage
        .check(
            "swap",
            "app cup",
            expect![[r#"
        bucket.open: ok
        put: 1
        swap: 2"#]],
        )
        .await;
}

async fn runs_that_meet_over_an_expired_value_take_it_one_after_the_other(guest: &Guest) {
    let stage = Stage::on(guest).await;
    stage.command("lend", "chat cup 5000").await;
    stage.clock.pass(5_000);
    let event = || stage.event(crate::stage::command("lend", "chat cup 5000"));
    let (one, two) = (event(), event());
    let ((first, won), (_, lost)) = (stage.run(&one).await, stage.run(&two).await);
    assert!(first.unwrap().log.contains(&"bucket.put: 2".to_owned()));
    stage.store.commit(&won).await.unwrap();
    assert!(stage.store.commit(&lost).await.is_err());
    let (again, _) = stage.run(&two).await;
    let log = again.unwrap().log.join("\n");
    assert!(log.contains("denied conflict"), "{log}");
}

async fn lending_at_once_for_the_same_time_runs_nobody_again(guest: &Guest) {
    let stage = Stage::on(guest).await;
    stage.command("lend", "chat first 5000").await;
    let event =
        |key: &str| stage.event(crate::stage::command("lend", &format!("chat {key} 60000")));
    let (one, two) = (event("one"), event("two"));
    let ((_, one), (_, two)) = (stage.run(&one).await, stage.run(&two).await);
    stage.store.commit(&one).await.unwrap();
    stage.store.commit(&two).await.unwrap();
}
