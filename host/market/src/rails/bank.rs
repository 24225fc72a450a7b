//! The simulated bank: a deposit has a reference and counts after a while, a withdrawal is set
//! aside, sent, and done or bounced.

use souk_core::limits::ARRIVAL_WAITS_MS_MAX;
use souk_core::{Money, TransferId, TypedId};
use souk_events::{Due, due};
use souk_ledger::rail::arrival::{self, Seen};
use souk_ledger::rail::{Arrival, ArrivalState, Departure, DepartureState, departure};
use souk_ledger::{Rail, Refusal};
use souk_store::Txn;

use super::{again, must_carry, refused};
use crate::{Call, Market, MarketError};

/// What the account of a withdrawal begins with that the bank cannot bring anywhere.
const BOUNCES: &str = "bounce";

impl Market {
    /// Announces money to the simulated bank, for a person's wallet. It counts once the bank has
    /// confirmed it: after the bank's delay, at once if it has none.
    ///
    /// # Errors
    /// [`MarketError::NoBank`] unless the operator turned it on, [`MarketError::NotCarried`]; the
    /// ledger's refusals.
    pub async fn deposit(&self, call: &Call, amount: Money) -> Result<Arrival, MarketError> {
        let bank = self.rails().bank.ok_or(MarketError::NoBank)?;
        must_carry(Rail::Bank, amount.currency())?;
        let seen = &Seen {
            id: call.id(),
            rail: Rail::Bank,
            to: call.by,
            amount,
            reference: reference(call.id()),
            needed: 1,
        };
        let work = |txn: Txn| async move {
            let decide = async {
                match bank.delay_ms {
                    0 => arrival::come(&txn, &self.0.config.terms.money, seen).await,
                    _ => arrival::see(&txn, seen).await,
                }
            };
            let follow = |arrival: Arrival| async {
                if arrival.state == ArrivalState::Pending {
                    let at = txn.now().after_millis(bank.delay_ms);
                    due::set(&txn, at, &Due::Arrival(arrival.id))?;
                }
                Ok(arrival)
            };
            call.once_for_money(&txn, decide, follow).await
        };
        Ok(self.store().transact(work).await??)
    }

    /// The bank confirms what was announced, or tries again while there is no room for it, and in
    /// the end takes it back.
    pub(crate) async fn step_in(&self, txn: &Txn, id: TransferId) -> Result<(), MarketError> {
        let arrival = arrival::get(txn, id).await?.ok_or(Refusal::UnknownGift)?;
        if arrival.state != ArrivalState::Pending {
            return Ok(());
        }
        if self.rails().bank.is_none() {
            return again(txn, &Due::Arrival(id));
        }
        let confirmed = arrival::confirm(txn, &self.0.config.terms.money, id, arrival.needed).await;
        if refused(confirmed)?.is_some() {
            return Ok(());
        }
        if txn.now().millis_since(arrival.seen) < ARRIVAL_WAITS_MS_MAX {
            return again(txn, &Due::Arrival(id));
        }
        Ok(arrival::lose(txn, id).await.map(drop)?)
    }

    /// The bank sends a withdrawal, then it is done, or comes back.
    pub(super) async fn bank_sends(
        &self,
        txn: &Txn,
        departure: Departure,
    ) -> Result<(), MarketError> {
        if departure.state == DepartureState::Requested {
            let sent = departure::sent(txn, departure.id).await?;
            return self.depart(txn, &sent);
        }
        // What nobody can read any more goes nowhere.
        let bounces = departure
            .destination(txn)
            .is_none_or(|to| to.to_lowercase().starts_with(BOUNCES));
        let ended = if bounces {
            departure::fail(txn, departure.id).await
        } else {
            departure::done(txn, departure.id).await
        };
        match refused(ended)? {
            Some(_) => Ok(()),
            None => again(txn, &Due::Departure(departure.id)),
        }
    }
}

/// What a person writes on their order to the bank: short, and the deposit's own.
fn reference(id: TransferId) -> String {
    let text = format!("{:032x}", id.bits());
    let letters: Vec<char> = text.chars().take(12).collect();
    let groups = letters
        .chunks(4)
        .map(|group| group.iter().collect::<String>());
    let groups: Vec<String> = groups.collect();
    format!("SOUK-{}", groups.join("-").to_uppercase())
}
