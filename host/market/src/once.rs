//! Idempotency: the same call with the same key happens once and answers the same.

use std::future::Future;

use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use souk_core::limits::{KEY_KEPT_MS, PAGE_ENTRIES_MAX};
use souk_core::{Timestamp, TypedId, UserId};
use souk_events::Locale;
use souk_ledger::Refusal;
use souk_ledger::once::once;
use souk_store::{Key, Page, StoreError, Txn};

use crate::record::Kept;
use crate::{Market, MarketError};

/// What names a call. Nobody repeats a key that was made up for a caller who chose none, so no
/// answer is kept for it.
#[derive(Clone, Debug)]
pub struct CallKey {
    text: String,
    chosen: bool,
}

impl CallKey {
    /// A key for a caller who chose none, which no other call has.
    pub fn made_up(text: String) -> Self {
        let chosen = false;
        Self { text, chosen }
    }
}

impl From<&str> for CallKey {
    /// A key that the caller chose.
    fn from(text: &str) -> Self {
        let (text, chosen) = (text.to_owned(), true);
        Self { text, chosen }
    }
}

/// A call that must happen at most once: whose, under which key, and what it asks.
#[derive(Clone, Debug)]
pub struct Call {
    /// The person who calls.
    pub by: UserId,
    /// What names it.
    pub key: CallKey,
    /// SHA-256 of the route and the body.
    pub contents: [u8; 32],
    /// The language they say they read: no part of what the call asks.
    pub locale: Option<Locale>,
}

impl Call {
    /// Names a call. `route` keeps the same body on two routes apart.
    pub fn new(by: UserId, key: impl Into<CallKey>, route: &str, body: &[u8]) -> Self {
        let contents = Sha256::new()
            .chain_update(route)
            .chain_update([0])
            .chain_update(body)
            .finalize();
        Self {
            by,
            key: key.into(),
            contents: contents.into(),
            locale: None,
        }
    }

    /// Returns the same call by somebody who reads a language.
    pub fn in_language(self, locale: Option<Locale>) -> Self {
        Self { locale, ..self }
    }

    /// Names a call of the operator's, who is nobody with an account: no person has the id zero.
    pub fn of_operator(key: impl Into<CallKey>, route: &str, body: &[u8]) -> Self {
        Self::new(UserId::from_bits(0), key, route, body)
    }

    /// Returns an id that follows from who calls and the key, and from nothing else.
    pub(crate) fn id<I: TypedId>(&self) -> I {
        let by = self.by.bits().to_be_bytes();
        let hash: [u8; 32] = Sha256::new()
            .chain_update(by)
            .chain_update(&self.key.text)
            .finalize()
            .into();
        let (half, _) = hash.split_first_chunk::<16>().unwrap_or((&[0; 16], &[]));
        I::from_bits(u128::from_be_bytes(*half))
    }

    /// Returns what is stored of what the call asks. It outlives the erasure of what was written,
    /// so it is keyed: whoever guesses a short text cannot check the guess.
    pub(crate) fn digest(&self, txn: &Txn) -> [u8; 32] {
        txn.keyring().keyed_hash("market.call", &[&self.contents])
    }

    /// Does `work` unless it was done before under this key, and keeps its answer with its
    /// effects. A refusal keeps nothing: it may be tried again.
    pub(crate) async fn once<T: Serialize + DeserializeOwned>(
        &self,
        txn: &Txn,
        work: impl Future<Output = Result<T, MarketError>>,
    ) -> Result<T, MarketError> {
        if let Some(kept) = self.kept(txn).await? {
            return self.again(txn, &kept);
        }
        let answer = work.await?;
        self.keep(txn, &answer)?;
        Ok(answer)
    }

    /// Like [`once`](Self::once) for what moves money: the call's id is that of the transfer, and a
    /// refusal uses it up for ever. `follow` stages what comes of a success.
    ///
    /// The inner result is an answer to commit, also when it is a refusal.
    pub(crate) async fn once_for_money<D, T, F>(
        &self,
        txn: &Txn,
        decide: impl Future<Output = Result<D, Refusal>>,
        follow: impl FnOnce(D) -> F,
    ) -> Result<Result<T, Refusal>, MarketError>
    where
        T: Serialize + DeserializeOwned,
        F: Future<Output = Result<T, MarketError>>,
    {
        if let Some(kept) = self.kept(txn).await? {
            return Ok(Ok(self.again(txn, &kept)?));
        }
        match once(txn, self.id(), self.digest(txn), decide).await? {
            Ok(done) => {
                let answer = follow(done).await?;
                self.keep(txn, &answer)?;
                Ok(Ok(answer))
            }
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// Returns the answer that was given under this key, if it is still kept.
    async fn kept(&self, txn: &Txn) -> Result<Option<Kept>, StoreError> {
        if !self.key.chosen {
            return Ok(None);
        }
        let span = span_of(txn.now());
        let earlier = txn.get(&self.place(span.saturating_sub(1))).await?;
        match earlier {
            Some(kept) => Ok(Some(kept)),
            None => txn.get(&self.place(span)).await,
        }
    }

    fn keep<T: Serialize>(&self, txn: &Txn, answer: &T) -> Result<(), MarketError> {
        if !self.key.chosen {
            return Ok(());
        }
        let answer = postcard::to_stdvec(answer).map_err(|_| StoreError::Form)?;
        let (place, contents) = (self.place(span_of(txn.now())), self.digest(txn));
        Ok(txn.put(&place, &Kept { contents, answer })?)
    }

    /// Where the answer is kept that was given in a span of time.
    fn place(&self, span: u64) -> Key {
        kept_in(span).with(self.by).with(self.key.text.as_str())
    }

    fn again<T: DeserializeOwned>(&self, txn: &Txn, kept: &Kept) -> Result<T, MarketError> {
        if kept.contents != self.digest(txn) {
            return Err(MarketError::KeyReused);
        }
        Ok(postcard::from_bytes(&kept.answer).map_err(|_| StoreError::Form)?)
    }
}

impl Market {
    /// Forgets the answers that nobody has a right to any more.
    pub(crate) async fn forget_answers(&self) -> Result<(), MarketError> {
        while self.store().transact(forget_some).await? {}
        Ok(())
    }
}

/// Forgets some answers of long ago, and tells whether there were any.
async fn forget_some(txn: Txn) -> Result<bool, MarketError> {
    let still_kept = kept_in(span_of(txn.now()).saturating_sub(1));
    let page = Page::first(PAGE_ENTRIES_MAX);
    let mut oldest = txn.scan::<Kept>(&all_kept(), page).await?;
    oldest.retain(|(key, _)| *key < still_kept);
    for (key, _) in &oldest {
        txn.delete(key)?;
    }
    Ok(!oldest.is_empty())
}

/// Answers are kept by spans of [`KEY_KEPT_MS`]. One is found in the span it was given in and in
/// the next, and forgotten after it: each is kept for as long as promised, and none for twice that.
fn span_of(now: Timestamp) -> u64 {
    now.millis() / KEY_KEPT_MS
}

fn all_kept() -> Key {
    Key::room("market").with("once")
}

fn kept_in(span: u64) -> Key {
    all_kept().with(span)
}
