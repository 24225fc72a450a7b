//! What a guest prints without an output of its own.

use crate::bindings::souk::runtime::log::Host;
use crate::ctx::Ctx;

impl Host for Ctx {
    async fn print(&mut self, line: String) -> wasmtime::Result<()> {
        self.door.count_wasi()?;
        self.wasi.log.line(&line);
        Ok(())
    }
}
