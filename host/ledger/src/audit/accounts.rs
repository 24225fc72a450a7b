//! The second pass: every account against what its entries come to.

use std::collections::BTreeMap;

use souk_core::Currency;
use souk_store::{Page, StoreError};

use super::{AuditFault, Auditor, Sums};
use crate::account::{Account, Cell, Holder, Standing, StandingChange, standing};
use crate::keys;

/// What the stored counters of a currency come to, over all accounts.
#[derive(Default)]
struct Flow {
    posted: (i128, i128),
    pending: (i128, i128),
}

impl Auditor<'_> {
    /// Reads all accounts and their numbers. What entries there are beyond them is a fault.
    pub(super) async fn accounts(&mut self) -> Result<(), StoreError> {
        let mut flows = BTreeMap::new();
        let mut after = None;
        while let Some(accounts) = self.next::<Account>(&keys::accounts(), &mut after).await? {
            for account in accounts {
                let flow = flows.entry(account.currency).or_default();
                self.account(&account, flow).await?;
            }
        }
        for (currency, flow) in flows {
            self.balanced(currency, flow.posted);
            self.balanced(currency, flow.pending);
        }
        let unknown: Vec<_> = std::mem::take(&mut self.sums).into_keys().collect();
        unknown
            .into_iter()
            .for_each(|account| self.fault(AuditFault::AccountUnknown(account)));
        Ok(())
    }

    /// What goes out of all accounts of a currency comes in.
    fn balanced(&mut self, currency: Currency, (debits, credits): (i128, i128)) {
        let fault = AuditFault::Unbalanced {
            currency,
            debits,
            credits,
        };
        self.check(debits == credits, fault);
    }

    /// Compares one account: who it is for, its numbers, how long its statement is.
    async fn account(&mut self, account: &Account, flow: &mut Flow) -> Result<(), StoreError> {
        self.audit.accounts = self.audit.accounts.saturating_add(1);
        if let Holder::Person(user) = account.holder {
            self.people.insert(user);
        }
        let key = keys::account(&account.holder, account.currency);
        let kept = self.txn.peek::<Account>(&key).await?;
        let same = account.id == account.holder.account(account.currency);
        let stored = self.txn.peek_number(&keys::standing(account.id)).await?;
        let stands = standing::number(Some(self.standing(account).await?)) == stored;
        self.check(
            same && stands && kept.as_ref() == Some(account),
            AuditFault::Account(account.id),
        );

        let sums = self.sums.remove(&account.id).unwrap_or_default();
        for cell in Cell::ALL {
            self.number(account, cell, &sums, flow).await?;
        }
        let stored = self.txn.peek_count(&keys::statement(account.id)).await?;
        let counted = sums.lines;
        let fault = AuditFault::Statement {
            account: account.id,
            stored,
            counted,
        };
        self.check(stored == counted, fault);
        Ok(())
    }

    /// What the history of an account says may happen on it.
    async fn standing(&self, account: &Account) -> Result<Standing, StoreError> {
        let log = keys::standings(account.id);
        let last = self.txn.entries::<StandingChange>(&log, Page::last(1));
        let last = last.await?.into_iter().next();
        Ok(last.map_or(Standing::Open, |(_, change)| change.standing))
    }

    async fn number(
        &mut self,
        account: &Account,
        cell: Cell,
        sums: &Sums,
        flow: &mut Flow,
    ) -> Result<(), StoreError> {
        let stored = self
            .txn
            .peek_number(&keys::number(account.id, cell))
            .await?;
        let counted = match cell {
            Cell::Balance if !account.holder.has_balance() => 0,
            cell => sums.number(cell),
        };
        let number = cell.name();
        let fault = AuditFault::Number {
            account: account.id,
            number,
            stored,
            counted,
        };
        self.check(i128::from(stored) == counted, fault);
        let stored: i128 = stored.into();
        let add = |sum: &mut i128| *sum = sum.saturating_add(stored);
        match cell {
            Cell::DebitsPosted => add(&mut flow.posted.0),
            Cell::CreditsPosted => add(&mut flow.posted.1),
            Cell::DebitsPending => add(&mut flow.pending.0),
            Cell::CreditsPending => add(&mut flow.pending.1),
            Cell::Available => {
                let floor = account.holder.bounds().floor;
                self.check(stored >= floor.into(), AuditFault::Overdrawn(account.id));
            }
            Cell::Balance => {}
        }
        Ok(())
    }
}
