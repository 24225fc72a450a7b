//! Typed ids: a prefix that names the kind and 128 bits that sort by the time they were made.
//!
//! The bits are a UUID version 7 (RFC 9562); people and programs see them as `usr_` and 26
//! characters of Crockford's base 32. An id of one kind cannot be passed where another is wanted,
//! and text with the wrong prefix does not parse.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Timestamp;

/// Crockford's base 32: no I, L, O or U, so that a read-out id is never misheard.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 128 bits in groups of five.
const DIGITS: usize = 26;

/// Why a text is not an id of the wanted kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an id like `{prefix}_01j…` (the prefix and 26 letters and digits)")]
pub struct IdError {
    prefix: &'static str,
}

/// What all kinds of ids have in common.
pub trait TypedId: Copy + Ord + fmt::Display + FromStr<Err = IdError> {
    /// The three letters before the underscore.
    const PREFIX: &'static str;

    /// Returns the id with these 128 bits.
    fn from_bits(bits: u128) -> Self;

    /// Returns the 128 bits.
    fn bits(self) -> u128;

    /// Makes a new id: it sorts by `at`, and `random` makes it the only one.
    fn mint(at: Timestamp, random: u128) -> Self {
        let [_, _, _, _, _, _, random @ ..] = random.to_be_bytes();
        let uuid = uuid::Builder::from_unix_timestamp_millis(at.millis(), &random).into_uuid();
        Self::from_bits(uuid.as_u128())
    }
}

/// Writes down an id that may be missing: no one has the id zero.
pub mod none_is_zero {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::TypedId;

    /// Writes the id, or zero.
    ///
    /// # Errors
    /// The serializer's.
    pub fn serialize<I, S>(id: &Option<I>, to: S) -> Result<S::Ok, S::Error>
    where
        I: TypedId + Serialize,
        S: Serializer,
    {
        id.unwrap_or(I::from_bits(0)).serialize(to)
    }

    /// Reads an id; zero is none.
    ///
    /// # Errors
    /// The deserializer's.
    pub fn deserialize<'de, I, D>(from: D) -> Result<Option<I>, D::Error>
    where
        I: TypedId + Deserialize<'de>,
        D: Deserializer<'de>,
    {
        Ok(Some(I::deserialize(from)?).filter(|id| id.bits() != 0))
    }
}

fn write(f: &mut fmt::Formatter<'_>, prefix: &str, bits: u128) -> fmt::Result {
    let mut digits = [0; DIGITS];
    for (place, digit) in digits.iter_mut().rev().enumerate() {
        let value = usize::try_from(bits >> (place * 5) & 31).unwrap_or(0);
        *digit = ALPHABET.get(value).copied().unwrap_or(b'0');
    }
    f.write_str(prefix)?;
    f.write_str("_")?;
    f.write_str(str::from_utf8(&digits).unwrap_or_default())
}

fn read(text: &str, prefix: &'static str) -> Result<u128, IdError> {
    let error = IdError { prefix };
    let digits = text
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'))
        .ok_or(error.clone())?;
    // The first digit holds only three bits: a larger one would not fit in 128.
    if digits.len() != DIGITS || digits.as_bytes().first().is_none_or(|first| *first > b'7') {
        return Err(error);
    }
    digits.bytes().try_fold(0u128, |bits, byte| {
        let digit = ALPHABET
            .iter()
            .position(|letter| *letter == byte)
            .ok_or(error.clone())?;
        Ok(bits << 5 | u128::try_from(digit).map_err(|_| error.clone())?)
    })
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl TypedId for $name {
            const PREFIX: &'static str = $prefix;

            fn from_bits(bits: u128) -> Self {
                Self(bits)
            }

            fn bits(self) -> u128 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write(f, $prefix, self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                read(text, $prefix).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                if to.is_human_readable() {
                    to.collect_str(self)
                } else {
                    self.0.to_be_bytes().serialize(to)
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                if from.is_human_readable() {
                    let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
                    text.parse().map_err(de::Error::custom)
                } else {
                    <[u8; 16]>::deserialize(from).map(|bytes| Self(u128::from_be_bytes(bytes)))
                }
            }
        }
    )*};
}

// WHEN ADDING A KIND OF ID: the prefix must be new; it is what people see in logs, links and
// receipts.
ids! {
    /// A person with an account on this host.
    UserId = "usr";
    /// A conversation, direct or group.
    ChatId = "cht";
    /// A message in a chat.
    MessageId = "msg";
    /// What an app asks a person to pay.
    OrderId = "ord";
    /// An account of the ledger.
    AccountId = "acc";
    /// A request to move money, unique for ever.
    TransferId = "trf";
    /// A movement of money that happened.
    EntryId = "ent";
    /// What happened, as apps are told of it.
    EventId = "evt";
    /// The trace of one run of an app.
    TraceId = "trc";
    /// A question put to a person about what an app may know.
    ConsentId = "cns";
    /// A signed-in browser.
    SessionId = "ses";
    /// A bearer token, by which a program acts for a person.
    TokenId = "tok";
    /// A push token: an app's right to speak to somebody later.
    PushId = "psh";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_it_was_written() {
        for bits in [0, 1, u128::MAX, 0x0199_0000_0000_7000_8000_0000_0000_0001] {
            let id = UserId::from_bits(bits);
            assert_eq!(id.to_string().parse(), Ok(id));
        }
    }

    #[test]
    fn ids_sort_by_the_time_they_were_made() {
        let early = OrderId::mint(Timestamp::from_millis(1_000), u128::MAX);
        let late = OrderId::mint(Timestamp::from_millis(1_001), 0);
        assert!(early < late);
        assert!(early.to_string() < late.to_string());
    }

    #[test]
    fn another_kind_another_length_and_another_letter_are_refused() {
        let id = UserId::from_bits(7).to_string();
        assert!(id.parse::<OrderId>().is_err());
        assert!(id.trim_end_matches('7').parse::<UserId>().is_err());
        assert!(id.replace('7', "u").parse::<UserId>().is_err());
        assert!("usr_80000000000000000000000000".parse::<UserId>().is_err());
    }
}
