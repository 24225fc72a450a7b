//! The second pass: every account against what its entries come to.

use std::collections::BTreeMap;

use souk_core::limits::PAGE_ENTRIES_MAX;
use souk_store::{Page, StoreError};

use super::{AuditFault, Auditor, Sums};
use crate::account::{Account, Cell};
use crate::keys;

/// What the stored counters of a currency come to, over all accounts.
#[derive(Default)]
struct Flow {
    debits: i128,
    credits: i128,
}

impl Auditor<'_> {
    /// Reads all accounts and their numbers. What entries there are beyond them is a fault.
    pub(super) async fn accounts(&mut self) -> Result<(), StoreError> {
        let mut flows = BTreeMap::new();
        let mut after = None;
        loop {
            let page = Page::first(PAGE_ENTRIES_MAX).after(after);
            let accounts = self.txn.entries::<Account>(&keys::accounts(), page).await?;
            let Some((last, _)) = accounts.last() else {
                break;
            };
            after = Some(*last);
            for (_, account) in &accounts {
                let flow = flows.entry(account.currency).or_default();
                self.account(account, flow).await?;
            }
        }
        for (currency, Flow { debits, credits }) in flows {
            let fault = AuditFault::Unbalanced {
                currency,
                debits,
                credits,
            };
            self.expect(debits == credits, fault);
        }
        let unknown: Vec<_> = std::mem::take(&mut self.sums).into_keys().collect();
        unknown
            .into_iter()
            .for_each(|account| self.fault(AuditFault::AccountUnknown(account)));
        Ok(())
    }

    /// Compares one account: who it is for, its five numbers, how long its statement is.
    async fn account(&mut self, account: &Account, flow: &mut Flow) -> Result<(), StoreError> {
        self.audit.accounts = self.audit.accounts.saturating_add(1);
        let key = keys::account(&account.holder, account.currency);
        let kept = self.txn.peek::<Account>(&key).await?;
        let same = account.id == account.holder.account(account.currency);
        self.expect(
            same && kept.as_ref() == Some(account),
            AuditFault::Account(account.id),
        );

        let sums = self.sums.remove(&account.id).unwrap_or_default();
        for cell in Cell::ALL {
            self.number(account, cell, &sums, flow).await?;
        }
        let stored = self.txn.peek_count(&keys::statement(account.id)).await?;
        let counted = sums.entries;
        let fault = AuditFault::Statement {
            account: account.id,
            stored,
            counted,
        };
        self.expect(stored == counted, fault);
        Ok(())
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
        let counted = sums.number(cell);
        let number = cell.name();
        let fault = AuditFault::Number {
            account: account.id,
            number,
            stored,
            counted,
        };
        self.expect(i128::from(stored) == counted, fault);
        match cell {
            Cell::DebitsPosted => flow.debits = flow.debits.saturating_add(stored.into()),
            Cell::CreditsPosted => flow.credits = flow.credits.saturating_add(stored.into()),
            Cell::Available => {
                let floor = account.holder.bounds().floor;
                self.expect(stored >= floor, AuditFault::Overdrawn(account.id));
            }
            Cell::DebitsPending | Cell::CreditsPending => {}
        }
        Ok(())
    }
}
