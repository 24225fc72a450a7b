//! What the operator decides about money: the host's fee, how much may move, and how long it may be
//! set aside.
//!
//! A policy is a value given to the rules that need it, so that a laboratory can compose a host
//! without one of its limits. The default has no fee and no limit.

use souk_core::limits::AUTHORIZATION_MS_MAX;
use souk_core::{Currency, MINOR_MAX, Money, MoneyError};

/// Basis points in a whole.
const BASIS_POINTS: u128 = 10_000;

/// What the operator decides about money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// What an app pays for being paid.
    pub fee: Fee,
    /// The most there may be.
    pub limits: Limits,
    /// How long an authorization stands before it goes back by itself.
    pub authorization_ms: u64,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            fee: Fee::default(),
            limits: Limits::default(),
            authorization_ms: AUTHORIZATION_MS_MAX,
        }
    }
}

/// What an app pays for being paid: a share of each payment, and something fixed on top.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fee {
    /// The share, in hundredths of a percent.
    pub basis_points: u32,
    /// On top of it, in the currencies it is said for.
    pub fixed: Caps,
}

/// The most there may be, in the currencies it is said for. Without a word there is no limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// In one order, and in one transfer between people.
    pub order: Caps,
    /// Spent by one person on one day of UTC.
    pub day: Caps,
    /// Spent by one person at one app on one day of UTC.
    pub app: Caps,
    /// In one person's wallet, what is on its way to them included.
    pub balance: Caps,
}

/// One amount for each of some currencies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caps(pub Vec<Money>);

impl Caps {
    /// Returns the amount said for a currency.
    pub fn of(&self, currency: Currency) -> Option<Money> {
        let mut caps = self.0.iter().copied();
        caps.find(|cap| cap.currency() == currency)
    }
}

impl Fee {
    /// Returns the fee of a payment, rounded down; never more than the payment.
    pub fn of(&self, paid: Money) -> Money {
        let share = share(paid, u128::from(self.basis_points), BASIS_POINTS);
        let fixed = self.fixed.of(paid.currency());
        let fee = fixed.map_or(Ok(share), |fixed| share.plus(fixed));
        fee.ok()
            .filter(|fee| fee.minor() <= paid.minor())
            .unwrap_or(paid)
    }
}

/// Returns `part` of `whole` parts of an amount, rounded down; all of it at most.
pub(crate) fn share(amount: Money, part: u128, whole: u128) -> Money {
    let product = u128::from(amount.minor()).saturating_mul(part);
    let minor = product.checked_div(whole).unwrap_or(0);
    let minor = u64::try_from(minor).unwrap_or(MINOR_MAX);
    let share: Result<Money, MoneyError> = Money::new(minor.min(amount.minor()), amount.currency());
    share.unwrap_or(amount)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(text: &str) -> Money {
        text.parse().unwrap()
    }

    #[test]
    fn a_fee_is_rounded_down_and_never_more_than_the_payment() {
        let fixed = Caps(vec![money("0.30 USD")]);
        let fee = Fee {
            basis_points: 290,
            fixed,
        };
        assert_eq!(fee.of(money("10.00 USD")), money("0.59 USD"));
        assert_eq!(fee.of(money("0.99 USD")), money("0.32 USD"));
        assert_eq!(fee.of(money("0.10 USD")), money("0.10 USD"));
        assert_eq!(fee.of(money("1000 JPY")), money("29 JPY"));
        let most = Money::new(MINOR_MAX, money("1 JPY").currency()).unwrap();
        assert!(fee.of(most).minor() < MINOR_MAX);
        assert_eq!(Fee::default().of(most).minor(), 0);
    }

    #[test]
    fn a_share_is_all_at_most() {
        assert_eq!(share(money("10.00 USD"), 1, 3), money("3.33 USD"));
        assert_eq!(share(money("10.00 USD"), 4, 3), money("10.00 USD"));
        assert_eq!(share(money("10.00 USD"), 1, 0), money("0.00 USD"));
    }
}
