//! The third pass: every order against its payment and its refunds.

use souk_core::OrderId;
use souk_store::StoreError;

use super::{AuditFault, Auditor};
use crate::entry;
use crate::order::{Order, OrderState};
use crate::{invariant, keys};

impl Auditor<'_> {
    /// Reads all orders.
    pub(super) async fn orders(&mut self) -> Result<(), StoreError> {
        let mut after = None;
        while let Some(ids) = self.next::<OrderId>(&keys::orders(), &mut after).await? {
            for id in ids {
                match self.txn.peek::<Order>(&keys::order(id)).await? {
                    Some(order) => self.order(&order).await?,
                    None => self.fault(AuditFault::OrderMissing(id)),
                }
            }
        }
        let unknown: Vec<_> = std::mem::take(&mut self.taken).into_keys().collect();
        unknown
            .into_iter()
            .for_each(|order| self.fault(AuditFault::OrderMissing(order)));
        Ok(())
    }

    /// Compares one order: its state, what is marked refunded, and that its payment and its
    /// authorization are ones.
    async fn order(&mut self, order: &Order) -> Result<(), StoreError> {
        self.audit.orders = self.audit.orders.saturating_add(1);
        if let Err(broken) = invariant::order(order) {
            self.fault(broken.into());
        }
        self.taken(order);
        self.authorized(order).await?;

        let Some(id) = order.entry else { return Ok(()) };
        let payment = entry::read(self.txn, id).await?;
        let pays = payment.is_some_and(|entry| entry.pays(order));
        self.check(
            pays,
            AuditFault::Payment {
                order: order.id,
                entry: id,
            },
        );
        Ok(())
    }

    /// What was refunded, and what was taken as a fee.
    fn taken(&mut self, order: &Order) {
        let taken = self.taken.remove(&order.id).unwrap_or_default();
        let (stored, counted, id) = (order.refunded.minor(), taken.refunds, order.id);
        let fault = AuditFault::Refunds {
            order: id,
            stored,
            counted,
        };
        self.check(i128::from(stored) == counted, fault);
        let stored = order.entry.map_or(0, |_| order.fee.minor());
        let counted = taken.fees;
        let fault = AuditFault::Fee {
            order: id,
            stored,
            counted,
        };
        self.check(i128::from(stored) == counted, fault);
    }

    /// That its authorization is one, and open exactly as long as the order is authorized.
    async fn authorized(&mut self, order: &Order) -> Result<(), StoreError> {
        let Some(id) = order.hold else { return Ok(()) };
        let held = entry::read(self.txn, id).await?;
        let is_open = self.holds.contains_key(&id);
        let fits = held.is_some_and(|held| held.authorizes(order))
            && is_open == (order.state == OrderState::Authorized);
        let (order, hold) = (order.id, id);
        self.check(fits, AuditFault::Authorization { order, hold });
        Ok(())
    }
}
