//! What an entry does to the numbers: of its two accounts, and of the limits it counts against.

use souk_core::{AccountId, Currency, Money};
use souk_store::{Bounds, Number};

use super::numbers::{COUNTER, Move, SPENDABLE};
use super::{Cell, Holder};
use crate::entry::{Entry, EntryKind};
use crate::policy::Policy;
use crate::{Broken, Refusal, keys};

/// What an entry does, in minor units: how much more is held, and how much moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Effect {
    /// More of it is set aside; less when a hold ends.
    pub(crate) held: i64,
    /// So much goes from the one to the other.
    pub(crate) moved: i64,
}

impl Effect {
    /// It moves at once.
    pub(crate) fn posted(amount: Money) -> Result<Self, Broken> {
        Ok(Self {
            held: 0,
            moved: signed(amount)?,
        })
    }

    /// It is set aside.
    pub(crate) fn held(amount: Money) -> Result<Self, Broken> {
        Ok(Self {
            held: signed(amount)?,
            moved: 0,
        })
    }

    /// A hold ends, and `moved` of it moves.
    pub(crate) fn ended(hold: Money, moved: i64) -> Result<Self, Broken> {
        let held = signed(hold)?.checked_neg().ok_or(Broken::Value)?;
        Ok(Self { held, moved })
    }

    /// What the payer has less: held or gone.
    fn taken(self) -> i64 {
        self.held.saturating_add(self.moved)
    }
}

/// An amount as a change of a number.
pub(crate) fn signed(amount: Money) -> Result<i64, Broken> {
    i64::try_from(amount.minor()).map_err(|_| Broken::Value)
}

/// The accounts at the two ends of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ends {
    pub(crate) debit: AccountId,
    pub(crate) credit: AccountId,
}

impl Ends {
    pub(crate) fn of(entry: &Entry) -> Self {
        let currency = entry.amount.currency();
        Self {
            debit: entry.debit.account(currency),
            credit: entry.credit.account(currency),
        }
    }
}

/// Returns every change of a number that an entry makes, in the order of its refusals. `day` is the
/// day of UTC it counts for: that of the hold, when it ends one.
pub(crate) fn moves(
    (entry, ends): (&Entry, Ends),
    effect: Effect,
    day: u64,
    policy: &Policy,
) -> Vec<Move> {
    let mut moves = counted(entry, effect, day, policy);
    let currency = entry.amount.currency();
    let side = |holder, account| Side {
        holder,
        currency,
        account,
    };
    let debit = side(&entry.debit, ends.debit);
    let credit = side(&entry.credit, ends.credit);
    let (Effect { held, moved }, taken) = (effect, effect.taken());
    moves.push(debit.available(taken.saturating_neg()));
    moves.extend(debit.balance(moved.saturating_neg(), None));
    moves.extend(credit.balance(taken, credit.limit(entry.kind, policy)));
    moves.push(credit.available(moved));
    moves.push(debit.counter(Cell::DebitsPending, held));
    moves.push(credit.counter(Cell::CreditsPending, held));
    moves.push(debit.counter(Cell::DebitsPosted, moved));
    moves.push(credit.counter(Cell::CreditsPosted, moved));
    moves
}

/// The limits an entry counts against, what is held included. What goes back is given back.
fn counted(entry: &Entry, effect: Effect, day: u64, policy: &Policy) -> Vec<Move> {
    let (currency, limits) = (entry.amount.currency(), &policy.limits);
    let (by, to) = match (&entry.debit, &entry.credit) {
        (Holder::Person(by), to) if entry.kind.is_spending() => (*by, to),
        _ => return Vec::new(),
    };
    let day_cap = limits.day.of(currency);
    let day_words = |limit| Refusal::OverDay { limit };
    let spent = keys::spent(by, currency, day);
    let mut moves = vec![capped(&spent, effect.taken(), day_cap, day_words)];
    if let Holder::App(app) = to {
        let app_words = |limit| Refusal::OverApp { limit };
        let spent = keys::spent_at(by, app, currency, day);
        let cap = limits.app.of(currency);
        moves.push(capped(&spent, effect.taken(), cap, app_words));
    }
    moves
}

/// A change of a number that counts against a limit, if there is one.
pub(crate) fn capped(
    number: impl Into<Number>,
    delta: i64,
    cap: Option<Money>,
    words: impl Fn(Money) -> Refusal,
) -> Move {
    let cap = cap.filter(|_| delta > 0);
    Move {
        number: number.into(),
        delta,
        bounds: Bounds {
            floor: 0,
            ceiling: cap.map_or(i64::MAX, |cap| cap.minor().cast_signed()),
        },
        otherwise: cap.map_or(Refusal::Overflow, words),
    }
}

/// One of the two ends of an entry.
struct Side<'a> {
    holder: &'a Holder,
    currency: Currency,
    account: AccountId,
}

impl Side<'_> {
    fn number(&self, cell: Cell) -> Number {
        keys::number(self.account, cell)
    }

    fn counter(&self, cell: Cell, delta: i64) -> Move {
        Move {
            number: self.number(cell),
            delta,
            bounds: COUNTER,
            otherwise: Refusal::Overflow,
        }
    }

    fn available(&self, delta: i64) -> Move {
        Move {
            number: self.number(Cell::Available),
            delta,
            bounds: self.holder.bounds(),
            otherwise: if delta < 0 {
                Refusal::Funds
            } else {
                Refusal::Overflow
            },
        }
    }

    /// The number that bounds what an account may have when everything on its way arrives.
    fn balance(&self, delta: i64, limit: Option<Money>) -> Option<Move> {
        if !self.holder.has_balance() {
            return None;
        }
        let words = |limit| Refusal::OverBalance { limit };
        let limited = capped(self.number(Cell::Balance), delta, limit, words);
        let ceiling = limited.bounds.ceiling.min(SPENDABLE.ceiling);
        let bounds = Bounds {
            ceiling: if delta > 0 { ceiling } else { i64::MAX },
            ..limited.bounds
        };
        // It may be read a moment after `available`, which said that there was enough.
        let otherwise = if delta < 0 {
            Refusal::Funds
        } else {
            limited.otherwise
        };
        Some(Move {
            number: limited.number,
            delta,
            bounds,
            otherwise,
        })
    }

    /// The most a person may have. What was theirs before always finds its way back.
    fn limit(&self, kind: EntryKind, policy: &Policy) -> Option<Money> {
        let limit = policy.limits.balance.of(self.currency);
        limit.filter(|_| matches!(self.holder, Holder::Person(_)) && kind != EntryKind::Refund)
    }
}
