//! The outside: a network with one server, which does with requests what a test says.

#![allow(clippy::disallowed_methods, reason = "its servers end with the test")]

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use souk_egress::{Egress, Net, Protections, Stream, Trust};
use souk_market::Config;
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
use tokio::sync::Notify;

use crate::clock::HandClock;

/// What the server does with a request.
#[derive(Clone, Copy)]
pub(crate) enum Answers {
    /// Answers with the path.
    Well,
    /// Answers with this.
    With(&'static str),
    /// Takes it and hangs up.
    HangsUp,
    /// Takes it and says nothing.
    Never,
}

/// A network with one server.
pub(crate) struct Server {
    answers: Mutex<Answers>,
    asked: Mutex<Vec<String>>,
    /// Told of each request.
    heard: Notify,
    /// Has a request wait until it is told to go on.
    gate: Option<Notify>,
}

impl Server {
    /// A server; with a gate, each request waits until it is told to go on.
    pub(crate) fn open(answers: Answers, has_gate: bool) -> Arc<Self> {
        Arc::new(Self {
            answers: Mutex::new(answers),
            asked: Mutex::default(),
            heard: Notify::new(),
            gate: has_gate.then(Notify::new),
        })
    }

    /// A market that this is the outside of.
    pub(crate) fn outside(self: &Arc<Self>, clock: Arc<HandClock>) -> Config {
        let egress = Egress::new(
            Arc::new(Wire(Arc::clone(self))),
            clock,
            Trust::in_only(Vec::new()).unwrap(),
            souk_egress::Limits::default(),
            Protections::default(),
        );
        Config {
            outside: Some(egress),
            ..Config::default()
        }
    }

    /// Waits for the next request.
    pub(crate) async fn is_asked(&self) {
        self.heard.notified().await;
    }

    /// Lets a request through the gate.
    pub(crate) fn let_through(&self) {
        self.gate.as_ref().unwrap().notify_one();
    }

    pub(crate) fn changes_to(&self, answers: Answers) {
        *self.answers.lock().unwrap() = answers;
    }

    /// The requests that arrived.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// The way to it.
struct Wire(Arc<Server>);

#[async_trait]
impl Net for Wire {
    async fn look_up(&self, _: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        Ok(vec![SocketAddr::from(([93, 184, 216, 34], port))])
    }

    async fn connect(&self, _: SocketAddr) -> io::Result<Stream> {
        let (near, mut far) = duplex(64 << 10);
        let server = Arc::clone(&self.0);
        tokio::spawn(async move {
            let mut asked = vec![0; 64 << 10];
            let read = far.read(&mut asked).await.unwrap();
            let asked = String::from_utf8_lossy(&asked[..read]).into_owned();
            let path = asked.split(' ').nth(1).unwrap().to_owned();
            server.asked.lock().unwrap().push(asked);
            server.heard.notify_one();
            if let Some(gate) = &server.gate {
                gate.notified().await;
            }
            let answers = *server.answers.lock().unwrap();
            match answers {
                Answers::Well => drop(far.write_all(&answer(&path)).await),
                Answers::With(words) => drop(far.write_all(&answer(words)).await),
                Answers::HangsUp => {}
                Answers::Never => std::future::pending().await,
            }
        });
        Ok(Box::new(near))
    }

    fn is_own(&self, _: IpAddr) -> bool {
        false
    }
}

fn answer(words: &str) -> Vec<u8> {
    let length = words.len();
    format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{words}").into_bytes()
}
