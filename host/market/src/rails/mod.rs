//! Rails: how money comes in from outside and goes out again, step by step.
//!
//! A rail answers later, so every step is a transaction of its own and what is left to do is in the
//! store before anybody hears of it: a restart between two steps changes nothing. The [`bank`]
//! takes its steps when they are due, the [`chain`] when a block is mined. Both are simulated and
//! for development; a host has neither unless its operator turns it on.

mod bank;
mod chain;

use std::future::ready;

use souk_core::limits::{CHAIN_BLOCK_MS_DEFAULT, RAIL_AGAIN_MS, REFERENCE_BYTES_MAX};
use souk_core::{Currency, Money, TransferId, UserId};
use souk_events::{Due, due};
use souk_ledger::rail::departure::{self, Withdraw};
use souk_ledger::rail::{Arrival, Departure, DepartureState, arrival};
use souk_ledger::{Holder, Rail, Refusal};
use souk_store::{Page, Txn};

use crate::{Call, Market, MarketError};

/// The rails that are on.
#[derive(Clone, Debug, Default)]
pub struct Rails {
    /// Money from nowhere, for development.
    pub bank: Option<SimulatedBank>,
    /// A digital currency from nowhere, for development.
    pub chain: Option<SimulatedChain>,
}

/// A bank that brings everything it is told to.
#[derive(Clone, Copy, Debug, Default)]
pub struct SimulatedBank {
    /// How long each of its steps takes, in milliseconds; at zero a deposit counts at once.
    pub delay_ms: u64,
}

/// A chain whose only miner is this host.
#[derive(Clone, Copy, Debug)]
pub struct SimulatedChain {
    /// How long a block takes while something is on the chain, in milliseconds.
    pub block_ms: u64,
}

impl Default for SimulatedChain {
    fn default() -> Self {
        Self {
            block_ms: CHAIN_BLOCK_MS_DEFAULT,
        }
    }
}

/// A departure with what its person reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepartureView {
    /// The departure.
    pub departure: Departure,
    /// Where to, as the rail calls it; `None` once it was erased.
    pub to: Option<String>,
}

impl Rails {
    /// Refuses a rail that is off.
    fn must_be_on(&self, rail: Rail) -> Result<(), MarketError> {
        match rail {
            Rail::Bank if self.bank.is_none() => Err(MarketError::NoBank),
            Rail::Chain if self.chain.is_none() => Err(MarketError::NoChain),
            Rail::Manual => Err(MarketError::ByHand),
            Rail::Bank | Rail::Chain => Ok(()),
        }
    }
}

/// Refuses money that a rail does not carry: the bank has currencies, the chain assets.
fn must_carry(rail: Rail, currency: Currency) -> Result<(), MarketError> {
    let carries = match rail {
        Rail::Bank => !currency.is_asset(),
        Rail::Chain => currency.is_asset(),
        Rail::Manual => true,
    };
    if carries {
        Ok(())
    } else {
        Err(MarketError::NotCarried { rail, currency })
    }
}

impl Market {
    /// Returns the rails that are on.
    pub fn rails(&self) -> &Rails {
        &self.0.config.rails
    }

    /// Takes money out of a person's wallet, or out of what was settled to them as a merchant: it
    /// is set aside, and goes as the rail goes.
    ///
    /// # Errors
    /// [`MarketError::NoBank`], [`MarketError::NoChain`], [`MarketError::ByHand`],
    /// [`MarketError::NotCarried`], [`MarketError::NoAddress`], [`MarketError::NoDestination`]; the
    /// ledger's refusals, which use up the call's key.
    pub async fn withdraw(
        &self,
        call: &Call,
        from: Holder,
        rail: Rail,
        amount: Money,
        to: &str,
    ) -> Result<DepartureView, MarketError> {
        self.rails().must_be_on(rail)?;
        must_carry(rail, amount.currency())?;
        if rail == Rail::Chain && !souk_ledger::rail::chain::is_address(to) {
            return Err(MarketError::NoAddress);
        }
        if to.trim().is_empty() || to.len() > REFERENCE_BYTES_MAX {
            return Err(MarketError::NoDestination);
        }
        let ask = &Withdraw {
            id: call.id(),
            rail,
            from,
            amount,
            to: to.to_owned(),
        };
        let policy = &self.0.config.terms.money;
        let work = |txn: Txn| async move {
            let decide = departure::request(&txn, policy, ask);
            let follow = |asked: Departure| {
                let (id, set) = (asked.id, self.depart(&txn, &asked));
                ready(set.map(|()| id))
            };
            let asked = match call.once_for_money(&txn, decide, follow).await? {
                Ok(id) => Ok(view(&txn, id).await?),
                Err(refusal) => Err(refusal),
            };
            Ok::<_, MarketError>(asked)
        };
        Ok(self.store().transact(work).await??)
    }

    /// Takes a withdrawal back that has not been sent.
    ///
    /// # Errors
    /// One that is not theirs is as unknown as one that does not exist; one that was sent is the
    /// rail's.
    pub async fn keep_here(
        &self,
        call: &Call,
        id: TransferId,
    ) -> Result<DepartureView, MarketError> {
        let decide = |txn: Txn| async move {
            let own = departure::get(&txn, id).await?;
            let own = own.filter(|departure| departure.from.user() == Some(call.by));
            let departure = own.ok_or(Refusal::UnknownGift)?;
            match departure.state {
                DepartureState::Requested | DepartureState::Failed => {
                    Ok(departure::fail(&txn, id).await?.id)
                }
                state @ (DepartureState::Sent | DepartureState::Done) => {
                    Err(Refusal::DepartureIs(state).into())
                }
            }
        };
        let work = |txn: Txn| async move {
            let id = call.once(&txn, decide(txn.clone())).await?;
            view(&txn, id).await
        };
        self.store().transact(work).await
    }

    /// Returns a page of what came in for a person, each with its place.
    ///
    /// # Errors
    /// The store's.
    pub async fn arrivals(
        &self,
        user: UserId,
        page: Page<u64>,
    ) -> Result<Vec<(u64, Arrival)>, MarketError> {
        let page = &page;
        let read = |txn: Txn| async move { Ok(arrival::of(&txn, user, page.clone()).await?) };
        self.store().view(read).await
    }

    /// Returns a page of what a person took out, each with its place.
    ///
    /// # Errors
    /// The store's.
    pub async fn departures(
        &self,
        user: UserId,
        page: Page<u64>,
    ) -> Result<Vec<(u64, DepartureView)>, MarketError> {
        let page = &page;
        let read = |txn: Txn| async move {
            let found = departure::of(&txn, user, page.clone()).await?;
            let found = found.into_iter();
            Ok(found
                .map(|(place, found)| (place, seen(&txn, found)))
                .collect())
        };
        self.store().view(read).await
    }

    /// Sets the time of a departure's next step.
    fn depart(&self, txn: &Txn, departure: &Departure) -> Result<(), MarketError> {
        let wait = match departure.rail {
            Rail::Bank => self
                .rails()
                .bank
                .map_or(RAIL_AGAIN_MS, |bank| bank.delay_ms),
            // The next block takes it along.
            Rail::Chain => 0,
            Rail::Manual => RAIL_AGAIN_MS,
        };
        let at = txn.now().after_millis(wait);
        Ok(due::set(txn, at, &Due::Departure(departure.id))?)
    }

    /// Takes the next step with money on its way out, or tries again later.
    pub(crate) async fn step_out(&self, txn: &Txn, id: TransferId) -> Result<(), MarketError> {
        let found = departure::get(txn, id).await?;
        let departure = found.ok_or(Refusal::UnknownGift)?;
        if self.rails().must_be_on(departure.rail).is_err() {
            return again(txn, &Due::Departure(id));
        }
        match departure.state {
            DepartureState::Done | DepartureState::Failed => Ok(()),
            DepartureState::Requested | DepartureState::Sent => match departure.rail {
                Rail::Bank => self.bank_sends(txn, departure).await,
                Rail::Chain => self.chain_sends(txn, &departure).await,
                Rail::Manual => Ok(()),
            },
        }
    }
}

/// The departure of an id, as it is now: that is what a repeated call hears. No answer is kept that
/// says where it goes.
async fn view(txn: &Txn, id: TransferId) -> Result<DepartureView, MarketError> {
    let departure = departure::get(txn, id).await?;
    Ok(seen(txn, departure.ok_or(Refusal::UnknownGift)?))
}

fn seen(txn: &Txn, departure: Departure) -> DepartureView {
    let to = departure.destination(txn);
    DepartureView { departure, to }
}

/// Has a rail try a step again after a while.
fn again(txn: &Txn, step: &Due) -> Result<(), MarketError> {
    Ok(due::set(txn, txn.now().after_millis(RAIL_AGAIN_MS), step)?)
}

/// Tells apart what a rail can try again later from what must not be committed.
fn refused<T>(answer: Result<T, Refusal>) -> Result<Option<T>, MarketError> {
    match answer {
        Ok(done) => Ok(Some(done)),
        Err(refusal @ (Refusal::Broken(_) | Refusal::Store(_))) => Err(refusal.into()),
        Err(_) => Ok(None),
    }
}
