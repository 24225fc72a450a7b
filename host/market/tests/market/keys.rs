//! Idempotency keys: the same call under the same key happens once, for as long as promised, and
//! is forgotten after that.

use std::sync::Arc;
use std::time::Duration;

use souk_core::limits::KEY_KEPT_MS;
use souk_core::{ChatId, MessageId, UserId};
use souk_market::{Call, Config, Market, MarketError, Said};
use souk_store::memory::Memory;
use souk_store::{Keyring, Page, Store};

use crate::clock::HandClock;
use crate::shop::market;

/// A market with one person, who talks to herself.
struct Table {
    market: Market,
    clock: Arc<HandClock>,
    ana: UserId,
    chat: ChatId,
    _blobs: tempfile::TempDir,
}

impl Table {
    async fn set() -> Self {
        let blobs = tempfile::tempdir().unwrap();
        // The last moment of a span: the next one begins a millisecond later.
        let clock = HandClock::at(7_000 * KEY_KEPT_MS - 1);
        let keyring = Arc::new(Keyring::ephemeral().unwrap());
        let store = Store::new(Arc::new(Memory::default()), keyring, clock.clone());
        let market = market(&store, &blobs, &Config::default());
        let ana = market.register("ana", "Ana", "one-small-market").await;
        let ana = ana.unwrap().user;
        let opening = Call::new(ana, "opening", "test", b"");
        let chat = market.open_group(&opening, "Tea", &[]).await.unwrap();
        Self {
            market,
            clock,
            ana,
            chat,
            _blobs: blobs,
        }
    }

    async fn say(&self, key: &str, text: &str) -> Result<MessageId, MarketError> {
        let call = Call::new(self.ana, key, "say", text.as_bytes());
        match self.market.say(&call, self.chat, text, None).await? {
            Said::Posted(message) => Ok(message),
            Said::Happened(happened) => panic!("{happened:?}"),
        }
    }

    async fn said(&self) -> usize {
        let page = Page::last(200);
        let history = self.market.history(self.ana, self.chat, page).await;
        history.unwrap().len()
    }

    fn pass(&self, millis: u64) {
        self.clock.advance(millis);
    }

    /// Lets the dispatcher do what it does when it begins.
    async fn dispatch(&self) {
        let while_it_works = tokio::time::sleep(Duration::from_millis(200));
        self.market.dispatch(while_it_works).await;
    }
}

#[tokio::test]
async fn a_call_happens_once_for_as_long_as_promised() {
    let table = Table::set().await;
    let first = table.say("k", "hello").await.unwrap();
    for wait in [0, 1, KEY_KEPT_MS - 1] {
        table.pass(wait);
        table.dispatch().await;
        assert_eq!(table.say("k", "hello").await.unwrap(), first);
        let other = table.say("k", "something else").await;
        assert!(matches!(other, Err(MarketError::KeyReused)), "{other:?}");
    }
    assert_eq!(table.said().await, 1);
}

#[tokio::test]
async fn what_nobody_has_a_right_to_any_more_is_forgotten() {
    let table = Table::set().await;
    let first = table.say("k", "hello").await.unwrap();
    table.pass(KEY_KEPT_MS + 1);
    assert_ne!(table.say("k", "hello").await.unwrap(), first);
    assert_eq!(table.said().await, 2);
    // The dispatcher takes it out of the store, too: were it still there, a clock that is put back
    // would find it.
    table.dispatch().await;
    table.clock.set_back(KEY_KEPT_MS);
    assert_ne!(table.say("k", "hello").await.unwrap(), first);
}
