//! The lanes of a market, one for each chat: what a person says to an app happens there, one after
//! the other. What goes wrong with one of them is lost or has happened, whole; saying it again with
//! its key does not make it happen twice, and what comes next in the lane happens.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use souk_chat::Author;
use souk_core::{Blame, ChatId, UserId};
use souk_events::Outcome;
use souk_market::{Call, Config, Market, MarketError, Said, SystemClock};
use souk_runtime::{Runtime, Workshop};
use souk_store::{Blobs, Keyring, Page, Store};
use tempfile::TempDir;
use tokio::time::timeout;

use super::fate::{Fate, Mishap};
use super::world::UnluckyStore;
use super::{Ended, RUN, asked};
use crate::{Wrong, echo, till};

/// What is said, and what the app answers.
const SAID: (&str, &str) = ("/echo tea", "tea");
/// What is said after it.
const NEXT: (&str, &str) = ("/echo cake", "cake");

/// A market in which one answer of the store goes wrong.
pub(super) struct Lanes {
    market: Market,
    fate: Arc<Fate>,
    ana: UserId,
    calls: AtomicU64,
    _room: TempDir,
}

impl Lanes {
    /// Opens the market, with a person and an app that they know.
    pub(super) async fn open(runtime: Runtime) -> Result<Self, Wrong> {
        let (room, fate) = (till::folder()?, Arc::new(Fate::default()));
        let (keyring, clock) = (Arc::new(Keyring::ephemeral()?), Arc::new(SystemClock));
        let engine = Arc::new(UnluckyStore::open(Arc::clone(&fate)));
        let store = Store::new(engine, keyring, clock);
        let blobs = Blobs::open(&room.path().join("blobs"))?;
        let market = Market::open(store, blobs, Workshop::bare(runtime), Config::default())?;
        let ana = market.register("ana", "Ana", "one-small-market").await?;
        let lanes = Self {
            market,
            fate,
            ana: ana.user,
            calls: AtomicU64::new(0),
            _room: room,
        };
        let package = echo::package()?;
        lanes.market.publish(&lanes.call(), &package).await?;
        // What happens the first time only is over then.
        lanes.waits().await?;
        Ok(lanes)
    }

    /// Says something without a mishap, and returns how often that waits.
    pub(super) async fn waits(&self) -> Result<usize, Wrong> {
        let chat = self.chat().await?;
        self.fate.begin(None);
        let said = self.say(&self.call(), chat, SAID.0).await?;
        let waits = self.fate.waits().len();
        happened(&said, Some(&Outcome::Done))?;
        self.answers(chat, &[SAID.1]).await?;
        Ok(waits)
    }

    /// Has it go wrong at one of these places.
    pub(super) async fn try_one(&self, place: usize, mishap: Mishap) -> Result<(), Wrong> {
        let (chat, call) = (self.chat().await?, self.call());
        self.fate.begin(Some((place, mishap)));
        let saying = {
            let (market, call) = (self.market.clone(), call.clone());
            async move { outcome(&market.say(&call, chat, SAID.0, None).await?) }
        };
        let ended = asked(&self.fate, saying).await?;
        self.fate.begin(None);
        as_it_should(mishap, &ended)?;
        // Said again with its key it has happened once: now, before, or as what it ended with.
        let again = timeout(RUN, self.say(&call, chat, SAID.0)).await;
        let again = again.map_err(|_| "what is said again is not heard")??;
        let told = ended.ok().and_then(Result::ok);
        happened(&again, told.as_ref())?;
        let next = timeout(RUN, self.say(&self.call(), chat, NEXT.0)).await;
        let next = next.map_err(|_| "the lane does not go on")??;
        happened(&next, Some(&Outcome::Done))?;
        match outcome(&again)? {
            Outcome::Done => self.answers(chat, &[NEXT.1, SAID.1]).await,
            _ => self.answers(chat, &[NEXT.1]).await,
        }
    }

    async fn chat(&self) -> Result<ChatId, Wrong> {
        Ok(self.market.open_group(&self.call(), "Tea", &[]).await?)
    }

    fn call(&self) -> Call {
        let number = self.calls.fetch_add(1, Ordering::Relaxed);
        Call::new(self.ana, format!("call {number}").as_str(), "campaign", b"")
    }

    async fn say(&self, call: &Call, chat: ChatId, words: &str) -> Result<Said, MarketError> {
        self.market.say(call, chat, words, None).await
    }

    /// Refuses a chat in which the app has said anything but this, the last first.
    async fn answers(&self, chat: ChatId, wanted: &[&str]) -> Result<(), Wrong> {
        let seen = self.market.history(self.ana, chat, Page::last(10)).await?;
        let messages = seen.into_iter().map(|(_, view)| view.message);
        let of_app = messages.filter(|message| matches!(message.author, Author::App(_)));
        let texts = of_app.filter_map(|message| Some(message.body?.text));
        let texts: Vec<_> = texts.collect();
        // The app says `again` where it remembers the words from another chat.
        let words = texts.iter().map(|it| it.trim_end_matches(" again"));
        if words.eq(wanted.iter().copied()) {
            Ok(())
        } else {
            Err(format!("the app said {texts:?}, not {wanted:?}").into())
        }
    }
}

/// How what was said ended.
fn outcome(said: &Said) -> Result<Outcome, Wrong> {
    match said {
        Said::Happened(happened) => Ok(happened.outcome.clone()),
        Said::Posted(_) => Err("a command was taken for a message".into()),
    }
}

/// Refuses what did not end so; it was heard for the first time if nobody was told how it ended.
fn happened(said: &Said, wanted: Option<&Outcome>) -> Result<(), Wrong> {
    let (ended, wanted) = (outcome(said)?, wanted.unwrap_or(&Outcome::Done));
    if ended == *wanted {
        Ok(())
    } else {
        Err(format!("it ends with {ended:?}, not with {wanted:?}").into())
    }
}

/// A panic is the event's end if a host call had it, and else one of whoever asked.
fn as_it_should(mishap: Mishap, ended: &Ended<Outcome>) -> Result<(), Wrong> {
    let fine = match (mishap, ended) {
        (Mishap::Panic, Ok(Ok(Outcome::Fault { blame, .. }))) => *blame == Blame::Host,
        (Mishap::Panic, Err(error)) => error.is_panic(),
        (Mishap::Failure, Ok(Err(_))) => true,
        (Mishap::GivenUp, Err(error)) => error.is_cancelled(),
        _ => false,
    };
    if fine {
        Ok(())
    } else {
        Err(format!("whoever asked gets {ended:?}").into())
    }
}
