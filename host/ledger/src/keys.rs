//! Where the ledger keeps what. Values, numbers and logs never get in each other's way, so a log
//! and a value may have one name.

use souk_core::{AccountId, AppId, Currency, EntryId, OrderId, TransferId, UserId};
use souk_store::Key;

use crate::account::{Cell, Holder, Rail};

fn room(name: &str) -> Key {
    Key::room("ledger").with(name)
}

/// The log of all entries, hash-chained: the books.
pub(crate) fn entries() -> Key {
    room("entries")
}

/// The same entry, by its id.
pub(crate) fn entry(id: EntryId) -> Key {
    room("entry").with(id)
}

/// The id of the entry a transfer made.
pub(crate) fn transfer(id: TransferId) -> Key {
    room("transfer").with(id)
}

/// The log of all accounts, as they were first used.
pub(crate) fn accounts() -> Key {
    room("accounts")
}

/// All accounts of a holder.
pub(crate) fn accounts_of(holder: &Holder) -> Key {
    match holder {
        Holder::Person(user) => room("account").with("person").with(*user),
        Holder::App(app) => room("account").with("app").with(app),
        Holder::Rail(Rail::Bank) => room("account").with("rail").with("bank"),
    }
}

/// A holder's account of one currency.
pub(crate) fn account(holder: &Holder, currency: Currency) -> Key {
    accounts_of(holder).with(currency.code())
}

/// One number of an account.
pub(crate) fn number(account: AccountId, cell: Cell) -> Key {
    room("number").with(account).with(cell.name())
}

/// The log of the ids of an account's entries.
pub(crate) fn statement(account: AccountId) -> Key {
    room("statement").with(account)
}

/// The log of the ids of all orders, as they were opened.
pub(crate) fn orders() -> Key {
    room("orders")
}

/// An order.
pub(crate) fn order(id: OrderId) -> Key {
    room("order").with(id)
}

/// The id of the order an app asked for with this key.
pub(crate) fn order_key(app: &AppId, key: &str) -> Key {
    room("order-key").with(app).with(key)
}

/// The log of the ids of a person's orders.
pub(crate) fn orders_of(payer: UserId) -> Key {
    room("orders-of").with(payer)
}

/// The ids of the orders that wait for a person.
pub(crate) fn waiting_for(payer: UserId) -> Key {
    room("waiting").with(payer)
}

/// The ids of one app's orders that wait for a person.
pub(crate) fn waiting_from(payer: UserId, app: &AppId) -> Key {
    waiting_for(payer).with(app)
}

/// That an order waits.
pub(crate) fn waiting(payer: UserId, app: &AppId, order: OrderId) -> Key {
    waiting_from(payer, app).with(order)
}

/// The log of an order's changes.
pub(crate) fn history(order: OrderId) -> Key {
    room("history").with(order)
}

/// The approvals offered for an order.
pub(crate) fn challenges(order: OrderId) -> Key {
    room("challenges").with(order)
}

/// The log of what a person should hear of.
pub(crate) fn news(user: UserId) -> Key {
    room("news").with(user)
}
