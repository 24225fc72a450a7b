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
}

#[tokio::test]
async fn a_link_is_read_followed_once_and_no_way_in() {
    let desk = Desk::open().await;
    let key = SigningKey::from_bytes(&[7; 32]);
    let package = souk_registry::package::build(&program("messaging"), MANIFEST, &[], &key);
    let publish = desk.ask("POST", "/v1/apps").body(package.unwrap());
    assert_eq!(answered(publish, "publish").await.status, 201);
    let group = json!({"kind": "group", "title": "Tea", "members": []});
    let chat = desk.json("POST", "/v1/chats", group).await;
    let chat = chat["id"].as_str().unwrap();

    // The report has spaces for slashes.
    let link = desk.types(chat, "/all", "chat.link").await;
    let parts: Vec<_> = link.split(' ').collect();
    let [scheme, "", host, start, place, "table-4"] = parts[..] else {
        panic!("{link}");
    };
    assert_eq!((scheme, start), ("http:", "#start=com.example.links"));
    assert!(
        desk.as_nobody("GET", "/")
            .build()
            .unwrap()
            .url()
            .authority()
            == host
    );

    let path = format!("/v1/apps/com.example.links/links/{place}");
    let way = desk.json("GET", &path, Value::Null).await;
    assert_eq!(
        (&way["app_name"], &way["command"]),
        (&json!("Links"), &json!("start"))
    );
    assert_eq!(way["chat"]["id"], chat);
    let follow = || {
        let ask = json!({"start_parameter": "table-4"});
        let post = desk.ask("POST", &path).header("idempotency-key", "k");
        async move {
            post.json(&ask)
                .send()
                .await
                .unwrap()
                .json::<Value>()
                .await
                .unwrap()
        }
    };
    let (first, again) = (follow().await, follow().await);
    assert_eq!(first["outcome"], "done", "{first}");
    assert_eq!(first, again);
    let said = desk
        .json("GET", &format!("/v1/chats/{chat}/messages"), Value::Null)
        .await;
    let texts: Vec<_> = said["items"].as_array().unwrap().iter().collect();
    assert_eq!(
        texts[0]["text"],
        "chat.current: ok\narguments: \nstart: table-4"
    );
    assert_eq!(texts[1]["text"], "/start");
    assert_ne!(texts[2]["text"], "/start", "it happened once");

    let eve = desk.stranger().await;
    let quoted = json!({"start_parameter": "table 4"});
    let fine = json!({"start_parameter": "table-4"});
    for (request, status, problem) in [
        (desk.ask("POST", &path).json(&quoted), 400, "malformed-body"),
        (
            desk.as_nobody("POST", &path).bearer_auth(&eve).json(&fine),
            404,
            "not-found",
        ),
        (
            desk.as_nobody("GET", &path).bearer_auth(&eve),
            404,
            "not-found",
        ),
    ] {
        let answer = answered(request, problem).await;
        assert_eq!(
            (answer.status, answer.problem.as_deref()),
            (status, Some(problem))
        );
    }
    desk.close().await;
}
