//! Why the ledger said no.

use souk_core::limits::{
    KEY_BYTES_MAX, ORDER_LINES_MAX, ORDER_TEXT_BYTES_MAX, QUOTED_CHARS_MAX, SHEETS_WAITING_MAX,
};
use souk_core::{Blame, Blamed, Money};
use souk_store::StoreError;

use crate::invariant::Broken;
use crate::order::OrderState;

/// Why the ledger said no. In order: a caller hears the first that applies.
///
/// | the rungs from | to | are about | to blame |
/// |---|---|---|---|
/// | `IdReused` | `KeyReused` | whether it was asked before | who asks |
/// | `Lines` | `Expiry` | what is asked, by itself | guest |
/// | `UnknownOrder` | `Erased` | what it is asked of | user |
/// | `OrderIs` | `Nonce` | where that stands | user |
/// | `OverCeiling` | `OverRefund` | limits | guest |
/// | `Funds` | `Overflow` | the accounts | user |
/// | `Broken` | | a defect of ours | host |
/// | `Store` | | the store | as it says |
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A transfer id stands for one movement, for ever.
    #[error("the transfer id was already used with other terms")]
    IdReused,
    /// The key of an order or a refund is empty or too long.
    #[error("a key must have 1 to {KEY_BYTES_MAX} bytes")]
    KeyLength,
    /// A key stands for one order of an app, or one refund of an order, for ever.
    #[error("the key was already used with other contents")]
    KeyReused,
    /// No item, or too many items and totals.
    #[error("an order must have at least one item and at most {ORDER_LINES_MAX} lines")]
    Lines,
    /// A label is too long, or nothing of it can be seen.
    #[error("a label must have 1 to {QUOTED_CHARS_MAX} visible characters")]
    Label,
    /// The memo is too long.
    #[error("a memo must have at most {QUOTED_CHARS_MAX} characters")]
    Memo,
    /// Labels and memo together are too long.
    #[error("the texts of an order must have at most {ORDER_TEXT_BYTES_MAX} bytes in all")]
    Texts,
    /// None of something.
    #[error("a quantity must be at least one")]
    Quantity,
    /// No money.
    #[error("the amount must be more than zero")]
    AmountZero,
    /// Amounts of several currencies where there can be one.
    #[error("all amounts must be in the currency of the total")]
    Currencies,
    /// More than any account can hold.
    #[error("the amount is too large")]
    AmountLarge,
    /// More is taken off than there is.
    #[error("the discounts are more than what they are taken off")]
    Discounts,
    /// A subtotal is not the sum of the items.
    #[error("a subtotal says {said} and the items come to {sum}")]
    Subtotal {
        /// What the line says.
        said: Money,
        /// What the items come to.
        sum: Money,
    },
    /// The total is not items plus totals, discounts taken off.
    #[error("the total says {said} and the lines come to {sum}")]
    Total {
        /// What the order says.
        said: Money,
        /// What its lines come to.
        sum: Money,
    },
    /// An order would be gone before it is read, or wait too long.
    #[error("an order must wait at least a second and at most seven days")]
    Expiry,
    /// There is none, or it is somebody else's: never told apart.
    #[error("there is no such order")]
    UnknownOrder,
    /// There is none.
    #[error("there is no such entry")]
    UnknownEntry,
    /// What the sheet says was erased, so nobody can agree to it any more.
    #[error("what the order says was erased")]
    Erased,
    /// In its present state the order allows no such thing.
    #[error("the order is {0}")]
    OrderIs(OrderState),
    /// The approval was never offered, is spent or out of date, or the order has changed since.
    #[error("the approval is used up or out of date; open the sheet again")]
    Nonce,
    /// More than the app may ask for at once, or another currency.
    #[error("the app may ask for at most {ceiling} in one order")]
    OverCeiling {
        /// The most it may ask for.
        ceiling: Money,
    },
    /// The person has enough sheets of this app before them.
    #[error("{SHEETS_WAITING_MAX} orders of this app already wait for this person")]
    SheetsWaiting,
    /// More than is left of the payment, or another currency.
    #[error("at most {left} is left to refund")]
    OverRefund {
        /// What was paid and is not refunded yet.
        left: Money,
    },
    /// Whoever pays has not got it.
    #[error("the balance is too low")]
    Funds,
    /// Whoever is paid would have more than an account can hold.
    #[error("the account cannot hold that much")]
    Overflow,
    /// What the ledger relies on is not so. The transaction must not be committed.
    #[error("the ledger is broken: {0}")]
    Broken(#[from] Broken),
    /// The store could not answer. The transaction must not be committed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Blamed for Refusal {
    fn blame(&self) -> Blame {
        match self {
            Self::KeyLength
            | Self::KeyReused
            | Self::Lines
            | Self::Label
            | Self::Memo
            | Self::Texts
            | Self::Quantity
            | Self::AmountZero
            | Self::Currencies
            | Self::AmountLarge
            | Self::Discounts
            | Self::Subtotal { .. }
            | Self::Total { .. }
            | Self::Expiry
            | Self::OverCeiling { .. }
            | Self::SheetsWaiting
            | Self::OverRefund { .. } => Blame::Guest,
            Self::IdReused
            | Self::UnknownOrder
            | Self::UnknownEntry
            | Self::Erased
            | Self::OrderIs(_)
            | Self::Nonce
            | Self::Funds
            | Self::Overflow => Blame::User,
            Self::Broken(broken) => broken.blame(),
            Self::Store(error) => error.blame(),
        }
    }
}
