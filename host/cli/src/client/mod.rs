//! A client of the public API: what `publish`, the demo and the test laboratory speak.

mod stream;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use souk_server::wire::people::{Account, Issued, Person, TokenAsk};

pub use reqwest::Method;
pub use stream::Stream;

/// What a host answered instead of what was asked for (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, thiserror::Error)]
#[error("{detail} ({status}, {kind})")]
pub struct Refused {
    /// The stable name of the problem, like `/problems/insufficient-funds`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong, in words.
    pub detail: String,
    /// The next step.
    #[serde(default)]
    pub hint: String,
    /// The app's own words, if it was the app that said no.
    #[serde(default)]
    pub app_says: Option<String>,
}

impl Refused {
    /// Tells whether the problem is the one with this name.
    pub fn is(&self, name: &str) -> bool {
        self.kind.strip_prefix("/problems/") == Some(name)
    }
}

/// Why a call did not work.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The host said no.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The host could not be reached, or the connection broke: the call may have happened.
    #[error("the host cannot be reached")]
    Unreachable(#[source] reqwest::Error),
    /// The socket could not be opened, or broke.
    #[error("the stream broke off")]
    Stream(#[source] Box<tokio_tungstenite::tungstenite::Error>),
    /// What answered is not a Souk host, or one of another version.
    #[error("the answer is not one that a Souk host gives: {0}")]
    Foreign(String),
}

/// What a host answered, whatever it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// What came with it.
    pub body: Vec<u8>,
}

impl Answer {
    /// Tells whether what was asked for was done.
    pub fn is_good(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// A person or program that talks to a host.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: String,
}

impl Client {
    /// Talks to the host at `base`, like `http://127.0.0.1:8470`, with a token.
    pub fn new(base: &str, token: &str) -> Self {
        let base = base.trim_end_matches('/').to_owned();
        Self {
            http: reqwest::Client::new(),
            base,
            token: token.to_owned(),
        }
    }

    /// Makes an account and returns a client that acts for it.
    ///
    /// # Errors
    /// Those of the two calls it makes.
    pub async fn join(base: &str, account: &Account) -> Result<Self, ClientError> {
        let nobody = Self::new(base, "");
        nobody.post::<Person>("/v1/accounts", account).await?;
        nobody.sign_in(&account.handle, &account.password).await
    }

    /// Returns a client that acts for whom these credentials are.
    ///
    /// # Errors
    /// `wrong-credentials`.
    pub async fn sign_in(&self, handle: &str, password: &str) -> Result<Self, ClientError> {
        let ask = TokenAsk {
            handle: Some(handle.to_owned()),
            password: Some(password.to_owned()),
            label: "souk".to_owned(),
        };
        let issued: Issued = self.post("/v1/tokens", &ask).await?;
        Ok(Self {
            token: issued.token,
            ..self.clone()
        })
    }

    /// Returns the same client for a host that moved.
    #[must_use]
    pub fn at(&self, base: &str) -> Self {
        Self {
            base: base.to_owned(),
            ..self.clone()
        }
    }

    /// Reads something.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        parse(&self.send(self.request(Method::GET, path)).await?)
    }

    /// Reads something that is kept as it is: a receipt.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub async fn get_text(&self, path: &str) -> Result<String, ClientError> {
        text(self.get_bytes(path).await?)
    }

    /// Reads something that is no text: a trace.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub async fn get_bytes(&self, path: &str) -> Result<Vec<u8>, ClientError> {
        self.send(self.request(Method::GET, path)).await
    }

    /// Changes something, without a key: every call is a new one.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, ClientError> {
        parse(
            &self
                .send(self.request(Method::POST, path).json(body))
                .await?,
        )
    }

    /// Changes something, once however often it is called with this key.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub async fn post_once<T: DeserializeOwned>(
        &self,
        path: &str,
        key: &str,
        body: &impl Serialize,
    ) -> Result<T, ClientError> {
        parse(
            &self
                .send(
                    self.request(Method::POST, path)
                        .header("idempotency-key", key)
                        .json(body),
                )
                .await?,
        )
    }

    /// Sends a package.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub async fn post_package<T: DeserializeOwned>(
        &self,
        path: &str,
        package: Vec<u8>,
    ) -> Result<T, ClientError> {
        let request = self
            .request(Method::POST, path)
            .header("content-type", "application/wasm");
        parse(&self.send(request.body(package)).await?)
    }

    /// Asks anything, with a body of a kind, and returns the answer as it came: for those who look
    /// at refusals.
    ///
    /// # Errors
    /// [`ClientError::Unreachable`].
    pub async fn ask(
        &self,
        method: Method,
        path: &str,
        kind: &str,
        body: Vec<u8>,
    ) -> Result<Answer, ClientError> {
        let request = self.request(method, path).header("content-type", kind);
        answer(request.body(body)).await
    }

    /// Opens the stream of what this person is told, from a token on or from now.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub async fn stream(&self, resume: Option<&str>) -> Result<Stream, ClientError> {
        Stream::open(&self.base, &self.token, resume).await
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.base))
            .bearer_auth(&self.token)
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Vec<u8>, ClientError> {
        let answer = answer(request).await?;
        if answer.is_good() {
            return Ok(answer.body);
        }
        let refused: Result<Refused, _> = serde_json::from_slice(&answer.body);
        let foreign = |_| foreign(answer.status, &String::from_utf8_lossy(&answer.body));
        Err(refused.map_or_else(foreign, ClientError::Refused))
    }
}

async fn answer(request: reqwest::RequestBuilder) -> Result<Answer, ClientError> {
    let answer = request.send().await.map_err(ClientError::Unreachable)?;
    let status = answer.status().as_u16();
    let body = answer.bytes().await.map_err(ClientError::Unreachable)?;
    let body = body.into();
    Ok(Answer { status, body })
}

fn foreign(status: u16, text: &str) -> ClientError {
    ClientError::Foreign(format!(
        "{status} {}",
        text.chars().take(120).collect::<String>()
    ))
}

/// Reads an answer; an empty one is nothing.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ClientError> {
    let body = if body.is_empty() { b"null" } else { body };
    serde_json::from_slice(body).map_err(|error| ClientError::Foreign(error.to_string()))
}

fn text(body: Vec<u8>) -> Result<String, ClientError> {
    String::from_utf8(body).map_err(|error| ClientError::Foreign(error.to_string()))
}
