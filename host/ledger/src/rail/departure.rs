//! Money on its way out: set aside, sent, and done or failed.

use std::fmt;

use souk_core::limits::{REFERENCE_BYTES_MAX, WITHDRAWAL_MS_MAX};
use souk_core::{Money, TransferId, UserId};
use souk_store::{Page, Txn};

use crate::account::{Holder, Rail};
use crate::entry::EntryKind;
use crate::invariant::hold as must;
use crate::policy::Policy;
use crate::rail::{Departure, DepartureState};
use crate::transfer::Transfer;
use crate::{Broken, Refusal, hold, keys, news};

/// What somebody wants to take out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdraw {
    /// Names it for ever.
    pub id: TransferId,
    /// The way out.
    pub rail: Rail,
    /// A person or a merchant.
    pub from: Holder,
    /// How much.
    pub amount: Money,
    /// Where to, as the rail calls it; kept in clear.
    pub to: String,
}

/// Sets money aside to go out. Staged. Asked again, it is the same.
///
/// # Errors
/// [`Refusal::IdReused`], [`Refusal::KeyLength`] for where to, those of
/// [`transfer::post`](crate::transfer::post).
pub async fn request(txn: &Txn, policy: &Policy, ask: &Withdraw) -> Result<Departure, Refusal> {
    if let Some(departure) = get(txn, ask.id).await? {
        let facts = (&departure.from, departure.amount, &departure.to);
        let same = departure.rail == ask.rail && facts == (&ask.from, ask.amount, &ask.to);
        return if same {
            Ok(departure)
        } else {
            Err(Refusal::IdReused)
        };
    }
    if ask.to.is_empty() || ask.to.len() > REFERENCE_BYTES_MAX {
        return Err(Refusal::KeyLength);
    }
    let until = txn.now().after_millis(WITHDRAWAL_MS_MAX);
    let entry = hold::set_aside(txn, policy, &ask.transfer(), until).await?;

    // From here on it happens.
    txn.append(&keys::departures(), &ask.id)?;
    if let Some(user) = ask.from.user() {
        txn.append(&keys::departures_of(user), &ask.id)?;
    }
    write(
        txn,
        Departure {
            id: ask.id,
            rail: ask.rail,
            from: ask.from.clone(),
            amount: ask.amount,
            to: ask.to.clone(),
            state: DepartureState::Requested,
            requested: txn.now(),
            hold: entry.id,
            ended: None,
        },
    )
}

/// The rail has it: from now on nobody takes it back but the rail. A second time changes nothing.
/// Staged.
///
/// # Errors
/// [`Refusal::UnknownGift`], [`Refusal::DepartureIs`].
pub async fn sent(txn: &Txn, id: TransferId) -> Result<Departure, Refusal> {
    let departure = get(txn, id).await?.ok_or(Refusal::UnknownGift)?;
    match departure.state {
        DepartureState::Requested => write(
            txn,
            Departure {
                state: DepartureState::Sent,
                ..departure
            },
        ),
        DepartureState::Sent => Ok(departure),
        DepartureState::Done | DepartureState::Failed => Err(Refusal::DepartureIs(departure.state)),
    }
}

/// It is gone for good: the money leaves the books. A second time changes nothing. Staged.
///
/// # Errors
/// [`Refusal::UnknownGift`], [`Refusal::DepartureIs`] unless it was sent.
pub async fn done(txn: &Txn, id: TransferId) -> Result<Departure, Refusal> {
    let departure = get(txn, id).await?.ok_or(Refusal::UnknownGift)?;
    match departure.state {
        DepartureState::Sent => {
            let ended = hold::capture(txn, departure.hold, departure.amount).await?;
            let (state, ended) = (DepartureState::Done, Some(ended.id));
            write(
                txn,
                Departure {
                    state,
                    ended,
                    ..departure
                },
            )
        }
        DepartureState::Done => Ok(departure),
        DepartureState::Requested | DepartureState::Failed => {
            Err(Refusal::DepartureIs(departure.state))
        }
    }
}

/// It comes back: the rail could not bring it, or, before it was sent, whoever asked thought better
/// of it. A second time changes nothing. Staged.
///
/// # Errors
/// [`Refusal::UnknownGift`], [`Refusal::DepartureIs`] when it is gone.
pub async fn fail(txn: &Txn, id: TransferId) -> Result<Departure, Refusal> {
    let departure = get(txn, id).await?.ok_or(Refusal::UnknownGift)?;
    match departure.state {
        DepartureState::Requested | DepartureState::Sent => {
            let ended = hold::release(txn, departure.hold).await?;
            let (state, ended) = (DepartureState::Failed, Some(ended.id));
            write(
                txn,
                Departure {
                    state,
                    ended,
                    ..departure
                },
            )
        }
        DepartureState::Failed => Ok(departure),
        DepartureState::Done => Err(Refusal::DepartureIs(departure.state)),
    }
}

/// Returns a departure.
///
/// # Errors
/// [`Refusal::Broken`] when what is stored cannot be one, [`Refusal::Store`].
pub async fn get(txn: &Txn, id: TransferId) -> Result<Option<Departure>, Refusal> {
    let departure = txn.get::<Departure>(&keys::departure(id)).await?;
    if let Some(departure) = &departure {
        let over = match departure.state {
            DepartureState::Requested | DepartureState::Sent => false,
            DepartureState::Done | DepartureState::Failed => true,
        };
        let told = departure.ended.is_some();
        must(departure.id == id && told == over, Broken::Gift(id))?;
    }
    Ok(departure)
}

/// Returns a page of what a person took out, from their wallet or their takings, each with its
/// place.
///
/// # Errors
/// As [`get`].
pub async fn of(
    txn: &Txn,
    user: UserId,
    page: Page<u64>,
) -> Result<Vec<(u64, Departure)>, Refusal> {
    let log = keys::departures_of(user);
    let mut departures = Vec::new();
    for (place, id) in txn.entries::<TransferId>(&log, page).await? {
        let departure = get(txn, id).await?.ok_or(Broken::Gift(id))?;
        must(departure.from.user() == Some(user), Broken::Gift(id))?;
        departures.push((place, departure));
    }
    Ok(departures)
}

fn write(txn: &Txn, departure: Departure) -> Result<Departure, Refusal> {
    txn.put(&keys::departure(departure.id), &departure)?;
    if let Some(user) = departure.from.user() {
        news::of_passage(txn, user, departure.id)?;
    }
    Ok(departure)
}

impl Withdraw {
    fn transfer(&self) -> Transfer {
        Transfer {
            id: self.id,
            debit: self.from.clone(),
            credit: Holder::Rail(self.rail),
            amount: self.amount,
            kind: EntryKind::Withdrawal,
            order: None,
            terms: None,
            note: None,
        }
    }
}

impl fmt::Display for DepartureState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Requested => "requested",
            Self::Sent => "sent",
            Self::Done => "done",
            Self::Failed => "failed",
        })
    }
}
