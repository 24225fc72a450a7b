//! `souk:http/reader` and `souk:http/outbox`, function by function.

use souk_core::Method;
use souk_core::limits::{CHAIN_EVENTS_MAX, SENDS_WAITING_MAX};
use souk_egress::Refusal;
use souk_events::{Letter, outbox as letters};

use super::response;
use crate::bindings::souk::http::outbox::{self, Request};
use crate::bindings::souk::http::reader;
use crate::bindings::souk::http::types::{self, Header, Response};
use crate::bindings::souk::types::common::Allowance;
use crate::capability::allowance;
use crate::ctx::Ctx;
use crate::denied::{Halt, No};
use crate::door::Call;
use crate::needs::Needs;
use crate::outside::reply;

impl types::Host for Ctx {}

impl reader::Host for Ctx {
    async fn get(&mut self, url: String, headers: Vec<Header>) -> Result<Response, No> {
        self.asks("reader.get", url.len().saturating_add(bytes(&headers)))?;
        let letter = letter(Method::Get.name(), url, headers, Vec::new());
        let request = self.granted(&letter)?;
        let patience = self.http.may_read()?;
        let reach = self.door.grants().http.granted();
        let reach = reach.ok_or_else(No::not_granted)?;
        let outside = self.job.outside.as_ref().ok_or_else(No::not_granted)?;
        let read = outside
            .read(&self.job.event, reach, &request, patience)
            .await?;
        self.http.waited(read.millis);
        let answer = read.answer?;
        self.door.hand_out(answer.size())?;
        Ok(response(reply(answer)))
    }

    async fn allowances(&mut self) -> wasmtime::Result<Vec<Allowance>> {
        self.door.count("http", "reader.allowances", 0)?;
        let http = &self.http;
        Ok(vec![
            allowance("reads", http.reads_left, http.reads),
            allowance("read-ms", http.wait_left_ms, http.wait_ms),
        ])
    }
}

impl outbox::Host for Ctx {
    async fn send(&mut self, request: Request) -> Result<String, No> {
        let texts = request.method.len().saturating_add(request.url.len());
        let carried = bytes(&request.headers).saturating_add(request.body.len());
        self.asks("outbox.send", texts.saturating_add(carried))?;
        let Request {
            method,
            url,
            headers,
            body,
        } = request;
        let letter = letter(&method, url, headers, body);
        if self.granted(&letter)?.method == Method::Get {
            return Err(Refusal::Method("GET is read, not sent".to_owned()).into());
        }
        if letters::depth(&self.job.event) > CHAIN_EVENTS_MAX {
            return Err(No::over_limit("chain-events", CHAIN_EVENTS_MAX));
        }
        self.http.may_send()?;
        let id = letters::post(&self.txn, &self.job.event, &letter).await?;
        let full = || No::over_limit("sends-waiting", SENDS_WAITING_MAX);
        Ok(self.say(id.ok_or_else(full)?.to_string())?)
    }

    async fn allowances(&mut self) -> wasmtime::Result<Vec<Allowance>> {
        self.door.count("http", "outbox.allowances", 0)?;
        let waiting = letters::waiting(&self.txn, &self.job.event.app).await;
        let room = SENDS_WAITING_MAX.saturating_sub(waiting.map_err(Halt::from)?);
        Ok(vec![
            allowance("sends", self.http.sends_left, self.http.sends),
            allowance("sends-waiting", room, SENDS_WAITING_MAX),
        ])
    }
}

impl Ctx {
    fn asks(&mut self, function: &'static str, bytes: usize) -> Result<(), No> {
        self.door.pass(Call {
            capability: "http",
            function,
            bytes,
            needs: Needs::Http,
        })
    }

    /// Reads a request that may be sent, to where it may go.
    fn granted(&self, letter: &Letter) -> Result<souk_egress::Request, No> {
        let Letter {
            method,
            url,
            headers,
            body,
        } = letter.clone();
        let request = souk_egress::Request::parse(&method, &url, headers, body)?;
        let mut reach = self.door.grants().http.granted().into_iter().flatten();
        if reach.any(|reach| reach.covers(&request.origin, request.method)) {
            Ok(request)
        } else {
            Err(No::not_granted())
        }
    }
}

fn letter(method: &str, url: String, headers: Vec<Header>, body: Vec<u8>) -> Letter {
    let header = |Header { name, value }| (name, value);
    Letter {
        method: method.to_owned(),
        url,
        headers: headers.into_iter().map(header).collect(),
        body,
    }
}

fn bytes(headers: &[Header]) -> usize {
    let of = |header: &Header| header.name.len().saturating_add(header.value.len());
    headers.iter().map(of).fold(0, usize::saturating_add)
}
