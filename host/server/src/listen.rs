//! Accepting connections: bounded in number, in how long they may take to say what they want, and
//! in how long a shutdown waits for them.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use souk_core::limits::{CONNECTIONS_MAX, HEADER_READ_MS_MAX, SHUTDOWN_MS_MAX};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// The bounds of the edge, as values.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at once; the next waits in the kernel's queue.
    pub connections: usize,
    /// A request's headers must be in by then.
    pub header_read: Duration,
    /// How long a shutdown waits.
    pub shutdown: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: CONNECTIONS_MAX,
            header_read: Duration::from_millis(HEADER_READ_MS_MAX),
            shutdown: Duration::from_millis(SHUTDOWN_MS_MAX),
        }
    }
}

/// Serves `router` until `stop` completes, then lets requests under way finish.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    tokio::pin!(stop);
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            break;
        };
        tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => {
                let Some(stream) = accepted_or_pause(accepted).await else { continue };
                let connection = graceful.watch(connection(stream, router.clone(), limits));
                connections.spawn(async move {
                    if let Err(error) = connection.await {
                        tracing::debug!("a connection ended: {error}");
                    }
                    drop(place);
                });
            }
        }
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    if tokio::time::timeout(limits.shutdown, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some connections were still busy and are cut");
    }
}

/// One connection, with upgrades for sockets.
fn connection(
    stream: TcpStream,
    router: Router,
    limits: Limits,
) -> auto::UpgradeableConnection<
    'static,
    TokioIo<TcpStream>,
    TowerToHyperService<Router>,
    TokioExecutor,
> {
    let mut http = auto::Builder::new(TokioExecutor::new()).http1_only();
    http.http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_read);
    let service = TowerToHyperService::new(router);
    http.serve_connection_with_upgrades(TokioIo::new(stream), service)
        .into_owned()
}

/// Out of file handles is no reason to stop, but one to wait a moment.
async fn accepted_or_pause<A>(accepted: std::io::Result<(TcpStream, A)>) -> Option<TcpStream> {
    match accepted {
        Ok((stream, _)) => {
            // Answers are small and people wait for them.
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!("a socket kept its delay: {error}");
            }
            Some(stream)
        }
        Err(error) => {
            tracing::warn!("a connection could not be accepted: {error}");
            tokio::time::sleep(Duration::from_millis(50)).await;
            None
        }
    }
}
