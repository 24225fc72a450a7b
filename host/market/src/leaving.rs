//! Leaving the host: an account ends, and with it everything its person wrote.
//!
//! The account ends in one commit; the keys that its person's content is sealed with are deleted
//! right after it, and once more a little later, for what was under way. Ids and amounts stay.

use souk_chat::{chat, member, push};
use souk_core::UserId;
use souk_core::limits::ERASED_AGAIN_MS;
use souk_events::{Due, due};
use souk_identity::{account, session, token};
use souk_ledger::account::{self as books, Holder, Standing, standing};
use souk_ledger::rail::departure;
use souk_registry::app;
use souk_store::{Owner, Txn};

use crate::{Market, MarketError};

/// What the books say of why an account was closed.
const REASON: &str = "its person left";

impl Market {
    /// Ends a person's account and erases what they wrote: name, messages, memos, gifts' notes,
    /// where they took money out to, what apps keep for them. Nobody gets their handle. There is no
    /// way back.
    ///
    /// # Errors
    /// [`MarketError::WrongCredentials`]; the ledger's `NotEmpty` while there is money in a wallet
    /// of theirs, or on its way.
    pub async fn leave_host(&self, by: UserId, word: &str) -> Result<(), MarketError> {
        let known = self
            .store()
            .view(|txn| async move { account::get(&txn, by).await });
        self.prove(known.await?, word).await?;
        self.store()
            .transact(|txn| async move { end(&txn, by).await })
            .await?;
        let erase = |txn: Txn| async move { erase(&txn, by).await };
        self.store().view(erase).await
    }
}

/// Ends an account: nobody is signed in as its person any more, and nobody can pay them or speak to
/// them later.
async fn end(txn: &Txn, user: UserId) -> Result<(), MarketError> {
    for holder in [Holder::Person(user), Holder::Merchant(user)] {
        for wallet in books::balances(txn, &holder).await? {
            standing::set(txn, &holder, wallet.currency, Standing::Closed, REASON).await?;
        }
    }
    departure::seal_older(txn, user).await?;
    for version in app::list(txn).await? {
        push::take_back(txn, user, &version.app).await?;
    }
    member::leave_groups(txn, user).await?;
    session::close_all(txn, user).await?;
    token::revoke_all(txn, user).await?;
    account::end(txn, user).await?;
    let again = txn.now().after_millis(ERASED_AGAIN_MS);
    Ok(due::set(txn, again, &Due::Erasure(user))?)
}

/// Deletes every key that a person's content is sealed with. A second time changes nothing.
pub(crate) async fn erase(txn: &Txn, user: UserId) -> Result<(), MarketError> {
    let keyring = txn.keyring();
    for chat in chat::ever_of_user(txn, user).await? {
        keyring.erase(&Owner::PersonInChat(user, chat)).await?;
    }
    Ok(keyring.erase(&Owner::Person(user)).await?)
}
