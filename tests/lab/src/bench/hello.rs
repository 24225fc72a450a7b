//! A peer: the smallest answer of WASI's own HTTP, served by wasmtime-wasi-http as `wasmtime serve`
//! does it, with the settings that it has by itself: instances out of a pool, a fresh one for every
//! request. No durable work.

use axum::http::Request;
use hyper::Response;
use hyper::body::Incoming;
use tokio::sync::oneshot;
use wasmtime::component::{Component, Linker, ResourceTable};
use wasmtime::{Config, Engine, InstanceAllocationStrategy, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::p2::bindings::ProxyPre;
use wasmtime_wasi_http::p2::bindings::http::types::Scheme;
use wasmtime_wasi_http::p2::body::HyperOutgoingBody;
use wasmtime_wasi_http::{
    Error, RequestOptions, WasiBody, WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks, WasiHttpView,
};

use crate::{Wrong, programs};

/// The component behind WASI's HTTP.
#[derive(Clone)]
pub struct Hello(ProxyPre<State>);

/// What the WASI of one request needs.
struct State {
    table: ResourceTable,
    wasi: WasiCtx,
    http: WasiHttpCtx,
    outside: Nowhere,
}

/// Where requests of the guest's own go.
struct Nowhere;

/// An answer, and what comes after it.
type Reply = (Response<WasiBody>, Ending);

type Ending = Box<dyn Future<Output = Result<(), Error>> + Send>;

impl Hello {
    /// Compiles the component.
    ///
    /// # Errors
    /// When it is not built, or wasmtime does not take it.
    pub fn new() -> Result<Self, Wrong> {
        let mut config = Config::new();
        config.allocation_strategy(InstanceAllocationStrategy::pooling());
        let engine = Engine::new(&config)?;
        let component = Component::from_binary(&engine, &programs::guest("hello")?)?;
        let mut linker = Linker::new(&engine);
        wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
        wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker)?;
        Ok(Self(ProxyPre::new(linker.instantiate_pre(&component)?)?))
    }

    /// Answers a request: the guest runs as a task of its own, which may go on after the answer.
    ///
    /// # Errors
    /// When the guest fails before it has answered.
    pub async fn answer(
        &self,
        request: Request<Incoming>,
    ) -> Result<Response<HyperOutgoingBody>, Wrong> {
        let state = State {
            table: ResourceTable::new(),
            wasi: WasiCtx::builder().build(),
            http: WasiHttpCtx::new(),
            outside: Nowhere,
        };
        let mut store = Store::new(self.0.engine(), state);
        let (sender, answered) = oneshot::channel();
        let request = store
            .data_mut()
            .http()
            .new_incoming_request(Scheme::Http, request)?;
        let out = store.data_mut().http().new_response_outparam(sender)?;
        let app = self.0.clone();
        #[expect(
            clippy::disallowed_methods,
            reason = "`wasmtime serve` spawns the guest; this is its measure"
        )]
        let running = tokio::spawn(async move {
            let app = app.instantiate_async(&mut store).await?;
            let handler = app.wasi_http_incoming_handler();
            handler.call_handle(&mut store, request, out).await
        });
        match answered.await {
            Ok(answer) => Ok(answer?),
            Err(_) => Err(format!("the guest did not answer: {:?}", running.await).into()),
        }
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

impl WasiHttpHooks for Nowhere {
    fn send_request(
        &mut self,
        _: Request<WasiBody>,
        _: Option<RequestOptions>,
        _: Ending,
    ) -> Box<dyn Future<Output = Result<Reply, Error>> + Send> {
        Box::new(async { Err(Error::HttpRequestDenied) })
    }
}

impl WasiHttpView for State {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView {
            ctx: &mut self.http,
            table: &mut self.table,
            hooks: &mut self.outside,
        }
    }
}
