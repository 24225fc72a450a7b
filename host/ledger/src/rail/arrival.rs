//! Money on its way in: seen, confirmed, and perhaps lost or taken back.

use std::fmt;

use souk_core::limits::REFERENCE_BYTES_MAX;
use souk_core::{Money, TransferId, TypedId, UserId};
use souk_store::{Page, Txn};

use super::coming;
use crate::account::{Holder, Purse, Rail, Standing, standing};
use crate::digest::Digest;
use crate::entry::{Entry, EntryKind};
use crate::invariant::hold as must;
use crate::policy::Policy;
use crate::rail::{Arrival, ArrivalState};
use crate::transfer::{self, Transfer};
use crate::{Broken, Refusal, keys, news};

/// What the operator reads of an account that was frozen because a rail took money back.
const SPENT: &str = "a rail took back a deposit that was spent already";

/// What a rail has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Names it for ever: the same for the same payment on the rail.
    pub id: TransferId,
    /// The rail.
    pub rail: Rail,
    /// Whose it will be.
    pub to: UserId,
    /// How much.
    pub amount: Money,
    /// What the rail calls it; kept in clear.
    pub reference: String,
    /// How often it has to be confirmed before it counts.
    pub needed: u32,
}

/// Notes that money is on its way; seen again, it is the same. Staged.
///
/// # Errors
/// [`Refusal::IdReused`], [`Refusal::KeyLength`] for the reference, [`Refusal::AmountZero`].
pub async fn see(txn: &Txn, seen: &Seen) -> Result<Arrival, Refusal> {
    match known(txn, seen).await? {
        Some(arrival) => Ok(arrival),
        None => write(txn, begin(txn, seen)?),
    }
}

/// Notes that money is there, confirmed as often as it needs: seen and deposited at once. Seen
/// again, it is the same. Staged.
///
/// # Errors
/// As [`see`], then those of [`transfer::post`].
pub async fn come(txn: &Txn, policy: &Policy, seen: &Seen) -> Result<Arrival, Refusal> {
    match known(txn, seen).await? {
        Some(arrival) => Ok(arrival),
        None => post(txn, policy, begin(txn, seen)?, seen.needed).await,
    }
}

/// What was seen before, if it is the same.
async fn known(txn: &Txn, seen: &Seen) -> Result<Option<Arrival>, Refusal> {
    let Some(arrival) = get(txn, seen.id).await? else {
        return Ok(None);
    };
    let known = (arrival.rail, arrival.to, arrival.amount);
    if known == (seen.rail, seen.to, seen.amount) {
        Ok(Some(arrival))
    } else {
        Err(Refusal::IdReused)
    }
}

/// Begins an arrival: it is found from now on, and remains to be written down.
fn begin(txn: &Txn, seen: &Seen) -> Result<Arrival, Refusal> {
    if seen.reference.is_empty() || seen.reference.len() > REFERENCE_BYTES_MAX {
        return Err(Refusal::KeyLength);
    }
    if seen.amount.is_zero() {
        return Err(Refusal::AmountZero);
    }

    // From here on it happens.
    txn.append(&keys::arrivals_of(seen.to), &seen.id)?;
    Ok(seen.arrival(txn))
}

/// Notes how often the rail has confirmed it by now. With as many as it needs, it is deposited:
/// once, however often it is confirmed again. Staged.
///
/// # Errors
/// [`Refusal::UnknownGift`], [`Refusal::ArrivalIs`] when it was lost, those of [`transfer::post`]:
/// then it stays pending, to be confirmed again.
pub async fn confirm(
    txn: &Txn,
    policy: &Policy,
    id: TransferId,
    confirmations: u32,
) -> Result<Arrival, Refusal> {
    let arrival = get(txn, id).await?.ok_or(Refusal::UnknownGift)?;
    match arrival.state {
        ArrivalState::Pending => {}
        ArrivalState::Posted => return Ok(arrival),
        ArrivalState::Dropped | ArrivalState::Reversed => {
            return Err(Refusal::ArrivalIs(arrival.state));
        }
    }
    if confirmations < arrival.needed {
        return write(
            txn,
            Arrival {
                confirmations,
                ..arrival
            },
        );
    }
    post(txn, policy, arrival, confirmations).await
}

/// Deposits what has arrived.
async fn post(
    txn: &Txn,
    policy: &Policy,
    arrival: Arrival,
    confirmations: u32,
) -> Result<Arrival, Refusal> {
    let ask = coming(arrival.rail, arrival.to, arrival.amount, arrival.id);
    let entry = Some(transfer::post(txn, policy, &ask).await?.id);
    write(
        txn,
        Arrival {
            state: ArrivalState::Posted,
            confirmations,
            entry,
            ..arrival
        },
    )
}

/// The rail lost it, or takes it back: what does not count yet never will, and what was deposited
/// goes back, from the person, or, if they have spent it, from the host, and then their account is
/// frozen. A second time changes nothing. Staged.
///
/// # Errors
/// [`Refusal::UnknownGift`].
pub async fn lose(txn: &Txn, id: TransferId) -> Result<Arrival, Refusal> {
    let arrival = get(txn, id).await?.ok_or(Refusal::UnknownGift)?;
    match arrival.state {
        ArrivalState::Dropped | ArrivalState::Reversed => Ok(arrival),
        ArrivalState::Pending => {
            let state = ArrivalState::Dropped;
            write(txn, Arrival { state, ..arrival })
        }
        ArrivalState::Posted => {
            let reversal = Some(reverse(txn, &arrival).await?.id);
            let state = ArrivalState::Reversed;
            write(
                txn,
                Arrival {
                    state,
                    reversal,
                    ..arrival
                },
            )
        }
    }
}

/// Returns an arrival.
///
/// # Errors
/// [`Refusal::Broken`] when what is stored cannot be one, [`Refusal::Store`].
pub async fn get(txn: &Txn, id: TransferId) -> Result<Option<Arrival>, Refusal> {
    let arrival = txn.get::<Arrival>(&keys::arrival(id)).await?;
    if let Some(arrival) = &arrival {
        let counted = match arrival.state {
            ArrivalState::Pending | ArrivalState::Dropped => (false, false),
            ArrivalState::Posted => (true, false),
            ArrivalState::Reversed => (true, true),
        };
        let told = (arrival.entry.is_some(), arrival.reversal.is_some());
        must(arrival.id == id && told == counted, Broken::Gift(id))?;
    }
    Ok(arrival)
}

/// Returns a page of what came in for a person, each with its place.
///
/// # Errors
/// As [`get`].
pub async fn of(txn: &Txn, user: UserId, page: Page<u64>) -> Result<Vec<(u64, Arrival)>, Refusal> {
    let log = keys::arrivals_of(user);
    let mut arrivals = Vec::new();
    for (place, id) in txn.entries::<TransferId>(&log, page).await? {
        let arrival = get(txn, id).await?.ok_or(Broken::Gift(id))?;
        must(arrival.to == user, Broken::Gift(id))?;
        arrivals.push((place, arrival));
    }
    Ok(arrivals)
}

async fn reverse(txn: &Txn, arrival: &Arrival) -> Result<Entry, Refusal> {
    let person = Holder::Person(arrival.to);
    let none = Policy::default();
    match transfer::post(txn, &none, &back(arrival, person.clone())).await {
        Err(Refusal::Funds | Refusal::Closed) => {}
        answer => return answer,
    }
    let currency = arrival.amount.currency();
    if standing::of(txn, &person, currency).await? == Standing::Open {
        standing::set(txn, &person, currency, Standing::Frozen, SPENT).await?;
    }
    let losses = Holder::Host(Purse::Losses);
    transfer::post(txn, &none, &back(arrival, losses)).await
}

/// The transfer that takes a deposit back.
fn back(arrival: &Arrival, debit: Holder) -> Transfer {
    let digest = Digest::of("souk reversal 1").part(&arrival.id.bits().to_be_bytes());
    Transfer {
        id: TransferId::from_bits(digest.bits()),
        debit,
        credit: Holder::Rail(arrival.rail),
        amount: arrival.amount,
        kind: EntryKind::Reversal,
        order: None,
        terms: None,
        note: None,
    }
}

fn write(txn: &Txn, arrival: Arrival) -> Result<Arrival, Refusal> {
    txn.put(&keys::arrival(arrival.id), &arrival)?;
    match arrival.state {
        // The entry is told already.
        ArrivalState::Posted => {}
        ArrivalState::Pending | ArrivalState::Dropped | ArrivalState::Reversed => {
            news::of_passage(txn, arrival.to, arrival.id)?;
        }
    }
    Ok(arrival)
}

impl Seen {
    fn arrival(&self, txn: &Txn) -> Arrival {
        Arrival {
            id: self.id,
            rail: self.rail,
            to: self.to,
            amount: self.amount,
            reference: self.reference.clone(),
            state: ArrivalState::Pending,
            confirmations: 0,
            needed: self.needed,
            seen: txn.now(),
            entry: None,
            reversal: None,
        }
    }
}

impl fmt::Display for ArrivalState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pending => "pending",
            Self::Posted => "posted",
            Self::Dropped => "dropped",
            Self::Reversed => "reversed",
        })
    }
}
