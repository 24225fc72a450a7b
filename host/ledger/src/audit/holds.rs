//! The fourth and the sixth pass: gifts, and the holds that are not over.

use souk_core::limits::PAGE_ENTRIES_MAX;
use souk_core::{EntryId, TransferId};
use souk_store::{Page, StoreError};

use super::{AuditFault, Auditor};
use crate::entry;
use crate::gift::{Gift, GiftState};
use crate::keys;

impl Auditor<'_> {
    /// Reads all gifts.
    pub(super) async fn gifts(&mut self) -> Result<(), StoreError> {
        let mut after = None;
        while let Some(ids) = self.next::<TransferId>(&keys::gifts(), &mut after).await? {
            for id in ids {
                let gift = self.txn.peek::<Gift>(&keys::gift(id)).await?;
                let fits = match gift {
                    Some(gift) => gift.id == id && self.gift(&gift).await?,
                    None => false,
                };
                self.check(fits, AuditFault::Gift(id));
            }
        }
        Ok(())
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
                self.check(open.remove(&id).is_some(), AuditFault::Hold(id));
            }
        }
        for id in open.into_keys() {
            self.fault(AuditFault::Hold(id));
        }
        Ok(())
    }
}
