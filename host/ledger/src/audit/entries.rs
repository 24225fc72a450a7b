//! The first pass: the books themselves.

use sha2::{Digest, Sha256};
use souk_core::limits::PAGE_ENTRIES_MAX;
use souk_core::{AccountId, EntryId};
use souk_store::{Page, Record, StoreError};

use super::{AuditFault, Auditor};
use crate::entry::{Entry, EntryKind};
use crate::order::Order;
use crate::{invariant, keys};

/// Where the reading of the chain is.
struct Chain {
    place: u64,
    hash: [u8; 32],
}

impl Auditor<'_> {
    /// Reads the log from its beginning: its chain, each entry by itself, everything that points at
    /// it; and sums up what the entries come to.
    pub(super) async fn entries(&mut self, expected: u64) -> Result<(), StoreError> {
        let mut chain = Chain {
            place: 0,
            hash: [0; 32],
        };
        let mut after = None;
        loop {
            let page = Page::first(PAGE_ENTRIES_MAX).after(after);
            let entries = self
                .txn
                .chained_entries::<Entry>(&keys::entries(), page)
                .await?;
            let Some((last, ..)) = entries.last() else {
                break;
            };
            after = Some(*last);
            for (place, entry, hash) in &entries {
                let fits = chain.take(*place, entry, *hash)?;
                self.expect(
                    fits,
                    AuditFault::Chain {
                        place: *place,
                        entry: entry.id,
                    },
                );
                self.entry(entry).await?;
            }
        }
        let found = self.audit.entries;
        self.expect(found == expected, AuditFault::Short { found, expected });
        Ok(())
    }

    /// Looks at one entry: by itself, and whatever points at it.
    async fn entry(&mut self, entry: &Entry) -> Result<(), StoreError> {
        self.audit.entries = self.audit.entries.saturating_add(1);
        if let Err(broken) = invariant::entry(entry) {
            self.fault(broken.into());
        }
        let by_id = self.txn.peek::<Entry>(&keys::entry(entry.id)).await?;
        self.expect(by_id.as_ref() == Some(entry), AuditFault::Entry(entry.id));
        let made = self
            .txn
            .peek::<EntryId>(&keys::transfer(entry.transfer))
            .await?;
        let fault = AuditFault::Transfer {
            transfer: entry.transfer,
            entry: entry.id,
        };
        self.expect(made == Some(entry.id), fault);
        self.sum(entry);
        self.paid_or_refunded(entry).await
    }

    fn sum(&mut self, entry: &Entry) {
        let (currency, amount) = (entry.amount.currency(), i128::from(entry.amount.minor()));
        self.add(entry.debit.account(currency), amount, 0);
        self.add(entry.credit.account(currency), 0, amount);
    }

    /// Counts an entry on one of its two accounts.
    fn add(&mut self, account: AccountId, debit: i128, credit: i128) {
        let sums = self.sums.entry(account).or_default();
        sums.debits = sums.debits.saturating_add(debit);
        sums.credits = sums.credits.saturating_add(credit);
        sums.entries = sums.entries.saturating_add(1);
    }

    /// Compares a payment with its order, and keeps a refund for later.
    async fn paid_or_refunded(&mut self, entry: &Entry) -> Result<(), StoreError> {
        let Some(id) = entry.order else { return Ok(()) };
        let Some(order) = self.txn.peek::<Order>(&keys::order(id)).await? else {
            self.fault(AuditFault::OrderMissing(id));
            return Ok(());
        };
        match entry.kind {
            EntryKind::Payment => {
                let fault = AuditFault::Payment {
                    order: id,
                    entry: entry.id,
                };
                self.expect(entry.pays(&order), fault);
            }
            EntryKind::Refund => {
                let refunded = self.refunds.entry(id).or_default();
                *refunded = refunded.saturating_add(entry.amount.minor().into());
            }
            EntryKind::Deposit => {}
        }
        Ok(())
    }
}

impl Chain {
    /// Tells whether an entry is the next of the chain, and goes on behind it.
    fn take(&mut self, place: u64, entry: &Entry, hash: [u8; 32]) -> Result<bool, StoreError> {
        let value = postcard::to_extend(entry, vec![Entry::FORM]).map_err(|_| StoreError::Form)?;
        let digest = Sha256::new()
            .chain_update(self.hash)
            .chain_update(place.to_be_bytes());
        let expected: [u8; 32] = digest.chain_update(value).finalize().into();
        let fits = self.place == place && expected == hash;
        *self = Self {
            place: place.saturating_add(1),
            hash,
        };
        Ok(fits)
    }
}
