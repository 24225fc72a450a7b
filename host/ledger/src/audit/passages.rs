//! The fifth pass: money that came or went through a rail, against its entries.

use souk_core::{EntryId, Money, TransferId, UserId};
use souk_store::StoreError;

use super::{AuditFault, Auditor};
use crate::rail::{Arrival, ArrivalState, Departure, DepartureState};
use crate::{entry, keys};

impl Auditor<'_> {
    /// Reads all arrivals for those who have an account: what each says of its entries is so.
    pub(super) async fn arrivals(&mut self) -> Result<(), StoreError> {
        for user in std::mem::take(&mut self.people) {
            self.arrivals_of(user).await?;
        }
        Ok(())
    }

    async fn arrivals_of(&mut self, user: UserId) -> Result<(), StoreError> {
        let (log, mut after) = (keys::arrivals_of(user), None);
        while let Some(ids) = self.next::<TransferId>(&log, &mut after).await? {
            for id in ids {
                let fits = self.arrival(id, user).await?;
                self.check(fits, AuditFault::Passage(id));
            }
        }
        Ok(())
    }

    async fn arrival(&self, id: TransferId, user: UserId) -> Result<bool, StoreError> {
        let Some(arrival) = self.txn.peek::<Arrival>(&keys::arrival(id)).await? else {
            return Ok(false);
        };
        let deposit = self.moved(arrival.entry, arrival.amount).await?;
        let reversal = self.moved(arrival.reversal, arrival.amount).await?;
        let counts = match arrival.state {
            ArrivalState::Pending | ArrivalState::Dropped => (false, false),
            ArrivalState::Posted => (true, false),
            ArrivalState::Reversed => (true, true),
        };
        Ok(arrival.to == user && (deposit, reversal) == counts)
    }

    /// Reads all departures, likewise.
    pub(super) async fn departures(&mut self) -> Result<(), StoreError> {
        let (log, mut after) = (keys::departures(), None);
        while let Some(ids) = self.next::<TransferId>(&log, &mut after).await? {
            for id in ids {
                let fits = self.departure(id).await?;
                self.check(fits, AuditFault::Passage(id));
            }
        }
        Ok(())
    }

    async fn departure(&self, id: TransferId) -> Result<bool, StoreError> {
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
}
