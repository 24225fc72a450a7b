//! `souk chat` and `souk leave`.

use ed25519_dalek::SigningKey;
use expect_test::{Expect, expect};
use serde_json::{Value, json};
use souk::client::Client;

use crate::desk::{Desk, Running};
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

/// A group of Ana's, on a host that has the app.
struct Group {
    desk: Desk,
    host: Running,
    chat: String,
    /// Where the host is, and who Ana is there.
    remote: String,
}

impl Group {
    fn open() -> Self {
        let desk = Desk::new();
        let host = desk.serve();
        let token = crate::host::token(&host.base);
        Self {
            chat: group(&host.base, &token),
            remote: format!("--host {} --token {token}", host.base),
            desk,
            host,
        }
    }

    /// Types a command about chats; `CHAT` stands for the group.
    fn check(&self, words: &str, seen: &Expect) {
        let words = words.replace("CHAT", &self.chat);
        let page = self.desk.type_in(&format!("chat {words} {}", self.remote));
        seen.assert_eq(&page.replace(&self.chat, "CHAT"));
    }
}

#[test]
fn an_admin_lets_an_app_listen_and_takes_it_back() {
    let group = Group::open();
    group.check(
        "listeners CHAT",
        &expect![[r#"
        [exit status: 0]
    "#]],
    );
    group.check(
        "listen CHAT com.example.social --key k",
        &expect![[r#"
        com.example.social reads what is said in CHAT.
        [exit status: 0]
    "#]],
    );
    group.check(
        "listeners CHAT",
        &expect![[r#"
        com.example.social  Social, let by Ana
        [exit status: 0]
    "#]],
    );
    group.check(
        "unlisten CHAT com.example.social --key l",
        &expect![[r#"
        com.example.social does not read what is said in CHAT.
        [exit status: 0]
    "#]],
    );
    group.check(
        "listeners CHAT --json",
        &expect![[r#"
        {
          "items": []
        }
        [exit status: 0]
    "#]],
    );
    group.check(
        "listen CHAT com.example.nobody --key m",
        &expect![[r#"
        Error: the host refused: there is no app com.example.nobody here
        Hint: Check the name or the id; lists show what there is.
        [exit status: 1]
    "#]],
    );
    group.check(
        "listeners nonsense",
        &expect![[r#"
        error: invalid value 'nonsense' for '<CHAT>': expected an id like `cht_01j…` (the prefix and 26 letters and digits)

        For more information, try '--help'.
        [exit status: 2]
    "#]],
    );
    group.host.stop();
}

#[test]
fn an_admin_appoints_another_before_the_last_one_is_dismissed() {
    let group = Group::open();
    group.check(
        "dismiss CHAT ana --key n",
        &expect![[r#"
        Error: the host refused: nobody could let apps listen here, or appoint anybody: appoint another admin first
        Hint: Look at the present state and decide again.
        [exit status: 1]
    "#]],
    );
    group.check(
        "appoint CHAT ana --key o",
        &expect![[r#"
        ana is an admin of CHAT.
        [exit status: 0]
    "#]],
    );
    group.check(
        "appoint CHAT nobody --key p",
        &expect![[r#"
        Error: the host refused: there is nobody called `nobody` here
        Hint: Check the name or the id; lists show what there is.
        [exit status: 1]
    "#]],
    );
    group.host.stop();
}

#[test]
fn whoever_leaves_an_app_is_told_so() {
    let group = Group::open();
    let remote = format!("{} --key k", group.remote);
    group.desk.check(
        &format!("leave com.example.social {remote}"),
        expect![[r#"
        com.example.social knows you no more.
        [exit status: 0]
    "#]],
    );
    group.desk.check(
        &format!("leave com.example.nobody {remote}2"),
        expect![[r#"
        Error: the host refused: there is no app com.example.nobody here
        Hint: Check the name or the id; lists show what there is.
        [exit status: 1]
    "#]],
    );
    group.host.stop();
}
