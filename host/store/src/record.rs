//! How values are written down: one byte that names the form, then postcard.
//!
//! The form grows when a stored type changes shape, so that a value is never read as what it is
//! not.

use serde::{Serialize, de::DeserializeOwned};

use crate::StoreError;

/// A type that can be stored.
pub trait Record: Serialize + DeserializeOwned + Send + Sync {
    /// Counts up when the stored shape changes.
    const FORM: u8 = 1;
}

pub(crate) fn encode<R: Record>(value: &R) -> Result<Vec<u8>, StoreError> {
    postcard::to_extend(value, vec![R::FORM]).map_err(|_| StoreError::Form)
}

pub(crate) fn decode<R: Record>(bytes: &[u8]) -> Result<R, StoreError> {
    match bytes.split_first() {
        Some((form, body)) if *form == R::FORM => {
            postcard::from_bytes(body).map_err(|_| StoreError::Form)
        }
        _ => Err(StoreError::Form),
    }
}

impl Record for String {}
impl Record for u64 {}
impl Record for () {}

macro_rules! ids_are_records {
    ($($id:ident)*) => {$( impl Record for souk_core::$id {} )*};
}

ids_are_records! {
    UserId ChatId MessageId OrderId AccountId TransferId EntryId EventId ConsentId SessionId TokenId
    AppId Timestamp
}
