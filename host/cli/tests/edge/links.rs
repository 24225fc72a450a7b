//! A link, from the app that gives it to the person who follows it, over HTTP alone.

use ed25519_dalek::SigningKey;
use serde_json::{Value, json};

use crate::desk::{Desk, answered};
use crate::programs::program;

const MANIFEST: &str = r#"app_id = "com.example.links"
name = "Links"
description = "Gives links"
version = { code = 1, name = "1" }
build = { command = "make", component = "messaging.wasm" }
[[commands]]
name = "start"
description = "Says what the link says"
[[commands]]
name = "all"
description = "Gives one"
[[req_permissions]]
name = "messaging.post"
reason = "To say so"
"#;

impl Desk {
    /// The token of somebody else.
    async fn stranger(&self) -> String {
        let eve = json!({"handle": "eve", "name": "Eve", "password": "one-small-market"});
        let joined = answered(self.as_nobody("POST", "/v1/accounts").json(&eve), "join").await;
        assert_eq!(joined.status, 201, "{joined:?}");
        let ask = json!({"handle": "eve", "password": "one-small-market", "label": "test"});
        let issued = self.as_nobody("POST", "/v1/tokens").json(&ask).send();
        let issued: Value = issued.await.unwrap().json().await.unwrap();
        issued["token"].as_str().unwrap().to_owned()
    }

    /// A group with the app that gives links.
    async fn group_with_links(&self) -> String {
        let key = SigningKey::from_bytes(&[7; 32]);
        let package = souk_registry::package::build(&program("messaging"), MANIFEST, &[], &key);
        let publish = self.ask("POST", "/v1/apps").body(package.unwrap());
        assert_eq!(answered(publish, "publish").await.status, 201);
        let group = json!({"kind": "group", "title": "Tea", "members": []});
        let chat = self.json("POST", "/v1/chats", group).await;
        chat["id"].as_str().unwrap().to_owned()
    }

    /// Has the app give a link to this chat, and returns the address behind it.
    async fn link_to(&self, chat: &str) -> String {
        // The report has spaces for slashes.
        let link = self.types(chat, "/all", "chat.link").await;
        let parts: Vec<_> = link.split(' ').collect();
        let [scheme, "", host, start, place, "table-4"] = parts[..] else {
            panic!("{link}");
        };
        assert_eq!((scheme, start), ("http:", "#start=com.example.links"));
        let own = self.as_nobody("GET", "/").build().unwrap();
        assert_eq!(own.url().authority(), host);
        format!("/v1/apps/com.example.links/links/{place}")
    }

    /// Follows a link, always under the same key.
    async fn follows(&self, path: &str) -> Value {
        let post = self.ask("POST", path).header("idempotency-key", "k");
        let sent = post.json(&json!({"start_parameter": "table-4"})).send();
        sent.await.unwrap().json().await.unwrap()
    }
}

#[tokio::test]
async fn a_link_is_read_and_followed_once() {
    let desk = Desk::open().await;
    let chat = desk.group_with_links().await;
    let path = desk.link_to(&chat).await;
    let way = desk.json("GET", &path, Value::Null).await;
    let told = (&way["app_name"], &way["command"], &way["chat"]["id"]);
    assert_eq!(told, (&json!("Links"), &json!("start"), &json!(chat)));

    let (first, again) = (desk.follows(&path).await, desk.follows(&path).await);
    assert_eq!(first["outcome"], "done", "{first}");
    assert_eq!(first, again);
    let messages = format!("/v1/chats/{chat}/messages");
    let said = desk.json("GET", &messages, Value::Null).await;
    let texts: Vec<_> = said["items"].as_array().unwrap().iter().collect();
    let answer = "chat.current: ok\narguments: \nstart: table-4";
    assert_eq!(texts[0]["text"], answer);
    assert_eq!(texts[1]["text"], "/start");
    assert_ne!(texts[2]["text"], "/start", "it happened once");
    desk.close().await;
}

#[tokio::test]
async fn a_link_is_no_way_in() {
    let desk = Desk::open().await;
    let chat = desk.group_with_links().await;
    let path = desk.link_to(&chat).await;
    let eve = desk.stranger().await;
    let as_eve = |method| desk.as_nobody(method, &path).bearer_auth(&eve);
    let quoted = json!({"start_parameter": "table 4"});
    let fine = json!({"start_parameter": "table-4"});
    for (request, status, problem) in [
        (desk.ask("POST", &path).json(&quoted), 400, "malformed-body"),
        (as_eve("POST").json(&fine), 404, "not-found"),
        (as_eve("GET"), 404, "not-found"),
    ] {
        let answer = answered(request, problem).await;
        let told = (answer.status, answer.problem.as_deref());
        assert_eq!(told, (status, Some(problem)));
    }
    desk.close().await;
}
