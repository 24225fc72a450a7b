//! Why the ledger said no.

use souk_core::limits::{
    KEY_BYTES_MAX, ORDER_LINES_MAX, ORDER_TEXT_BYTES_MAX, QUOTED_CHARS_MAX, SHEETS_WAITING_MAX,
    STATEMENT_LINES_MAX,
};
use souk_core::{Blame, Blamed, Money};
use souk_store::StoreError;

use crate::gift::GiftState;
use crate::invariant::Broken;
use crate::order::OrderState;
use crate::rail::{ArrivalState, DepartureState};

/// Why the ledger said no. In order: a caller hears the first that applies.
///
/// | the rungs from | to | are about | to blame |
/// |---|---|---|---|
/// | `IdReused` | `KeyReused` | whether it was asked before | who asks |
/// | `Lines` | `Expiry` | what is asked, by itself | guest |
/// | `UnknownOrder` | `Erased` | what it is asked of | user |
/// | `OrderIs` | `Nonce` | where that stands | user |
/// | `OverCeiling` | `OverRefund` | limits | guest |
/// | `Frozen` | `Overflow` | the accounts | user, or operator |
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
    /// Whoever moves money by hand, or changes an account, says why in a few words.
    #[error("say why, in 1 to {QUOTED_CHARS_MAX} visible characters")]
    Reason,
    /// Labels and memo together are too long.
    #[error("the texts of an order must have at most {ORDER_TEXT_BYTES_MAX} bytes in all")]
    Texts,
    /// None of something.
    #[error("a quantity must be at least one")]
    Quantity,
    /// No money.
    #[error("the amount must be more than zero")]
    AmountZero,
    /// From somebody to themselves.
    #[error("nobody can send money to themselves")]
    SameAccount,
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
    /// A statement of no time at all, or of one that is not there yet.
    #[error("a period may not end before it begins, nor begin in the future; mend `from` or `to`")]
    Period,
    /// More happened than fits into one.
    #[error("a statement has at most {STATEMENT_LINES_MAX} lines; ask for a shorter period")]
    StatementLong,
    /// There is none, or it is somebody else's: never told apart.
    #[error("there is no such order")]
    UnknownOrder,
    /// There is none.
    #[error("there is no such entry")]
    UnknownEntry,
    /// There is none, or it is between others: never told apart.
    #[error("there is no such transfer")]
    UnknownGift,
    /// Nobody has used it yet.
    #[error("there is no such account")]
    UnknownAccount,
    /// It is not of ISO 4217, and the operator has not registered it.
    #[error("there is no such asset on this host")]
    UnknownAsset,
    /// A code stands for one scale, for ever.
    #[error("the code of the asset stands for something else already")]
    AssetTaken,
    /// What the sheet says was erased, so nobody can agree to it any more.
    #[error("what the order says was erased")]
    Erased,
    /// In its present state the order allows no such thing.
    #[error("the order is {0}")]
    OrderIs(OrderState),
    /// In its present state the transfer allows no such thing.
    #[error("the transfer is {0}")]
    GiftIs(GiftState),
    /// In its present state the arrival allows no such thing.
    #[error("the arrival is {0}")]
    ArrivalIs(ArrivalState),
    /// In its present state the departure allows no such thing.
    #[error("the withdrawal is {0}")]
    DepartureIs(DepartureState),
    /// The approval was never offered, is spent or out of date, or the order has changed since.
    #[error("the approval is used up or out of date; open the sheet again")]
    Nonce,
    /// More than the app may ask for at once, or another currency.
    #[error("the app may ask for at most {ceiling} in one order")]
    OverCeiling {
        /// The most it may ask for.
        ceiling: Money,
    },
    /// More than anybody may spend at once.
    #[error("at most {limit} may be spent at once")]
    OverOrder {
        /// The most one order, or one transfer between people, may come to.
        limit: Money,
    },
    /// The person would have spent more today than anybody may.
    #[error("at most {limit} may be spent in one day")]
    OverDay {
        /// The most a person may spend on a day of UTC, what is held included.
        limit: Money,
    },
    /// The person would have spent more at this app today than anybody may.
    #[error("at most {limit} may be spent at one app in one day")]
    OverApp {
        /// The most a person may spend at one app on a day of UTC, what is held included.
        limit: Money,
    },
    /// The app would have paid out more today than it may, or it may not in this currency.
    #[error("the app may pay out at most {limit} in one day")]
    OverBudget {
        /// The most it may pay out on a day of UTC.
        limit: Money,
    },
    /// The person has enough sheets of this app before them.
    #[error("{SHEETS_WAITING_MAX} orders of this app already wait for this person")]
    SheetsWaiting,
    /// More than was authorized, or another currency.
    #[error("at most {left} is there to capture")]
    OverCapture {
        /// What was authorized.
        left: Money,
    },
    /// More than is left of the payment, or another currency.
    #[error("at most {left} is left to refund")]
    OverRefund {
        /// What was paid and is not refunded yet.
        left: Money,
    },
    /// Nothing goes out of a frozen account.
    #[error("the account is frozen")]
    Frozen,
    /// Nothing moves on a closed account, ever again.
    #[error("the account is closed")]
    Closed,
    /// Only an empty account is closed.
    #[error("there is still money in the account, or on its way to or from it")]
    NotEmpty,
    /// Whoever pays has not got it.
    #[error("the balance is too low")]
    Funds,
    /// The person would have more than anybody may.
    #[error("an account may hold at most {limit}")]
    OverBalance {
        /// The most a person may have, what is on its way to them included.
        limit: Money,
    },
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
            | Self::SameAccount
            | Self::Currencies
            | Self::AmountLarge
            | Self::Discounts
            | Self::Subtotal { .. }
            | Self::Total { .. }
            | Self::Expiry
            | Self::OverCeiling { .. }
            | Self::OverBudget { .. }
            | Self::SheetsWaiting
            | Self::OverCapture { .. }
            | Self::OverRefund { .. } => Blame::Guest,
            Self::IdReused
            | Self::Period
            | Self::StatementLong
            | Self::UnknownOrder
            | Self::UnknownEntry
            | Self::UnknownGift
            | Self::UnknownAccount
            | Self::UnknownAsset
            | Self::AssetTaken
            | Self::Erased
            | Self::OrderIs(_)
            | Self::GiftIs(_)
            | Self::ArrivalIs(_)
            | Self::DepartureIs(_)
            | Self::Nonce
            | Self::OverOrder { .. }
            | Self::OverDay { .. }
            | Self::OverApp { .. }
            | Self::NotEmpty
            | Self::Funds
            | Self::OverBalance { .. }
            | Self::Overflow => Blame::User,
            Self::Reason | Self::Frozen | Self::Closed => Blame::Operator,
            Self::Broken(broken) => broken.blame(),
            Self::Store(error) => error.blame(),
        }
    }
}
