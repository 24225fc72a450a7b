//! A person's wallet: what is in it, what went through it, how money gets in.

use std::future::ready;

use souk_core::{Currency, EntryId, Money, UserId};
use souk_ledger::account::{self, Balance};
use souk_ledger::entry::{self, Entry};
use souk_ledger::receipt::{self, Receipt};
use souk_ledger::statement::{self, Line, Period, Statement};
use souk_ledger::{Holder, rail};
use souk_store::{Page, Txn};

use crate::{Call, Market, MarketError};

impl Market {
    /// Returns what a person has, per currency.
    ///
    /// # Errors
    /// The store's.
    pub async fn balances(&self, user: UserId) -> Result<Vec<Balance>, MarketError> {
        self.store()
            .view(|txn| async move { Ok(account::balances(&txn, &Holder::Person(user)).await?) })
            .await
    }

    /// Puts money from the simulated bank into a person's wallet.
    ///
    /// # Errors
    /// [`MarketError::NoBank`] unless the operator turned it on; the ledger's refusals.
    pub async fn deposit(&self, call: &Call, amount: Money) -> Result<Entry, MarketError> {
        if !self.0.config.simulated_bank {
            return Err(MarketError::NoBank);
        }
        let policy = &self.0.config.money;
        let work = |txn: Txn| async move {
            let decide = rail::deposit(&txn, policy, call.by, amount, call.id());
            call.once_for_money(&txn, decide, |entry| ready(Ok(entry)))
                .await
        };
        Ok(self.store().transact(work).await??)
    }

    /// Returns a page of what went through a person's account.
    ///
    /// # Errors
    /// The store's.
    pub async fn statement(
        &self,
        user: UserId,
        currency: Currency,
        page: Page<u64>,
    ) -> Result<Vec<Line>, MarketError> {
        let page = &page;
        let read = |txn: Txn| async move {
            Ok(statement::page(&txn, &Holder::Person(user), currency, page.clone()).await?)
        };
        self.store().view(read).await
    }

    /// Returns what happened on a person's account in a period, with balances before and after, and
    /// the same signed.
    ///
    /// # Errors
    /// More lines than fit; the store's.
    pub async fn period(
        &self,
        user: UserId,
        currency: Currency,
        period: Period,
    ) -> Result<(Statement, String), MarketError> {
        let read = |txn: Txn| async move {
            let of = Holder::Person(user);
            let statement = statement::period(&txn, &of, currency, period).await?;
            let signed = statement::sign(&txn, &statement)?;
            Ok((statement, signed))
        };
        self.store().view(read).await
    }

    /// Returns the receipt of an entry the person is a party of.
    ///
    /// # Errors
    /// An entry that is not theirs is as unknown as one that does not exist.
    pub async fn receipt(&self, user: UserId, id: EntryId) -> Result<Receipt, MarketError> {
        let read = |txn: Txn| async move {
            let found = entry::get(&txn, id).await?;
            let own = found.filter(|entry| entry.involves(&Holder::Person(user)));
            let entry = own.ok_or(souk_ledger::Refusal::UnknownEntry)?;
            Ok(receipt::issue(&txn, &entry).await?)
        };
        self.store().view(read).await
    }
}
