//! `wallet`: a mini-app asks for payment; the person approves, and the ledger moves the money.
//!
//! Contract: `sdk/wit/deps/souk-wallet`. Rules: `souk-ledger`. Nothing here moves anyone's money
//! but the app's own: it opens sheets, closes them, and gives back what the app was paid.

mod convert;
mod host;
mod order;
#[cfg(test)]
mod tests;

use souk_ledger::Order;

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

/// What one run may still ask for.
pub(crate) struct WalletCtx {
    orders_left: usize,
    most: usize,
}

impl WalletCtx {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            orders_left: limits.orders,
            most: limits.orders,
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
