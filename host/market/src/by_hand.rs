//! What the operator books by hand: money that came in or went out by other means, and what was
//! settled to a merchant, taken back. Each has a reason, for whoever's money it is to read.

use std::future::{Future, ready};

use souk_core::{AppId, Money, UserId};
use souk_ledger::entry::Entry;
use souk_ledger::rail::manual;
use souk_ledger::{Holder, Refusal, settlement};
use souk_registry::app;
use souk_store::Txn;

use crate::{Call, Market, MarketError, people};

/// Which of the two accounts of somebody who has both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pocket {
    /// Their wallet.
    Wallet,
    /// What was settled to them as a merchant.
    Takings,
}

impl Market {
    /// Books by hand what came in for a person elsewhere.
    ///
    /// # Errors
    /// [`MarketError::UnknownPerson`]; the ledger's refusals, which use up the call's key.
    pub async fn deposit_by_hand(
        &self,
        call: &Call,
        to: &str,
        amount: Money,
        reason: &str,
    ) -> Result<Entry, MarketError> {
        let policy = &self.0.config.terms.money;
        let work = |txn: Txn| async move {
            let to = people::find(&txn, to).await?.user;
            let book = manual::deposit(&txn, policy, to, amount, reason, call.id());
            booked(call, &txn, book).await
        };
        Ok(self.store().transact(work).await??)
    }

    /// Books by hand what somebody was paid elsewhere: what they have not got cannot have been
    /// paid.
    ///
    /// # Errors
    /// [`MarketError::UnknownPerson`]; the ledger's refusals, which use up the call's key.
    pub async fn withdraw_by_hand(
        &self,
        call: &Call,
        (from, pocket): (&str, Pocket),
        amount: Money,
        reason: &str,
    ) -> Result<Entry, MarketError> {
        let policy = &self.0.config.terms.money;
        let work = |txn: Txn| async move {
            let from = pocket.of(people::find(&txn, from).await?.user);
            let book = manual::withdraw(&txn, policy, &from, amount, reason, call.id());
            booked(call, &txn, book).await
        };
        Ok(self.store().transact(work).await??)
    }

    /// Takes back what was settled to an app's merchant: it is the app's takings again, to refund
    /// from, and waits there as long as what comes in now.
    ///
    /// # Errors
    /// [`MarketError::UnknownApp`]; the ledger's refusals, which use up the call's key.
    pub async fn recall(
        &self,
        call: &Call,
        app: &AppId,
        amount: Money,
        reason: &str,
    ) -> Result<Entry, MarketError> {
        let work = |txn: Txn| async move {
            let merchant = app::merchant(&txn, app).await?;
            let merchant = merchant.ok_or_else(|| MarketError::UnknownApp(app.clone()))?;
            let book = settlement::recall(&txn, app, merchant, amount, reason, call.id());
            booked(call, &txn, book).await
        };
        Ok(self.store().transact(work).await??)
    }
}

/// Books once for each call.
async fn booked(
    call: &Call,
    txn: &Txn,
    book: impl Future<Output = Result<Entry, Refusal>>,
) -> Result<Result<Entry, Refusal>, MarketError> {
    call.once_for_money(txn, book, |entry| ready(Ok(entry)))
        .await
}

impl Pocket {
    /// The account it stands for.
    fn of(self, user: UserId) -> Holder {
        match self {
            Self::Wallet => Holder::Person(user),
            Self::Takings => Holder::Merchant(user),
        }
    }
}
