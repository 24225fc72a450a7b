//! What is left of a run's bounds, for a guest that wants to know.

use crate::bindings::souk::runtime::limits::Host;
use crate::bindings::souk::types::common::Allowance;
use crate::capability::allowance;
use crate::ctx::Ctx;

impl Host for Ctx {
    async fn allowances(&mut self) -> wasmtime::Result<Vec<Allowance>> {
        self.door.count("limits", "limits.allowances", 0)?;
        Ok(vec![
            allowance("host-calls", self.door.calls_left()),
            allowance("answer-bytes", self.door.answer_left()),
            allowance("memory-bytes", self.limiter.left()),
            allowance("handles", self.handles_left()),
            allowance("log-bytes", self.wasi.log.left()),
        ])
    }
}
