//! The auditor: recomputes everything from the entries alone, and compares.
//!
//! It trusts the log of entries and its hash chain, and nothing else: the entries by their ids, the
//! numbers of the accounts, the statements, the holds, what limits were counted with and what
//! orders and gifts say of money must all follow from it.

mod accounts;
mod counters;
mod entries;
mod holds;
mod orders;
mod passages;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use souk_core::limits::{AUDIT_FAULTS_MAX, PAGE_ENTRIES_MAX};
use souk_core::{AccountId, AppId, Currency, EntryId, OrderId, TransferId, UserId};
use souk_store::{Key, Page, Record, StoreError, Txn};

use self::counters::Counter;
use crate::account::Cell;
use crate::entry::Entry;
use crate::{Broken, keys};

/// What the auditor went through, and what it found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// Accounts compared.
    pub accounts: u64,
    /// Entries read.
    pub entries: u64,
    /// Orders compared.
    pub orders: u64,
    /// What does not fit; none if all is well. At most [`AUDIT_FAULTS_MAX`] are listed.
    pub faults: Vec<AuditFault>,
}

/// One thing that does not fit, and where it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuditFault {
    /// An entry was changed in the log, or one was put in or taken out before it.
    #[error("the hash chain breaks at place {place} of the books, entry {entry}")]
    Chain {
        /// Its place in the log, from 0.
        place: u64,
        /// The entry there.
        entry: EntryId,
    },
    /// The log ends too early.
    #[error("the books have {found} entries and should have {expected}")]
    Short {
        /// How many there are.
        found: u64,
        /// How many were ever written.
        expected: u64,
    },
    /// Its id does not lead to the place in the log where an entry is.
    #[error("entry {0} is not found by its id")]
    Entry(EntryId),
    /// There are entries on an account that was never opened.
    #[error("account {0} has entries and was never opened")]
    AccountUnknown(AccountId),
    /// An account is not what it was opened as.
    #[error("account {0} is not what it was opened as")]
    Account(AccountId),
    /// A number of an account does not follow from its entries.
    #[error("account {account}: {number} is {stored}, and its entries come to {counted}")]
    Number {
        /// The account.
        account: AccountId,
        /// Which of its numbers.
        number: &'static str,
        /// What the store says.
        stored: i64,
        /// What the entries say.
        counted: i128,
    },
    /// A person or an app has less than nothing.
    #[error("account {0} is overdrawn")]
    Overdrawn(AccountId),
    /// The statement of an account does not have its entries.
    #[error("account {account}: the statement has {stored} lines, and there are {counted} entries")]
    Statement {
        /// The account.
        account: AccountId,
        /// How many lines it has.
        stored: u64,
        /// How many entries there are.
        counted: u64,
    },
    /// What went out of all accounts of a currency is not what came in.
    #[error("{currency}: {debits} went out and {credits} came in")]
    Unbalanced {
        /// The currency.
        currency: Currency,
        /// All debits, in minor units.
        debits: i128,
        /// All credits, in minor units.
        credits: i128,
    },
    /// An order's payment is not the one in the books.
    #[error("order {order}: entry {entry} is not its payment")]
    Payment {
        /// The order.
        order: OrderId,
        /// The payment the books, or the order, have for it.
        entry: EntryId,
    },
    /// What an order says was refunded is not what the books say.
    #[error("order {order}: {stored} minor units are marked refunded, and {counted} were")]
    Refunds {
        /// The order.
        order: OrderId,
        /// What the order says.
        stored: u64,
        /// What the entries come to.
        counted: i128,
    },
    /// What an order says was taken as a fee is not what the books say.
    #[error("order {order}: the fee is marked {stored} minor units, and {counted} were taken")]
    Fee {
        /// The order.
        order: OrderId,
        /// What the order says.
        stored: u64,
        /// What the entries come to.
        counted: i128,
    },
    /// An entry ends a hold that is not open, or not the hold it says.
    #[error("entry {0} ends a hold that is not there to end")]
    HoldEnd(EntryId),
    /// The books and the list of open holds do not agree.
    #[error("hold {0} is open in one place and over in another")]
    Hold(EntryId),
    /// An order's authorization is not the one in the books.
    #[error("order {order}: hold {hold} is not its authorization, or not where the order is")]
    Authorization {
        /// The order.
        order: OrderId,
        /// The hold it names.
        hold: EntryId,
    },
    /// A gift is not where its hold is.
    #[error("transfer {0} is not where its hold is")]
    Gift(TransferId),
    /// An arrival or a departure is not where its entries are.
    #[error("{0}, which came or went through a rail, is not where its entries are")]
    Passage(TransferId),
    /// What a person spent on a day does not follow from the entries.
    #[error("{user} spent {stored} on day {day}, and the entries come to {counted}")]
    Spent {
        /// Who.
        user: UserId,
        /// The day of UTC, from the epoch.
        day: u64,
        /// What the store says.
        stored: i64,
        /// What the entries say.
        counted: i128,
    },
    /// What an app paid out on a day does not follow from the entries.
    #[error("{app} paid out {stored} on day {day}, and the entries come to {counted}")]
    PaidOut {
        /// Which app.
        app: AppId,
        /// The day of UTC, from the epoch.
        day: u64,
        /// What the store says.
        stored: i64,
        /// What the entries say.
        counted: i128,
    },
    /// There are entries for an order that is not there.
    #[error("order {0} has entries and is missing")]
    OrderMissing(OrderId),
    /// Something cannot be by itself.
    #[error(transparent)]
    Broken(#[from] Broken),
}

/// Audits the whole ledger.
///
/// Money only ever moves with an entry, so the audit rests on one thing that has to hold until the
/// end: how many entries there are. Run it with [`Store::transact`](souk_store::Store::transact):
/// it is begun again when money moved meanwhile, and its answer is of one moment.
///
/// It reads in pages, and holds in memory who has an account, a few numbers for each account, for
/// each order with a refund or a fee, for each day somebody spent on, and each hold that is not
/// over.
///
/// # Errors
/// The store's. What does not fit is no error but a fault.
pub async fn audit(txn: &Txn) -> Result<Audit, StoreError> {
    let expected = txn.chained_count(&keys::entries()).await?;
    let mut auditor = Auditor::new(txn);
    auditor.entries(expected).await?;
    auditor.accounts().await?;
    auditor.orders().await?;
    auditor.gifts().await?;
    auditor.arrivals().await?;
    auditor.departures().await?;
    auditor.open_holds().await?;
    auditor.counters().await?;
    Ok(auditor.audit)
}

/// An audit under way.
struct Auditor<'a> {
    txn: &'a Txn,
    audit: Audit,
    /// What the entries come to, for each account not compared yet.
    sums: BTreeMap<AccountId, Sums>,
    /// Everybody who has an account.
    people: BTreeSet<UserId>,
    /// What was refunded and taken as fees, for each order not compared yet.
    taken: BTreeMap<OrderId, Taken>,
    /// The holds that are not over, by the entry that began each.
    holds: BTreeMap<EntryId, Entry>,
    /// What the entries come to, for each number that a limit is counted with.
    counted: BTreeMap<Counter, i128>,
}

/// What the entries of one account come to.
#[derive(Clone, Copy, Default)]
struct Sums {
    debits: i128,
    credits: i128,
    debits_pending: i128,
    credits_pending: i128,
    lines: u64,
}

/// What the entries for one order come to.
#[derive(Clone, Copy, Default)]
struct Taken {
    refunds: i128,
    fees: i128,
}

impl<'a> Auditor<'a> {
    fn new(txn: &'a Txn) -> Self {
        Self {
            txn,
            audit: Audit::default(),
            sums: BTreeMap::new(),
            people: BTreeSet::new(),
            taken: BTreeMap::new(),
            holds: BTreeMap::new(),
            counted: BTreeMap::new(),
        }
    }

    /// Reads the next page of a log; nothing when it was read to its end.
    async fn next<R: Record>(
        &self,
        log: &Key,
        after: &mut Option<u64>,
    ) -> Result<Option<Vec<R>>, StoreError> {
        let page = Page::first(PAGE_ENTRIES_MAX).after(*after);
        let found = self.txn.entries::<R>(log, page).await?;
        let Some((last, _)) = found.last() else {
            return Ok(None);
        };
        *after = Some(*last);
        Ok(Some(found.into_iter().map(|(_, one)| one).collect()))
    }

    /// Lists a fault, as long as there is room.
    fn fault(&mut self, fault: AuditFault) {
        if self.audit.faults.len() < AUDIT_FAULTS_MAX {
            self.audit.faults.push(fault);
        }
    }

    /// Lists a fault unless a fact is so.
    fn check(&mut self, fact: bool, fault: AuditFault) {
        if !fact {
            self.fault(fault);
        }
    }
}

impl Sums {
    /// What a number must be.
    fn number(&self, cell: Cell) -> i128 {
        let balance = self.credits.saturating_sub(self.debits);
        match cell {
            Cell::DebitsPosted => self.debits,
            Cell::CreditsPosted => self.credits,
            Cell::DebitsPending => self.debits_pending,
            Cell::CreditsPending => self.credits_pending,
            Cell::Available => balance.saturating_sub(self.debits_pending),
            Cell::Balance => balance.saturating_add(self.credits_pending),
        }
    }
}

impl Audit {
    /// Tells whether everything fits.
    pub fn is_balanced(&self) -> bool {
        self.faults.is_empty()
    }
}

impl fmt::Display for Audit {
    /// Writes `2 accounts, 1 entry, 0 orders, balanced`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_count(f, self.accounts, "account", "accounts")?;
        write_count(f, self.entries, "entry", "entries")?;
        write_count(f, self.orders, "order", "orders")?;
        match self.faults.len() {
            0 => f.write_str("balanced"),
            1 => f.write_str("1 fault"),
            many => write!(f, "{many} faults"),
        }
    }
}

fn write_count(f: &mut fmt::Formatter<'_>, count: u64, one: &str, many: &str) -> fmt::Result {
    write!(f, "{count} {}, ", if count == 1 { one } else { many })
}
