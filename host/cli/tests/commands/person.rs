//! Somebody at a host, who asks it over HTTP.

use std::thread;
use std::time::Duration;

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

/// The password of everybody.
pub(crate) const PASSWORD: &str = "one-small-market";

/// Somebody at a host.
pub(crate) struct Person {
    base: String,
    token: String,
}

impl Person {
    pub(crate) fn join(base: &str, handle: &str, name: &str) -> Self {
        let nobody = Self {
            base: base.to_owned(),
            token: String::new(),
        };
        let account = json!({"handle": handle, "name": name, "password": PASSWORD});
        assert_eq!(nobody.post("/v1/accounts", &account).0, 201);
        nobody.sign_in(handle).unwrap()
    }

    /// Signs in at the same host; `None` when it says no.
    pub(crate) fn sign_in(&self, handle: &str) -> Option<Self> {
        let ask = json!({"handle": handle, "password": PASSWORD, "label": "test"});
        let (status, issued) = self.post("/v1/tokens", &ask);
        (status == 201).then(|| Self {
            base: self.base.clone(),
            token: issued["token"].as_str().unwrap().to_owned(),
        })
    }

    /// The same person at the same host, which listens elsewhere now.
    pub(crate) fn at(self, base: &str) -> Self {
        let base = base.to_owned();
        Self { base, ..self }
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.ask(Method::POST, path, Some(body))
    }

    /// Posts under a key, again and again while the host says that it is not there just now.
    pub(crate) fn post_once(&self, path: &str, body: &Value, key: &str) -> (u16, Value) {
        loop {
            let post = self.request(Method::POST, path).json(body);
            let answer = answer(post.header("Idempotency-Key", key));
            if answer.0 != 503 {
                return answer;
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    pub(crate) fn get(&self, path: &str) -> (u16, Value) {
        self.ask(Method::GET, path, None)
    }

    pub(crate) fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> (u16, Value) {
        let ask = self.request(method, path);
        answer(match body {
            Some(body) => ask.json(body),
            None => ask,
        })
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        reqwest::Client::new()
            .request(method, format!("{}{path}", self.base))
            .bearer_auth(&self.token)
    }

    /// Everything this person can read, in one text.
    pub(crate) fn reads(&self, chats: &[String]) -> String {
        let lists = [
            "/v1/chats",
            "/v1/wallet/transfers",
            "/v1/wallet/statement?currency=USD",
        ];
        let mut paths = lists.map(str::to_owned).to_vec();
        paths.extend(
            chats
                .iter()
                .map(|chat| format!("/v1/chats/{chat}/messages")),
        );
        let pages = paths.iter().map(|path| {
            let (status, page) = self.get(path);
            assert_eq!(status, 200, "{path}: {page}");
            page.to_string()
        });
        pages.collect()
    }
}

/// Sends a request, and returns what was answered.
fn answer(request: RequestBuilder) -> (u16, Value) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    })
}
