//! A person's wallet, and what was settled to them: what is in it, what went through it, the proof
//! of it.

use souk_core::{Currency, EntryId, UserId};
use souk_ledger::Holder;
use souk_ledger::account::{self, Balance};
use souk_ledger::entry;
use souk_ledger::receipt::{self, Receipt};
use souk_ledger::statement::{self, Line, Period, Statement};
use souk_store::{Page, Txn};

use crate::{Market, MarketError};

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

    /// Returns a page of what went through somebody's account.
    ///
    /// # Errors
    /// The store's.
    pub async fn statement(
        &self,
        of: &Holder,
        currency: Currency,
        page: Page<u64>,
    ) -> Result<Vec<Line>, MarketError> {
        let page = &page;
        let read =
            |txn: Txn| async move { Ok(statement::page(&txn, of, currency, page.clone()).await?) };
        self.store().view(read).await
    }

    /// Returns what happened on a person's account in a period, with balances before and after, and
    /// the same signed.
    ///
    /// # Errors
    /// A period that ends before it begins, more lines than fit; the store's.
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

    /// Returns the receipt of an entry the person is a party of, by their wallet or as a merchant.
    ///
    /// # Errors
    /// An entry that is not theirs is as unknown as one that does not exist.
    pub async fn receipt(&self, user: UserId, id: EntryId) -> Result<Receipt, MarketError> {
        let read = |txn: Txn| async move {
            let found = entry::get(&txn, id).await?;
            let mine = [Holder::Person(user), Holder::Merchant(user)];
            let own = found.filter(|entry| mine.iter().any(|holder| entry.involves(holder)));
            let entry = own.ok_or(souk_ledger::Refusal::UnknownEntry)?;
            Ok(receipt::issue(&txn, &entry).await?)
        };
        self.store().view(read).await
    }
}
