//! Money: whole smallest units of one currency, never a fraction and never a float.

use std::fmt;
use std::str::FromStr;

use iso_currency::Currency as Iso;
use serde::{Deserialize, Serialize};

use crate::wit::souk::types::common as wit;

/// The largest amount there is, in smallest units: 2^53 − 1, which every language holds exactly.
const MINOR_MAX: u64 = (1 << 53) - 1;

/// A currency of ISO 4217.
///
/// ```
/// use souk_sdk::Currency;
///
/// let yen: Currency = "JPY".parse()?;
/// assert_eq!((yen, yen.scale()), (Currency::JPY, 0));
/// # Ok::<(), souk_sdk::MoneyError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency(Iso);

impl Currency {
    /// The pound sterling.
    pub const GBP: Self = Self(Iso::GBP);
    /// The euro.
    pub const EUR: Self = Self(Iso::EUR);
    /// The yen, which has no smaller unit.
    pub const JPY: Self = Self(Iso::JPY);
    /// The dollar of the United States.
    pub const USD: Self = Self(Iso::USD);

    /// Returns the three capital letters.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// Returns the digits after the point: 2 for USD, 0 for JPY.
    pub fn scale(self) -> u8 {
        self.0
            .exponent()
            .and_then(|digits| u8::try_from(digits).ok())
            .unwrap_or(0)
    }
}

/// An amount of one currency.
///
/// ```
/// use souk_sdk::Money;
///
/// let cup = Money::usd(250);
/// assert_eq!(cup.to_string(), "2.50 USD");
/// assert_eq!(cup.times(3)?, "7.50 USD".parse()?);
/// # Ok::<(), souk_sdk::MoneyError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
#[must_use]
pub struct Money {
    minor: u64,
    currency: Currency,
}

/// How money is written down.
#[derive(Serialize, Deserialize)]
struct Parts {
    minor: u64,
    currency: Currency,
}

/// Why an amount cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// More than 2^53 − 1 smallest units.
    #[error("the amount is too large")]
    TooLarge,
    /// Two currencies in one sum.
    #[error("{0} and {1} cannot be put in one sum")]
    Mixed(Currency, Currency),
    /// Less than nothing.
    #[error("the amount is less than zero")]
    Negative,
    /// Not a number with a currency behind it.
    #[error("`{0}` is not an amount; write it like 12.50 USD")]
    Malformed(String),
    /// Not a currency of ISO 4217.
    #[error("`{0}` is not a currency; write three capital letters, like USD")]
    Currency(String),
}

impl Money {
    /// Returns `minor` smallest units of `currency`: 12.50 USD is `Money::new(1250,
    /// Currency::USD)`.
    ///
    /// # Errors
    /// [`MoneyError::TooLarge`] above 2^53 − 1.
    pub const fn new(minor: u64, currency: Currency) -> Result<Self, MoneyError> {
        if minor > MINOR_MAX {
            Err(MoneyError::TooLarge)
        } else {
            Ok(Self { minor, currency })
        }
    }

    /// Returns so many cents of the United States: 12.50 USD is `Money::usd(1250)`.
    pub const fn usd(cents: u32) -> Self {
        Self {
            minor: cents as u64,
            currency: Currency::USD,
        }
    }

    /// Returns so many euro cents: 12.50 EUR is `Money::eur(1250)`.
    pub const fn eur(cents: u32) -> Self {
        Self {
            minor: cents as u64,
            currency: Currency::EUR,
        }
    }

    /// Returns no money.
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// Returns an amount the host told; the host keeps the bound.
    pub(crate) const fn from_host(minor: u64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Reads an amount as it is written: `12.50 USD`, `12.5 USD`, `300 JPY`.
    ///
    /// # Errors
    /// [`MoneyError::Malformed`], [`MoneyError::Currency`] and [`MoneyError::TooLarge`].
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        let malformed = || MoneyError::Malformed(text.to_owned());
        let (amount, code) = text.trim().split_once(' ').ok_or_else(malformed)?;
        let currency: Currency = code.trim().parse()?;
        let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
        let scale = usize::from(currency.scale());
        let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !plain(whole) || !plain(fraction) || fraction.len() > scale {
            return Err(malformed());
        }
        let minor = format!("{whole}{fraction:0<scale$}").parse();
        Self::new(minor.map_err(|_| MoneyError::TooLarge)?, currency)
    }

    /// Returns the smallest units: 1250 for 12.50 USD.
    pub const fn minor(self) -> u64 {
        self.minor
    }

    /// Returns the currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Tells whether there is none.
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Returns the sum.
    ///
    /// # Errors
    /// [`MoneyError::Mixed`] for two currencies, [`MoneyError::TooLarge`] above 2^53 − 1.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        Self::new(self.minor.saturating_add(other.minor), self.currency)
    }

    /// Returns the difference.
    ///
    /// # Errors
    /// [`MoneyError::Mixed`] for two currencies, [`MoneyError::Negative`] when `other` is more.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let minor = self
            .minor
            .checked_sub(other.minor)
            .ok_or(MoneyError::Negative)?;
        Ok(Self { minor, ..self })
    }

    /// Returns the amount `count` times.
    ///
    /// # Errors
    /// [`MoneyError::TooLarge`] above 2^53 − 1.
    pub fn times(self, count: u32) -> Result<Self, MoneyError> {
        Self::new(self.minor.saturating_mul(u64::from(count)), self.currency)
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            return Ok(());
        }
        Err(MoneyError::Mixed(self.currency, other.currency))
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        Iso::from_code(text)
            .map(Self)
            .ok_or_else(|| MoneyError::Currency(text.to_owned()))
    }
}

impl FromStr for Money {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        Self::parse(text)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Money {
    /// Writes what [`Money::parse`] reads.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = usize::from(self.currency.scale());
        let digits = format!("{:0width$}", self.minor, width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        let point = if scale == 0 { "" } else { "." };
        write!(f, "{whole}{point}{fraction} {}", self.currency)
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TryFrom<String> for Currency {
    type Error = MoneyError;

    fn try_from(code: String) -> Result<Self, MoneyError> {
        code.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

impl TryFrom<Parts> for Money {
    type Error = MoneyError;

    fn try_from(parts: Parts) -> Result<Self, MoneyError> {
        Self::new(parts.minor, parts.currency)
    }
}

impl From<Money> for Parts {
    fn from(money: Money) -> Self {
        Self {
            minor: money.minor,
            currency: money.currency,
        }
    }
}

impl TryFrom<wit::Money> for Money {
    type Error = MoneyError;

    fn try_from(money: wit::Money) -> Result<Self, MoneyError> {
        Ok(Self::from_host(money.minor, money.currency.parse()?))
    }
}

impl From<Money> for wit::Money {
    fn from(money: Money) -> Self {
        Self {
            minor: money.minor,
            currency: money.currency.code().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_back_as_they_are_written() {
        for text in ["0.00 USD", "12.50 USD", "0.05 EUR", "300 JPY", "1.234 KWD"] {
            assert_eq!(Money::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Money::parse(" 12.5 USD "), Ok(Money::usd(1250)));
    }

    #[test]
    fn what_is_not_an_amount_is_refused() {
        let bad = [
            "",
            "5",
            "-1 USD",
            "1.234 USD",
            "1.5 JPY",
            ".5 USD",
            "1e3 USD",
            "+5 USD",
        ];
        for text in bad {
            assert!(
                matches!(Money::parse(text), Err(MoneyError::Malformed(_))),
                "{text}"
            );
        }
        for text in ["5 usd", "5 QQQ", "5 US D"] {
            assert!(
                matches!(Money::parse(text), Err(MoneyError::Currency(_))),
                "{text}"
            );
        }
        assert_eq!(
            Money::parse("90071992547409.92 USD"),
            Err(MoneyError::TooLarge)
        );
        assert_eq!(
            Money::parse("99999999999999999999 USD"),
            Err(MoneyError::TooLarge)
        );
    }

    #[test]
    fn sums_never_mix_wrap_or_go_below_zero() {
        let (cent, yen) = (Money::usd(1), Money::new(1, Currency::JPY).unwrap());
        let most = Money::new(MINOR_MAX, Currency::USD).unwrap();
        assert_eq!(most.plus(cent), Err(MoneyError::TooLarge));
        assert_eq!(most.times(u32::MAX), Err(MoneyError::TooLarge));
        assert_eq!(
            cent.plus(yen),
            Err(MoneyError::Mixed(Currency::USD, Currency::JPY))
        );
        assert_eq!(
            Money::zero(Currency::USD).minus(cent),
            Err(MoneyError::Negative)
        );
        assert_eq!(most.minus(cent).and_then(|less| less.plus(cent)), Ok(most));
    }

    #[test]
    fn money_is_stored_as_minor_units() {
        let stored = serde_json::to_string(&Money::usd(250)).unwrap();
        assert_eq!(stored, r#"{"minor":250,"currency":"USD"}"#);
        assert_eq!(
            serde_json::from_str::<Money>(&stored).unwrap(),
            Money::usd(250)
        );
        assert!(serde_json::from_str::<Money>(r#"{"minor":1,"currency":"usd"}"#).is_err());
    }
}
