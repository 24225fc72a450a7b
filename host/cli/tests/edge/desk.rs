//! A host of its own for each test, someone signed in, and the look at every answer.

use std::net::SocketAddr;
use std::path::Path;

use reqwest::{Method, Response};
use serde_json::Value;
use souk::client::Client;
use souk::stage::{House, Programs};
use souk_server::wire::people::{Account, Issued, Person, TokenAsk};
use tempfile::TempDir;

use crate::routes::Who;

/// A host, and Ana's token.
pub(crate) struct Desk {
    room: TempDir,
    house: House,
    http: reqwest::Client,
    token: String,
    /// The operator's.
    operator: String,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The last part of the problem's type, if it is a problem.
    pub(crate) problem: Option<String>,
    pub(crate) detail: String,
}

impl Desk {
    pub(crate) async fn open() -> Self {
        let room = tempfile::tempdir().unwrap();
        let souk = Path::new(env!("CARGO_BIN_EXE_souk")).to_owned();
        let programs = Programs {
            host: vec![souk.clone().into_os_string()],
            souk,
            flags: Vec::new(),
        };
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let house = House::open(programs, room.path(), any).await.unwrap();
        let account = Account {
            handle: "ana".to_owned(),
            name: "Ana".to_owned(),
            password: "one-small-market".to_owned(),
        };
        let nobody = Client::new(house.base(), "");
        let ana: Person = nobody.post("/v1/accounts", &account).await.unwrap();
        assert_eq!(ana.handle, account.handle);
        let ask = TokenAsk {
            handle: Some(account.handle),
            password: Some(account.password),
            label: "test".to_owned(),
        };
        let issued: Issued = nobody.post("/v1/tokens", &ask).await.unwrap();
        let operator = std::fs::read_to_string(room.path().join("data/operator.token")).unwrap();
        Self {
            room,
            house,
            http: reqwest::Client::new(),
            token: issued.token,
            operator: operator.trim().to_owned(),
        }
    }

    /// A request of Ana's.
    pub(crate) fn ask(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        self.as_nobody(method, path).bearer_auth(&self.token)
    }

    /// A request of whoever a route is for.
    pub(crate) fn by(&self, who: Who, method: &str, path: &str) -> reqwest::RequestBuilder {
        match who {
            Who::Operator => self.as_nobody(method, path).bearer_auth(&self.operator),
            Who::Anybody | Who::People => self.ask(method, path),
        }
    }

    /// A request of somebody who is not signed in.
    pub(crate) fn as_nobody(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method: Method = method.parse().unwrap();
        self.http
            .request(method, format!("{}{path}", self.house.base()))
    }

    /// Ends the test: the host must still be well.
    pub(crate) async fn close(mut self) {
        let health = self.as_nobody("GET", "/v1/health").send().await.unwrap();
        assert_eq!(health.status(), 204);
        self.house.close().await;
        let log = std::fs::read_to_string(self.room.path().join("host.log")).unwrap();
        assert!(!log.contains("panicked"), "{log}");
    }
}

/// Sends a request and looks at the answer: no failure of the host, and every refusal is a problem
/// with words and a next step.
pub(crate) async fn answered(request: reqwest::RequestBuilder, what: &str) -> Answer {
    let response = request
        .send()
        .await
        .unwrap_or_else(|error| panic!("{what}: no answer: {error}"));
    let status = response.status().as_u16();
    assert!(
        status < 500,
        "{what}: {status} {}",
        response.text().await.unwrap()
    );
    if status < 400 {
        return Answer {
            status,
            problem: None,
            detail: String::new(),
        };
    }
    problem(response, what).await
}

async fn problem(response: Response, what: &str) -> Answer {
    let status = response.status().as_u16();
    let kind = response.headers().get("content-type").cloned();
    let text = response.text().await.unwrap();
    assert_eq!(
        kind.as_ref().and_then(|kind| kind.to_str().ok()),
        Some("application/problem+json"),
        "{what}: {status} {text}"
    );
    let body: Value = serde_json::from_str(&text).unwrap();
    let words = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    assert_eq!(body["status"], status, "{what}: {text}");
    for name in ["title", "detail", "hint"] {
        assert!(!words(name).is_empty(), "{what}: no {name} in {text}");
    }
    let name = words("type").strip_prefix("/problems/").map(str::to_owned);
    assert!(name.is_some(), "{what}: {text}");
    Answer {
        status,
        problem: name,
        detail: words("detail"),
    }
}
