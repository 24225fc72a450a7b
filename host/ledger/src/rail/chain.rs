//! The simulated chain: a digital currency with addresses, blocks, confirmations and
//! reorganizations, for development.
//!
//! It is a rail like any other: a payment to an address is an [`arrival`], which counts once enough
//! blocks lie on it. A reorganization takes blocks off again; what was in them waits for the next
//! one, or is gone for good.

use souk_core::limits::{CHAIN_CONFIRMATIONS, CHAIN_PAYMENTS_MAX};
use souk_core::{Money, TransferId, TypedId, UserId};
use souk_store::Txn;

use super::arrival::{self, Seen};
use super::record::SimulatedChain;
use crate::account::Rail;
use crate::digest::Digest;
use crate::policy::Policy;
use crate::rail::{Arrival, ChainPayment};
use crate::{Broken, Refusal, keys};

/// What becomes of the payments in blocks that are taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// They wait for another block.
    Return,
    /// Somebody spent the same coins elsewhere: they are gone.
    Vanish,
}

/// Returns a person's address, and remembers whose it is. Staged.
///
/// # Errors
/// [`Refusal::Store`].
pub async fn address(txn: &Txn, user: UserId) -> Result<String, Refusal> {
    let hash = txn
        .keyring()
        .keyed_hash("chain address", &[&user.bits().to_be_bytes()]);
    let (half, _) = hash.split_first_chunk::<16>().ok_or(Broken::Value)?;
    let address = format!("sim1{:032x}", u128::from_be_bytes(*half));
    txn.put(&keys::address(&address), &user)?;
    Ok(address)
}

/// Somebody outside pays to an address. It waits for a block. Staged.
///
/// # Errors
/// [`Refusal::AmountZero`]; [`Refusal::SheetsWaiting`] when the chain is as long as it gets.
pub async fn pay(txn: &Txn, to: &str, amount: Money) -> Result<ChainPayment, Refusal> {
    let mut chain = read(txn).await?;
    if amount.is_zero() {
        return Err(Refusal::AmountZero);
    }
    if chain.payments.len() >= CHAIN_PAYMENTS_MAX {
        return Err(Refusal::SheetsWaiting);
    }
    let payment = ChainPayment {
        id: txn.fresh(),
        to: to.to_owned(),
        amount,
        block: None,
    };
    chain.payments.push(payment.clone());
    write(txn, &chain)?;
    Ok(payment)
}

/// Adds a block with everything that waits, and lets every payment be seen and confirmed. What is
/// confirmed often enough is forgotten. Returns what arrived for somebody here. Staged.
///
/// # Errors
/// [`Refusal::Broken`], [`Refusal::Store`]. An arrival that is refused stays pending.
pub async fn mine(txn: &Txn, policy: &Policy) -> Result<Vec<Arrival>, Refusal> {
    let mut chain = read(txn).await?;
    chain.height = chain.height.saturating_add(1);
    let mut arrivals = Vec::new();
    for payment in &mut chain.payments {
        let block = *payment.block.get_or_insert(chain.height);
        let deep = chain.height.saturating_sub(block).saturating_add(1);
        let deep = u32::try_from(deep).unwrap_or(u32::MAX);
        arrivals.extend(confirm(txn, policy, payment, deep).await?);
    }
    let oldest = chain
        .height
        .saturating_sub(4 * u64::from(CHAIN_CONFIRMATIONS));
    let young = |payment: &ChainPayment| payment.block.is_none_or(|block| block >= oldest);
    chain.payments.retain(young);
    write(txn, &chain)?;
    Ok(arrivals)
}

/// Takes the last `depth` blocks off. Returns the arrivals that are lost with them. Staged.
///
/// # Errors
/// [`Refusal::Broken`], [`Refusal::Store`].
pub async fn reorganize(txn: &Txn, depth: u64, fate: Fate) -> Result<Vec<Arrival>, Refusal> {
    let mut chain = read(txn).await?;
    chain.height = chain.height.saturating_sub(depth);
    let (kept, gone): (Vec<_>, Vec<_>) = chain
        .payments
        .into_iter()
        .partition(|payment| payment.block.is_none_or(|block| block <= chain.height));
    chain.payments = kept;
    let mut lost = Vec::new();
    for payment in gone {
        match fate {
            Fate::Vanish => {
                if arrival::get(txn, payment.id).await?.is_some() {
                    lost.push(arrival::lose(txn, payment.id).await?);
                }
            }
            // What counts already is not taken back for a block that comes again.
            Fate::Return => chain.payments.push(ChainPayment {
                block: None,
                ..payment
            }),
        }
    }
    write(txn, &chain)?;
    Ok(lost)
}

/// Lets one payment be seen and confirmed, if it is for somebody here.
async fn confirm(
    txn: &Txn,
    policy: &Policy,
    payment: &ChainPayment,
    deep: u32,
) -> Result<Option<Arrival>, Refusal> {
    let Some(to) = txn.get::<UserId>(&keys::address(&payment.to)).await? else {
        return Ok(None);
    };
    let seen = Seen {
        id: payment.id,
        rail: Rail::Chain,
        to,
        amount: payment.amount,
        reference: reference(payment.id),
        needed: CHAIN_CONFIRMATIONS,
    };
    let arrival = arrival::see(txn, &seen).await?;
    match arrival::confirm(txn, policy, payment.id, deep).await {
        Ok(arrival) => Ok(Some(arrival)),
        Err(refusal @ (Refusal::Broken(_) | Refusal::Store(_))) => Err(refusal),
        Err(_) => Ok(Some(arrival)),
    }
}

/// What the chain calls a payment.
fn reference(id: TransferId) -> String {
    let digest = Digest::of("souk chain payment 1").part(&id.bits().to_be_bytes());
    format!("{:032x}", digest.bits())
}

async fn read(txn: &Txn) -> Result<SimulatedChain, Refusal> {
    Ok(txn.get(&keys::simulated_chain()).await?.unwrap_or_default())
}

fn write(txn: &Txn, chain: &SimulatedChain) -> Result<(), Refusal> {
    Ok(txn.put(&keys::simulated_chain(), chain)?)
}
