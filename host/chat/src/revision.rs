//! What messages said before. Who has not looked for a while may press what they still see: its
//! buttons and input rules are honoured for a day.

use souk_core::limits::{PAGE_ENTRIES_MAX, REVISION_KEPT_MS};
use souk_core::{ChatId, MessageId, UserId};
use souk_store::{Key, Page, Record, Sealed, StoreError, Txn};

use crate::keys;
use crate::record::Kept;

/// Which of the contents of a message somebody saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The message's revision.
    pub revision: u64,
    /// Which of their own views of it; 0: what everybody saw.
    pub view: u64,
}

/// Keeps what a message said to everybody, or to one viewer, until now, and forgets what was kept
/// long enough.
pub(crate) async fn keep(
    txn: &Txn,
    (chat, message): (ChatId, MessageId),
    viewer: Option<UserId>,
    seen: Seen,
    body: Sealed,
) -> Result<(), StoreError> {
    let old: Vec<(Key, Kept)> = txn
        .scan(
            &keys::kept_for(chat, message, viewer),
            Page::first(PAGE_ENTRIES_MAX),
        )
        .await?;
    for (key, _) in old.iter().take_while(|(_, kept)| kept.until <= txn.now()) {
        txn.delete(key)?;
    }
    let kept = Kept {
        revision: seen.revision,
        until: txn.now().after_millis(REVISION_KEPT_MS),
        body,
    };
    txn.put(
        &keys::kept(chat, message, viewer, number(viewer, seen)),
        &kept,
    )
}

/// Returns what a message said, if its buttons are still honoured.
pub(crate) async fn find(
    txn: &Txn,
    (chat, message): (ChatId, MessageId),
    viewer: Option<UserId>,
    seen: Seen,
) -> Result<Option<Sealed>, StoreError> {
    let kept: Option<Kept> = txn
        .get(&keys::kept(chat, message, viewer, number(viewer, seen)))
        .await?;
    let good = |kept: &Kept| kept.revision == seen.revision && txn.now() < kept.until;
    Ok(kept.filter(good).map(|kept| kept.body))
}

/// What counts the contents that everybody saw, or those that one viewer did.
fn number(viewer: Option<UserId>, seen: Seen) -> u64 {
    match viewer {
        Some(_) => seen.view,
        None => seen.revision,
    }
}

/// Forgets everything that a message said before.
pub(crate) async fn forget(txn: &Txn, chat: ChatId, message: MessageId) -> Result<(), StoreError> {
    delete_all::<Kept>(txn, &keys::all_kept(chat, message)).await
}

/// Deletes everything under a prefix.
pub(crate) async fn delete_all<R: Record>(txn: &Txn, prefix: &Key) -> Result<(), StoreError> {
    loop {
        let page: Vec<(Key, R)> = txn.scan(prefix, Page::first(PAGE_ENTRIES_MAX)).await?;
        for (key, _) in &page {
            txn.delete(key)?;
        }
        if page.len() < PAGE_ENTRIES_MAX {
            return Ok(());
        }
    }
}
