//! The last pass: what limits are counted with, against what the entries come to.

use souk_core::{AppId, Currency, UserId};
use souk_store::{Key, StoreError};

use super::{AuditFault, Auditor};
use crate::account::Holder;
use crate::entry::{Entry, EntryKind};
use crate::keys;

/// A number that a limit is counted with: whose, in which currency, on which day of UTC.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Counter {
    /// What a person spent.
    Spent(UserId, Currency, u64),
    /// What a person spent at an app.
    SpentAt(UserId, AppId, Currency, u64),
    /// What an app paid out.
    PaidOut(AppId, Currency, u64),
}

impl Auditor<'_> {
    /// Counts an entry, or what came back of it, for the day it was made on.
    pub(super) fn count(&mut self, entry: &Entry, amount: i128) {
        let (currency, day) = (entry.amount.currency(), entry.at.day());
        let counters = match (&entry.debit, &entry.credit) {
            (Holder::Person(by), Holder::App(at)) if entry.kind == EntryKind::Payment => vec![
                Counter::Spent(*by, currency, day),
                Counter::SpentAt(*by, at.clone(), currency, day),
            ],
            (Holder::Person(by), _) if entry.kind == EntryKind::Gift => {
                vec![Counter::Spent(*by, currency, day)]
            }
            (Holder::App(by), _) if entry.kind == EntryKind::PayOut => {
                vec![Counter::PaidOut(by.clone(), currency, day)]
            }
            _ => Vec::new(),
        };
        for counter in counters {
            let sum = self.counted.entry(counter).or_default();
            *sum = sum.saturating_add(amount);
        }
    }

    /// Compares every number that the entries say must be there.
    pub(super) async fn counters(&mut self) -> Result<(), StoreError> {
        for (counter, counted) in std::mem::take(&mut self.counted) {
            let stored = self.txn.peek_number(&counter.key()).await?;
            let fits = i128::from(stored) == counted;
            self.check(fits, counter.fault(stored, counted));
        }
        Ok(())
    }
}

impl Counter {
    fn key(&self) -> Key {
        match self {
            Self::Spent(user, currency, day) => keys::spent(*user, *currency, *day),
            Self::SpentAt(user, app, currency, day) => keys::spent_at(*user, app, *currency, *day),
            Self::PaidOut(app, currency, day) => keys::paid_out(app, *currency, *day),
        }
    }

    fn fault(self, stored: i64, counted: i128) -> AuditFault {
        match self {
            Self::Spent(user, _, day) | Self::SpentAt(user, _, _, day) => AuditFault::Spent {
                user,
                day,
                stored,
                counted,
            },
            Self::PaidOut(app, _, day) => AuditFault::PaidOut {
                app,
                day,
                stored,
                counted,
            },
        }
    }
}
