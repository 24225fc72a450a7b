//! What is left of a run's bounds, for a guest that wants to know.

use crate::bindings::souk::runtime::limits::Host;
use crate::bindings::souk::types::common::Allowance;
use crate::capability::allowance;
use crate::ctx::Ctx;

impl Host for Ctx {
    async fn allowances(&mut self) -> wasmtime::Result<Vec<Allowance>> {
        self.door.count("limits", "limits.allowances", 0)?;
        let calls = usize::try_from(self.limits.host_calls).unwrap_or(usize::MAX);
        let handles = self.handles_left();
        let (most, log) = (&self.limits, self.wasi.log.left());
        Ok(vec![
            allowance("host-calls", self.door.calls_left(), calls),
            allowance("answer-bytes", self.door.answer_left(), most.answer_bytes),
            allowance("memory-bytes", self.limiter.left(), most.memory_bytes),
            allowance("handles", handles, most.handles),
            allowance("log-bytes", log, most.log_bytes),
        ])
    }
}
