//! How values are written down: one byte that names the form, then postcard.
//!
//! The form grows when a stored type changes shape, so that a value is never read as what it is
//! not. A type keeps the way from the form before it; that one keeps its own, so that a value of
//! any age is read in steps. It is written in its new form when it is written the next time.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::StoreError;

/// A type that can be stored.
pub trait Record: Serialize + DeserializeOwned + Send + Sync {
    /// Counts up when the stored shape changes.
    // WHEN CHANGING A SHAPE: keep the old type as a record with the old FORM, convert it with
    // `From`, name it in `read_older`, and keep some of its bytes in a test.
    const FORM: u8 = 1;

    /// Reads bytes of an older form: `step::<TheTypeBefore, _>(bytes)`.
    ///
    /// # Errors
    /// [`StoreError::Form`] for a form that never was.
    fn read_older(bytes: &[u8]) -> Result<Self, StoreError> {
        let _ = bytes;
        Err(StoreError::Form)
    }
}

/// Reads a record as the type it was before and converts it.
///
/// # Errors
/// [`StoreError::Form`] when it is not that either.
pub fn step<Older: Record, Newer: From<Older>>(bytes: &[u8]) -> Result<Newer, StoreError> {
    decode::<Older>(bytes).map(Newer::from)
}

/// A place in a log, as the last field of a record that leads there; see
/// [`Txn::append_indexed`](crate::Txn::append_indexed).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place([u8; 8]);

impl Place {
    /// The place that the commit is going to give.
    pub const LATER: Self = Self([u8::MAX; 8]);

    /// A place that is known.
    pub fn at(number: u64) -> Self {
        Self(number.to_be_bytes())
    }

    /// Returns the place, if it is known.
    pub fn number(self) -> Option<u64> {
        (self != Self::LATER).then_some(u64::from_be_bytes(self.0))
    }
}

pub(crate) fn encode<R: Record>(value: &R) -> Result<Vec<u8>, StoreError> {
    postcard::to_extend(value, vec![R::FORM]).map_err(|_| StoreError::Form)
}

pub(crate) fn decode<R: Record>(bytes: &[u8]) -> Result<R, StoreError> {
    match bytes.split_first() {
        Some((form, body)) if *form == R::FORM => {
            postcard::from_bytes(body).map_err(|_| StoreError::Form)
        }
        Some((form, _)) if *form < R::FORM => R::read_older(bytes),
        _ => Err(StoreError::Form),
    }
}

// An index that is nothing but the place.
impl Record for Place {}
impl Record for String {}
impl Record for u64 {}
impl Record for () {}

macro_rules! ids_are_records {
    ($($id:ident)*) => {$( impl Record for souk_core::$id {} )*};
}

ids_are_records! {
    UserId ChatId MessageId OrderId AccountId TransferId EntryId EventId ConsentId SessionId TokenId
    PushId
    AppId Timestamp
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A cup as it was kept at first, then with a size, then with many.
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Cup1(String);

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Cup2 {
        name: String,
        millilitres: u32,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Cup {
        name: String,
        millilitres: u32,
        count: u64,
    }

    impl Record for Cup1 {}

    impl Record for Cup2 {
        const FORM: u8 = 2;

        fn read_older(bytes: &[u8]) -> Result<Self, StoreError> {
            step::<Cup1, _>(bytes)
        }
    }

    impl Record for Cup {
        const FORM: u8 = 3;

        fn read_older(bytes: &[u8]) -> Result<Self, StoreError> {
            step::<Cup2, _>(bytes)
        }
    }

    impl From<Cup1> for Cup2 {
        fn from(Cup1(name): Cup1) -> Self {
            let millilitres = 150;
            Self { name, millilitres }
        }
    }

    impl From<Cup2> for Cup {
        fn from(Cup2 { name, millilitres }: Cup2) -> Self {
            Self {
                name,
                millilitres,
                count: 1,
            }
        }
    }

    /// Bytes as they were written then.
    const KEPT: [(&[u8], u32, u64); 3] = [
        (b"\x01\x03ana", 150, 1),
        (b"\x02\x03ana\xc8\x01", 200, 1),
        (b"\x03\x03ana\xc8\x01\x05", 200, 5),
    ];

    #[test]
    fn values_of_every_age_are_read() {
        for (bytes, millilitres, count) in KEPT {
            let name = "ana".to_owned();
            let cup = Cup {
                name,
                millilitres,
                count,
            };
            assert_eq!(decode::<Cup>(bytes), Ok(cup));
        }
        let (newest, ..) = KEPT[2];
        assert_eq!(encode(&decode::<Cup>(KEPT[2].0).unwrap()).unwrap(), newest);
    }

    #[test]
    fn a_value_is_never_read_as_what_it_is_not() {
        for wrong in [&b""[..], b"\x00\x03ana", b"\x04\x03ana", b"\x02\x03ana"] {
            assert_eq!(decode::<Cup>(wrong), Err(StoreError::Form), "{wrong:?}");
        }
        assert_eq!(decode::<Cup2>(KEPT[2].0), Err(StoreError::Form));
    }
}
