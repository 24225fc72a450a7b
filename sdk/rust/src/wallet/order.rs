//! One order of this app, and what became of it.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::{Ask, OrderId};
use crate::event::moment;
use crate::identity::UserId;
use crate::wit::souk::wallet::payments as wit;
use crate::{Currency, Denied, Money, Result};

/// One order of this app: what was asked of a person, and what became of it. It reads the state
/// of when it was opened, changed by this event's own calls.
#[derive(Debug)]
pub struct Order {
    handle: wit::Order,
    /// Read when it was opened, so that the getters cannot fail.
    currency: Currency,
}

/// Where an order is in its life. States never go back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum OrderState {
    /// The person has not answered yet.
    Pending,
    /// The money is in this app's wallet, all or what was not given back.
    Paid,
    /// The person said no.
    Declined,
    /// This app closed it before anybody paid.
    Canceled,
    /// Nobody paid in time.
    Expired,
    /// All of the money was given back.
    Refunded,
    /// The money is set aside until this app captures or voids it, or its time is up.
    Authorized,
    /// What was set aside went back to the person.
    Voided,
    /// A state this version of the SDK does not know.
    Other,
}

impl Order {
    /// Starts putting an order together. `key` names it for this app: the same key with the same
    /// contents is the same order. The event's id is the natural one.
    pub fn ask(key: impl Into<String>) -> Ask {
        Ask::new(key.into())
    }

    /// Returns this app's order with this id.
    ///
    /// # Errors
    /// [`Denied::NotFound`] unless it is this app's.
    pub fn find(id: &OrderId) -> Result<Self, Denied> {
        Self::open(wit::Order::find(id.as_str())?)
    }

    /// Returns the order this app asked for with this key.
    ///
    /// # Errors
    /// [`Denied::NotFound`] when there is none.
    pub fn by_key(key: &str) -> Result<Self, Denied> {
        Self::open(wit::Order::by_key(key)?)
    }

    pub(super) fn open(handle: wit::Order) -> Result<Self, Denied> {
        let currency = Money::try_from(handle.total())?.currency();
        Ok(Self { handle, currency })
    }

    /// Returns the order's id.
    pub fn id(&self) -> OrderId {
        OrderId::new(self.handle.id())
    }

    /// Returns the key this app asked for it with.
    pub fn key(&self) -> String {
        self.handle.key()
    }

    /// Returns where the order is in its life.
    pub fn state(&self) -> OrderState {
        OrderState::read(&self.handle.state())
    }

    /// Returns how often the order has changed, from 1.
    pub fn revision(&self) -> u64 {
        self.handle.revision()
    }

    /// Returns the id of the person who pays, or was asked to: the one
    /// [`User::id`](crate::User::id) gave then. `None` as long as that is nobody in particular.
    pub fn payer_id(&self) -> Option<UserId> {
        self.handle.payer_id().map(UserId::new)
    }

    /// Returns what was asked for.
    pub fn total(&self) -> Money {
        Money::from_host(self.handle.total().minor, self.currency)
    }

    /// Returns what was paid: nothing before, then the total or the part of it that was captured.
    pub fn captured(&self) -> Money {
        Money::from_host(self.handle.captured().minor, self.currency)
    }

    /// Returns what the host takes from this app for it.
    pub fn fee(&self) -> Money {
        Money::from_host(self.handle.fee().minor, self.currency)
    }

    /// Returns the sum of all refunds so far.
    pub fn refunded(&self) -> Money {
        Money::from_host(self.handle.refunded().minor, self.currency)
    }

    /// Returns when it closes itself if nobody pays; while it is authorized, when that goes back.
    /// `None` once neither can happen any more.
    pub fn expires(&self) -> Option<SystemTime> {
        self.handle.expires().map(moment)
    }

    /// Takes an authorized amount, or part of it; the rest goes back to the person. Once: the same
    /// amount again changes nothing.
    ///
    /// # Errors
    /// [`Denied::Conflict`] has the state when there is nothing to take; [`Denied::OverLimit`]
    /// above what was authorized.
    pub fn capture(&self, amount: Money) -> Result<(), Denied> {
        Ok(self.handle.capture(&amount.into())?)
    }

    /// Closes an order nobody has paid, or gives back what was authorized. A second time changes
    /// nothing. The person reads `reason`.
    ///
    /// # Errors
    /// [`Denied::Conflict`] has the state when it is too late.
    pub fn void(&self, reason: &str) -> Result<(), Denied> {
        Ok(self.handle.void(reason)?)
    }

    /// Does not let the payment happen that a [last look](crate::MiniApp::last_look) is about. The
    /// order stays pending, and what else was staged is kept: a card that says "sold out", say. The
    /// person reads `reason`.
    ///
    /// # Errors
    /// [`Denied::Conflict`] with the code `no-last-look` anywhere else.
    pub fn refuse(&self, reason: &str) -> Result<(), Denied> {
        Ok(self.handle.refuse(reason)?)
    }

    /// Gives money back: at most what was paid and is not given back yet, once per `key`. The
    /// person reads `reason`.
    ///
    /// # Errors
    /// [`Denied::Conflict`] when it was not paid or less is left; [`Denied::KeyReused`] when this
    /// key gave back another amount; [`Denied::InsufficientFunds`] when this app's wallet is empty.
    pub fn refund(&self, key: &str, amount: Money, reason: &str) -> Result<(), Denied> {
        Ok(self.handle.refund(key, &amount.into(), reason)?)
    }
}

impl OrderState {
    fn read(state: &str) -> Self {
        match state {
            "pending" => Self::Pending,
            "paid" => Self::Paid,
            "declined" => Self::Declined,
            "canceled" => Self::Canceled,
            "expired" => Self::Expired,
            "refunded" => Self::Refunded,
            "authorized" => Self::Authorized,
            "voided" => Self::Voided,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_read_as_the_contract_writes_them() {
        use OrderState::{
            Authorized, Canceled, Declined, Expired, Paid, Pending, Refunded, Voided,
        };
        let closed = [Declined, Canceled, Expired, Voided, Refunded];
        for state in [Pending, Authorized, Paid].into_iter().chain(closed) {
            let written = serde_json::to_value(state).unwrap();
            assert_eq!(OrderState::read(written.as_str().unwrap()), state);
        }
        assert_eq!(OrderState::read("escrowed"), OrderState::Other);
    }
}
