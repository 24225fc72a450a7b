//! No mini-app: the smallest answer of WASI's own HTTP. `tests/bench invoke` serves it as a peer.

use wasip2::exports::http::incoming_handler::Guest;
use wasip2::http::types::{
    Fields, IncomingRequest, OutgoingBody, OutgoingResponse, ResponseOutparam,
};

wasip2::http::proxy::export!(Hello);

struct Hello;

impl Guest for Hello {
    fn handle(_: IncomingRequest, out: ResponseOutparam) {
        let response = OutgoingResponse::new(Fields::new());
        let body = response.body().expect("it is asked for once");
        ResponseOutparam::set(out, Ok(response));
        let stream = body.write().expect("it is asked for once");
        stream
            .blocking_write_and_flush(b"Hello, WASI!")
            .expect("somebody listens");
        drop(stream);
        OutgoingBody::finish(body, None).expect("there are no trailers");
    }
}
