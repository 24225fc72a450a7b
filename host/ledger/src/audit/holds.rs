//! The fourth pass: the holds that are not over, and what some of them are for: gifts,
//! and money on its way out.

use souk_core::limits::PAGE_ENTRIES_MAX;
use souk_core::{EntryId, Money, TransferId};
use souk_store::{Page, StoreError};

use super::{AuditFault, Auditor};
use crate::entry;
use crate::gift::{Gift, GiftState};
use crate::keys;
use crate::rail::{Arrival, ArrivalState, Departure, DepartureState};

impl Auditor<'_> {
    /// Reads all gifts.
    pub(super) async fn gifts(&mut self) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let page = Page::first(PAGE_ENTRIES_MAX).after(after);
            let gifts = self.txn.entries::<TransferId>(&keys::gifts(), page).await?;
            let Some((last, _)) = gifts.last() else {
                return Ok(());
            };
            after = Some(*last);
            for (_, id) in &gifts {
                let gift = self.txn.peek::<Gift>(&keys::gift(*id)).await?;
                let fits = match gift {
                    Some(gift) => gift.id == *id && self.gift(&gift).await?,
                    None => false,
                };
                self.expect(fits, AuditFault::Gift(*id));
            }
        }
    }

    /// Tells whether a gift is where its hold is: open as long as it is offered, and ended the way
    /// its state says.
    async fn gift(&self, gift: &Gift) -> Result<bool, StoreError> {
        let held = entry::read(self.txn, gift.hold).await?;
        let is_open = self.holds.contains_key(&gift.hold);
        let ended = match gift.ended {
            None => None,
            Some(id) => entry::read(self.txn, id).await?,
        };
        let moved = ended.is_some_and(|entry| entry.phase.has_moved());
        Ok(
            held.is_some_and(|held| held.transfer() == gift.id && held.amount == gift.amount)
                && is_open == (gift.state == GiftState::Offered)
                && moved == (gift.state == GiftState::Accepted),
        )
    }

    /// Reads all arrivals and departures: what each says of its entries is so.
    pub(super) async fn passages(&mut self) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let page = Page::first(PAGE_ENTRIES_MAX).after(after);
            let ids = self
                .txn
                .entries::<TransferId>(&keys::passages(), page)
                .await?;
            let Some((last, _)) = ids.last() else {
                return Ok(());
            };
            after = Some(*last);
            for (_, id) in &ids {
                let fits = self.passage(*id).await?;
                self.expect(fits, AuditFault::Passage(*id));
            }
        }
    }

    async fn passage(&self, id: TransferId) -> Result<bool, StoreError> {
        if let Some(arrival) = self.txn.peek::<Arrival>(&keys::arrival(id)).await? {
            let deposit = self.moved(arrival.entry, arrival.amount).await?;
            let reversal = self.moved(arrival.reversal, arrival.amount).await?;
            let counts = match arrival.state {
                ArrivalState::Pending | ArrivalState::Dropped => (false, false),
                ArrivalState::Posted => (true, false),
                ArrivalState::Reversed => (true, true),
            };
            return Ok((deposit, reversal) == counts);
        }
        let Some(departure) = self.txn.peek::<Departure>(&keys::departure(id)).await? else {
            return Ok(false);
        };
        let moved = self.moved(departure.ended, departure.amount).await?;
        let (is_open, gone) = match departure.state {
            DepartureState::Requested | DepartureState::Sent => (true, false),
            DepartureState::Done => (false, true),
            DepartureState::Failed => (false, false),
        };
        Ok(self.holds.contains_key(&departure.hold) == is_open && moved == gone)
    }

    /// Tells whether an entry is there by which this amount moved.
    async fn moved(&self, id: Option<EntryId>, amount: Money) -> Result<bool, StoreError> {
        let Some(id) = id else { return Ok(false) };
        let entry = entry::read(self.txn, id).await?;
        Ok(entry.is_some_and(|entry| entry.phase.has_moved() && entry.amount == amount))
    }

    /// Compares the list of open holds with what the books leave open.
    pub(super) async fn open_holds(&mut self) -> Result<(), StoreError> {
        let mut open = std::mem::take(&mut self.holds);
        let mut after = None;
        loop {
            let page = Page::first(PAGE_ENTRIES_MAX).after(after);
            let listed = self.txn.scan::<EntryId>(&keys::holds(), page).await?;
            let Some((last, _)) = listed.last() else {
                break;
            };
            after = Some(last.clone());
            for (_, id) in listed {
                self.expect(open.remove(&id).is_some(), AuditFault::Hold(id));
            }
        }
        for id in open.into_keys() {
            self.fault(AuditFault::Hold(id));
        }
        Ok(())
    }
}
