//! What people should hear of: a log for each person, which sockets follow.

use souk_core::{AccountId, TransferId, UserId};
use souk_store::{Key, Txn};

use crate::Refusal;
use crate::account::Holder;
use crate::gift::Gift;
use crate::keys;
use crate::order::Order;
pub use crate::record::News;

/// Returns the log of [`News`] for a person: each account they have, and each order, gift, arrival
/// and departure of theirs that changed. What moves on an account grows its [`statement_log`].
pub fn news_log(user: UserId) -> Key {
    keys::news(user)
}

/// Returns the log that grows by a line with each entry that moves money on an account.
pub fn statement_log(account: AccountId) -> Key {
    keys::statement(account)
}

/// Tells the payer of an order that it changed.
pub(crate) fn of_order(txn: &Txn, order: &Order) -> Result<(), Refusal> {
    Ok(txn.append(
        &news_log(order.payer),
        &News::Order(order.id, order.revision),
    )?)
}

/// Tells both people of a gift that it changed.
pub(crate) fn of_gift(txn: &Txn, gift: &Gift) -> Result<(), Refusal> {
    for user in [gift.from, gift.to] {
        txn.append(&news_log(user), &News::Gift(gift.id))?;
    }
    Ok(())
}

/// Tells a person that money on its way to them or from them is somewhere else now.
pub(crate) fn of_passage(txn: &Txn, user: UserId, id: TransferId) -> Result<(), Refusal> {
    Ok(txn.append(&news_log(user), &News::Passage(id))?)
}

/// Tells a person that they have one account more, or that something else may happen on one.
pub(crate) fn of_account(txn: &Txn, holder: &Holder, account: AccountId) -> Result<(), Refusal> {
    if let Holder::Person(user) = holder {
        txn.append(&news_log(*user), &News::Account(account))?;
    }
    Ok(())
}
