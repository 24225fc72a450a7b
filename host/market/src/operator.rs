//! What only the operator does: prove who they are, look after accounts, name assets, and take a
//! rail's word back. What they book is in [`by_hand`](crate::by_hand).

use souk_core::{AppId, Currency, TransferId};
use souk_identity::{Secret, operator};
use souk_ledger::account::{self, Balance, StandingChange, asset, standing};
use souk_ledger::rail::{Arrival, arrival};
use souk_ledger::{Holder, Standing};
use souk_store::Txn;

use crate::{Call, Market, MarketError, people};

/// Whose accounts are meant, as an operator names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// A person's wallet, by handle.
    Person(String),
    /// What was settled to a merchant, by handle.
    Merchant(String),
    /// What an app took.
    App(AppId),
}

/// An account as the operator sees it.
#[derive(Clone, Debug)]
pub struct AccountView {
    /// What is in it, and what may happen on it.
    pub balance: Balance,
    /// What the operator made of it, oldest first.
    pub history: Vec<StandingChange>,
}

impl Market {
    /// Tells whether a secret is the operator's.
    ///
    /// # Errors
    /// The store's.
    pub async fn is_operator(&self, secret: &str) -> Result<bool, MarketError> {
        self.store()
            .view(|txn| async move { Ok(operator::is(&txn, secret).await?) })
            .await
    }

    /// Makes a new secret for the operator; the one before opens nothing any more.
    ///
    /// # Errors
    /// The store's; no randomness.
    pub async fn issue_operator_token(&self) -> Result<Secret, MarketError> {
        self.store()
            .transact(|txn| async move { Ok(operator::issue(&txn)?) })
            .await
    }

    /// Returns somebody's accounts.
    ///
    /// # Errors
    /// [`MarketError::UnknownPerson`].
    pub async fn accounts(&self, whose: &Whose) -> Result<Vec<AccountView>, MarketError> {
        let read = |txn: Txn| async move {
            let holder = holder(&txn, whose).await?;
            let mut views = Vec::new();
            for balance in account::balances(&txn, &holder).await? {
                views.push(view(&txn, &holder, balance).await?);
            }
            Ok(views)
        };
        self.store().view(read).await
    }

    /// Changes what may happen on an account.
    ///
    /// # Errors
    /// [`MarketError::UnknownPerson`]; the ledger's refusals.
    pub async fn set_standing(
        &self,
        call: &Call,
        whose: &Whose,
        currency: Currency,
        to: Standing,
        reason: &str,
    ) -> Result<(), MarketError> {
        let work = |txn: Txn| async move {
            let set = async {
                let holder = holder(&txn, whose).await?;
                Ok(standing::set(&txn, &holder, currency, to, reason).await?)
            };
            call.once(&txn, set).await
        };
        self.store().transact(work).await
    }

    /// Registers an asset, for ever.
    ///
    /// # Errors
    /// The ledger's refusals.
    pub async fn register_asset(&self, call: &Call, asset: Currency) -> Result<(), MarketError> {
        let work = |txn: Txn| async move {
            let register = async { Ok(asset::register(&txn, asset).await?) };
            call.once(&txn, register).await
        };
        self.store().transact(work).await
    }

    /// Returns the assets that are registered.
    ///
    /// # Errors
    /// The store's.
    pub async fn assets(&self) -> Result<Vec<Currency>, MarketError> {
        self.store()
            .view(|txn| async move { Ok(asset::all(&txn).await?) })
            .await
    }

    /// Has a rail lose or take back what came in: a charge-back, for development and for a bank
    /// that says so on paper.
    ///
    /// # Errors
    /// The ledger's refusals.
    pub async fn take_back_arrival(
        &self,
        call: &Call,
        id: TransferId,
    ) -> Result<Arrival, MarketError> {
        let work = |txn: Txn| async move {
            let lose = async { Ok(arrival::lose(&txn, id).await?) };
            call.once(&txn, lose).await
        };
        self.store().transact(work).await
    }
}

async fn holder(txn: &Txn, whose: &Whose) -> Result<Holder, MarketError> {
    Ok(match whose {
        Whose::Person(handle) => Holder::Person(people::find(txn, handle).await?.user),
        Whose::Merchant(handle) => Holder::Merchant(people::find(txn, handle).await?.user),
        Whose::App(app) => Holder::App(app.clone()),
    })
}

async fn view(txn: &Txn, holder: &Holder, balance: Balance) -> Result<AccountView, MarketError> {
    let currency = balance.currency;
    Ok(AccountView {
        balance,
        history: standing::history(txn, holder, currency).await?,
    })
}
