//! The simulated chain: a digital currency with addresses, blocks, confirmations and
//! reorganizations, for development.
//!
//! It is a rail like any other: a payment to an address is an [`arrival`], which counts once enough
//! blocks lie on it. A reorganization takes blocks off again; what was in them waits for the next
//! one, or is gone for good. What the host itself sends is a [`departure`], done after as many
//! blocks; the host sends it again until it is.

use souk_core::limits::{CHAIN_CONFIRMATIONS, CHAIN_PAYMENTS_MAX};
use souk_core::{Money, TransferId, TypedId, UserId};
use souk_store::Txn;

use super::arrival::{self, Seen};
use super::departure;
use crate::account::Rail;
use crate::digest::Digest;
use crate::policy::Policy;
use crate::rail::{Arrival, ArrivalState, ChainPayment, Departure, SimulatedChain};
use crate::{Broken, Refusal, keys};

/// What becomes of the payments in blocks that are taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// They wait for another block.
    Return,
    /// Somebody spent the same coins elsewhere: they are gone.
    Vanish,
}

/// What every address begins with; thirty-two hexadecimal digits follow.
const ADDRESS_PREFIX: &str = "sim1";

/// Tells whether a text can be an address on this chain.
pub fn is_address(text: &str) -> bool {
    let digits = text.strip_prefix(ADDRESS_PREFIX).unwrap_or_default();
    let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    digits.len() == 32 && digits.bytes().all(digit)
}

/// Returns the chain as it is.
///
/// # Errors
/// [`Refusal::Store`].
pub async fn get(txn: &Txn) -> Result<SimulatedChain, Refusal> {
    Ok(txn.get(&keys::simulated_chain()).await?.unwrap_or_default())
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
    let address = format!("{ADDRESS_PREFIX}{:032x}", u128::from_be_bytes(*half));
    txn.put(&keys::address(&address), &user)?;
    Ok(address)
}

/// Somebody outside pays to an address. It waits for a block. Staged.
///
/// # Errors
/// [`Refusal::AmountZero`]; [`Refusal::SheetsWaiting`] when the chain is as long as it gets.
pub async fn pay(txn: &Txn, to: &str, amount: Money) -> Result<ChainPayment, Refusal> {
    if amount.is_zero() {
        return Err(Refusal::AmountZero);
    }
    let payment = ChainPayment {
        id: txn.fresh(),
        to: to.to_owned(),
        amount,
        block: None,
        departure: None,
    };
    push(txn, payment).await
}

/// The host sends what somebody takes out. It waits for a block, where everybody reads the address.
/// What nobody can read the address of any more comes back. Staged.
///
/// # Errors
/// [`Refusal::UnknownGift`], [`Refusal::DepartureIs`], [`Refusal::SheetsWaiting`] when the chain is
/// as long as it gets.
pub async fn send(txn: &Txn, departure: &Departure) -> Result<Departure, Refusal> {
    let Some(to) = departure.destination(txn) else {
        return departure::fail(txn, departure.id).await;
    };
    let payment = ChainPayment {
        id: txn.fresh(),
        to,
        amount: departure.amount,
        block: None,
        departure: Some(departure.id),
    };
    push(txn, payment).await?;
    departure::sent(txn, departure.id).await
}

async fn push(txn: &Txn, payment: ChainPayment) -> Result<ChainPayment, Refusal> {
    let mut chain = get(txn).await?;
    if chain.payments.len() >= CHAIN_PAYMENTS_MAX {
        return Err(Refusal::SheetsWaiting);
    }
    chain.payments.push(payment.clone());
    write(txn, &chain)?;
    Ok(payment)
}

/// Adds a block with everything that waits, and lets every payment be seen and confirmed. What is
/// confirmed often enough is forgotten. Returns what arrived for somebody here. Staged.
///
/// # Errors
/// [`Refusal::Broken`], [`Refusal::Store`]. An arrival that is refused stays pending, to be
/// confirmed by the next block.
pub async fn mine(txn: &Txn, policy: &Policy) -> Result<Vec<Arrival>, Refusal> {
    let mut chain = get(txn).await?;
    chain.height = chain.height.saturating_add(1);
    let mut arrivals = Vec::new();
    let mut kept = Vec::new();
    for mut payment in std::mem::take(&mut chain.payments) {
        let block = *payment.block.get_or_insert(chain.height);
        let deep = chain.height.saturating_sub(block).saturating_add(1);
        let deep = u32::try_from(deep).unwrap_or(u32::MAX);
        let arrival = confirm(txn, policy, &payment, deep).await?;
        leave(txn, &payment, deep).await?;
        let waits = arrival
            .as_ref()
            .is_some_and(|arrival| arrival.state == ArrivalState::Pending);
        if waits || deep <= REMEMBERED {
            kept.push(payment);
        }
        arrivals.extend(arrival);
    }
    chain.payments = kept;
    write(txn, &chain)?;
    Ok(arrivals)
}

/// Blocks on a payment after which the chain thinks of it no longer: nothing reorganizes deeper.
const REMEMBERED: u32 = 4 * CHAIN_CONFIRMATIONS;

/// Takes the last `depth` blocks off. Returns the arrivals that are lost with them. Staged.
///
/// # Errors
/// [`Refusal::Broken`], [`Refusal::Store`].
pub async fn reorganize(txn: &Txn, depth: u64, fate: Fate) -> Result<Vec<Arrival>, Refusal> {
    let mut chain = get(txn).await?;
    chain.height = chain.height.saturating_sub(depth);
    let mut lost = Vec::new();
    let mut kept = Vec::new();
    for payment in std::mem::take(&mut chain.payments) {
        let stays = payment.block.is_none_or(|block| block <= chain.height);
        // Nobody else can spend what the host sends.
        let returns = fate == Fate::Return || payment.departure.is_some();
        if stays {
            kept.push(payment);
        } else if returns {
            // What counts already is not taken back for a block that comes again.
            kept.push(ChainPayment {
                block: None,
                ..payment
            });
        } else if arrival::get(txn, payment.id).await?.is_some() {
            lost.push(arrival::lose(txn, payment.id).await?);
        }
    }
    chain.payments = kept;
    write(txn, &chain)?;
    Ok(lost)
}

/// Lets what the host sent be gone for good, once enough blocks lie on it.
async fn leave(txn: &Txn, payment: &ChainPayment, deep: u32) -> Result<(), Refusal> {
    match payment.departure {
        Some(id) if deep >= CHAIN_CONFIRMATIONS => departure::done(txn, id).await.map(drop),
        Some(_) | None => Ok(()),
    }
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

fn write(txn: &Txn, chain: &SimulatedChain) -> Result<(), Refusal> {
    Ok(txn.put(&keys::simulated_chain(), chain)?)
}
