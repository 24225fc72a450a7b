//! The ceilings of an action over HTTP. An echo by axum alone; axum, tuned wasmtime and one
//! group-committed file, and nothing else; or, instead of the file, the host's store with what a
//! press reads and keeps there: then every request is a fresh instance, one call, one durable
//! commit, one answer.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use clap::{Parser, ValueEnum};
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

/// Answer every POST with as little around it as there can be
#[derive(Parser)]
struct BareLoop {
    /// What an answer takes
    #[arg(value_enum)]
    takes: Takes,
    /// The file to write, or the folder of the store; it must not be there yet
    path: Option<PathBuf>,
}

/// What an answer takes.
#[derive(Clone, Copy, ValueEnum)]
enum Takes {
    /// Nothing: what was sent is sent back
    Nothing,
    /// A call of the laboratory's mini-app, and a durable record in one file
    File,
    /// Such a call, and what a press reads and keeps in the host's store
    Store,
}

/// What every request needs.
enum Loop {
    Echo,
    File(Bare, GroupFile),
    Store(Bare, Kept),
}

impl Loop {
    async fn start(BareLoop { takes, path }: BareLoop) -> Result<Self, Wrong> {
        let path = path.ok_or("name a place to keep it");
        Ok(match takes {
            Takes::Nothing => Self::Echo,
            Takes::File => Self::File(Bare::echo()?, GroupFile::create(&path?)?),
            Takes::Store => Self::Store(Bare::echo()?, Kept::create(&path?).await?),
        })
    }

    async fn answer(&self, body: Bytes) -> Result<Bytes, Wrong> {
        match self {
            Self::Echo => return Ok(body),
            Self::File(app, file) => {
                app.call()?;
                file.append(body.to_vec()).await?;
            }
            Self::Store(app, store) => {
                app.call()?;
                store.press().await?;
            }
        }
        Ok(Bytes::from_static(b"{\"outcome\":\"done\"}"))
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    souk_lab::exit(serve(BareLoop::parse()).await)
}

async fn serve(args: BareLoop) -> Result<ExitCode, Wrong> {
    let all = Arc::new(Loop::start(args).await?);
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

async fn answer(State(all): State<Arc<Loop>>, body: Bytes) -> Result<Bytes, StatusCode> {
    let answered = all.answer(body).await;
    answered.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}
