//! `wallet`: a mini-app asks for payment; the person approves, and the ledger moves the money.
//!
//! Contract: `sdk/wit/deps/souk-wallet`. Rules: `souk-ledger`. Nothing here moves anyone's money
//! but the app's own: it opens sheets, closes them, and gives back what the app was paid.

mod convert;
mod host;
mod order;
#[cfg(test)]
mod tests;

use souk_core::Timestamp;
use souk_ledger::{Order, Refusal};

use crate::denied::No;
use crate::limits::Limits;

/// What a guest holds of its own wallet.
#[expect(unreachable_pub, reason = "the generated bindings name it")]
#[derive(Clone, Copy, Debug)]
pub struct WalletHandle;

/// What a guest holds of one of its orders: a copy, kept up with what this run does to it.
#[expect(unreachable_pub, reason = "the generated bindings name it")]
#[derive(Clone, Debug)]
pub struct OrderHandle(Order);

/// How long a day of UTC is.
const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// When the day of UTC is over that a time is on.
fn midnight(now: Timestamp) -> Timestamp {
    Timestamp::from_millis(now.day().saturating_add(1).saturating_mul(DAY_MS))
}

/// What an app hears of a pay-out that is refused: nothing of how it stands with the person.
fn not_paid(refusal: Refusal, now: Timestamp) -> No {
    match refusal {
        Refusal::OverBalance { .. } | Refusal::Overflow | Refusal::Closed => {
            No::other("not-accepted", "that person cannot be paid this now")
        }
        Refusal::OverBudget { limit } => {
            No::over_today("pay-out", limit, midnight(now).millis_since(now))
        }
        refusal => refusal.into(),
    }
}

/// What one run may still ask for.
pub(crate) struct WalletCtx {
    orders_left: usize,
    most: usize,
    /// Why the payment does not happen that the app took its last look at, in its words.
    pub(crate) refused: Option<String>,
}

impl WalletCtx {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            orders_left: limits.orders,
            most: limits.orders,
            refused: None,
        }
    }

    /// Whether one more sheet may be opened.
    fn may_ask(&self) -> Result<(), No> {
        if self.orders_left == 0 {
            Err(No::over_limit("orders", self.most))
        } else {
            Ok(())
        }
    }

    fn asked(&mut self) {
        self.orders_left = self.orders_left.saturating_sub(1);
    }
}
