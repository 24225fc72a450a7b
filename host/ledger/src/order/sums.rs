//! Whether an order's lines come to its total.

use souk_core::{Money, MoneyError};

use crate::order::{Details, TotalKind};
use crate::{Broken, Refusal};

/// Checks the amounts of an order: what is sold, plus what is put on top, less discounts, must be
/// the total, and a subtotal must be what is sold.
///
/// # Errors
/// The first that applies of those from [`Refusal::Quantity`] to [`Refusal::Total`].
pub(super) fn check(details: &Details, total: Money) -> Result<(), Refusal> {
    if details.items.iter().any(|item| item.quantity == 0) {
        return Err(Refusal::Quantity);
    }
    if total.is_zero() {
        return Err(Refusal::AmountZero);
    }
    one_currency(details, total)?;
    let items = items(details, Money::zero(total.currency())).map_err(|error| refused(&error))?;
    let gross = gross(details, items).map_err(|error| refused(&error))?;
    let sum = less_discounts(details, gross).map_err(|error| refused(&error))?;
    for line in details
        .totals
        .iter()
        .filter(|line| line.kind == TotalKind::Subtotal)
    {
        if line.amount != items {
            return Err(Refusal::Subtotal {
                said: line.amount,
                sum: items,
            });
        }
    }
    if sum == total {
        Ok(())
    } else {
        Err(Refusal::Total { said: total, sum })
    }
}

fn one_currency(details: &Details, total: Money) -> Result<(), Refusal> {
    let items = details.items.iter().map(|item| item.unit);
    let mut amounts = items.chain(details.totals.iter().map(|line| line.amount));
    let same = amounts.all(|amount| amount.currency() == total.currency());
    if same {
        Ok(())
    } else {
        Err(Refusal::Currencies)
    }
}

fn items(details: &Details, zero: Money) -> Result<Money, MoneyError> {
    details
        .items
        .iter()
        .try_fold(zero, |sum, item| sum.plus(item.unit.times(item.quantity)?))
}

/// Everything that is put on top.
fn gross(details: &Details, items: Money) -> Result<Money, MoneyError> {
    details
        .totals
        .iter()
        .try_fold(items, |sum, line| match line.kind {
            TotalKind::Subtotal | TotalKind::Discount => Ok(sum),
            TotalKind::Fulfillment | TotalKind::Tax | TotalKind::Fee | TotalKind::Tip => {
                sum.plus(line.amount)
            }
        })
}

/// Taken off last, so that the order of the lines does not matter.
fn less_discounts(details: &Details, gross: Money) -> Result<Money, MoneyError> {
    let discounts = details
        .totals
        .iter()
        .filter(|line| line.kind == TotalKind::Discount);
    discounts
        .map(|line| line.amount)
        .try_fold(gross, Money::minus)
}

fn refused(error: &MoneyError) -> Refusal {
    match error {
        MoneyError::TooLarge => Refusal::AmountLarge,
        MoneyError::Mixed(..) => Refusal::Currencies,
        MoneyError::Negative => Refusal::Discounts,
        MoneyError::Malformed(_) | MoneyError::Currency(_) => Broken::Value.into(),
    }
}

impl TotalKind {
    /// All there are.
    pub const ALL: [Self; 6] = [
        Self::Subtotal,
        Self::Discount,
        Self::Fulfillment,
        Self::Tax,
        Self::Fee,
        Self::Tip,
    ];

    /// Returns the word of ucp.dev.
    pub fn name(self) -> &'static str {
        match self {
            Self::Subtotal => "subtotal",
            Self::Discount => "discount",
            Self::Fulfillment => "fulfillment",
            Self::Tax => "tax",
            Self::Fee => "fee",
            Self::Tip => "tip",
        }
    }
}
