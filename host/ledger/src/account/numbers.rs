//! The numbers of an account, and how several of them change together or not at all.

use souk_core::{AccountId, MINOR_MAX};
use souk_store::{Bounds, Fit, StoreError, Txn};

use crate::{Refusal, keys};

/// What `available` of a person and an app stays within. `MINOR_MAX` is 2^53 − 1 and fits.
pub(crate) const SPENDABLE: Bounds = Bounds {
    floor: 0,
    ceiling: MINOR_MAX.cast_signed(),
};
/// What a counter stays within.
pub(crate) const COUNTER: Bounds = Bounds {
    floor: 0,
    ceiling: i64::MAX,
};

const _: () = assert!(SPENDABLE.ceiling > 0 && SPENDABLE.ceiling < COUNTER.ceiling);

/// The name of one number of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cell {
    /// What went out.
    DebitsPosted,
    /// What is held to go out.
    DebitsPending,
    /// What came in.
    CreditsPosted,
    /// What is held to come in.
    CreditsPending,
    /// Credits posted, less debits posted, less debits pending.
    Available,
}

impl Cell {
    /// All of them.
    pub(crate) const ALL: [Self; 5] = [
        Self::DebitsPosted,
        Self::DebitsPending,
        Self::CreditsPosted,
        Self::CreditsPending,
        Self::Available,
    ];

    /// Returns the name it is stored under.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::DebitsPosted => "debits-posted",
            Self::DebitsPending => "debits-pending",
            Self::CreditsPosted => "credits-posted",
            Self::CreditsPending => "credits-pending",
            Self::Available => "available",
        }
    }
}

/// A change of one number.
pub(crate) struct Move {
    /// Whose.
    pub(crate) account: AccountId,
    /// Which.
    pub(crate) cell: Cell,
    /// By how much.
    pub(crate) delta: i64,
    /// What must hold afterwards.
    pub(crate) bounds: Bounds,
    /// What to say if it would not.
    pub(crate) otherwise: Refusal,
}

impl Move {
    /// A move that more must fit after.
    pub(crate) fn up(account: AccountId, cell: Cell, delta: i64, bounds: Bounds) -> Self {
        Self {
            account,
            cell,
            delta,
            bounds,
            otherwise: Refusal::Overflow,
        }
    }
}

/// Stages all moves; if one does not fit, stages none and answers with its refusal.
///
/// # Errors
/// The refusal of the first move that does not fit; [`Refusal::Store`].
pub(crate) async fn stage(txn: &Txn, moves: &[Move]) -> Result<(), Refusal> {
    let before = txn.savepoint()?;
    for next in moves {
        if fits(txn, next).await? == Fit::Outside {
            txn.roll_back(before)?;
            return Err(next.otherwise.clone());
        }
    }
    Ok(())
}

/// Stages one move. Only when it does not fit is the number read: "no" is an answer too, and rests
/// on the number it was given for.
async fn fits(txn: &Txn, next: &Move) -> Result<Fit, StoreError> {
    let key = keys::number(next.account, next.cell);
    if txn.add(&key, next.delta, next.bounds).await? == Fit::Fits {
        return Ok(Fit::Fits);
    }
    txn.number(&key).await?;
    txn.add(&key, next.delta, next.bounds).await
}
