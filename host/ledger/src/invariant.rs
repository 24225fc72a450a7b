//! What must always be so. Where it is not, the ledger stops with a word that names it.
//!
//! These are assertions that do not panic: a broken one is a defect of the host or a damaged store,
//! the transaction that met it does nothing, and the person reads that the host is to blame.

use souk_core::{AccountId, Blame, Blamed, EntryId, OrderId, TransferId};

use crate::account::Holder;
use crate::entry::{Entry, EntryKind};
use crate::order::{Order, OrderState};

/// What is broken, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// Two holders, or two currencies, with one account.
    #[error("account {0} belongs to another holder")]
    Account(AccountId),
    /// A number that cannot be.
    #[error("a number of account {0} is below zero")]
    Number(AccountId),
    /// A transfer between the wrong kinds of holders.
    #[error("transfer {0} does not go where its kind goes")]
    Route(TransferId),
    /// An entry that something points at is not there.
    #[error("entry {0} is missing")]
    EntryMissing(EntryId),
    /// An entry is not what something that points at it says.
    #[error("entry {0} is not what it should be")]
    Entry(EntryId),
    /// An order that something points at is not there.
    #[error("order {0} is missing")]
    OrderMissing(OrderId),
    /// An order's amounts do not fit each other.
    #[error("the amounts of order {0} do not fit each other")]
    OrderAmounts(OrderId),
    /// An order's state does not fit its payment and refunds.
    #[error("the state of order {0} does not fit its payment")]
    OrderState(OrderId),
    /// An order's revision or times cannot be.
    #[error("the revision or the times of order {0} cannot be")]
    OrderTimes(OrderId),
    /// An order's texts are not those it was opened with.
    #[error("the texts of order {0} are not those it was opened with")]
    OrderTerms(OrderId),
    /// A value cannot be written down, or no randomness can be had.
    #[error("a value of the ledger cannot be made")]
    Value,
}

impl Blamed for Broken {
    fn blame(&self) -> Blame {
        Blame::Host
    }
}

/// Stops with `broken` unless `fact` is so.
pub(crate) fn hold(fact: bool, broken: Broken) -> Result<(), Broken> {
    if fact { Ok(()) } else { Err(broken) }
}

/// What is true of every entry, whenever it is written or read.
pub(crate) fn entry(entry: &Entry) -> Result<(), Broken> {
    let order = entry.order.is_some();
    hold(!entry.amount.is_zero(), Broken::Entry(entry.id))?;
    hold(entry.debit != entry.credit, Broken::Entry(entry.id))?;
    hold(
        order == (entry.kind != EntryKind::Deposit),
        Broken::Entry(entry.id),
    )?;
    hold(
        entry.terms.is_some() == (entry.kind == EntryKind::Payment),
        Broken::Entry(entry.id),
    )?;
    hold(
        goes(entry.kind, &entry.debit, &entry.credit),
        Broken::Entry(entry.id),
    )
}

/// Which kinds of holders money moves between, by the kind of the movement.
pub(crate) fn goes(kind: EntryKind, from: &Holder, to: &Holder) -> bool {
    match kind {
        EntryKind::Deposit => matches!((from, to), (Holder::Rail(_), Holder::Person(_))),
        EntryKind::Payment => matches!((from, to), (Holder::Person(_), Holder::App(_))),
        EntryKind::Refund => matches!((from, to), (Holder::App(_), Holder::Person(_))),
    }
}

/// What is true of every order, whenever it is written or read.
pub(crate) fn order(order: &Order) -> Result<(), Broken> {
    let (amounts, times) = (Broken::OrderAmounts(order.id), Broken::OrderTimes(order.id));
    hold(!order.total.is_zero(), amounts.clone())?;
    hold(
        order.total.currency() == order.refunded.currency(),
        amounts.clone(),
    )?;
    hold(order.refunded.minor() <= order.total.minor(), amounts)?;
    hold(order.revision >= 1, times.clone())?;
    hold(order.opened < order.expires, times)?;
    hold(state_fits(order), Broken::OrderState(order.id))
}

/// What is true of an order and what it was before: it was asked for once, and what was asked for
/// never changes; what was paid stays paid, and what was given back stays given back.
pub(crate) fn follows(before: Option<&Order>, after: &Order) -> Result<(), Broken> {
    let (times, terms) = (Broken::OrderTimes(after.id), Broken::OrderTerms(after.id));
    let Some(before) = before else {
        hold(after.revision == 1, times)?;
        return hold(
            after.state == OrderState::Pending,
            Broken::OrderState(after.id),
        );
    };
    hold(
        before.revision.checked_add(1) == Some(after.revision),
        times.clone(),
    )?;
    hold(
        (before.opened, before.expires) == (after.opened, after.expires),
        times,
    )?;
    hold(
        (before.payer, before.chat) == (after.payer, after.chat),
        terms.clone(),
    )?;
    hold(
        before.app == after.app && before.key == after.key,
        terms.clone(),
    )?;
    hold(
        before.terms == after.terms && before.texts == after.texts,
        terms,
    )?;
    hold(before.total == after.total, Broken::OrderAmounts(after.id))?;
    hold(
        before.refunded.minor() <= after.refunded.minor(),
        Broken::OrderAmounts(after.id),
    )?;
    hold(
        before.entry.is_none_or(|paid| after.entry == Some(paid)),
        Broken::OrderState(after.id),
    )
}

/// Only what was paid has a payment, and only what was paid is given back.
fn state_fits(order: &Order) -> bool {
    let (paid, refunded) = (order.entry.is_some(), order.refunded);
    match order.state {
        OrderState::Paid => paid && refunded != order.total,
        OrderState::Refunded => paid && refunded == order.total,
        OrderState::Pending | OrderState::Declined | OrderState::Canceled | OrderState::Expired => {
            !paid && refunded.is_zero()
        }
    }
}
