//! What is asked and what is answered, in values that can be sent as they are.

use hyper::header::{HeaderName, HeaderValue};
use souk_core::limits::{
    HTTP_BODY_BYTES_MAX, HTTP_HEADER_BYTES_MAX, HTTP_HEADERS_MAX, URL_BYTES_MAX,
};
use souk_core::{Method, Origin};

use crate::refusal::Refusal;

/// A header: its name in small letters, and its value.
pub type Header = (String, String);

/// Headers that say how a message travels or to whom: those are the host's to set.
const OURS: [&str; 16] = [
    "host",
    "connection",
    "content-length",
    "transfer-encoding",
    "te",
    "trailer",
    "upgrade",
    "expect",
    "keep-alive",
    "proxy-authorization",
    "proxy-authenticate",
    "proxy-connection",
    "http2-settings",
    "idempotency-key",
    "forwarded",
    "via",
];

/// A request that can be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What it does.
    pub method: Method,
    /// To whom.
    pub origin: Origin,
    /// The path with the query; starts with `/`.
    pub path: String,
    /// Its headers, without those that are the host's to set.
    pub headers: Vec<Header>,
    /// What it carries.
    pub body: Vec<u8>,
    /// Makes the same request, sent twice, happen once.
    pub idempotency_key: Option<String>,
}

/// An answer, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its status, from 100 to 999.
    pub status: u16,
    /// Its headers, without those that say how it travelled.
    pub headers: Vec<Header>,
    /// What it carries.
    pub body: Vec<u8>,
}

impl Request {
    /// Reads a request. Nothing is corrected.
    ///
    /// # Errors
    /// The first [`Refusal`] that applies.
    pub fn parse(
        method: &str,
        url: &str,
        headers: Vec<Header>,
        body: Vec<u8>,
    ) -> Result<Self, Refusal> {
        if url.len() > URL_BYTES_MAX {
            return Err(Refusal::UrlLong);
        }
        let (origin, rest) = Origin::start_of(url)?;
        let path = path(rest)?;
        let unknown = || Refusal::Method(method.chars().take(20).collect());
        let method = Method::named(method).ok_or_else(unknown)?;
        let headers = checked(headers)?;
        if body.len() > HTTP_BODY_BYTES_MAX {
            return Err(Refusal::BodyLarge);
        }
        if method == Method::Get && !body.is_empty() {
            return Err(Refusal::Method("GET carries no body".to_owned()));
        }
        Ok(Self {
            method,
            origin,
            path,
            headers,
            body,
            idempotency_key: None,
        })
    }
}

impl Answer {
    /// What it comes to when it is handed over, in bytes.
    pub fn size(&self) -> usize {
        self.body.len().saturating_add(size(&self.headers))
    }
}

/// What headers come to, in bytes.
pub(crate) fn size(headers: &[Header]) -> usize {
    let of = |(name, value): &Header| name.len().saturating_add(value.len());
    headers.iter().map(of).fold(0, usize::saturating_add)
}

/// Tells whether a header says how a message travels.
pub(crate) fn is_ours(name: &str) -> bool {
    OURS.contains(&name)
}

/// A path as it may stand in a request: visible letters of ASCII, nothing that ends it early.
fn path(rest: &str) -> Result<String, Refusal> {
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"#\\\"<>`{}|^".contains(&byte);
    if !rest.bytes().all(plain) {
        return Err(Refusal::Path);
    }
    if rest.starts_with('/') {
        return Ok(rest.to_owned());
    }
    Ok(format!("/{rest}"))
}

fn checked(headers: Vec<Header>) -> Result<Vec<Header>, Refusal> {
    if headers.len() > HTTP_HEADERS_MAX || size(&headers) > HTTP_HEADER_BYTES_MAX {
        return Err(Refusal::Headers);
    }
    headers.into_iter().map(header).collect()
}

fn header((name, value): Header) -> Result<Header, Refusal> {
    let bad = || Refusal::Header(name.chars().take(40).collect());
    let read = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad())?;
    if is_ours(read.as_str()) || HeaderValue::from_str(&value).is_err() {
        return Err(bad());
    }
    Ok((read.as_str().to_owned(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(method: &str, url: &str, header: (&str, &str), body: usize) -> Result<String, Refusal> {
        let headers = vec![(header.0.to_owned(), header.1.to_owned())];
        let request = Request::parse(method, url, headers, vec![b'x'; body])?;
        Ok(format!("{} {}", request.origin, request.path))
    }

    fn get(url: &str) -> Result<String, Refusal> {
        read("GET", url, ("accept", "*/*"), 0)
    }

    #[test]
    fn a_request_says_what_is_sent() {
        let asked = get("https://api.example.com?q=1").unwrap();
        assert_eq!(asked, "https://api.example.com /?q=1");
        let asked = get("https://api.example.com:8443/a%20b/../c").unwrap();
        assert_eq!(asked, "https://api.example.com:8443 /a%20b/../c");
    }

    #[test]
    fn what_would_be_sent_otherwise_than_it_reads_is_refused() {
        for path in [
            "/a b",
            "/a\r\nHost: x",
            "/a#b",
            "/a\\b",
            "/\u{e9}",
            "/a\tb",
            "/<x>",
        ] {
            let url = format!("https://api.example.com{path}");
            assert!(get(&url).is_err(), "{url:?}");
        }
        for (name, value) in [
            ("Host", "localhost"),
            ("Content-Length", "5"),
            ("Transfer-Encoding", "chunked"),
            ("Idempotency-Key", "mine"),
            ("a b", "x"),
            ("", "x"),
            ("x", "a\r\nHost: localhost"),
            ("x", "a\0"),
        ] {
            let asked = read("GET", "https://api.example.com", (name, value), 0);
            assert!(
                matches!(asked, Err(Refusal::Header(_))),
                "{name}: {asked:?}"
            );
        }
        for method in ["get", "CONNECT", "TRACE", "OPTIONS", "", "GET /"] {
            let asked = read(method, "https://api.example.com", ("x", "y"), 0);
            assert!(matches!(asked, Err(Refusal::Method(_))), "{method}");
        }
        let url = "https://api.example.com";
        assert_eq!(
            read("POST", url, ("x", "y"), HTTP_BODY_BYTES_MAX + 1),
            Err(Refusal::BodyLarge)
        );
        assert!(read("POST", url, ("x", "y"), HTTP_BODY_BYTES_MAX).is_ok());
        let long = "y".repeat(HTTP_HEADER_BYTES_MAX);
        assert_eq!(read("POST", url, ("x", &long), 0), Err(Refusal::Headers));
        assert_eq!(
            get(&format!("{url}/{}", "x".repeat(URL_BYTES_MAX))),
            Err(Refusal::UrlLong)
        );
    }
}
