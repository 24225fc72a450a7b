//! Somebody between the host and the database, who cuts the line at the worst moment.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use souk_store::postgres::Options;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;

/// When the line is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Once, before the next commit reaches the server.
    Before,
    /// Once, between the server's commit and its answer.
    After,
}

/// The one in between.
#[derive(Default)]
pub struct Proxy {
    cut: Mutex<Option<Cut>>,
    /// The line stays dead after a cut.
    pub dead: AtomicBool,
}

impl Proxy {
    /// Puts one between tables and whoever opens them with the options it gives.
    pub async fn before(address: &str) -> (Arc<Self>, Options) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let own = listener.local_addr().unwrap();
        let server: SocketAddr = between(address, "@", "/souk").parse().unwrap();
        let proxy = Arc::new(Self::default());
        tokio::spawn(Arc::clone(&proxy).accept(listener, server));
        let address = address.replace(&server.to_string(), &own.to_string());
        let mut options = Options::at(&address).unwrap();
        options.protections.durable_server = false;
        (proxy, options)
    }

    /// Cuts the line at the next commit.
    pub async fn cut(&self, cut: Cut) {
        *self.cut.lock().await = Some(cut);
    }

    async fn accept(self: Arc<Self>, listener: TcpListener, server: SocketAddr) {
        loop {
            let (host, _) = listener.accept().await.unwrap();
            if !self.dead.load(Ordering::SeqCst) {
                let server = TcpStream::connect(server).await.unwrap();
                tokio::spawn(Arc::clone(&self).relay(host, server));
            }
        }
    }

    /// Carries bytes both ways until one side hangs up or the line is cut.
    async fn relay(self: Arc<Self>, mut host: TcpStream, mut server: TcpStream) {
        let (mut asked, mut answered) = (vec![0; 1 << 16], vec![0; 1 << 16]);
        loop {
            tokio::select! {
                count = host.read(&mut asked) => {
                    let asked = &asked[..count.unwrap_or(0)];
                    if asked.is_empty() {
                        return;
                    }
                    let commits = asked.windows(7).any(|bytes| bytes == b"COMMIT\0");
                    let cut = if commits { self.cut.lock().await.take() } else { None };
                    if cut == Some(Cut::Before) {
                        return;
                    }
                    server.write_all(asked).await.unwrap();
                    if cut == Some(Cut::After) {
                        // The server answers, and nobody hears it.
                        let limit = Duration::from_secs(9);
                        let answer = server.read(&mut answered);
                        tokio::time::timeout(limit, answer).await.unwrap().unwrap();
                        return;
                    }
                }
                count = server.read(&mut answered) => {
                    let answered = &answered[..count.unwrap_or(0)];
                    if answered.is_empty() || host.write_all(answered).await.is_err() {
                        return;
                    }
                }
            }
        }
    }
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).unwrap();
    rest.split_once(end).unwrap().0
}
