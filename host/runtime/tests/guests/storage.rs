//! `storage`, from inside a guest.

use expect_test::expect;
use souk_core::{AppId, ChatId, TypedId};
use souk_registry::grant::Grant;

use crate::stage::Stage;

#[tokio::test]
async fn every_function_does_what_the_contract_says() {
    let stage = Stage::of("storage").await;
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
        scan 101: denied over-limit that is over the limit of 100 (scan-entries)
        all of tea: tea/jasmine tea/oolong teapot
        allowance: bucket-bytes 67108809
        allowance: staged-bytes 1048469"#]],
        )
        .await;
}

#[tokio::test]
async fn each_scope_needs_its_own_permission() {
    let mut stage = Stage::of("storage").await;
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

#[tokio::test]
async fn what_is_committed_is_there_next_time_and_only_in_its_scope() {
    let stage = Stage::of("storage").await;
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

#[tokio::test]
async fn another_app_chat_or_person_sees_nothing_of_it() {
    let mut stage = Stage::of("storage").await;
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

#[tokio::test]
async fn values_and_keys_have_a_size() {
    let stage = Stage::of("storage").await;
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

#[tokio::test]
async fn a_version_never_stands_for_two_values() {
    let stage = Stage::of("storage").await;
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

#[tokio::test]
async fn counters_meet_without_conflict_and_series_do_not() {
    let stage = Stage::of("storage").await;
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
