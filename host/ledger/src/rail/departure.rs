//! Money on its way out: set aside, sent, and done or failed.

use std::fmt;

use souk_core::limits::{PAGE_ENTRIES_MAX, REFERENCE_BYTES_MAX, WITHDRAWAL_MS_MAX};
use souk_core::{Money, TransferId, TypedId, UserId};
use souk_store::{Owner, Page, Txn};

use crate::account::{Holder, Rail};
use crate::entry::EntryKind;
use crate::invariant::hold as must;
use crate::policy::Policy;
use crate::rail::{Departure, DepartureState, Destination};
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
    /// Where to, as the rail calls it; kept sealed.
    pub to: String,
}

/// Sets money aside to go out. Staged. Asked again, it is the same.
///
/// # Errors
/// [`Refusal::IdReused`], [`Refusal::KeyLength`] for where to, those of
/// [`transfer::post`](crate::transfer::post).
pub async fn request(txn: &Txn, policy: &Policy, ask: &Withdraw) -> Result<Departure, Refusal> {
    if let Some(departure) = get(txn, ask.id).await? {
        return if ask.is_what_made(&departure, txn) {
            Ok(departure)
        } else {
            Err(Refusal::IdReused)
        };
    }
    if ask.to.is_empty() || ask.to.len() > REFERENCE_BYTES_MAX {
        return Err(Refusal::KeyLength);
    }
    let until = txn.now().after_millis(WITHDRAWAL_MS_MAX);
    let user = ask.from.user().ok_or(Broken::Route(ask.id))?;
    let to = seal(txn, ask.id, user, &ask.to).await?;
    let entry = hold::set_aside(txn, policy, &ask.transfer(), until).await?;

    // From here on it happens.
    txn.append(&keys::departures(), &ask.id)?;
    txn.append(&keys::departures_of(user), &ask.id)?;
    write(
        txn,
        Departure {
            id: ask.id,
            rail: ask.rail,
            from: ask.from.clone(),
            amount: ask.amount,
            to,
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

/// Seals where the departures of a person go that were kept before this was sealed, so that it goes
/// with their key. Staged.
///
/// # Errors
/// As [`get`].
pub async fn seal_older(txn: &Txn, user: UserId) -> Result<(), Refusal> {
    let mut after = None;
    loop {
        let page = Page::first(PAGE_ENTRIES_MAX).after(after);
        let found = of(txn, user, page).await?;
        let Some((last, _)) = found.last() else {
            return Ok(());
        };
        after = Some(*last);
        for (_, departure) in found {
            if let Destination::Clear(to) = &departure.to {
                let to = seal(txn, departure.id, user, to).await?;
                let sealed = Departure { to, ..departure };
                txn.put(&keys::departure(sealed.id), &sealed)?;
            }
        }
    }
}

/// Seals where a departure goes for the person it is of.
async fn seal(txn: &Txn, id: TransferId, user: UserId, to: &str) -> Result<Destination, Refusal> {
    Ok(Destination::Sealed {
        text: txn.seal(&Owner::Person(user), to.as_bytes()).await?,
        digest: digest(txn, id, to),
    })
}

/// What is left of a destination once it was erased. The id is in it, so that nobody sees who went
/// to the same place.
fn digest(txn: &Txn, id: TransferId, to: &str) -> [u8; 32] {
    let parts = [&id.bits().to_be_bytes()[..], to.as_bytes()];
    txn.keyring().keyed_hash("ledger.destination", &parts)
}

fn write(txn: &Txn, departure: Departure) -> Result<Departure, Refusal> {
    txn.put(&keys::departure(departure.id), &departure)?;
    if let Some(user) = departure.from.user() {
        news::of_passage(txn, user, departure.id)?;
    }
    Ok(departure)
}

impl Departure {
    /// Returns where it goes, as the rail calls it, unless that was erased.
    pub fn destination(&self, txn: &Txn) -> Option<String> {
        match &self.to {
            Destination::Clear(to) => Some(to.clone()),
            Destination::Sealed { text, .. } => String::from_utf8(txn.open(text)?).ok(),
        }
    }

    fn goes_to(&self, txn: &Txn, to: &str) -> bool {
        match &self.to {
            Destination::Clear(known) => known == to,
            Destination::Sealed { digest: known, .. } => *known == digest(txn, self.id, to),
        }
    }
}

impl Withdraw {
    /// Tells whether a departure is what this made, also after where it goes was erased.
    fn is_what_made(&self, departure: &Departure, txn: &Txn) -> bool {
        let facts = (self.rail, &self.from, self.amount);
        let made = (departure.rail, &departure.from, departure.amount);
        facts == made && departure.goes_to(txn, &self.to)
    }

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
