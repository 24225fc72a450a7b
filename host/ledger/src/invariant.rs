//! What must always be so. Where it is not, the ledger stops with a word that names it.
//!
//! These are assertions that do not panic: a broken one is a defect of the host or a damaged store,
//! the transaction that met it does nothing, and the person reads that the host is to blame.

use souk_core::{AccountId, Blame, Blamed, EntryId, OrderId, TransferId};

use crate::account::{Holder, Purse};
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
    /// A hold that should be there is over, or never was.
    #[error("hold {0} is not open")]
    Hold(EntryId),
    /// A gift that something points at is not there, or is not what it should be.
    #[error("transfer {0} is not what it was offered as")]
    Gift(TransferId),
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
        order == entry.kind.is_of_an_order(),
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
    use Holder::{App, Host, Merchant, Person, Rail};
    match kind {
        EntryKind::Deposit => matches!((from, to), (Rail(_), Person(_))),
        EntryKind::Payment => matches!((from, to), (Person(_), App(_))),
        EntryKind::Refund | EntryKind::PayOut => matches!((from, to), (App(_), Person(_))),
        EntryKind::Fee => matches!((from, to), (App(_), Host(Purse::Fees))),
        EntryKind::Settlement => matches!((from, to), (App(_), Merchant(_))),
        EntryKind::Recall => matches!((from, to), (Merchant(_), App(_))),
        EntryKind::Gift => matches!((from, to), (Person(_), Person(_))),
        EntryKind::Withdrawal => matches!((from, to), (Person(_) | Merchant(_), Rail(_))),
        EntryKind::Reversal => {
            matches!((from, to), (Person(_) | Host(Purse::Losses), Rail(_)))
        }
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
    let currency = order.total.currency();
    let same = [order.captured, order.fee].map(|amount| amount.currency() == currency);
    hold(same == [true; 2], amounts.clone())?;
    hold(
        order.captured.minor() <= order.total.minor(),
        amounts.clone(),
    )?;
    hold(order.fee.minor() <= order.total.minor(), amounts.clone())?;
    hold(order.refunded.minor() <= order.captured.minor(), amounts)?;
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
    hold(
        (before.total, before.authorize_only) == (after.total, after.authorize_only),
        Broken::OrderAmounts(after.id),
    )?;
    hold(
        before.refunded.minor() <= after.refunded.minor(),
        Broken::OrderAmounts(after.id),
    )?;
    let kept = [(before.entry, after.entry), (before.hold, after.hold)];
    let kept = kept.map(|(before, after)| before.is_none_or(|id| after == Some(id)));
    hold(kept == [true; 2], Broken::OrderState(after.id))
}

/// Only what was paid has a payment, and only what was paid is given back. Only what was to be
/// authorized has a hold.
fn state_fits(order: &Order) -> bool {
    let (paid, held) = (order.entry.is_some(), order.hold.is_some());
    let nothing = order.captured.is_zero() && order.refunded.is_zero() && !paid;
    let timed = held == order.held_until.is_some();
    let all = order.captured == order.total;
    timed
        && match order.state {
            OrderState::Paid | OrderState::Refunded => {
                let whole = order.refunded == order.captured;
                let was_held = held == order.authorize_only;
                let refunded = whole == (order.state == OrderState::Refunded);
                paid && refunded && was_held && (held || all)
            }
            OrderState::Authorized | OrderState::Voided => nothing && held && order.authorize_only,
            OrderState::Pending
            | OrderState::Declined
            | OrderState::Canceled
            | OrderState::Expired => nothing && !held,
        }
}
