//! What handlers take out of a request: who calls, with which key, and what they ask.

use axum::body::Bytes;
use axum::extract::{
    FromRequest, FromRequestParts, OptionalFromRequestParts, Path, Query, Request,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use serde::de::DeserializeOwned;
use souk_core::UserId;
use souk_core::limits::{BODY_READ_MS_MAX, KEY_BYTES_MAX};
use souk_events::Locale;
use souk_market::{Call, CallKey};
use std::time::Duration;

use crate::Edge;
use crate::problem::{Problem, Slip};

/// The name of the session cookie. The prefix makes browsers refuse it from anywhere but this
/// origin (RFC 6265bis, 4.1.3.2).
pub(crate) const COOKIE: &str = "__Host-souk";

/// The person who calls, by session or by token.
pub(crate) struct Caller(pub(crate) UserId);

impl FromRequestParts<Edge> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, edge: &Edge) -> Result<Self, Problem> {
        let found = match bearer(&parts.headers) {
            Some(token) => edge.market.token_user(token).await?,
            None => by_session(parts, edge).await?,
        };
        found.map(Self).ok_or_else(|| Slip::NotSignedIn.into())
    }
}

impl OptionalFromRequestParts<Edge> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, edge: &Edge) -> Result<Option<Self>, Problem> {
        match <Self as FromRequestParts<Edge>>::from_request_parts(parts, edge).await {
            Ok(caller) => Ok(Some(caller)),
            Err(problem) if problem.is(&Slip::NotSignedIn) => Ok(None),
            Err(problem) => Err(problem),
        }
    }
}

async fn by_session(parts: &Parts, edge: &Edge) -> Result<Option<UserId>, Problem> {
    let Some(secret) = session_cookie(&parts.headers) else {
        return Ok(None);
    };
    same_origin(parts)?;
    Ok(edge.market.session_user(secret).await?)
}

/// Returns the token of an `Authorization: Bearer` header.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .strip_prefix("Bearer ")
}

/// Returns what the session cookie holds.
pub(crate) fn session_cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut pairs = cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs.find_map(|(name, value)| (name == COOKIE).then_some(value))
}

/// Returns the language that stands first in `Accept-Language`: browsers write them in the order of
/// their person's liking.
fn locale(headers: &HeaderMap) -> Option<Locale> {
    let languages = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let first = languages.split([',', ';']).next()?;
    Locale::of(first.trim())
}

/// Refuses what another site makes a browser send: a cookie alone proves nothing about who wrote
/// the request. Reading through a link is allowed, sockets and changes are not.
fn same_origin(parts: &Parts) -> Result<(), Problem> {
    let text = |name: &str| {
        parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let upgrade = parts.headers.contains_key(header::UPGRADE);
    let reads = (parts.method == Method::GET || parts.method == Method::HEAD) && !upgrade;
    let site = text("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    let host = text("host").unwrap_or_default();
    let origin = text("origin").is_none_or(|origin| {
        origin
            .split_once("://")
            .is_some_and(|(_, authority)| authority == host)
    });
    if reads || (site && origin) {
        Ok(())
    } else {
        Err(Slip::CrossSite.into())
    }
}

/// A JSON body.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Edge> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, edge: &Edge) -> Result<Self, Problem> {
        let bytes = body(request, edge).await?;
        Ok(Self(parse(&bytes)?))
    }
}

/// A change a person asks for: who, under which key, and what.
pub(crate) struct Act<T> {
    pub(crate) call: Call,
    pub(crate) ask: T,
}

impl<T: DeserializeOwned> FromRequest<Edge> for Act<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, edge: &Edge) -> Result<Self, Problem> {
        let RawAct { call, body } = RawAct::from_request(request, edge).await?;
        Ok(Self {
            call,
            ask: parse(&body)?,
        })
    }
}

/// A change whose body is not JSON, or empty.
pub(crate) struct RawAct {
    pub(crate) call: Call,
    pub(crate) body: Bytes,
}

impl FromRequest<Edge> for RawAct {
    type Rejection = Problem;

    async fn from_request(request: Request, edge: &Edge) -> Result<Self, Problem> {
        let (mut parts, rest) = request.into_parts();
        let Caller(by) =
            <Caller as FromRequestParts<Edge>>::from_request_parts(&mut parts, edge).await?;
        let (key, route) = (key(&parts.headers)?, route(&parts));
        let locale = locale(&parts.headers);
        let body = body(Request::from_parts(parts, rest), edge).await?;
        Ok(Self {
            call: Call::new(by, key, &route, &body).in_language(locale),
            body,
        })
    }
}

/// The operator, by their own token. No session and no other token is theirs.
pub(crate) struct Operator;

impl FromRequestParts<Edge> for Operator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, edge: &Edge) -> Result<Self, Problem> {
        let token = bearer(&parts.headers).ok_or(Slip::NotOperator)?;
        if edge.market.is_operator(token).await? {
            Ok(Self)
        } else {
            Err(Slip::NotOperator.into())
        }
    }
}

/// A change the operator asks for.
pub(crate) struct OperatorAct<T> {
    pub(crate) call: Call,
    pub(crate) ask: T,
}

impl<T: DeserializeOwned> FromRequest<Edge> for OperatorAct<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, edge: &Edge) -> Result<Self, Problem> {
        let RawOperatorAct { call, body } = RawOperatorAct::from_request(request, edge).await?;
        Ok(Self {
            call,
            ask: parse(&body)?,
        })
    }
}

/// A change the operator asks for, whose body is empty.
pub(crate) struct RawOperatorAct {
    pub(crate) call: Call,
    pub(crate) body: Bytes,
}

impl FromRequest<Edge> for RawOperatorAct {
    type Rejection = Problem;

    async fn from_request(request: Request, edge: &Edge) -> Result<Self, Problem> {
        let (mut parts, rest) = request.into_parts();
        let Operator = Operator::from_request_parts(&mut parts, edge).await?;
        let (key, route) = (key(&parts.headers)?, route(&parts));
        let body = body(Request::from_parts(parts, rest), edge).await?;
        Ok(Self {
            call: Call::of_operator(key, &route, &body),
            body,
        })
    }
}

/// What keeps the same body at two addresses apart.
fn route(parts: &Parts) -> String {
    format!("{} {}", parts.method, parts.uri.path())
}

/// Returns the caller's idempotency key, or one of our own that nobody will repeat.
fn key(headers: &HeaderMap) -> Result<CallKey, Problem> {
    let Some(value) = headers.get("idempotency-key") else {
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(|_| souk_store::StoreError::Keyring)?;
        return Ok(CallKey::made_up(hex::encode(random)));
    };
    let key = value.to_str().map_err(|_| Slip::Key)?;
    if key.is_empty() || key.len() > KEY_BYTES_MAX {
        Err(Slip::Key.into())
    } else {
        Ok(key.into())
    }
}

/// Reads the whole body, bounded in size by the route and in time here.
async fn body(request: Request, edge: &Edge) -> Result<Bytes, Problem> {
    let wait = Duration::from_millis(BODY_READ_MS_MAX);
    match tokio::time::timeout(wait, Bytes::from_request(request, edge)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(Slip::BodyTooLarge.into()),
        Err(_) => Err(Slip::BodySlow.into()),
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(bytes).map_err(|error| Slip::Json(error.to_string()).into())
}

/// The parts of the address that stand for something: ids, mostly.
pub(crate) struct Address<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Edge> for Address<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, edge: &Edge) -> Result<Self, Problem> {
        let read = <Path<T> as FromRequestParts<Edge>>::from_request_parts(parts, edge).await;
        let Path(read) = read.map_err(|wrong| Slip::Address(wrong.body_text()))?;
        Ok(Self(read))
    }
}

/// What is asked behind the address's question mark.
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<Edge> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, edge: &Edge) -> Result<Self, Problem> {
        let read = Query::from_request_parts(parts, edge).await;
        let Query(read) = read.map_err(|wrong| Slip::Query(wrong.body_text()))?;
        Ok(Self(read))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn read(header: Option<&'static str>) -> Option<String> {
        let value = |text| (header::ACCEPT_LANGUAGE, HeaderValue::from_static(text));
        let locale = locale(&header.map(value).into_iter().collect())?;
        Some(locale.as_str().to_owned())
    }

    #[test]
    fn the_first_language_that_a_request_accepts_is_told() {
        for (header, told) in [
            ("pt-BR,pt;q=0.9,en;q=0.8", "pt-BR"),
            ("de-at-1996; q=0.7", "de-AT"),
            (" fr , en", "fr"),
        ] {
            assert_eq!(read(Some(header)).as_deref(), Some(told), "{header}");
        }
        for nothing in [None, Some(""), Some("*"), Some("<script>, en")] {
            assert_eq!(read(nothing), None, "{nothing:?}");
        }
    }
}
