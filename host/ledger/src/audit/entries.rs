//! The first pass: the books themselves.

use sha2::{Digest, Sha256};
use souk_core::EntryId;
use souk_core::limits::PAGE_ENTRIES_MAX;
use souk_store::{Page, Place, Record, StoreError};

use super::{AuditFault, Auditor};
use crate::entry::{Entry, EntryKind, Phase};
use crate::order::Order;
use crate::record::Outcome;
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
                self.check(
                    fits,
                    AuditFault::Chain {
                        place: *place,
                        entry: entry.id,
                    },
                );
                self.entry(*place, entry).await?;
            }
        }
        let found = self.audit.entries;
        self.check(found == expected, AuditFault::Short { found, expected });
        Ok(())
    }

    /// Looks at one entry: by itself, and whatever points at it.
    async fn entry(&mut self, place: u64, entry: &Entry) -> Result<(), StoreError> {
        self.audit.entries = self.audit.entries.saturating_add(1);
        if let Err(broken) = invariant::entry(entry) {
            self.fault(broken.into());
        }
        let made = keys::transfer(entry.transfer());
        let made = self.txn.peek::<Outcome>(&made).await?;
        let due = Outcome::Made(Place::at(place));
        self.check(made == Some(due), AuditFault::Entry(entry.id));
        self.sum(entry);
        self.paid_or_refunded(entry).await
    }

    /// Counts an entry on its two accounts, on the holds, and against the limits.
    fn sum(&mut self, entry: &Entry) {
        let amount = i128::from(entry.amount.minor());
        match entry.phase {
            Phase::Posted => {
                self.flow(entry, 0, amount);
                self.count(entry, amount);
            }
            Phase::Held { .. } => {
                self.flow(entry, amount, 0);
                self.count(entry, amount);
                self.holds.insert(entry.id, entry.clone());
            }
            Phase::Captured { hold } => self.ends(hold, entry, amount),
            Phase::Released { hold } => self.ends(hold, entry, 0),
        }
    }

    /// An entry ends a hold: once, between the same two, and moves no more than was held.
    fn ends(&mut self, hold: EntryId, entry: &Entry, moved: i128) {
        let Some(held) = self.holds.remove(&hold) else {
            self.fault(AuditFault::HoldEnd(entry.id));
            return;
        };
        let amount = i128::from(held.amount.minor());
        let same = (&held.debit, &held.credit) == (&entry.debit, &entry.credit)
            && (held.kind, held.order, held.terms) == (entry.kind, entry.order, entry.terms)
            && held.amount.currency() == entry.amount.currency()
            && held.amount.minor() >= entry.amount.minor();
        self.check(same, AuditFault::HoldEnd(entry.id));
        self.flow(entry, amount.saturating_neg(), moved);
        self.count(&held, moved.saturating_sub(amount));
    }

    /// Counts what is held and what moved on both accounts.
    fn flow(&mut self, entry: &Entry, held: i128, moved: i128) {
        let currency = entry.amount.currency();
        let lines = u64::from(entry.phase.has_moved());
        let debit = self.sums.entry(entry.debit.account(currency)).or_default();
        debit.debits = debit.debits.saturating_add(moved);
        debit.debits_pending = debit.debits_pending.saturating_add(held);
        debit.lines = debit.lines.saturating_add(lines);
        let credit = self.sums.entry(entry.credit.account(currency)).or_default();
        credit.credits = credit.credits.saturating_add(moved);
        credit.credits_pending = credit.credits_pending.saturating_add(held);
        credit.lines = credit.lines.saturating_add(lines);
    }

    /// Compares a payment with its order, and keeps refunds and fees for later.
    async fn paid_or_refunded(&mut self, entry: &Entry) -> Result<(), StoreError> {
        let Some(id) = entry.order else { return Ok(()) };
        let Some(order) = self.txn.peek::<Order>(&keys::order(id)).await? else {
            self.fault(AuditFault::OrderMissing(id));
            return Ok(());
        };
        let amount = i128::from(entry.amount.minor());
        let taken = self.taken.entry(id).or_default();
        match entry.kind {
            EntryKind::Refund => taken.refunds = taken.refunds.saturating_add(amount),
            EntryKind::Fee => taken.fees = taken.fees.saturating_add(amount),
            EntryKind::Payment if entry.phase.has_moved() => {
                let pays = entry.pays(&order);
                let (order, entry) = (id, entry.id);
                self.check(pays, AuditFault::Payment { order, entry });
            }
            EntryKind::Payment
            | EntryKind::Deposit
            | EntryKind::PayOut
            | EntryKind::Settlement
            | EntryKind::Recall
            | EntryKind::Gift
            | EntryKind::Withdrawal
            | EntryKind::Reversal => {}
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
