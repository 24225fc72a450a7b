//! History: what a viewer sees of a chat, page by page.
//!
//! What everybody hears of is in the chat's log, and what only this viewer hears of in another; a
//! page is woven of both.

use std::fmt;
use std::str::FromStr;

use souk_core::limits::{PAGE_ENTRIES_DEFAULT, PAGE_ENTRIES_MAX};
use souk_core::{ChatId, MessageId, UserId};
use souk_store::{Page, Record, StoreError, Txn};

use crate::chat::{self, Change};
use crate::record::Aside;
use crate::{Message, Refusal, keys, view};

/// How far a reader has come, in each of the two logs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// The last place seen of the chat's log.
    pub open: Option<u64>,
    /// The last place seen of the viewer's own.
    pub aside: Option<u64>,
}

/// A post found in a log.
struct Found {
    /// Its place in that log.
    place: u64,
    /// Where it belongs between those of the chat's log.
    after: u64,
    id: MessageId,
}

/// Returns a page of a chat's messages as a viewer sees them, each once, as it is now, with how far
/// a reader has come with it. Fewer than the page's limit (at most [`PAGE_ENTRIES_MAX`]) means that
/// there are no more; `after` is how far a reader had come.
///
/// # Errors
/// The store's.
pub async fn of(
    txn: &Txn,
    chat: ChatId,
    viewer: UserId,
    page: Page<Cursor>,
) -> Result<Vec<(Cursor, Message)>, Refusal> {
    let limit = page.limit.min(PAGE_ENTRIES_MAX);
    let mut cursor = page.after.unwrap_or_default();
    let part = |after| Page {
        after,
        limit,
        reverse: page.reverse,
    };
    let open = posts(txn, &chat::log(chat), part(cursor.open), of_chat).await?;
    let asides = posts(txn, &keys::asides(chat, viewer), part(cursor.aside), of_one).await?;
    let (mut open, mut asides) = (open.into_iter().peekable(), asides.into_iter().peekable());
    let mut shown = Vec::new();
    while shown.len() < limit {
        let from_open = match (open.peek(), asides.peek()) {
            (Some(open), Some(aside)) if page.reverse => open.after >= aside.after,
            (Some(open), Some(aside)) => open.after < aside.after,
            (Some(_), None) => true,
            (None, _) => false,
        };
        let next = if from_open {
            open.next()
        } else {
            asides.next()
        };
        let Some(Found { place, id, .. }) = next else {
            break;
        };
        if from_open {
            cursor.open = Some(place);
        } else {
            cursor.aside = Some(place);
        }
        shown.push((cursor, peek(txn, chat, id, viewer).await?));
    }
    Ok(shown)
}

/// Returns the posts of a log, at most as many as the page has room for.
async fn posts<R: Record>(
    txn: &Txn,
    log: &souk_store::Key,
    page: Page<u64>,
    read: fn(u64, &R) -> (u64, Change),
) -> Result<Vec<Found>, StoreError> {
    let stretch = page.limit.max(PAGE_ENTRIES_DEFAULT);
    let (mut after, mut found) = (page.after, Vec::new());
    while found.len() < page.limit {
        let part = Page {
            after,
            limit: stretch,
            reverse: page.reverse,
        };
        let entries: Vec<(u64, R)> = txn.entries(log, part).await?;
        for (place, entry) in &entries {
            if let (after, Change::Posted(id)) = read(*place, entry)
                && found.len() < page.limit
            {
                let place = *place;
                found.push(Found { place, after, id });
            }
        }
        after = entries.last().map(|(place, _)| *place);
        if entries.len() < stretch {
            break;
        }
    }
    Ok(found)
}

fn of_chat(place: u64, change: &Change) -> (u64, Change) {
    (place, *change)
}

fn of_one(_: u64, aside: &Aside) -> (u64, Change) {
    (aside.after, aside.change)
}

async fn peek(txn: &Txn, chat: ChatId, id: MessageId, viewer: UserId) -> Result<Message, Refusal> {
    let stored = txn.peek(&keys::message(chat, id)).await?;
    view::seen(txn, chat, id, viewer, stored.ok_or(StoreError::Form)?).await
}

impl Cursor {
    /// Whether nothing can come before it.
    pub fn is_first(self) -> bool {
        self.open.unwrap_or(0) == 0 && self.aside.unwrap_or(0) == 0
    }
}

/// As clients are given it: `17`, or `17.3` where there was something for them alone.
impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(open) = self.open {
            write!(f, "{open}")?;
        }
        self.aside.map_or(Ok(()), |aside| write!(f, ".{aside}"))
    }
}

/// A text is not a cursor of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a cursor of a history")]
pub struct BadCursor;

impl FromStr for Cursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        let number = |text: &str| match text {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| BadCursor),
        };
        let (open, aside) = text.split_once('.').unwrap_or((text, ""));
        Ok(Self {
            open: number(open)?,
            aside: number(aside)?,
        })
    }
}
