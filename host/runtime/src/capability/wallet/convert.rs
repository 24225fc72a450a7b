//! Money and order lines on their way in and out.

use souk_core::limits::ITEM_ID_CHARS_MAX;
use souk_core::text::is_line;
use souk_core::{Money, MoneyError, Timestamp};
use souk_ledger::Line;
use souk_ledger::order::{Details, Item, TotalKind, TotalLine};

use crate::bindings::souk::types::common;
use crate::bindings::souk::wallet::payments as wit;
use crate::denied::No;

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
) -> Result<Details, No> {
    Ok(Details {
        items: items.into_iter().map(item).collect::<Result<_, _>>()?,
        totals: totals.into_iter().map(total).collect::<Result<_, _>>()?,
        memo,
    })
}

/// What a request brings, in bytes.
pub(super) fn bytes(request: &wit::Request) -> usize {
    let money = |money: &wit::Money| money.currency.len().saturating_add(size_of::<u64>());
    let items = request.items.iter().map(|item| {
        let id = item.id.as_ref().map_or(0, String::len);
        let texts = item.label.len().saturating_add(id);
        texts.saturating_add(money(&item.unit))
    });
    let totals = request.totals.iter().map(|line| {
        let texts = line.label.len().saturating_add(line.kind.len());
        texts.saturating_add(money(&line.amount))
    });
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

/// Writes a line of a statement, with the id of the person at the other end.
pub(super) fn line(line: Line, other: Option<String>) -> wit::StatementLine {
    wit::StatementLine {
        place: line.place,
        id: line.entry.to_string(),
        at: line.at.millis(),
        kind: line.kind.name().to_owned(),
        incoming: line.incoming,
        amount: money_out(line.amount),
        order_id: line.order.map(|order| order.to_string()),
        other,
        note: line.note,
    }
}

/// What a line hands to the guest, in bytes.
pub(super) fn line_bytes(line: &wit::StatementLine) -> usize {
    let texts = [&line.id, &line.kind, &line.amount.currency];
    let maybe = [&line.order_id, &line.other, &line.note];
    let texts = texts.into_iter().chain(maybe.into_iter().flatten());
    texts
        .map(String::len)
        .fold(4 * size_of::<u64>(), usize::saturating_add)
}

fn item(item: wit::Item) -> Result<Item, No> {
    let unit = money(&item.unit)?;
    let fits = |id: &String| is_line(id) && id.chars().count() <= ITEM_ID_CHARS_MAX;
    if item.id.as_ref().is_some_and(|id| !fits(id)) {
        let what = format!("items: an id is a line of 1 to {ITEM_ID_CHARS_MAX} characters");
        return Err(No::invalid(what));
    }
    Ok(Item {
        id: item.id,
        label: item.label,
        quantity: item.quantity,
        unit,
    })
}

fn total(line: wit::TotalLine) -> Result<TotalLine, No> {
    let amount = money(&line.amount)?;
    let mut kinds = TotalKind::ALL.into_iter();
    let Some(kind) = kinds.find(|kind| kind.name() == line.kind) else {
        let known = TotalKind::ALL.map(TotalKind::name).join(", ");
        return Err(No::invalid(format!("totals: a kind is one of {known}")));
    };
    Ok(TotalLine {
        kind,
        label: line.label,
        amount,
    })
}
