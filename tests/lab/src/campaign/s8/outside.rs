//! An outside that answers as a market's does: what is kept is looked for, the way out is taken,
//! and what came is kept. Its network has one server; its connections may go wrong like the store.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use async_trait::async_trait;
use souk_core::Reach;
use souk_egress::{Answer, Egress, Limits, Net, Protections, Request, Stream, Trust};
use souk_events::{Event, Reply, reads};
use souk_market::SystemClock;
use souk_runtime::{Outside, Read, reply};
use souk_store::{Store, StoreError, Txn};
use tokio::io::{
    AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf, duplex,
};
use tokio::task::JoinSet;

use super::PLACES;
use super::fate::{Fate, Met};
use crate::Wrong;

/// Where the server is, for everybody who looks its name up.
const SERVER: [u8; 4] = [93, 184, 216, 34];
const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\ntea";

/// The outside of a world.
pub(super) struct Unlucky {
    store: Store,
    egress: Egress,
}

/// The network it goes out into.
struct Network {
    fate: Arc<Fate>,
    servers: Mutex<JoinSet<()>>,
}

/// A connection whose first read and whose first write may go wrong.
struct Wire {
    stream: DuplexStream,
    fate: Arc<Fate>,
    read: bool,
    written: bool,
}

impl Unlucky {
    pub(super) fn open(store: Store, fate: Arc<Fate>) -> Result<Self, Wrong> {
        let limits = Limits {
            per_minute: usize::MAX,
            of_app: PLACES,
            at_once: PLACES,
        };
        let servers = Mutex::default();
        let (net, clock) = (Arc::new(Network { fate, servers }), Arc::new(SystemClock));
        let trust = Trust::in_only(Vec::new())?;
        let egress = Egress::new(net, clock, trust, limits, Protections::default());
        Ok(Self { store, egress })
    }
}

impl fmt::Debug for Unlucky {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unlucky").finish_non_exhaustive()
    }
}

#[async_trait]
impl Outside for Unlucky {
    async fn read(
        &self,
        event: &Event,
        reach: &[Reach],
        request: &Request,
        patience: Duration,
    ) -> Result<Read, StoreError> {
        let asked = [0; 32];
        let kept = |txn: Txn| async move { reads::kept(&txn, event.id, &asked).await };
        if let Some(reply) = self.store.view(kept).await? {
            let answer = Ok(answer(reply));
            return Ok(Read { answer, millis: 0 });
        }
        let sent = self.egress.send(&event.app, reach, request, patience).await;
        let came = &sent.answer;
        let keep = |txn: Txn| async move {
            match came.clone().map(reply) {
                Ok(reply) => Ok(Ok(reads::keep(&txn, event, &asked, reply).await?)),
                Err(refusal) => Ok(Err(refusal)),
            }
        };
        let answer = self.store.transact(keep).await?.map(answer);
        Ok(Read { answer, millis: 0 })
    }
}

fn answer(reply: Reply) -> Answer {
    let Reply {
        status,
        headers,
        body,
    } = reply;
    Answer {
        status,
        headers,
        body,
    }
}

#[async_trait]
impl Net for Network {
    async fn look_up(&self, _: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        self.fate.wait(true).await?;
        Ok(vec![SocketAddr::from((SERVER, port))])
    }

    async fn connect(&self, _: SocketAddr) -> io::Result<Stream> {
        self.fate.wait(true).await?;
        let (stream, mut server) = duplex(64 << 10);
        let mut servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        servers.spawn(async move {
            let mut asked = [0; 16 << 10];
            drop(server.read(&mut asked).await);
            drop(server.write_all(ANSWER).await);
        });
        Ok(Box::new(Wire {
            stream,
            fate: Arc::clone(&self.fate),
            read: false,
            written: false,
        }))
    }

    fn is_own(&self, _: IpAddr) -> bool {
        false
    }
}

/// Comes to a place, the first time. One that waits for ever is not asked again.
fn first(fate: &Fate, before: &mut bool) -> Poll<io::Result<()>> {
    if std::mem::replace(before, true) {
        return Poll::Ready(Ok(()));
    }
    match fate.meet(true)? {
        Met::Nothing => Poll::Ready(Ok(())),
        Met::Eternity => Poll::Pending,
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Self {
            stream, fate, read, ..
        } = &mut *self;
        ready!(first(fate, read))?;
        Pin::new(stream).poll_read(context, into)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let Self {
            stream,
            fate,
            written,
            ..
        } = &mut *self;
        ready!(first(fate, written))?;
        Pin::new(stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
