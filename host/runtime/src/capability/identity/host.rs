//! `souk:identity/users`, function by function.

use std::collections::BTreeSet;

use souk_chat::member;
use souk_core::limits::LAUNCH_NONCE_BYTES_MAX;
use souk_core::{ChatId, Claim, TokenId, UserId};
use souk_identity::launch::{self, Launch};
use souk_identity::{account, pairwise};
use souk_ledger::proof::key_id;
use souk_store::StoreError;
use wasmtime::component::Resource;

use super::UserHandle;
use crate::bindings::souk::identity::users::{self, Host, HostUser};
use crate::ctx::{Ctx, Job};
use crate::denied::No;
use crate::door::Call;
use crate::needs::Needs;

impl Host for Ctx {}

impl HostUser for Ctx {
    async fn current(&mut self) -> Result<Resource<UserHandle>, No> {
        let (capability, function) = ("identity", "user.current");
        self.door.pass(Call {
            capability,
            function,
            bytes: 0,
            needs: Needs::Nothing,
        })?;
        let user = self.job.event.user.ok_or_else(No::not_granted)?;
        Ok(self.give(UserHandle(user))?)
    }

    async fn id(&mut self, user: Resource<UserHandle>) -> wasmtime::Result<String> {
        self.door.count("identity", "user.id", 0)?;
        let UserHandle(user) = self.held(&user)?;
        let id = self.pairwise_as(user, self.job.event.left);
        Ok(self.say(id)?)
    }

    async fn merchant_scoped_id(&mut self, user: Resource<UserHandle>) -> Result<String, No> {
        let (capability, function) = ("identity", "user.merchant-scoped-id");
        self.door.pass(Call {
            capability,
            function,
            bytes: 0,
            needs: Needs::MerchantId,
        })?;
        let UserHandle(user) = self.held(&user)?;
        let id = pairwise::merchant_id(&self.txn, self.job.merchant, user).await?;
        Ok(self.say(id)?)
    }

    async fn profile(
        &mut self,
        user: Resource<UserHandle>,
        names: Vec<String>,
    ) -> Result<Vec<users::Claim>, No> {
        let (capability, function) = ("identity", "user.profile");
        let bytes = names.iter().map(String::len).sum();
        self.door.pass(Call {
            capability,
            function,
            bytes,
            needs: Needs::Profile(&names),
        })?;
        let UserHandle(user) = self.held(&user)?;
        let told = self.tell(user, &claims(&names)).await?;
        self.door
            .hand_out(told.iter().map(|claim| claim.value.len()).sum())?;
        Ok(told)
    }

    async fn launch_token(
        &mut self,
        user: Resource<UserHandle>,
        nonce: String,
    ) -> Result<String, No> {
        let (capability, function) = ("identity", "user.launch-token");
        self.door.pass(Call {
            capability,
            function,
            bytes: nonce.len(),
            needs: Needs::Nothing,
        })?;
        let UserHandle(user) = self.held(&user)?;
        if !self.job.may_ask {
            return Err(No::not_granted());
        }
        if nonce.len() > LAUNCH_NONCE_BYTES_MAX {
            return Err(No::over_limit("nonce-bytes", LAUNCH_NONCE_BYTES_MAX));
        }
        let token = self.launch(user, &nonce).await?;
        Ok(self.say(token)?)
    }

    async fn drop(&mut self, user: Resource<UserHandle>) -> wasmtime::Result<()> {
        self.close(user)
    }
}

impl Ctx {
    /// The id under which this app saw a person who had left it so many times.
    pub(crate) fn pairwise_as(&self, user: UserId, left: u64) -> String {
        let Job {
            merchant, event, ..
        } = &self.job;
        pairwise::id_as(self.txn.keyring(), *merchant, &event.app, user, left)
    }

    /// The id under which this app sees a person now.
    async fn pairwise(&mut self, user: UserId) -> Result<String, StoreError> {
        let Job {
            merchant, event, ..
        } = &self.job;
        pairwise::id(&self.txn, *merchant, &event.app, user).await
    }

    /// The member of a chat whom this app sees under this id.
    pub(crate) async fn member(&mut self, chat: ChatId, pairwise: &str) -> Result<UserId, No> {
        // Mostly it is who did it, and then nobody else has to be looked at.
        let did = self.job.event.user;
        if let Some(user) = did
            && self.pairwise(user).await? == pairwise
        {
            member::check(&self.txn, chat, user).await?;
            return Ok(user);
        }
        for user in member::list(&self.txn, chat).await? {
            if self.pairwise(user).await? == pairwise {
                return Ok(user);
            }
        }
        Err(No::not_found())
    }

    /// The host's word that the person uses this app now.
    async fn launch(&mut self, user: UserId, nonce: &str) -> Result<String, StoreError> {
        let pairwise = self.pairwise(user).await?;
        let (txn, event) = (&self.txn, &self.job.event);
        let keyring = txn.keyring();
        let chat = event.chat;
        let chat = chat.map(|chat| pairwise::chat_id(keyring, &event.app, chat));
        let launch = Launch {
            issuer: &self.job.terms.issuer,
            app: &event.app,
            user: &pairwise,
            chat: chat.as_deref(),
            nonce,
            id: &txn.fresh::<TokenId>().to_string(),
            at: txn.now(),
        };
        let key = key_id(&keyring.public_key());
        Ok(launch::token(keyring, &key, &launch))
    }

    /// What the profile says; nothing of somebody who was erased.
    async fn tell(
        &mut self,
        user: UserId,
        claims: &BTreeSet<Claim>,
    ) -> Result<Vec<users::Claim>, No> {
        let mut told = Vec::new();
        for claim in claims {
            let value = match claim {
                Claim::Name => account::name(&self.txn, user).await?,
            };
            told.extend(value.map(|value| users::Claim {
                name: claim.to_string(),
                value,
            }));
        }
        Ok(told)
    }
}

/// The claims that are named, each once. The door let nothing pass that is none.
fn claims(names: &[String]) -> BTreeSet<Claim> {
    names.iter().filter_map(|name| name.parse().ok()).collect()
}
