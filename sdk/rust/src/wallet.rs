//! Asking for payment, which needs the permission `wallet.request`, and paying people out of what
//! the app has, which needs `wallet.pay-out`.
//!
//! A mini-app never moves anyone's money: it asks, the host draws the sheet, the person approves,
//! and the app hears of it in [`MiniApp::order`](crate::MiniApp::order).

mod ask;
mod line;
mod order;

use crate::denied::{Allowance, allowances};
use crate::identity::UserId;
use crate::wit::souk::wallet::payments as wit;
use crate::{Currency, Denied, Money, Result};

pub use crate::id::OrderId;
pub use ask::Ask;
pub use line::{Line, LineKind};
pub use order::{Order, OrderState};

/// This app's own wallet. It holds no right over anyone's money.
#[derive(Debug)]
pub struct Wallet(wit::Wallet);

impl Wallet {
    /// Returns this app's wallet.
    ///
    /// # Errors
    /// [`Denied::NotGranted`] without the permissions `wallet.request` and `wallet.pay-out`: either
    /// gives it.
    pub fn mine() -> Result<Self, Denied> {
        Ok(Self(wit::Wallet::mine()?))
    }

    /// Returns what is there to be given back or paid out: what came in, less refunds, fees,
    /// pay-outs and what was settled to the merchant.
    ///
    /// # Errors
    /// [`Denied::Invalid`] for a currency this host does not know.
    pub fn balance(&self, currency: Currency) -> Result<Money, Denied> {
        Ok(self.0.balance(currency.code())?.try_into()?)
    }

    /// Returns the digits after the point, as the host counts them.
    ///
    /// # Errors
    /// [`Denied::Invalid`] for a currency this host does not know.
    pub fn currency_scale(&self, currency: Currency) -> Result<u8, Denied> {
        Ok(self.0.currency_scale(currency.code())?)
    }

    /// Pays a person of this chat out of what this app has, once per `key`, and returns the entry's
    /// id. Needs `wallet.pay-out`. The person reads `memo`.
    ///
    /// # Errors
    /// [`Denied::NotGranted`]; [`Denied::NotFound`] for somebody who is not here;
    /// [`Denied::KeyReused`] when this key paid something else; [`Denied::OverLimit`] above the
    /// day's budget; [`Denied::InsufficientFunds`] above what this app has; [`Denied::Other`] with
    /// the code `not-accepted` when it cannot arrive: why is between the person and the host.
    pub fn pay_out(
        &self,
        to: &UserId,
        key: &str,
        amount: Money,
        memo: &str,
    ) -> Result<String, Denied> {
        Ok(self.0.pay_out(to.as_str(), key, &amount.into(), memo)?)
    }

    /// Returns this app's entries in a currency, newest first, at most 100, beyond the place
    /// `after`.
    ///
    /// # Errors
    /// [`Denied::Invalid`] for a currency this host does not know.
    pub fn statement(
        &self,
        currency: Currency,
        after: Option<u64>,
        limit: u32,
    ) -> Result<Vec<Line>, Denied> {
        let lines = self.0.statement(currency.code(), after, limit)?;
        lines.into_iter().map(Line::read).collect()
    }

    /// Returns what is left of the limits on asking and of the day's budget for pay-outs.
    pub fn allowances(&self) -> Vec<Allowance> {
        allowances(self.0.allowances())
    }
}
