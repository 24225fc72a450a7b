//! SHA-256 over a list of parts that cannot be read as another list.

use sha2::{Digest as _, Sha256};
use souk_core::Money;

use crate::order::Details;

/// A digest in the making. What it is for comes first, then each part behind its length.
pub(crate) struct Digest(Sha256);

impl Digest {
    /// Starts a digest. Two purposes never give the same one.
    pub(crate) fn of(purpose: &str) -> Self {
        Self(Sha256::new()).part(purpose.as_bytes())
    }

    /// Adds a part.
    pub(crate) fn part(self, bytes: &[u8]) -> Self {
        Self(
            self.0
                .chain_update(bytes.len().to_be_bytes())
                .chain_update(bytes),
        )
    }

    /// Adds a number.
    pub(crate) fn number(self, number: u64) -> Self {
        self.part(&number.to_be_bytes())
    }

    /// Adds an amount and its currency.
    pub(crate) fn money(self, money: Money) -> Self {
        self.number(money.minor())
            .part(money.currency().as_str().as_bytes())
    }

    /// Adds everything a sheet says.
    pub(crate) fn details(self, details: &Details) -> Self {
        let items = details
            .items
            .iter()
            .fold(self.count(details.items.len()), |digest, item| {
                digest
                    .part(item.label.as_bytes())
                    .number(item.quantity.into())
                    .money(item.unit)
            });
        let totals =
            details
                .totals
                .iter()
                .fold(items.count(details.totals.len()), |digest, line| {
                    digest
                        .part(line.kind.name().as_bytes())
                        .part(line.label.as_bytes())
                        .money(line.amount)
                });
        let said = totals.part(details.memo.as_bytes());
        // Nothing where there are none: an order from before there were ids is what it was.
        let ids = || details.items.iter().map(|item| item.id.as_deref());
        if ids().all(|id| id.is_none()) {
            return said;
        }
        ids().fold(said, |digest, id| match id {
            Some(id) => digest.number(1).part(id.as_bytes()),
            None => digest.number(0),
        })
    }

    /// Adds how many follow.
    fn count(self, count: usize) -> Self {
        self.part(&count.to_be_bytes())
    }

    /// Ends the digest.
    pub(crate) fn bytes(self) -> [u8; 32] {
        self.0.finalize().into()
    }

    /// Ends the digest and returns the first half, for ids.
    pub(crate) fn bits(self) -> u128 {
        let bytes = self.bytes();
        bytes
            .first_chunk()
            .map_or(0, |half| u128::from_be_bytes(*half))
    }
}
