//! The ceiling of an action over HTTP: axum, tuned wasmtime and one group-committed file, and
//! nothing else. Every request is a fresh instance, one call, one durable record, one answer.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use clap::Parser;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use souk_lab::Wrong;
use souk_lab::bench::{Bare, GroupFile};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// Answer every POST after a call of the laboratory's mini-app and a durable record
#[derive(Parser)]
struct BareLoop {
    /// The file to write; it must not be there yet
    file: PathBuf,
}

/// What every request needs.
#[derive(Clone)]
struct Loop {
    app: Arc<Bare>,
    file: GroupFile,
}

#[tokio::main]
async fn main() -> ExitCode {
    souk_lab::exit(serve(BareLoop::parse()).await)
}

async fn serve(args: BareLoop) -> Result<ExitCode, Wrong> {
    let all = Loop {
        app: Arc::new(Bare::echo()?),
        file: GroupFile::create(&args.file)?,
    };
    let router = Router::new().fallback(post(answer)).with_state(all);
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    souk_lab::result(format_args!("http://{}", listener.local_addr()?));
    let mut connections = JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let service = TowerToHyperService::new(router.clone());
        connections.spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

async fn answer(State(all): State<Loop>, body: Bytes) -> Result<&'static str, StatusCode> {
    all.app
        .call()
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    all.file
        .append(body.to_vec())
        .await
        .map_err(|_| StatusCode::INSUFFICIENT_STORAGE)?;
    Ok("{\"outcome\":\"done\"}")
}
