//! What becomes of a request that may go out: sizes, times, TLS, and what is sent and read.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use souk_core::limits::{HTTP_BODY_BYTES_MAX, HTTP_HEADER_BYTES_MAX};
use souk_core::{Method, Reach};
use souk_egress::{Answer, Egress, Limits, Net, Protections, Refusal, Request, Stream, Trust};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio_rustls::TlsAcceptor;

use crate::table::net::Noon;

const CERTIFICATE: &[u8] = include_bytes!("api.example.pem");
const KEY: &[u8] = include_bytes!("api.example.key");

/// A server that answers each connection with the same bytes.
struct Server {
    answer: Vec<u8>,
    /// Whether it hangs up behind them.
    ends: bool,
    tls: bool,
}

#[async_trait]
impl Net for Server {
    async fn look_up(&self, _: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        Ok(vec![SocketAddr::from(([93, 184, 216, 34], port))])
    }

    async fn connect(&self, _: SocketAddr) -> io::Result<Stream> {
        let (near, far) = duplex(256 << 10);
        let (answer, ends) = (self.answer.clone(), self.ends);
        if self.tls {
            let stream = acceptor().accept(far);
            tokio::spawn(async move { serve(stream.await.unwrap(), &answer, ends).await });
        } else {
            tokio::spawn(async move { serve::<DuplexStream>(far, &answer, ends).await });
        }
        Ok(Box::new(near))
    }

    fn is_own(&self, _: IpAddr) -> bool {
        false
    }
}

/// Reads a request, answers, and where `ECHO` stands in the answer, sends the request back.
async fn serve<S>(mut stream: S, answer: &[u8], ends: bool)
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    let mut asked = vec![0; 64 << 10];
    let read = stream.read(&mut asked).await.unwrap_or(0);
    let echo = String::from_utf8_lossy(&asked[..read]).into_owned();
    let answer = match answer {
        b"ECHO" => format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{echo}",
            echo.len()
        )
        .into(),
        other => other.to_vec(),
    };
    drop(stream.write_all(&answer).await);
    drop(stream.flush().await);
    if !ends {
        std::future::pending::<()>().await;
    }
}

fn acceptor() -> TlsAcceptor {
    let certificate = CertificateDer::from_pem_slice(CERTIFICATE).unwrap();
    let key = PrivateKeyDer::from_pem_slice(KEY).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

fn request(url: &str) -> Request {
    let headers = vec![("Accept".to_owned(), "text/plain".to_owned())];
    let body = b"one tea".to_vec();
    let mut request = Request::parse("POST", url, headers, body).unwrap();
    request.idempotency_key = Some("evt_1".to_owned());
    request
}

async fn ask(server: Server, url: &str, trusted: bool) -> Result<Answer, Refusal> {
    let root = CertificateDer::from_pem_slice(CERTIFICATE)
        .unwrap()
        .to_vec();
    let trust = Trust::in_only(if trusted { vec![root] } else { Vec::new() }).unwrap();
    let (net, clock) = (Arc::new(server), Arc::new(Noon));
    let egress = Egress::new(net, clock, trust, Limits::default(), Protections::default());
    let request = request(url);
    let reach = [Reach {
        origin: request.origin.clone(),
        methods: vec![Method::Post],
    }];
    let app = "com.example.tea".parse().unwrap();
    let sent = egress
        .send(&app, &reach, &request, Duration::from_millis(300))
        .await;
    assert_eq!(
        sent.line.ended,
        sent.answer
            .as_ref()
            .map(|it| it.status)
            .map_err(Refusal::code)
    );
    assert_eq!(
        (sent.line.bytes_out, sent.line.address.is_some()),
        (7, true)
    );
    sent.answer
}

async fn answered(answer: impl Into<Vec<u8>>, ends: bool) -> Result<Answer, Refusal> {
    let answer = answer.into();
    ask(
        Server {
            answer,
            ends,
            tls: false,
        },
        "http://api.example.com/tea?hot",
        false,
    )
    .await
}

#[tokio::test]
async fn what_is_sent_is_what_was_asked() {
    let answer = answered(*b"ECHO", false).await.unwrap();
    let sent = String::from_utf8(answer.body).unwrap();
    let expected = "POST /tea?hot HTTP/1.1\r\nhost: api.example.com\r\nconnection: close\r\n\
        user-agent: souk/0.1.0\r\naccept: text/plain\r\nidempotency-key: evt_1\r\n\
        content-length: 7\r\n\r\none tea";
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn a_redirect_is_an_answer() {
    let moved = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nConnection: close\r\n\r\n";
    let answer = answered(moved, true).await.unwrap();
    assert_eq!(answer.status, 302);
    let location = ("location".to_owned(), "http://127.0.0.1/".to_owned());
    assert_eq!(answer.headers, [location], "how it travelled is left out");
}

#[tokio::test]
async fn answers_have_a_size_and_a_time() {
    let of = |bytes: usize| {
        let mut answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {bytes}\r\n\r\n").into_bytes();
        answer.resize(answer.len() + bytes, b'x');
        answer
    };
    assert!(answered(of(HTTP_BODY_BYTES_MAX), true).await.is_ok());
    let large = Err(Refusal::AnswerLarge);
    assert_eq!(answered(of(HTTP_BODY_BYTES_MAX + 1), true).await, large);
    let mut endless = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    endless.resize(HTTP_BODY_BYTES_MAX * 2, b'x');
    assert_eq!(answered(endless, false).await, large);
    let header = format!(
        "HTTP/1.1 200 OK\r\nx: {}\r\n\r\n",
        "x".repeat(HTTP_HEADER_BYTES_MAX)
    );
    assert_eq!(answered(header, true).await, large);
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "x: y\r\n".repeat(100));
    assert_eq!(answered(many, true).await, large);
    assert_eq!(answered(*b"", false).await, Err(Refusal::Slow));
    assert_eq!(
        answered(*b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n", false).await,
        Err(Refusal::Slow)
    );
    assert_eq!(answered(*b"", true).await, Err(Refusal::Unreachable));
    assert_eq!(
        answered(*b"SSH-2.0-OpenSSH_9.2\r\n", true).await,
        Err(Refusal::NotHttp)
    );
}

#[tokio::test]
async fn an_https_host_proves_who_it_is() {
    let server = |tls| Server {
        answer: b"ECHO".to_vec(),
        ends: false,
        tls,
    };
    let answer = ask(server(true), "https://api.example.com/", true).await;
    assert_eq!(answer.map(|answer| answer.status), Ok(200));
    let refused = Err(Refusal::Tls);
    assert_eq!(
        ask(server(true), "https://api.example.com/", false).await,
        refused,
        "unknown root"
    );
    assert_eq!(
        ask(server(true), "https://www.example.com/", true).await,
        refused,
        "other name"
    );
}
