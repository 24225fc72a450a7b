//! Asking for payment. Needs the permission `wallet.request`.
//!
//! A mini-app never moves anyone's money: it asks, the host draws the sheet, the person approves,
//! and the app hears of it in [`MiniApp::order`](crate::MiniApp::order).

mod ask;
mod order;

use crate::denied::{Allowance, allowances};
use crate::wit::souk::wallet::payments as wit;
use crate::{Currency, Denied, Money, Result};

pub use crate::id::OrderId;
pub use ask::Ask;
pub use order::{Order, OrderState};

/// This app's own wallet. It holds no right over anyone's money.
#[derive(Debug)]
pub struct Wallet(wit::Wallet);

impl Wallet {
    /// Returns this app's wallet.
    ///
    /// # Errors
    /// [`Denied::NotGranted`] without the permission `wallet.request`.
    pub fn mine() -> Result<Self, Denied> {
        Ok(Self(wit::Wallet::mine()?))
    }

    /// Returns what this app has been paid and not given back.
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

    /// Returns what is left of the limits on asking.
    pub fn allowances(&self) -> Vec<Allowance> {
        allowances(self.0.allowances())
    }
}
