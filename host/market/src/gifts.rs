//! Money from one person to another: sent, and accepted, declined or taken back.

use std::future::ready;

use souk_core::{Money, TransferId, UserId};
use souk_events::{Due, due};
use souk_ledger::gift::{self, Gift, Offer};
use souk_store::Txn;

use crate::{Call, Market, MarketError, people};

/// A gift with the words its people read.
#[derive(Clone, Debug)]
pub struct GiftView {
    /// The gift.
    pub gift: Gift,
    /// The sender's word; `None` when there is none, or it was erased.
    pub note: Option<String>,
}

impl Market {
    /// Sets money aside for another person to accept within a day.
    ///
    /// # Errors
    /// [`MarketError::UnknownPerson`]; the ledger's refusals, which use up the call's key.
    pub async fn send(
        &self,
        call: &Call,
        to: &str,
        amount: Money,
        note: &str,
    ) -> Result<Gift, MarketError> {
        let policy = &self.0.config.money;
        let work = |txn: Txn| async move {
            let to = people::find(&txn, to).await?.user;
            let offer = Offer {
                id: call.id(),
                from: call.by,
                to,
                amount,
                note: note.to_owned(),
            };
            let decide = gift::offer(&txn, policy, &offer);
            let follow = |gift: Gift| ready(return_in_time(&txn, gift));
            call.once_for_money(&txn, decide, follow).await
        };
        Ok(self.store().transact(work).await??)
    }

    /// Accepts a gift: the money moves.
    ///
    /// # Errors
    /// The ledger's refusals.
    pub async fn accept(&self, call: &Call, id: TransferId) -> Result<Gift, MarketError> {
        let work = |txn: Txn| async move {
            call.once(&txn, async { Ok(gift::accept(&txn, id, call.by).await?) })
                .await
        };
        self.store().transact(work).await
    }

    /// Says no to a gift: the money goes back.
    ///
    /// # Errors
    /// The ledger's refusals.
    pub async fn refuse(&self, call: &Call, id: TransferId) -> Result<Gift, MarketError> {
        let work = |txn: Txn| async move {
            call.once(&txn, async { Ok(gift::decline(&txn, id, call.by).await?) })
                .await
        };
        self.store().transact(work).await
    }

    /// Takes a gift back that was not accepted yet.
    ///
    /// # Errors
    /// The ledger's refusals.
    pub async fn take_back(&self, call: &Call, id: TransferId) -> Result<Gift, MarketError> {
        let work = |txn: Txn| async move {
            call.once(&txn, async { Ok(gift::cancel(&txn, id, call.by).await?) })
                .await
        };
        self.store().transact(work).await
    }

    /// Returns the gifts a person can accept, oldest first.
    ///
    /// # Errors
    /// The store's.
    pub async fn gifts(&self, user: UserId) -> Result<Vec<GiftView>, MarketError> {
        let read = |txn: Txn| async move {
            let gifts = gift::waiting(&txn, user).await?.into_iter();
            let views = gifts.map(|gift| GiftView {
                note: gift.says(&txn),
                gift,
            });
            Ok(views.collect())
        };
        self.store().view(read).await
    }
}

/// Sets the time at which the gift goes back by itself.
fn return_in_time(txn: &Txn, gift: Gift) -> Result<Gift, MarketError> {
    due::set(txn, gift.expires, &Due::GiftExpiry(gift.id))?;
    Ok(gift)
}
