//! `souk:config/values`, function by function.

use souk_registry::setting::{self, Setting};
use wasmtime::component::Resource;

use super::SecretHandle;
use crate::bindings::souk::config::values::{Host, HostSecret};
use crate::ctx::Ctx;
use crate::denied::No;
use crate::door::Call;
use crate::needs::Needs;

impl Host for Ctx {
    async fn get(&mut self, name: String) -> Result<Option<String>, No> {
        let found = self.setting("values.get", &name).await?;
        let value = found.filter(|found| !found.secret).map(|found| found.value);
        self.door.hand_out(value.as_ref().map_or(0, String::len))?;
        Ok(value)
    }
}

impl HostSecret for Ctx {
    async fn open(&mut self, name: String) -> Result<Resource<SecretHandle>, No> {
        let found = self.setting("secret.open", &name).await?;
        let secret = found.filter(|found| found.secret);
        let secret = SecretHandle(secret.ok_or_else(No::not_found)?.value);
        Ok(self.give(secret)?)
    }

    async fn reveal(&mut self, secret: Resource<SecretHandle>) -> wasmtime::Result<String> {
        self.door.count("config", "secret.reveal", 0)?;
        let SecretHandle(secret) = self.held(&secret)?;
        self.config.show(&secret);
        Ok(self.say(secret)?)
    }

    async fn drop(&mut self, secret: Resource<SecretHandle>) -> wasmtime::Result<()> {
        self.close(secret)
    }
}

impl Ctx {
    async fn setting(&mut self, function: &'static str, name: &str) -> Result<Option<Setting>, No> {
        self.door.pass(Call {
            capability: "config",
            function,
            bytes: name.len(),
            needs: Needs::Config,
        })?;
        Ok(setting::get(&self.txn, &self.job.event.app, name).await?)
    }
}
