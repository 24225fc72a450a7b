//! Money and order lines on their way in and out.

use souk_core::{Money, MoneyError, Timestamp};
use souk_ledger::order::{Details, Item, TotalKind, TotalLine};
use souk_ledger::{EntryKind, Line};

use crate::bindings::souk::types::common;
use crate::bindings::souk::wallet::payments as wit;

/// Reads an amount.
pub(super) fn money(money: &wit::Money) -> Result<Money, MoneyError> {
    Money::new(money.minor, money.currency.parse()?)
}

/// Writes an amount.
pub(super) fn money_out(money: Money) -> wit::Money {
    common::Money {
        minor: money.minor(),
        currency: money.currency().as_str().to_owned(),
    }
}

/// Reads what a sheet is to say.
pub(super) fn details(
    items: Vec<wit::Item>,
    totals: Vec<wit::TotalLine>,
    memo: String,
) -> Result<Details, MoneyError> {
    Ok(Details {
        items: items.into_iter().map(item).collect::<Result<_, _>>()?,
        totals: totals.into_iter().map(total).collect::<Result<_, _>>()?,
        memo,
    })
}

/// What a request brings, in bytes.
pub(super) fn bytes(request: &wit::Request) -> usize {
    let money = |money: &wit::Money| money.currency.len().saturating_add(size_of::<u64>());
    let items = request
        .items
        .iter()
        .map(|item| item.label.len().saturating_add(money(&item.unit)));
    let totals = request.totals.iter();
    let totals = totals.map(|line| line.label.len().saturating_add(money(&line.amount)));
    let lines = items.chain(totals).fold(0, usize::saturating_add);
    let texts = request.key.len().saturating_add(request.memo.len());
    lines
        .saturating_add(texts)
        .saturating_add(money(&request.total))
}

/// When an order closes itself, as the guest asked.
pub(super) fn expires(millis: Option<u64>) -> Option<Timestamp> {
    millis.map(Timestamp::from_millis)
}

/// Writes a line of a statement.
pub(super) fn line(line: &Line) -> wit::StatementLine {
    wit::StatementLine {
        place: line.place,
        id: line.entry.to_string(),
        at: line.at.millis(),
        kind: line_kind(line.kind),
        incoming: line.incoming,
        amount: money_out(line.amount),
        order_id: line.order.map(|order| order.to_string()),
    }
}

/// What a line hands to the guest, in bytes.
pub(super) fn line_bytes(line: &wit::StatementLine) -> usize {
    let order = line.order_id.as_ref().map_or(0, String::len);
    let texts = line.id.len().saturating_add(line.amount.currency.len());
    texts
        .saturating_add(order)
        .saturating_add(4 * size_of::<u64>())
}

fn line_kind(kind: EntryKind) -> wit::LineKind {
    match kind {
        EntryKind::Payment => wit::LineKind::Payment,
        EntryKind::Refund => wit::LineKind::Refund,
        EntryKind::Fee => wit::LineKind::Fee,
        EntryKind::PayOut => wit::LineKind::PayOut,
        EntryKind::Settlement | EntryKind::Recall => wit::LineKind::Settlement,
        EntryKind::Deposit | EntryKind::Gift | EntryKind::Withdrawal | EntryKind::Reversal => {
            wit::LineKind::Other
        }
    }
}

fn item(item: wit::Item) -> Result<Item, MoneyError> {
    let unit = money(&item.unit)?;
    Ok(Item {
        label: item.label,
        quantity: item.quantity,
        unit,
    })
}

fn total(line: wit::TotalLine) -> Result<TotalLine, MoneyError> {
    let amount = money(&line.amount)?;
    Ok(TotalLine {
        kind: kind(line.kind),
        label: line.label,
        amount,
    })
}

fn kind(kind: wit::TotalKind) -> TotalKind {
    match kind {
        wit::TotalKind::Subtotal => TotalKind::Subtotal,
        wit::TotalKind::Discount => TotalKind::Discount,
        wit::TotalKind::Fulfillment => TotalKind::Fulfillment,
        wit::TotalKind::Tax => TotalKind::Tax,
        wit::TotalKind::Fee => TotalKind::Fee,
        wit::TotalKind::Tip => TotalKind::Tip,
    }
}
