//! The third pass: every order against its payment and its refunds.

use souk_core::OrderId;
use souk_core::limits::PAGE_ENTRIES_MAX;
use souk_store::{Page, StoreError};

use super::{AuditFault, Auditor};
use crate::entry::Entry;
use crate::order::Order;
use crate::{invariant, keys};

impl Auditor<'_> {
    /// Reads all orders.
    pub(super) async fn orders(&mut self) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let page = Page::first(PAGE_ENTRIES_MAX).after(after);
            let orders = self.txn.entries::<OrderId>(&keys::orders(), page).await?;
            let Some((last, _)) = orders.last() else {
                break;
            };
            after = Some(*last);
            for (_, id) in &orders {
                match self.txn.peek::<Order>(&keys::order(*id)).await? {
                    Some(order) => self.order(&order).await?,
                    None => self.fault(AuditFault::OrderMissing(*id)),
                }
            }
        }
        let unknown: Vec<_> = std::mem::take(&mut self.refunds).into_keys().collect();
        unknown
            .into_iter()
            .for_each(|order| self.fault(AuditFault::OrderMissing(order)));
        Ok(())
    }

    /// Compares one order: its state, what is marked refunded, and that its payment is one.
    async fn order(&mut self, order: &Order) -> Result<(), StoreError> {
        self.audit.orders = self.audit.orders.saturating_add(1);
        if let Err(broken) = invariant::order(order) {
            self.fault(broken.into());
        }
        let counted = self.refunds.remove(&order.id).unwrap_or_default();
        let stored = order.refunded.minor();
        let fault = AuditFault::Refunds {
            order: order.id,
            stored,
            counted,
        };
        self.expect(i128::from(stored) == counted, fault);

        let Some(id) = order.entry else { return Ok(()) };
        let payment = self.txn.peek::<Entry>(&keys::entry(id)).await?;
        let pays = payment.is_some_and(|entry| entry.pays(order));
        self.expect(
            pays,
            AuditFault::Payment {
                order: order.id,
                entry: id,
            },
        );
        Ok(())
    }
}
