//! The ceilings of an action over HTTP: axum, tuned wasmtime and one group-committed file, and
//! nothing else; or, instead of the file, the host's store with what a press reads and keeps there.
//! Every request is a fresh instance, one call, one durable commit, one answer.

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
use mimalloc::MiMalloc;
use souk_lab::Wrong;
use souk_lab::bench::{Bare, GroupFile, Kept};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// As in the host.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Answer every POST after a call of the laboratory's mini-app and a durable commit
#[derive(Parser)]
struct BareLoop {
    /// The file to write, or the folder of the store; it must not be there yet
    path: PathBuf,
    /// Read and keep in the host's store what a press does, instead of a record in one file
    #[arg(long)]
    store: bool,
}

/// What every request needs.
struct Loop {
    app: Bare,
    keeper: Keeper,
}

/// What makes an answer durable.
enum Keeper {
    File(GroupFile),
    Store(Kept),
}

impl Keeper {
    async fn keep(&self, body: Bytes) -> Result<(), Wrong> {
        match self {
            Self::File(file) => Ok(file.append(body.to_vec()).await?),
            Self::Store(store) => store.press().await,
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    souk_lab::exit(serve(BareLoop::parse()).await)
}

async fn serve(args: BareLoop) -> Result<ExitCode, Wrong> {
    let keeper = if args.store {
        Keeper::Store(Kept::create(&args.path).await?)
    } else {
        Keeper::File(GroupFile::create(&args.path)?)
    };
    let app = Bare::echo()?;
    let router = Router::new()
        .fallback(post(answer))
        .with_state(Arc::new(Loop { app, keeper }));
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

async fn answer(State(all): State<Arc<Loop>>, body: Bytes) -> Result<&'static str, StatusCode> {
    all.app
        .call()
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    all.keeper
        .keep(body)
        .await
        .map_err(|_| StatusCode::INSUFFICIENT_STORAGE)?;
    Ok("{\"outcome\":\"done\"}")
}
