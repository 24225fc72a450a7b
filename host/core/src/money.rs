//! Money: whole smallest units of one currency, never a fraction and never a float.

use std::fmt;
use std::str::FromStr;

use iso_currency::Currency as Iso;
use serde::{Deserialize, Serialize};

/// The largest amount there is, in minor units: 2^53 − 1, the last integer every guest language
/// holds exactly.
pub const MINOR_MAX: u64 = (1 << 53) - 1;

/// Bytes of the longest text of a currency: eight letters, a colon, two digits.
const TEXT_BYTES: usize = 11;
/// The most digits after the point an asset may have: one unit is then still 2^53 / 10^15 whole
/// ones.
const ASSET_SCALE_MAX: u8 = 15;

/// A currency of ISO 4217, by its three capital letters, or an asset that the operator registered,
/// by its code and its digits after the point: `USD`, `GOLD:4`.
///
/// An asset's code has four to eight capital letters and digits, so it is never one of ISO 4217.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; TEXT_BYTES]);

/// Why a text is not a currency.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a currency; write three capital letters of ISO 4217, like USD, or an asset with \
     its digits after the point, like GOLD:4"
)]
pub struct CurrencyError(String);

impl Currency {
    /// Returns the whole text: what tells two currencies apart.
    pub fn as_str(&self) -> &str {
        let text = self.0.split(|byte| *byte == 0).next();
        std::str::from_utf8(text.unwrap_or_default()).unwrap_or_default()
    }

    /// Returns the letters people know it by.
    pub fn code(&self) -> &str {
        self.as_str().split(':').next().unwrap_or_default()
    }

    /// Tells whether it is not of ISO 4217.
    pub fn is_asset(&self) -> bool {
        self.0.contains(&b':')
    }

    /// Returns the digits after the point: 2 for USD, 0 for JPY (ISO 4217, table A.1).
    pub fn scale(&self) -> u8 {
        if let Some((_, scale)) = self.as_str().split_once(':') {
            return scale.parse().unwrap_or(0);
        }
        let exponent = Iso::from_code(self.code()).and_then(Iso::exponent);
        exponent
            .and_then(|digits| u8::try_from(digits).ok())
            .unwrap_or(0)
    }
}

/// Tells whether a text is an asset: `CODE:scale`, the scale as it would be written.
fn is_asset(text: &str) -> bool {
    let Some((code, scale)) = text.split_once(':') else {
        return false;
    };
    let letter = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    let plain = (4..=8).contains(&code.len()) && code.bytes().all(letter);
    let digits: Option<u8> = scale.parse().ok();
    let written = digits.is_some_and(|digits| digits.to_string() == scale);
    plain && written && digits <= Some(ASSET_SCALE_MAX)
}

impl FromStr for Currency {
    type Err = CurrencyError;

    fn from_str(text: &str) -> Result<Self, CurrencyError> {
        if Iso::from_code(text).is_none() && !is_asset(text) {
            return Err(CurrencyError(text.chars().take(16).collect()));
        }
        let mut bytes = [0; TEXT_BYTES];
        bytes
            .iter_mut()
            .zip(text.bytes())
            .for_each(|(to, from)| *to = from);
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for Currency {
    type Error = CurrencyError;

    fn try_from(text: String) -> Result<Self, CurrencyError> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.as_str().to_owned()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// An amount of one currency: 12.50 USD is `Money::new(1250, usd)`. At most [`MINOR_MAX`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct Money {
    minor: u64,
    currency: Currency,
}

/// How money is written down, in the store and in JSON.
#[derive(Serialize, Deserialize)]
struct Parts {
    minor: u64,
    currency: Currency,
}

/// Why an amount is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// More than [`MINOR_MAX`].
    #[error("the amount is more than {MINOR_MAX} minor units")]
    TooLarge,
    /// Two currencies in one sum.
    #[error("{0} and {1} cannot be put in one sum")]
    Mixed(Currency, Currency),
    /// A subtraction below zero.
    #[error("the amount is less than zero")]
    Negative,
    /// Not a number with a currency behind it.
    #[error("`{0}` is not an amount; write it like 12.50 USD")]
    Malformed(String),
    /// Not a currency.
    #[error(transparent)]
    Currency(#[from] CurrencyError),
}

impl Money {
    /// Returns `minor` smallest units of `currency`.
    ///
    /// # Errors
    /// [`MoneyError::TooLarge`] above [`MINOR_MAX`].
    pub fn new(minor: u64, currency: Currency) -> Result<Self, MoneyError> {
        if minor > MINOR_MAX {
            Err(MoneyError::TooLarge)
        } else {
            Ok(Self { minor, currency })
        }
    }

    /// Returns no money.
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// Returns the smallest units.
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
    /// [`MoneyError::Mixed`] for two currencies, [`MoneyError::TooLarge`] above [`MINOR_MAX`].
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
    /// [`MoneyError::TooLarge`] above [`MINOR_MAX`].
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

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = usize::from(self.currency.scale());
        let digits = format!("{:0width$}", self.minor, width = scale.saturating_add(1));
        let (whole, fraction) = digits.split_at(digits.len().saturating_sub(scale));
        let point = if scale == 0 { "" } else { "." };
        write!(f, "{whole}{point}{fraction} {}", self.currency)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Money {
    type Err = MoneyError;

    /// Reads what [`Display`](fmt::Display) writes; missing digits after the point are zeros.
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let malformed = || MoneyError::Malformed(text.chars().take(40).collect());
        let (amount, code) = text.trim().split_once(' ').ok_or_else(malformed)?;
        let currency: Currency = code.trim().parse()?;
        let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
        let scale = usize::from(currency.scale());
        let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !plain(whole) || !plain(fraction) || fraction.len() > scale {
            return Err(malformed());
        }
        let minor = format!("{whole}{fraction:0<scale$}")
            .parse()
            .map_err(|_| MoneyError::TooLarge)?;
        Self::new(minor, currency)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn money(text: &str) -> Result<Money, MoneyError> {
        text.parse()
    }

    #[test]
    fn amounts_read_back_as_they_are_written() {
        let assets = ["0.0500 GOLD:4", "7 TOKEN2:0", "1.000000000000000 WEIGHT:15"];
        let iso = ["0.00 USD", "12.50 USD", "0.05 EUR", "300 JPY", "1.234 KWD"];
        for text in iso.into_iter().chain(assets) {
            assert_eq!(money(text).unwrap().to_string(), text);
        }
        assert_eq!(money("12.5 USD").unwrap().minor(), 1250);
    }

    #[test]
    fn what_is_not_an_amount_is_refused() {
        for text in [
            "",
            "12.50",
            "-1 USD",
            "1.234 USD",
            "1.5 JPY",
            ".5 USD",
            "1e3 USD",
            "5 usd",
            "5 QQQ",
            "+5 USD",
            "5 GOLD",
            "5 GOLD:",
            "5 GOLD:04",
            "5 GOLD:+4",
            "5 GOLD:16",
            "5 gold:4",
            "5 USD:2",
            "5 TOOLONGCODE:2",
            "5.00001 GOLD:4",
        ] {
            assert!(money(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sums_never_mix_wrap_or_go_below_zero() {
        let (one, yen) = (money("0.01 USD").unwrap(), money("1 JPY").unwrap());
        let most = Money::new(MINOR_MAX, one.currency()).unwrap();
        assert_eq!(most.plus(one), Err(MoneyError::TooLarge));
        assert_eq!(most.times(u32::MAX), Err(MoneyError::TooLarge));
        assert_eq!(
            one.plus(yen),
            Err(MoneyError::Mixed(one.currency(), yen.currency()))
        );
        assert_eq!(
            Money::zero(one.currency()).minus(one),
            Err(MoneyError::Negative)
        );
        assert_eq!(
            Money::new(MINOR_MAX + 1, one.currency()),
            Err(MoneyError::TooLarge)
        );
    }

    #[test]
    fn an_asset_is_its_code_and_its_scale() {
        let gold: Currency = "GOLD:4".parse().unwrap();
        assert_eq!(
            (gold.code(), gold.scale(), gold.is_asset()),
            ("GOLD", 4, true)
        );
        assert_ne!(gold, "GOLD:5".parse().unwrap());
        let usd: Currency = "USD".parse().unwrap();
        assert_eq!((usd.code(), usd.scale(), usd.is_asset()), ("USD", 2, false));
        let json = serde_json::to_string(&gold).unwrap();
        assert_eq!(json, "\"GOLD:4\"");
        assert_eq!(serde_json::from_str::<Currency>(&json).unwrap(), gold);
    }
}
