//! Serves the smallest answer of WASI's own HTTP, as `wasmtime serve` does.

use std::process::ExitCode;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use mimalloc::MiMalloc;
use souk_lab::Wrong;
use souk_lab::bench::Hello;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// As in the host.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    souk_lab::exit(serve().await)
}

async fn serve() -> Result<ExitCode, Wrong> {
    let hello = Hello::new()?;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    souk_lab::result(format_args!("http://{}", listener.local_addr()?));
    let mut connections = JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let hello = hello.clone();
        let service = service_fn(move |request| {
            let hello = hello.clone();
            async move { hello.answer(request).await }
        });
        connections.spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}
