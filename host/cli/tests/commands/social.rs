//! `souk chat` and `souk leave`.

use ed25519_dalek::SigningKey;
use expect_test::expect;
use serde_json::{Value, json};
use souk::client::Client;

use crate::desk::Desk;
use crate::programs::program;

const MANIFEST: &str = r#"app_id = "com.example.social"
name = "Social"
description = "Listens"
version = { code = 1, name = "1" }
build = { command = "make", component = "social.wasm" }
[[commands]]
name = "who"
description = "Says who you are"
[[req_permissions]]
name = "messaging.listen"
reason = "To answer"
"#;

/// Publishes the app and opens a group of Ana's.
fn group(base: &str, token: &str) -> String {
    let key = SigningKey::from_bytes(&[7; 32]);
    let package = souk_registry::package::build(&program("social"), MANIFEST, &[], &key).unwrap();
    let group = json!({"kind": "group", "title": "Tea", "members": []});
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let ana = Client::new(base, token);
        let published: Value = ana.post_package("/v1/apps", package).await.unwrap();
        assert_eq!(published["app"], "com.example.social");
        let chat: Value = ana.post("/v1/chats", &group).await.unwrap();
        chat["id"].as_str().unwrap().to_owned()
    })
}

#[test]
fn an_admin_lets_an_app_listen_and_takes_it_back() {
    let desk = Desk::new();
    let host = desk.serve();
    let token = crate::host::token(&host.base);
    let chat = group(&host.base, &token);
    let app = "com.example.social";
    let remote = format!("--host {} --token {token}", host.base);
    let check = |words: &str, seen: expect_test::Expect| {
        let page = desk.type_in(&format!("chat {words} {remote}"));
        seen.assert_eq(&page.replace(&chat, "CHAT"));
    };
    check(
        &format!("listeners {chat}"),
        expect![[r#"
        [exit status: 0]
    "#]],
    );
    check(
        &format!("listen {chat} {app} --key k"),
        expect![[r#"
        com.example.social reads what is said in CHAT.
        [exit status: 0]
    "#]],
    );
    check(
        &format!("listeners {chat}"),
        expect![[r#"
        com.example.social  Social, let by Ana
        [exit status: 0]
    "#]],
    );
    check(
        &format!("unlisten {chat} {app} --key l"),
        expect![[r#"
        com.example.social does not read what is said in CHAT.
        [exit status: 0]
    "#]],
    );
    check(
        &format!("listeners {chat} --json"),
        expect![[r#"
        {
          "items": []
        }
        [exit status: 0]
    "#]],
    );
    check(
        &format!("listen {chat} com.example.nobody --key m"),
        expect![[r#"
        Error: the host refused: there is no app com.example.nobody here
        Hint: Check the id; lists show what there is.
        [exit status: 1]
    "#]],
    );
    check(
        "listeners nonsense",
        expect![[r#"
        error: invalid value 'nonsense' for '<CHAT>': expected an id like `cht_01j…` (the prefix and 26 letters and digits)

        For more information, try '--help'.
        [exit status: 2]
    "#]],
    );
    host.stop();
}

#[test]
fn an_admin_appoints_another_before_the_last_one_is_dismissed() {
    let desk = Desk::new();
    let host = desk.serve();
    let token = crate::host::token(&host.base);
    let chat = group(&host.base, &token);
    let remote = format!("--host {} --token {token}", host.base);
    let check = |words: &str, seen: expect_test::Expect| {
        let page = desk.type_in(&format!("chat {words} {remote}"));
        seen.assert_eq(&page.replace(&chat, "CHAT"));
    };
    check(
        &format!("dismiss {chat} ana --key n"),
        expect![[r#"
        Error: the host refused: nobody could let apps listen here, or appoint anybody: appoint another admin first
        Hint: Look at the present state and decide again.
        [exit status: 1]
    "#]],
    );
    check(
        &format!("appoint {chat} ana --key o"),
        expect![[r#"
        ana is an admin of CHAT.
        [exit status: 0]
    "#]],
    );
    check(
        &format!("appoint {chat} nobody --key p"),
        expect![[r#"
        Error: the host refused: there is nobody called `nobody` here
        Hint: Check the id; lists show what there is.
        [exit status: 1]
    "#]],
    );
    host.stop();
}

#[test]
fn whoever_leaves_an_app_is_told_so() {
    let desk = Desk::new();
    let host = desk.serve();
    let token = crate::host::token(&host.base);
    drop(group(&host.base, &token));
    let remote = format!("--host {} --token {token} --key k", host.base);
    desk.check(
        &format!("leave com.example.social {remote}"),
        expect![[r#"
        com.example.social knows you no more.
        [exit status: 0]
    "#]],
    );
    desk.check(
        &format!("leave com.example.nobody {remote}2"),
        expect![[r#"
        Error: the host refused: there is no app com.example.nobody here
        Hint: Check the id; lists show what there is.
        [exit status: 1]
    "#]],
    );
    host.stop();
}
