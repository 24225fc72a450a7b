//! Where the ledger keeps what. Values, numbers and logs never get in each other's way, so a log
//! and a value may have one name.

use souk_core::{AccountId, AppId, Currency, EntryId, OrderId, TransferId, UserId};
use souk_store::{Key, Number};

use crate::account::{Cell, Holder, STANDING};

fn room(name: &str) -> Key {
    Key::room("ledger").with(name)
}

/// The log of all entries, hash-chained: the books.
pub(crate) fn entries() -> Key {
    room("entries")
}

/// What became of a transfer id.
pub(crate) fn transfer(id: TransferId) -> Key {
    room("transfer").with(id)
}

/// The log of all accounts, as they were first used.
pub(crate) fn accounts() -> Key {
    room("accounts")
}

/// All accounts of a holder.
pub(crate) fn accounts_of(holder: &Holder) -> Key {
    let room = room("account").with(holder.role());
    match holder {
        Holder::Person(user) | Holder::Merchant(user) => room.with(*user),
        Holder::App(app) => room.with(app),
        Holder::Rail(rail) => room.with(rail.name()),
        Holder::Host(purse) => room.with(purse.name()),
    }
}

/// All registered assets.
pub(crate) fn assets() -> Key {
    room("asset")
}

/// What the code of an asset stands for.
pub(crate) fn asset(code: &str) -> Key {
    assets().with(code)
}

/// The log of what the operator made of an account.
pub(crate) fn standings(account: AccountId) -> Key {
    room("standings").with(account)
}

/// All holds that are not over.
pub(crate) fn holds() -> Key {
    room("hold")
}

/// That a hold is not over, by the entry that began it.
pub(crate) fn hold(id: EntryId) -> Key {
    holds().with(id)
}

/// What a person spent on a day of UTC.
pub(crate) fn spent(user: UserId, currency: Currency, day: u64) -> Key {
    room("spent").with(user).with(currency.as_str()).with(day)
}

/// What a person spent at an app on a day of UTC.
pub(crate) fn spent_at(user: UserId, app: &AppId, currency: Currency, day: u64) -> Key {
    let at = room("spent-at").with(user).with(app);
    at.with(currency.as_str()).with(day)
}

/// What an app paid out on a day of UTC.
pub(crate) fn paid_out(app: &AppId, currency: Currency, day: u64) -> Key {
    room("paid-out").with(app).with(currency.as_str()).with(day)
}

/// A holder's account of one currency.
pub(crate) fn account(holder: &Holder, currency: Currency) -> Key {
    accounts_of(holder).with(currency.as_str())
}

/// One number of an account. They lie together, and beside the count of the account's statement:
/// an entry changes several.
pub(crate) fn number(account: AccountId, cell: Cell) -> Number {
    let (key, slot) = (statement(account), cell.slot());
    Number { key, slot }
}

/// The number that says what may happen on an account.
pub(crate) fn standing(account: AccountId) -> Number {
    let (key, slot) = (statement(account), STANDING);
    Number { key, slot }
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

/// A gift.
pub(crate) fn gift(id: TransferId) -> Key {
    room("gift").with(id)
}

/// The log of the ids of all gifts, as they were offered.
pub(crate) fn gifts() -> Key {
    room("gifts")
}

/// The ids of the gifts that wait for a person.
pub(crate) fn gifts_for(user: UserId) -> Key {
    room("gifts-for").with(user)
}

/// The ids of the gifts a person sent that nobody has accepted.
pub(crate) fn gifts_from(user: UserId) -> Key {
    room("gifts-from").with(user)
}

/// Money on its way in.
pub(crate) fn arrival(id: TransferId) -> Key {
    room("arrival").with(id)
}

/// Money on its way out.
pub(crate) fn departure(id: TransferId) -> Key {
    room("departure").with(id)
}

/// The log of the ids of all departures, as they were asked for.
pub(crate) fn departures() -> Key {
    room("departures")
}

/// The log of the ids of what came in for a person, as it was first seen.
pub(crate) fn arrivals_of(user: UserId) -> Key {
    room("arrivals-of").with(user)
}

/// The log of the ids of what a person took out, as they asked for it.
pub(crate) fn departures_of(user: UserId) -> Key {
    room("departures-of").with(user)
}

/// How far an app's takings of a currency were settled.
pub(crate) fn settled(app: &AppId, currency: Currency) -> Key {
    room("settled").with(app).with(currency.as_str())
}

/// Whose address on the simulated chain it is.
pub(crate) fn address(address: &str) -> Key {
    room("address").with(address)
}

/// The simulated chain.
pub(crate) fn simulated_chain() -> Key {
    room("simulated-chain")
}

/// The log of what a person should hear of.
pub(crate) fn news(user: UserId) -> Key {
    room("news").with(user)
}
