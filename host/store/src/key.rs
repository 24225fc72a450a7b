//! Ordered keys, built from typed parts.
//!
//! A key is the name of a room (`chat`, `ledger`, …) and parts behind it. Parts are written so that
//! keys sort as their parts do and no key can be read as another: ids and numbers have a fixed
//! width, texts are ended by a byte that they cannot contain unescaped.

use std::fmt;

use souk_core::{AppId, TypedId};

use crate::apply::{VALUE, tagged};
use crate::engine::RawKey;

/// The address of one value, one number or one log. In memory the tag of values is before it: what
/// is looked for most is looked for as it lies here.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(Vec<u8>);

/// A number: one of up to eight that lie under one key, and are written together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// Where it lies.
    pub key: Key,
    /// Which of the numbers there it is, from 0 to 7. Under the key of a log, the first is how many
    /// entries the log has.
    pub slot: u8,
}

impl From<&Key> for Number {
    fn from(key: &Key) -> Self {
        let (key, slot) = (key.clone(), 0);
        Self { key, slot }
    }
}

impl From<&Self> for Number {
    fn from(number: &Self) -> Self {
        number.clone()
    }
}

/// Something a [`Key`] can be built from.
pub trait KeyPart {
    /// Writes the part so that byte order is the order of the parts.
    fn write(&self, to: &mut Vec<u8>);
}

impl Key {
    /// Starts a key in a room, which is named after the crate or module that owns what is in it.
    pub fn room(name: &str) -> Self {
        let mut raw = Vec::with_capacity(96);
        raw.push(VALUE);
        Self(raw).with(name)
    }

    /// Returns the key with one more part.
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "parts are ids, numbers and references"
    )]
    pub fn with(mut self, part: impl KeyPart) -> Self {
        part.write(&mut self.0);
        self
    }

    /// Returns the bytes of the key.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.get(1..).unwrap_or_default()
    }

    /// Where the value with this key lies, as engines see it.
    pub(crate) fn raw(&self) -> &[u8] {
        &self.0
    }

    /// The key of a value that an engine has there.
    pub(crate) fn of_value(raw: RawKey) -> Self {
        Self(raw)
    }

    /// The key of a log that an engine knows by its bytes.
    pub(crate) fn of_log(bytes: &[u8]) -> Self {
        Self(tagged(VALUE, bytes))
    }

    /// Returns what follows `prefix`, if this key starts with it.
    pub fn after(&self, prefix: &Self) -> Option<&[u8]> {
        self.0.strip_prefix(prefix.raw())
    }

    /// Reads the part behind `prefix` as the id it was written from.
    pub fn id_after<I: TypedId>(&self, prefix: &Self) -> Option<I> {
        let bytes = self.after(prefix)?.first_chunk::<16>()?;
        Some(I::from_bits(u128::from_be_bytes(*bytes)))
    }
}

macro_rules! ids_are_parts {
    ($($id:ident)*) => {$(
        impl KeyPart for souk_core::$id {
            fn write(&self, to: &mut Vec<u8>) {
                to.extend(self.bits().to_be_bytes());
            }
        }
    )*};
}

ids_are_parts! {
    UserId ChatId MessageId OrderId AccountId TransferId EntryId EventId ConsentId SessionId TokenId
    PushId
}

impl KeyPart for u64 {
    fn write(&self, to: &mut Vec<u8>) {
        to.extend(self.to_be_bytes());
    }
}

impl KeyPart for &str {
    fn write(&self, to: &mut Vec<u8>) {
        self.as_bytes().write(to);
    }
}

impl KeyPart for &[u8] {
    fn write(&self, to: &mut Vec<u8>) {
        to.reserve(self.len().saturating_add(1));
        for byte in *self {
            match byte {
                0 => to.extend([1, 1]),
                1 => to.extend([1, 2]),
                other => to.push(*other),
            }
        }
        to.push(0);
    }
}

impl KeyPart for &AppId {
    fn write(&self, to: &mut Vec<u8>) {
        self.as_str().write(to);
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.as_bytes().escape_ascii())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_sort_as_their_parts_do() {
        let of = |text: &str, number: u64| Key::room("r").with(text).with(number);
        assert!(of("a", 9) < of("ab", 1));
        assert!(of("a", 1) < of("a", 256));
        assert!(Key::room("r").with("a") < Key::room("ra"));
    }

    #[test]
    fn a_text_cannot_pose_as_two_parts() {
        let one = Key::room("r").with("a\0b");
        let two = Key::room("r").with("a").with("b");
        assert_ne!(one, two);
        assert_eq!(one.after(&Key::room("r").with("a")), None);
    }
}
