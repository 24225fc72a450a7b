//! `souk:identity/users`, function by function.

use std::collections::BTreeSet;

use souk_core::{Claim, UserId};
use souk_identity::{account, pairwise};
use wasmtime::component::Resource;

use super::UserHandle;
use crate::bindings::souk::identity::users::{self, Host, HostUser};
use crate::ctx::{Ctx, Job};
use crate::denied::No;
use crate::door::{Call, Needs};

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
        let id = self.pairwise(user);
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

    async fn drop(&mut self, user: Resource<UserHandle>) -> wasmtime::Result<()> {
        self.close(user)
    }
}

impl Ctx {
    /// The id under which this app sees a person.
    pub(crate) fn pairwise(&self, user: UserId) -> String {
        let Job {
            merchant, event, ..
        } = &self.job;
        pairwise::id(self.txn.keyring(), *merchant, &event.app, user)
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
