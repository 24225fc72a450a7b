//! Money from one person to another: sent, and accepted, declined or taken back.

use std::future::ready;

use souk_core::{Money, TransferId, UserId};
use souk_events::{Due, due};
use souk_identity::account;
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
    /// What the sender is called; `None` once they were erased.
    pub from_name: Option<String>,
    /// What the other is called; `None` once they were erased.
    pub to_name: Option<String>,
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
        let policy = &self.0.config.terms.money;
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

    /// Returns the gifts on their way: those a person can accept, then those they can take back,
    /// each oldest first.
    ///
    /// # Errors
    /// The store's.
    pub async fn gifts(&self, user: UserId) -> Result<Vec<GiftView>, MarketError> {
        let read = |txn: Txn| async move {
            let mut views = Vec::new();
            let sent = gift::on_their_way(&txn, user).await?;
            for gift in gift::waiting(&txn, user).await?.into_iter().chain(sent) {
                views.push(view(&txn, gift).await?);
            }
            Ok(views)
        };
        self.store().view(read).await
    }
}

/// Sets the time at which the gift goes back by itself.
fn return_in_time(txn: &Txn, gift: Gift) -> Result<Gift, MarketError> {
    due::set(txn, gift.expires, &Due::GiftExpiry(gift.id))?;
    Ok(gift)
}

async fn view(txn: &Txn, gift: Gift) -> Result<GiftView, MarketError> {
    let (from, to) = (gift.from, gift.to);
    Ok(GiftView {
        note: gift.says(txn),
        from_name: account::name(txn, from).await?,
        to_name: account::name(txn, to).await?,
        gift,
    })
}
