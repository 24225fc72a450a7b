//! The socket: everything a person is told, as it happens, from wherever they had heard last.
//!
//! The client may pass `?resume=TOKEN` with the token of the last frame it saw. It sends nothing;
//! a frame from it is read and ignored, so that pings work.

use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use serde::Deserialize;
use souk_market::{Token, Updates};
use tokio::sync::watch;

use crate::Edge;
use crate::extract::{Asked, Caller};
use crate::problem::{Problem, Slip};
use crate::wire::stream::Frame;

/// How often a silent socket is pinged, so that dead ones are found.
const PING_EVERY: Duration = Duration::from_secs(20);
/// What a client may send in one frame.
const FRAME_BYTES_MAX: usize = 4 << 10;

#[derive(Deserialize)]
pub(crate) struct StreamAsk {
    resume: Option<String>,
}

pub(crate) async fn open(
    State(edge): State<Edge>,
    Caller(user): Caller,
    Asked(ask): Asked<StreamAsk>,
    upgrade: Result<WebSocketUpgrade, axum::extract::ws::rejection::WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let upgrade = upgrade.map_err(|_| Slip::NotASocket)?;
    let from = ask
        .resume
        .map(|token| token.parse::<Token>())
        .transpose()
        .map_err(|error| Slip::Query(error.to_string()))?;
    let updates = edge.market.updates(user, from).await?;
    let upgrade = upgrade.max_message_size(FRAME_BYTES_MAX);
    Ok(upgrade.on_upgrade(move |socket| tell(socket, updates, edge.stopping)))
}

/// Tells the client what there is, then waits for more, until either side goes away.
async fn tell(mut socket: WebSocket, mut updates: Updates, mut stopping: watch::Receiver<bool>) {
    let mut ping = tokio::time::interval(PING_EVERY);
    // The first frame has no updates: it says that the stream is on, and from where.
    let mut told = send(&mut socket, Frame::hello(&updates)).await;
    while told.is_ok() {
        told = catch_up(&mut socket, &mut updates).await;
        tokio::select! {
            () = updates.changed() => {}
            received = socket.recv() => if !matches!(received, Some(Ok(_))) { break },
            _ = ping.tick() => if pinged(&mut socket).await.is_err() { break },
            () = stopped(&mut stopping) => break,
        }
    }
    drop(socket.send(Message::Close(None)).await);
}

/// Completes when the host is going down.
async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // An error means that nobody is left to say so: the host is gone already.
    drop(stopping.wait_for(|stopping| *stopping).await);
}

/// The client went away, or cannot be told any more.
struct Gone;

async fn catch_up(socket: &mut WebSocket, updates: &mut Updates) -> Result<(), Gone> {
    loop {
        let read = updates.read().await.map_err(|_| Gone)?;
        if read.is_empty() {
            return Ok(());
        }
        for frame in Frame::all(read, updates) {
            send(socket, frame).await?;
        }
    }
}

async fn pinged(socket: &mut WebSocket) -> Result<(), Gone> {
    let ping = Message::Ping(Vec::new().into());
    socket.send(ping).await.map_err(|_| Gone)
}

async fn send(socket: &mut WebSocket, frame: Frame) -> Result<(), Gone> {
    let text = serde_json::to_string(&frame).map_err(|_| Gone)?;
    socket
        .send(Message::Text(text.into()))
        .await
        .map_err(|_| Gone)
}
