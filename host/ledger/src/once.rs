//! Once, for ever: what an id of money was used for, refusals included.
//!
//! A success leaves its entry behind, and the entry is what keeps the id. A refusal stages nothing,
//! so something has to write down that the id was used up: [`once`] does, in the same transaction,
//! after dropping whatever else was staged since it began. The same request with the same contents
//! hears the same refusal for ever; with other contents it hears that the id is taken.

use std::future::Future;

use souk_core::TransferId;
use souk_store::Txn;

use crate::record::{Outcome, Refused, Why};
use crate::{Refusal, keys};

/// Does what an id asks for, or refuses it for good. `contents` is a digest of what is asked.
///
/// The inner result is an answer to commit, also when it is a refusal. On the outer error the
/// transaction must be given up, or the request was malformed by itself and kept nothing.
///
/// # Errors
/// Inside, what `decide` refuses, now or when the id was used before, and [`Refusal::IdReused`].
/// Outside, [`Refusal::Broken`], [`Refusal::Store`] and what [`Refusal`] says of a request alone.
pub async fn once<T>(
    txn: &Txn,
    id: TransferId,
    contents: [u8; 32],
    decide: impl Future<Output = Result<T, Refusal>>,
) -> Result<Result<T, Refusal>, Refusal> {
    let key = keys::transfer(id);
    if let Some(Outcome::Refused(refused)) = txn.get(&key).await? {
        let same = refused.contents == contents;
        return Ok(Err(if same {
            refused.why.into()
        } else {
            Refusal::IdReused
        }));
    }
    let before = txn.savepoint()?;
    let refusal = match decide.await {
        Ok(done) => return Ok(Ok(done)),
        Err(refusal) => refusal,
    };
    let Some(why) = refusal.lasts() else {
        return Err(refusal);
    };

    // From here on it is refused for good.
    txn.roll_back(before)?;
    txn.put(&key, &Outcome::Refused(Refused { contents, why }))?;
    Ok(Err(refusal))
}

impl Refusal {
    /// Returns what is kept of a refusal that lasts: one that says how things stood, and so would
    /// be another one later.
    fn lasts(&self) -> Option<Why> {
        Some(match self {
            Self::AmountZero => Why::AmountZero,
            Self::SameAccount => Why::SameAccount,
            Self::UnknownOrder => Why::UnknownOrder,
            Self::UnknownGift => Why::UnknownGift,
            Self::Erased => Why::Erased,
            Self::OrderIs(state) => Why::OrderIs(*state),
            Self::GiftIs(state) => Why::GiftIs(*state),
            Self::ArrivalIs(state) => Why::ArrivalIs(*state),
            Self::DepartureIs(state) => Why::DepartureIs(*state),
            Self::Nonce => Why::Nonce,
            Self::OverCeiling { ceiling } => Why::OverCeiling { ceiling: *ceiling },
            Self::OverOrder { limit } => Why::OverOrder { limit: *limit },
            Self::OverDay { limit } => Why::OverDay { limit: *limit },
            Self::OverApp { limit } => Why::OverApp { limit: *limit },
            Self::OverBudget { limit } => Why::OverBudget { limit: *limit },
            Self::OverCapture { left } => Why::OverCapture { left: *left },
            Self::OverRefund { left } => Why::OverRefund { left: *left },
            Self::Frozen => Why::Frozen,
            Self::Closed => Why::Closed,
            Self::Funds => Why::Funds,
            Self::OverBalance { limit } => Why::OverBalance { limit: *limit },
            Self::Overflow => Why::Overflow,
            Self::IdReused
            | Self::KeyLength
            | Self::KeyReused
            | Self::Lines
            | Self::Label
            | Self::Memo
            | Self::Reason
            | Self::Texts
            | Self::Quantity
            | Self::Currencies
            | Self::AmountLarge
            | Self::Discounts
            | Self::Subtotal { .. }
            | Self::Total { .. }
            | Self::Expiry
            | Self::Period
            | Self::StatementLong
            | Self::UnknownEntry
            | Self::UnknownAccount
            | Self::UnknownAsset
            | Self::AssetTaken
            | Self::SheetsWaiting
            | Self::NotEmpty
            | Self::Broken(_)
            | Self::Store(_) => return None,
        })
    }
}

impl From<Why> for Refusal {
    fn from(why: Why) -> Self {
        match why {
            Why::AmountZero => Self::AmountZero,
            Why::SameAccount => Self::SameAccount,
            Why::UnknownOrder => Self::UnknownOrder,
            Why::UnknownGift => Self::UnknownGift,
            Why::Erased => Self::Erased,
            Why::OrderIs(state) => Self::OrderIs(state),
            Why::GiftIs(state) => Self::GiftIs(state),
            Why::ArrivalIs(state) => Self::ArrivalIs(state),
            Why::DepartureIs(state) => Self::DepartureIs(state),
            Why::Nonce => Self::Nonce,
            Why::OverCeiling { ceiling } => Self::OverCeiling { ceiling },
            Why::OverOrder { limit } => Self::OverOrder { limit },
            Why::OverDay { limit } => Self::OverDay { limit },
            Why::OverApp { limit } => Self::OverApp { limit },
            Why::OverBudget { limit } => Self::OverBudget { limit },
            Why::OverCapture { left } => Self::OverCapture { left },
            Why::OverRefund { left } => Self::OverRefund { left },
            Why::Frozen => Self::Frozen,
            Why::Closed => Self::Closed,
            Why::Funds => Self::Funds,
            Why::OverBalance { limit } => Self::OverBalance { limit },
            Why::Overflow => Self::Overflow,
        }
    }
}
