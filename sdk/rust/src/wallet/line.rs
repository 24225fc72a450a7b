//! One line of an app's statement.

use std::time::SystemTime;

use super::OrderId;
use crate::event::moment;
use crate::identity::UserId;
use crate::wit::souk::wallet::payments as wit;
use crate::{Denied, Money, Result};

/// A movement of money on this app's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its place on the account; pages go on after it.
    pub place: u64,
    /// The entry in the host's books.
    pub id: String,
    /// When.
    pub at: SystemTime,
    /// Why.
    pub kind: LineKind,
    /// Whether this app has more since.
    pub incoming: bool,
    /// How much.
    pub amount: Money,
    /// The order that was paid or refunded.
    pub order: Option<OrderId>,
    /// The person at the other end, as this app knew them then; `None` when it is the host or the
    /// merchant.
    pub other: Option<UserId>,
    /// Why, in the words of who moved it, unless they were erased.
    pub note: Option<String>,
}

/// Why money moved on an app's account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LineKind {
    /// An order was paid.
    Payment,
    /// Part or all of a payment was given back.
    Refund,
    /// The host's fee for a payment.
    Fee,
    /// This app paid a person of its own accord.
    PayOut,
    /// Its takings went to its merchant.
    Settlement,
    /// Its merchant put some of them back.
    Recall,
    /// Something this version of the SDK does not know.
    Other,
}

impl Line {
    pub(super) fn read(line: wit::StatementLine) -> Result<Self, Denied> {
        Ok(Self {
            place: line.place,
            id: line.id,
            at: moment(line.at),
            kind: LineKind::read(&line.kind),
            incoming: line.incoming,
            amount: line.amount.try_into()?,
            order: line.order_id.map(OrderId::new),
            other: line.other.map(UserId::new),
            note: line.note,
        })
    }
}

impl LineKind {
    /// Returns what the contract calls it, like `pay-out`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Payment => "payment",
            Self::Refund => "refund",
            Self::Fee => "fee",
            Self::PayOut => "pay-out",
            Self::Settlement => "settlement",
            Self::Recall => "recall",
            Self::Other => "other",
        }
    }

    fn read(kind: &str) -> Self {
        match kind {
            "payment" => Self::Payment,
            "refund" => Self::Refund,
            "fee" => Self::Fee,
            "pay-out" => Self::PayOut,
            "settlement" => Self::Settlement,
            "recall" => Self::Recall,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_read_as_the_contract_writes_them() {
        use LineKind::{Fee, Other, PayOut, Payment, Recall, Refund, Settlement};
        for kind in [Payment, Refund, Fee, PayOut, Settlement, Recall, Other] {
            assert_eq!(LineKind::read(kind.name()), kind);
        }
        assert_eq!(LineKind::read("interest"), Other);
    }
}
