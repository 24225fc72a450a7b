//! The numbers of an account, and how several numbers change together or not at all.

use souk_core::MINOR_MAX;
use souk_store::{Bounds, Fit, Number, StoreError, Txn};

use crate::Refusal;

/// What `available` and `balance` stay within where there is a bound. `MINOR_MAX` is 2^53 − 1 and
/// fits.
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

/// Where it is stored what may happen on an account, beside the [`Cell`]s. It never changes.
pub(crate) const STANDING: u8 = 7;

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
    /// Credits posted and pending, less debits posted: what an account that can hold money back
    /// would have if everything on its way arrived. Kept where `available` cannot be the bound,
    /// because what is held may come back to it.
    Balance,
}

impl Cell {
    /// All of them.
    pub(crate) const ALL: [Self; 6] = [
        Self::DebitsPosted,
        Self::DebitsPending,
        Self::CreditsPosted,
        Self::CreditsPending,
        Self::Available,
        Self::Balance,
    ];

    /// Returns where it is stored among the account's numbers, the first of which counts the lines
    /// of its statement. It never changes.
    pub(crate) fn slot(self) -> u8 {
        match self {
            Self::DebitsPosted => 1,
            Self::DebitsPending => 2,
            Self::CreditsPosted => 3,
            Self::CreditsPending => 4,
            Self::Available => 5,
            Self::Balance => 6,
        }
    }

    /// Returns the name that faults are told with.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::DebitsPosted => "debits-posted",
            Self::DebitsPending => "debits-pending",
            Self::CreditsPosted => "credits-posted",
            Self::CreditsPending => "credits-pending",
            Self::Available => "available",
            Self::Balance => "balance",
        }
    }
}

/// A change of one number.
pub(crate) struct Move {
    /// Which number.
    pub(crate) number: Number,
    /// By how much.
    pub(crate) delta: i64,
    /// What must hold afterwards.
    pub(crate) bounds: Bounds,
    /// What to say if it would not.
    pub(crate) otherwise: Refusal,
}

/// Stages all moves that change anything; if one does not fit, stages none and answers with its
/// refusal.
///
/// # Errors
/// The refusal of the first move that does not fit; [`Refusal::Store`].
pub(crate) async fn stage(txn: &Txn, moves: &[Move]) -> Result<(), Refusal> {
    let before = txn.savepoint()?;
    for next in moves.iter().filter(|next| next.delta != 0) {
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
    if txn.add(&next.number, next.delta, next.bounds).await? == Fit::Fits {
        return Ok(Fit::Fits);
    }
    txn.number(&next.number).await?;
    txn.add(&next.number, next.delta, next.bounds).await
}
