//! Gifts: a person sends money to another, who has to accept it.
//!
//! The money is set aside when it is offered. Accepting moves it; declining, taking it back or
//! letting a day pass gives it back. What may happen when is the table in [`table`].

pub mod table;

use souk_core::limits::{GIFT_WAITS_MS, GIFTS_WAITING_MAX, PAGE_ENTRIES_MAX};
use souk_core::{EntryId, Money, Timestamp, TransferId, UserId};
use souk_store::{Key, Owner, Page, Sealed, Txn};

use self::table::{Request, Step, step};
use crate::account::Holder;
use crate::entry::EntryKind;
use crate::invariant::hold as must;
use crate::policy::Policy;
pub use crate::record::{Gift, GiftState};
use crate::text::is_long;
use crate::transfer::Transfer;
use crate::{Broken, Refusal, hold, keys, news, quote};

/// What a person sends to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Names the gift for ever.
    pub id: TransferId,
    /// Who sends.
    pub from: UserId,
    /// Who may accept.
    pub to: UserId,
    /// How much.
    pub amount: Money,
    /// A word to the other; may be empty. It is quoted before it is kept.
    pub note: String,
}

/// Sets money aside for another person to accept. Staged.
///
/// The same offer sent again answers with the gift there is, whatever became of it.
///
/// # Errors
/// The first of [`Refusal::IdReused`], [`Refusal::Memo`], [`Refusal::SameAccount`], those of
/// [`transfer::post`](crate::transfer::post) (what arrives counts against the other's limit now),
/// and [`Refusal::SheetsWaiting`] when too many wait for the other.
pub async fn offer(txn: &Txn, policy: &Policy, offer: &Offer) -> Result<Gift, Refusal> {
    if let Some(gift) = txn.get::<Gift>(&keys::gift(offer.id)).await? {
        return if offer.is_what_made(&gift, txn) {
            Ok(gift)
        } else {
            Err(Refusal::IdReused)
        };
    }
    if is_long(&offer.note) {
        return Err(Refusal::Memo);
    }
    if offer.from == offer.to {
        return Err(Refusal::SameAccount);
    }
    let waiting = keys::gifts_for(offer.to);
    let waiting = txn.scan::<TransferId>(&waiting, Page::first(GIFTS_WAITING_MAX));
    if waiting.await?.len() >= GIFTS_WAITING_MAX {
        return Err(Refusal::SheetsWaiting);
    }
    let expires = txn.now().after_millis(GIFT_WAITS_MS);
    let note = seal(txn, offer).await?;
    let entry = hold::set_aside(txn, policy, &offer.transfer(note.clone()), expires).await?;

    // From here on it happens.
    let gift = offer.gift(txn.now(), expires, entry.id, note);
    txn.append(&keys::gifts(), &gift.id)?;
    txn.put(&keys::gifts_for(gift.to).with(gift.id), &gift.id)?;
    txn.put(&keys::gifts_from(gift.from).with(gift.id), &gift.id)?;
    write(txn, gift)
}

/// Takes a gift: the money moves. A second time changes nothing. Staged.
///
/// # Errors
/// The first of [`Refusal::UnknownGift`], [`Refusal::GiftIs`].
pub async fn accept(txn: &Txn, id: TransferId, by: UserId) -> Result<Gift, Refusal> {
    let gift = get(txn, id).await?.filter(|gift| gift.to == by);
    resolve(txn, gift, Request::Accept).await
}

/// Says no to a gift: the money goes back. A second time changes nothing. Staged.
///
/// # Errors
/// As [`accept`].
pub async fn decline(txn: &Txn, id: TransferId, by: UserId) -> Result<Gift, Refusal> {
    let gift = get(txn, id).await?.filter(|gift| gift.to == by);
    resolve(txn, gift, Request::Decline).await
}

/// Takes a gift back that nobody has accepted. A second time changes nothing. Staged.
///
/// # Errors
/// As [`accept`].
pub async fn cancel(txn: &Txn, id: TransferId, by: UserId) -> Result<Gift, Refusal> {
    let gift = get(txn, id).await?.filter(|gift| gift.from == by);
    resolve(txn, gift, Request::Cancel).await
}

/// Gives a gift back whose time is up, and returns it; `None` when it is not, or there is nothing
/// to give back. Staged.
///
/// # Errors
/// [`Refusal::UnknownGift`].
pub async fn expire(txn: &Txn, id: TransferId) -> Result<Option<Gift>, Refusal> {
    let gift = get(txn, id).await?.ok_or(Refusal::UnknownGift)?;
    match step(gift.state, Request::Expire) {
        Step::To(state) if gift.expires <= txn.now() => end(txn, gift, state).await.map(Some),
        Step::To(_) | Step::Stay | Step::No => Ok(None),
    }
}

/// Returns a gift.
///
/// # Errors
/// [`Refusal::Broken`] when what is stored cannot be a gift, [`Refusal::Store`].
pub async fn get(txn: &Txn, id: TransferId) -> Result<Option<Gift>, Refusal> {
    let gift = txn.get::<Gift>(&keys::gift(id)).await?;
    if let Some(gift) = &gift {
        let ended = gift.ended.is_some() == (gift.state != GiftState::Offered);
        must(gift.id == id && ended, Broken::Gift(id))?;
    }
    Ok(gift)
}

/// Returns the gifts a person can still accept, oldest first; at most [`GIFTS_WAITING_MAX`].
///
/// # Errors
/// As [`get`].
pub async fn waiting(txn: &Txn, user: UserId) -> Result<Vec<Gift>, Refusal> {
    let gifts = offered(txn, &keys::gifts_for(user), GIFTS_WAITING_MAX).await?;
    for gift in &gifts {
        must(gift.to == user, Broken::Gift(gift.id))?;
    }
    Ok(gifts)
}

/// Returns the gifts a person can still take back, oldest first; at most [`PAGE_ENTRIES_MAX`].
///
/// # Errors
/// As [`get`].
pub async fn on_their_way(txn: &Txn, user: UserId) -> Result<Vec<Gift>, Refusal> {
    let gifts = offered(txn, &keys::gifts_from(user), PAGE_ENTRIES_MAX).await?;
    for gift in &gifts {
        must(gift.from == user, Broken::Gift(gift.id))?;
    }
    Ok(gifts)
}

/// Returns the listed gifts whose time is not up, oldest first.
async fn offered(txn: &Txn, list: &Key, limit: usize) -> Result<Vec<Gift>, Refusal> {
    let mut gifts = Vec::new();
    for (_, id) in txn.scan::<TransferId>(list, Page::first(limit)).await? {
        let gift = get(txn, id).await?.ok_or(Broken::Gift(id))?;
        if gift.state_at(txn.now()) == GiftState::Offered {
            gifts.push(gift);
        }
    }
    gifts.sort_by_key(|gift| (gift.offered, gift.id));
    Ok(gifts)
}

/// Asks the table, and ends the gift if it says so.
async fn resolve(txn: &Txn, gift: Option<Gift>, request: Request) -> Result<Gift, Refusal> {
    let gift = gift.ok_or(Refusal::UnknownGift)?;
    let state = gift.state_at(txn.now());
    match step(state, request) {
        Step::To(state) => end(txn, gift, state).await,
        Step::Stay => Ok(gift),
        Step::No => Err(Refusal::GiftIs(state)),
    }
}

/// Ends the hold the way the new state says, and writes the gift down.
async fn end(txn: &Txn, gift: Gift, state: GiftState) -> Result<Gift, Refusal> {
    let ended = match state {
        GiftState::Accepted => hold::capture(txn, gift.hold, gift.amount).await?,
        GiftState::Offered | GiftState::Declined | GiftState::Canceled | GiftState::Returned => {
            hold::release(txn, gift.hold).await?
        }
    };
    txn.delete(&keys::gifts_for(gift.to).with(gift.id))?;
    txn.delete(&keys::gifts_from(gift.from).with(gift.id))?;
    let ended = Some(ended.id);
    write(
        txn,
        Gift {
            state,
            ended,
            ..gift
        },
    )
}

fn write(txn: &Txn, gift: Gift) -> Result<Gift, Refusal> {
    txn.put(&keys::gift(gift.id), &gift)?;
    news::of_gift(txn, &gift)?;
    Ok(gift)
}

/// Quotes the note and seals it for the sender; `None` when there is nothing to read in it.
async fn seal(txn: &Txn, offer: &Offer) -> Result<Option<Sealed>, Refusal> {
    let note = quote(&offer.note);
    if note.is_empty() {
        return Ok(None);
    }
    let owner = Owner::Person(offer.from);
    Ok(Some(txn.seal(&owner, note.as_bytes()).await?))
}

impl Offer {
    fn transfer(&self, note: Option<Sealed>) -> Transfer {
        Transfer {
            id: self.id,
            debit: Holder::Person(self.from),
            credit: Holder::Person(self.to),
            amount: self.amount,
            kind: EntryKind::Gift,
            order: None,
            terms: None,
            note,
        }
    }

    fn gift(
        &self,
        offered: Timestamp,
        expires: Timestamp,
        hold: EntryId,
        note: Option<Sealed>,
    ) -> Gift {
        let (id, from, to, amount) = (self.id, self.from, self.to, self.amount);
        Gift {
            id,
            from,
            to,
            amount,
            state: GiftState::Offered,
            offered,
            expires,
            hold,
            ended: None,
            note,
        }
    }

    fn is_what_made(&self, gift: &Gift, txn: &Txn) -> bool {
        let note = gift.note.as_ref();
        let note = note.map(|note| txn.open(note));
        let said = match note {
            None => quote(&self.note).is_empty(),
            Some(note) => note.is_none_or(|note| note == quote(&self.note).as_bytes()),
        };
        let facts = (self.id, self.from, self.to, self.amount);
        said && facts == (gift.id, gift.from, gift.to, gift.amount)
    }
}

impl Gift {
    /// Returns the state that counts at a time: a gift whose time is up is as good as returned.
    pub fn state_at(&self, now: Timestamp) -> GiftState {
        let late = self.state == GiftState::Offered && now >= self.expires;
        if late {
            GiftState::Returned
        } else {
            self.state
        }
    }

    /// Returns the sender's word, unless there was none or it was erased.
    pub fn says(&self, txn: &Txn) -> Option<String> {
        let plain = txn.open(self.note.as_ref()?)?;
        String::from_utf8(plain).ok()
    }
}
