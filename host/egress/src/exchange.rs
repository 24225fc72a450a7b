//! One request and one answer on one connection, which is closed behind them.

use std::pin::pin;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{CONNECTION, HOST, USER_AGENT};
use hyper::{Response, http};
use hyper_util::rt::TokioIo;
use souk_core::limits::{HTTP_BODY_BYTES_MAX, HTTP_HEADER_BYTES_MAX, HTTP_HEADERS_MAX};

use crate::message::{Answer, Header, Request, is_ours, size};
use crate::net::Stream;
use crate::refusal::Refusal;

/// How the host names itself.
const AGENT: &str = concat!("souk/", env!("CARGO_PKG_VERSION"));
/// The header by which the same request, sent twice, happens once.
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Sends a request and reads the answer, whole.
pub(crate) async fn exchange(stream: Stream, request: &Request) -> Result<Answer, Refusal> {
    let shaken = http1::Builder::new()
        .max_headers(HTTP_HEADERS_MAX)
        .max_buf_size(HTTP_HEADER_BYTES_MAX)
        .handshake(TokioIo::new(stream))
        .await;
    let (mut sender, connection) = shaken.map_err(|_| Refusal::Unreachable)?;
    let asking = async {
        let response = sender.send_request(written(request)?).await;
        answer(response.map_err(|error| why(&error))?).await
    };
    // The connection moves while the answer is waited for, and ends with it.
    let (mut asking, mut connection) = (pin!(asking), pin!(connection));
    tokio::select! {
        biased;
        answer = &mut asking => answer,
        _ = &mut connection => asking.await,
    }
}

fn written(request: &Request) -> Result<http::Request<Full<Bytes>>, Refusal> {
    let mut written = http::Request::builder()
        .method(request.method.name())
        .uri(request.path.as_str())
        .header(HOST, request.origin.authority())
        .header(CONNECTION, "close");
    if !request
        .headers
        .iter()
        .any(|(name, _)| name == USER_AGENT.as_str())
    {
        written = written.header(USER_AGENT, AGENT);
    }
    for (name, value) in &request.headers {
        written = written.header(name, value);
    }
    if let Some(key) = &request.idempotency_key {
        written = written.header(IDEMPOTENCY_KEY, key);
    }
    let body = Full::new(Bytes::from(request.body.clone()));
    written.body(body).map_err(|_| Refusal::Path)
}

async fn answer(response: Response<Incoming>) -> Result<Answer, Refusal> {
    let (head, body) = response.into_parts();
    let headers: Vec<Header> = head
        .headers
        .iter()
        .filter(|(name, _)| !is_ours(name.as_str()))
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        })
        .collect();
    if size(&headers) > HTTP_HEADER_BYTES_MAX {
        return Err(Refusal::AnswerLarge);
    }
    let body = Limited::new(body, HTTP_BODY_BYTES_MAX).collect().await;
    let body = body.map_err(|error| {
        let cut = error.downcast_ref::<hyper::Error>();
        cut.map_or(Refusal::AnswerLarge, why)
    })?;
    Ok(Answer {
        status: head.status.as_u16(),
        headers,
        body: body.to_bytes().to_vec(),
    })
}

/// What an error of the protocol means.
fn why(error: &hyper::Error) -> Refusal {
    if error.is_parse_too_large() {
        Refusal::AnswerLarge
    } else if error.is_parse() || error.is_parse_status() {
        Refusal::NotHttp
    } else {
        Refusal::Unreachable
    }
}
