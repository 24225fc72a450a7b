//! The simulated chain: addresses for people, blocks on a timer, and what an operator does with it
//! to see a payment wait, count, or be lost.

use souk_core::limits::CHAIN_BLOCKS_MAX;
use souk_core::{Money, UserId};
use souk_events::Due;
use souk_ledger::Rail;
use souk_ledger::rail::chain::{self, Fate};
use souk_ledger::rail::{Arrival, ChainPayment, Departure, DepartureState, SimulatedChain};
use souk_store::Txn;

use super::{again, must_carry, refused};
use crate::{Call, Market, MarketError};

impl Market {
    /// Returns a person's address on the simulated chain.
    ///
    /// # Errors
    /// [`MarketError::NoChain`] unless the operator turned it on.
    pub async fn chain_address(&self, user: UserId) -> Result<String, MarketError> {
        self.rails().must_be_on(Rail::Chain)?;
        let make = |txn: Txn| async move { Ok(chain::address(&txn, user).await?) };
        self.store().transact(make).await
    }

    /// Returns the chain as it is.
    ///
    /// # Errors
    /// [`MarketError::NoChain`].
    pub async fn chain(&self) -> Result<SimulatedChain, MarketError> {
        self.rails().must_be_on(Rail::Chain)?;
        let read = |txn: Txn| async move { Ok(chain::get(&txn).await?) };
        self.store().view(read).await
    }

    /// Lets somebody outside pay to an address: it waits for a block.
    ///
    /// # Errors
    /// [`MarketError::NoChain`], [`MarketError::NotCarried`], [`MarketError::NoAddress`]; the
    /// ledger's refusals.
    pub async fn pay_on_chain(
        &self,
        call: &Call,
        to: &str,
        amount: Money,
    ) -> Result<ChainPayment, MarketError> {
        self.rails().must_be_on(Rail::Chain)?;
        must_carry(Rail::Chain, amount.currency())?;
        if !chain::is_address(to) {
            return Err(MarketError::NoAddress);
        }
        let work = |txn: Txn| async move {
            let pay = async { Ok(chain::pay(&txn, to, amount).await?) };
            call.once(&txn, pay).await
        };
        self.store().transact(work).await
    }

    /// Mines blocks, and returns the chain with them.
    ///
    /// # Errors
    /// [`MarketError::NoChain`], [`MarketError::Blocks`].
    pub async fn mine_blocks(
        &self,
        call: &Call,
        count: u64,
    ) -> Result<SimulatedChain, MarketError> {
        self.must_be_few(count)?;
        let policy = &self.0.config.terms.money;
        let work = |txn: Txn| async move {
            let mine = async {
                for _ in 0..count {
                    chain::mine(&txn, policy).await?;
                }
                Ok(chain::get(&txn).await?)
            };
            call.once(&txn, mine).await
        };
        self.store().transact(work).await
    }

    /// Takes blocks off the chain, and returns the arrivals that are lost with them.
    ///
    /// # Errors
    /// [`MarketError::NoChain`], [`MarketError::Blocks`].
    pub async fn reorganize(
        &self,
        call: &Call,
        depth: u64,
        fate: Fate,
    ) -> Result<Vec<Arrival>, MarketError> {
        self.must_be_few(depth)?;
        let work = |txn: Txn| async move {
            let turn = async { Ok(chain::reorganize(&txn, depth, fate).await?) };
            call.once(&txn, turn).await
        };
        self.store().transact(work).await
    }

    /// Refuses no block at all, and more than the chain thinks of.
    fn must_be_few(&self, blocks: u64) -> Result<(), MarketError> {
        self.rails().must_be_on(Rail::Chain)?;
        match blocks {
            1..=CHAIN_BLOCKS_MAX => Ok(()),
            _ => Err(MarketError::Blocks),
        }
    }

    /// Mines the next block, if something on the chain waits for one.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn next_block(&self) -> Result<(), MarketError> {
        let policy = &self.0.config.terms.money;
        let mine = |txn: Txn| async move {
            if !chain::get(&txn).await?.payments.is_empty() {
                chain::mine(&txn, policy).await?;
            }
            Ok(())
        };
        self.store().transact(mine).await
    }

    /// Puts a withdrawal on the chain; the blocks do the rest.
    pub(super) async fn chain_sends(
        &self,
        txn: &Txn,
        departure: &Departure,
    ) -> Result<(), MarketError> {
        if departure.state != DepartureState::Requested {
            return Ok(());
        }
        match refused(chain::send(txn, departure).await)? {
            Some(_) => Ok(()),
            None => again(txn, &Due::Departure(departure.id)),
        }
    }
}
