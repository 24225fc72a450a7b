//! What a transaction does with numbers: it adds to them without resting on what they are.

use super::{Fit, Txn};
use crate::apply::{self, COUNT, NUMBER, NUMBERS_MAX, tagged};
use crate::batch::{Add, Bounds};
use crate::engine::StoreError;
use crate::key::{Key, Number};

/// All numbers under a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbers([i64; NUMBERS_MAX]);

impl Numbers {
    /// Returns the number in a slot.
    pub fn at(&self, slot: u8) -> i64 {
        self.0.get(usize::from(slot)).copied().unwrap_or(0)
    }

    /// Returns how many entries the log has that lies under the same key.
    ///
    /// # Errors
    /// [`StoreError::Form`] for less than none.
    pub fn count(&self) -> Result<u64, StoreError> {
        u64::try_from(self.at(COUNT)).map_err(|_| StoreError::Form)
    }
}

impl Txn {
    /// Adds to a number that must stay within bounds, without resting on what the number is.
    pub async fn add(
        &self,
        number: impl Into<Number>,
        delta: i64,
        bounds: Bounds,
    ) -> Result<Fit, StoreError> {
        let Number { key, slot } = number.into();
        let key = tagged(NUMBER, key.as_bytes());
        let before = self.found(&key, false).await?.at(slot);
        if bounds
            .sum(self.with_own(&key, slot, before)?, delta)
            .is_none()
        {
            return Ok(Fit::Outside);
        }
        self.live()?.batch.adds.push(Add {
            key,
            slot,
            delta,
            bounds,
        });
        Ok(Fit::Fits)
    }

    /// Reads a number, own adds included. The commit checks that nobody else changed it, or another
    /// number under its key.
    pub async fn number(&self, number: impl Into<Number>) -> Result<i64, StoreError> {
        self.read_number(&number.into(), true).await
    }

    /// Reads a number, own adds included, without resting the transaction on it.
    pub async fn peek_number(&self, number: impl Into<Number>) -> Result<i64, StoreError> {
        self.read_number(&number.into(), false).await
    }

    /// Reads all numbers under a key at one moment, own adds included. The commit checks that
    /// nobody else changed any.
    pub async fn numbers(&self, key: &Key) -> Result<Numbers, StoreError> {
        self.read_numbers(key, true).await
    }

    /// Reads all numbers under a key at one moment, own adds included, without resting the
    /// transaction on them.
    pub async fn peek_numbers(&self, key: &Key) -> Result<Numbers, StoreError> {
        self.read_numbers(key, false).await
    }

    async fn read_numbers(&self, key: &Key, checked: bool) -> Result<Numbers, StoreError> {
        let key = tagged(NUMBER, key.as_bytes());
        let mut numbers = self.found(&key, checked).await?;
        for (slot, number) in (0..).zip(&mut numbers.0) {
            *number = self.with_own(&key, slot, *number)?;
        }
        Ok(numbers)
    }

    async fn read_number(
        &self,
        Number { key, slot }: &Number,
        checked: bool,
    ) -> Result<i64, StoreError> {
        let key = tagged(NUMBER, key.as_bytes());
        let number = self.found(&key, checked).await?.at(*slot);
        self.with_own(&key, *slot, number)
    }

    /// The numbers under a key, without own adds.
    async fn found(&self, key: &[u8], checked: bool) -> Result<Numbers, StoreError> {
        let numbers = |bytes: Option<&[u8]>| {
            let mut numbers = Numbers::default();
            for (slot, number) in (0..).zip(&mut numbers.0) {
                *number = apply::number(bytes, slot)?;
            }
            Ok(numbers)
        };
        self.read(key, checked, numbers).await
    }

    /// A number with own adds to it.
    fn with_own(&self, key: &[u8], slot: u8, number: i64) -> Result<i64, StoreError> {
        let draft = self.live()?;
        let adds = draft.batch.adds.iter();
        let mut own = adds
            .filter(|add| add.slot == slot && add.key == key)
            .map(|add| add.delta);
        own.try_fold(number, i64::checked_add)
            .ok_or(StoreError::Form)
    }
}
