//! A run without a guest: what the capabilities are tested on.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use souk_core::{ChatId, Claim, Clock, EventId, Method, Reach, Timestamp, TypedId, UserId};
use souk_egress::{Refusal, Request};
use souk_events::{Cause, Event};
use souk_registry::grant::{Grant, Grants};
use souk_store::memory::Memory;
use souk_store::{Keyring, Store, StoreError};

use crate::ctx::{Ctx, Job};
use crate::limits::Limits;
use crate::outside::{Outside, Read};

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(1_700_000_000_000)
    }
}

/// An empty store in memory.
pub(crate) fn store() -> Store {
    let keyring = Arc::new(Keyring::ephemeral().unwrap());
    Store::new(Arc::new(Memory::default()), keyring, Arc::new(Noon))
}

/// An event of a person in a chat.
pub(crate) fn event(user: u128, chat: u128) -> Event {
    Event {
        id: EventId::from_bits(1),
        app: "com.example.tea".parse().unwrap(),
        chat: Some(ChatId::from_bits(chat)),
        user: Some(UserId::from_bits(user)),
        left: 0,
        at: Noon.now(),
        tries: 0,
        locale: None,
        cause: Cause::Command {
            name: "tea".to_owned(),
            arguments: String::new(),
            start: None,
        },
    }
}

/// Everything there is.
pub(crate) fn everything() -> Grants {
    Grants {
        messaging_post: Grant::Granted(()),
        messaging_push: Grant::Granted(()),
        messaging_listen: Grant::Granted(()),
        profile_claims: Claim::ALL.map(|claim| (claim, Grant::Granted(()))).into(),
        merchant_id: Grant::Granted(()),
        wallet_request: Grant::Granted("50.00 USD".parse().unwrap()),
        wallet_pay_out: Grant::Granted("2.00 USD".parse().unwrap()),
        storage_app: Grant::Granted(()),
        storage_chat: Grant::Granted(()),
        storage_user: Grant::Granted(()),
        config: Grant::Granted(()),
        schedule: Grant::Granted(()),
        http: Grant::Granted(vec![Reach {
            origin: "https://api.example.com".parse().unwrap(),
            methods: vec![Method::Get, Method::Post],
        }]),
    }
}

/// An outside where nobody is.
#[derive(Debug)]
struct Void;

#[async_trait]
impl Outside for Void {
    async fn read(
        &self,
        _: &Event,
        _: &[Reach],
        _: &Request,
        patience: Duration,
    ) -> Result<Read, StoreError> {
        let millis = u64::try_from(patience.as_millis()).unwrap();
        Ok(Read {
            answer: Err(Refusal::Slow),
            millis,
        })
    }
}

/// A run that may do these things, within these limits.
pub(crate) fn run(store: &Store, grants: Grants, limits: &Limits) -> Ctx {
    let job = Job {
        event: event(1, 1),
        merchant: UserId::from_bits(9),
        is_group: true,
        grants,
        terms: Arc::default(),
        outside: Some(Arc::new(Void)),
        may_ask: true,
    };
    Ctx::new(job, &store.begin().unwrap(), limits)
}
