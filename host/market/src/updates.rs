//! What a person's client is told, as it happens and after a pause: every change of their chats,
//! their wallet, their questions and their notices, from wherever the client had heard last.
//!
//! The store's changes only say where to look. What is told is read from the logs, so a lost
//! connection, a slow client or a restart of the host loses nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use souk_chat::{Aside, chat, view};
use souk_core::{AccountId, ChatId, MessageId, UserId};
use souk_events::done;
use souk_identity::consent;
use souk_ledger::account::{self, Balance};
use souk_ledger::{Holder, order};
use souk_store::{Changes, Key, Page, Record, Txn};

use crate::chats::{MessageView, message_view};
use crate::record::{News, Places, news_log};
use crate::{ConsentView, Happened, Market, MarketError, OrderView, consents, orders};

/// Entries of one log told at once; a client far behind is told in several goes.
const AT_ONCE: usize = 200;

/// Something a client is told.
#[derive(Clone, Debug)]
pub enum Update {
    /// A message was posted, edited or deleted; this is how it is now.
    Message(ChatId, MessageView),
    /// Someone joined or left a chat.
    Members(ChatId),
    /// An order of theirs opened or changed; this is how it is now.
    Order(Box<OrderView>),
    /// Their balances changed; this is what they are now.
    Balances(Vec<Balance>),
    /// An app wants to know something.
    Consent(ConsentView),
    /// Something they did ended otherwise than well.
    Ended(ChatId, Happened),
    /// They are in a chat they were not in before.
    Joined(ChatId),
}

/// How far a client has heard. Opaque text to clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token(Places);

/// A client's stream of updates.
pub struct Updates {
    market: Market,
    user: UserId,
    changes: Changes,
    heard: Places,
}

impl Market {
    /// Begins a person's stream where `from` says, or now.
    ///
    /// # Errors
    /// The store's.
    pub async fn updates(&self, user: UserId, from: Option<Token>) -> Result<Updates, MarketError> {
        let heard = match from {
            Some(Token(places)) => places,
            None => {
                self.store()
                    .view(|txn| async move { now(&txn, user).await })
                    .await?
            }
        };
        Ok(Updates {
            market: self.clone(),
            user,
            changes: self.store().changes(),
            heard,
        })
    }
}

impl Updates {
    /// Returns how far the client has heard, to go on from there another time.
    pub fn token(&self) -> Token {
        Token(self.heard.clone())
    }

    /// Returns what has happened since the last call, perhaps nothing.
    ///
    /// # Errors
    /// The store's.
    pub async fn read(&mut self) -> Result<Vec<Update>, MarketError> {
        let (user, heard) = (self.user, &self.heard);
        let read = |txn: Txn| async move { Reader::new(&txn, user, heard.clone()).read().await };
        let (heard, updates) = self.market.store().view(read).await?;
        self.heard = heard;
        self.changes.follow(self.logs());
        Ok(updates)
    }

    /// Waits until there may be something to read.
    pub async fn changed(&self) {
        self.changes.grew().await;
    }

    fn logs(&self) -> BTreeSet<Key> {
        let chats = self.heard.chats.keys();
        let chats = chats.flat_map(|id| [chat::log(*id), chat::asides(*id, self.user)]);
        let accounts = self.heard.accounts.keys();
        let accounts = accounts.map(|id| souk_ledger::statement_log(*id));
        let own = [
            news_log(self.user),
            souk_ledger::news_log(self.user),
            souk_identity::news_log(self.user),
        ];
        chats.chain(accounts).chain(own).collect()
    }
}

/// Where everything a person follows is at present.
async fn now(txn: &Txn, user: UserId) -> Result<Places, MarketError> {
    let mut places = Places {
        wallet: txn.peek_count(&souk_ledger::news_log(user)).await?,
        consents: txn.peek_count(&souk_identity::news_log(user)).await?,
        news: txn.peek_count(&news_log(user)).await?,
        ..Places::default()
    };
    for chat in chat::of_user(txn, user).await? {
        let open = txn.peek_count(&chat::log(chat.id)).await?;
        places.chats.insert(chat.id, open);
        let aside = txn.peek_count(&chat::asides(chat.id, user)).await?;
        places.asides.insert(chat.id, aside);
    }
    places.accounts = accounts(txn, user).await?;
    Ok(places)
}

/// How long the statement of each account of a person is at present.
async fn accounts(txn: &Txn, user: UserId) -> Result<BTreeMap<AccountId, u64>, MarketError> {
    let mut lines = BTreeMap::new();
    for account in account::ids(txn, &Holder::Person(user)).await? {
        let log = souk_ledger::statement_log(account);
        lines.insert(account, txn.peek_count(&log).await?);
    }
    Ok(lines)
}

/// One reading of all of a person's logs.
struct Reader<'a> {
    txn: &'a Txn,
    user: UserId,
    heard: Places,
    updates: Vec<Update>,
}

impl<'a> Reader<'a> {
    fn new(txn: &'a Txn, user: UserId, heard: Places) -> Self {
        Self {
            txn,
            user,
            heard,
            updates: Vec::new(),
        }
    }

    async fn read(mut self) -> Result<(Places, Vec<Update>), MarketError> {
        self.news().await?;
        self.chats().await?;
        self.wallet().await?;
        self.consents().await?;
        Ok((self.heard, self.updates))
    }

    async fn news(&mut self) -> Result<(), MarketError> {
        let (news, next) = self
            .beyond::<News>(&news_log(self.user), self.heard.news)
            .await?;
        self.heard.news = next;
        for news in news {
            match news {
                News::Joined(chat) => self.updates.push(Update::Joined(chat)),
                News::Ended(event) => {
                    let Some(mark) = done::mark(self.txn, event).await? else {
                        continue;
                    };
                    let happened = Happened {
                        event,
                        app: mark.app,
                        outcome: mark.outcome,
                    };
                    if let Some(chat) = mark.chat {
                        self.updates.push(Update::Ended(chat, happened));
                    }
                }
            }
        }
        Ok(())
    }

    async fn chats(&mut self) -> Result<(), MarketError> {
        let chats = chat::of_user(self.txn, self.user).await?;
        let chats: BTreeSet<ChatId> = chats.into_iter().map(|chat| chat.id).collect();
        self.heard.chats.retain(|id, _| chats.contains(id));
        self.heard.asides.retain(|id, _| chats.contains(id));
        for id in chats {
            let from = self.heard.chats.get(&id).copied().unwrap_or(0);
            let (mut changes, next) = self.beyond::<chat::Change>(&chat::log(id), from).await?;
            self.heard.chats.insert(id, next);
            changes.extend(self.asides(id).await?);
            self.chat(id, changes).await?;
        }
        Ok(())
    }

    /// What only this person hears of in a chat.
    async fn asides(&mut self, id: ChatId) -> Result<Vec<chat::Change>, MarketError> {
        let from = self.heard.asides.get(&id).copied().unwrap_or(0);
        let log = chat::asides(id, self.user);
        let (asides, next) = self.beyond::<Aside>(&log, from).await?;
        self.heard.asides.insert(id, next);
        Ok(asides.into_iter().map(|aside| aside.change).collect())
    }

    /// Tells each changed message once, as it is now.
    async fn chat(&mut self, id: ChatId, changes: Vec<chat::Change>) -> Result<(), MarketError> {
        let mut told = BTreeSet::new();
        let mut members = false;
        for change in changes {
            match change {
                chat::Change::Posted(message)
                | chat::Change::Edited(message, _)
                | chat::Change::Deleted(message)
                | chat::Change::Shown(message) => {
                    if told.insert(message) {
                        self.message(id, message).await?;
                    }
                }
                chat::Change::Joined(_) | chat::Change::Left(_) => members = true,
            }
        }
        if members {
            self.updates.push(Update::Members(id));
        }
        Ok(())
    }

    async fn message(&mut self, chat: ChatId, id: MessageId) -> Result<(), MarketError> {
        if let Some(message) = view::get(self.txn, chat, id, self.user).await? {
            self.updates.push(Update::Message(
                chat,
                message_view(self.txn, message).await?,
            ));
        }
        Ok(())
    }

    async fn wallet(&mut self) -> Result<(), MarketError> {
        let log = souk_ledger::news_log(self.user);
        let (news, next) = self
            .beyond::<souk_ledger::News>(&log, self.heard.wallet)
            .await?;
        self.heard.wallet = next;
        let accounts = accounts(self.txn, self.user).await?;
        let mut moved = accounts != self.heard.accounts;
        self.heard.accounts = accounts;
        let mut told = BTreeSet::new();
        for news in news {
            match news {
                souk_ledger::News::Order(id, _) if told.insert(id) => {
                    let Some(order) = order::get(self.txn, id).await? else {
                        continue;
                    };
                    moved |= order.state.sets_aside();
                    self.updates.push(Update::Order(Box::new(
                        orders::view(self.txn, order).await?,
                    )));
                }
                souk_ledger::News::Order(..) => {}
                // What is set aside is not available any more, and is again when it goes back; what
                // is on its way is told with the balances.
                souk_ledger::News::Account(_)
                | souk_ledger::News::Gift(_)
                | souk_ledger::News::Passage(_) => moved = true,
            }
        }
        if moved {
            let balances = account::balances(self.txn, &Holder::Person(self.user)).await?;
            self.updates.push(Update::Balances(balances));
        }
        Ok(())
    }

    async fn consents(&mut self) -> Result<(), MarketError> {
        let log = souk_identity::news_log(self.user);
        let (news, next) = self
            .beyond::<souk_identity::News>(&log, self.heard.consents)
            .await?;
        self.heard.consents = next;
        if news.is_empty() {
            return Ok(());
        }
        for waiting in consent::waiting(self.txn, self.user).await? {
            self.updates
                .push(Update::Consent(consents::view(self.txn, waiting).await?));
        }
        Ok(())
    }

    /// Reads a log from a place on; returns the entries and the place after them.
    async fn beyond<R: Record>(&self, log: &Key, from: u64) -> Result<(Vec<R>, u64), MarketError> {
        let entries = self
            .txn
            .entries::<R>(log, Page::first(AT_ONCE).after(from.checked_sub(1)))
            .await?;
        let next = entries
            .last()
            .map_or(from, |(place, _)| place.saturating_add(1));
        Ok((entries.into_iter().map(|(_, entry)| entry).collect(), next))
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = postcard::to_stdvec(&self.0).map_err(|_| fmt::Error)?;
        f.write_str(&BASE64.encode(bytes))
    }
}

/// A text is not a resume token of this host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a resume token; connect without one and load what you show")]
pub struct BadToken;

impl FromStr for Token {
    type Err = BadToken;

    fn from_str(text: &str) -> Result<Self, BadToken> {
        let bytes = BASE64.decode(text).map_err(|_| BadToken)?;
        postcard::from_bytes(&bytes).map(Self).map_err(|_| BadToken)
    }
}
