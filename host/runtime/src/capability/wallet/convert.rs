//! Money and order lines on their way in and out.

use souk_core::{Money, MoneyError, Timestamp};
use souk_ledger::order::{Details, Item, TotalKind, TotalLine};

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
        currency: money.currency().code().to_owned(),
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
