//! A statement as a table, in the CSV of RFC 4180.
//!
//! Every field is made by the host, so nothing in it can pose as another field or as a formula.

use std::fmt::Write as _;

use souk_core::Currency;

use super::wire::Statement;

/// What stands above the columns. Programs read them by name: they never change.
const COLUMNS: &str = "at,kind,change,balance,currency,entry,order,other";

/// Writes a statement as CSV: opening, lines, closing. Amounts are decimal, times RFC 3339 in UTC.
pub fn csv(statement: &Statement) -> String {
    let currency = statement.currency;
    let mut balance = statement.opening;
    let mut page = format!("{COLUMNS}\r\n");
    let mut row = |cells: [String; 8]| {
        // Writing to a text cannot fail.
        let _always = write!(page, "{}\r\n", cells.join(","));
    };
    let edge = |at: String, kind: &str, balance: i64| {
        let (none, code) = (String::new(), currency.as_str().to_owned());
        let balance = decimal(balance, currency);
        let empty = none.clone();
        [
            at,
            kind.to_owned(),
            none.clone(),
            balance,
            code,
            empty.clone(),
            empty,
            none,
        ]
    };
    row(edge(statement.from.to_string(), "opening", balance));
    for line in &statement.lines {
        balance = balance.saturating_add(line.change);
        row([
            line.at.to_string(),
            line.kind.name().to_owned(),
            decimal(line.change, currency),
            decimal(balance, currency),
            currency.as_str().to_owned(),
            line.entry.to_string(),
            line.order
                .map(|order| order.to_string())
                .unwrap_or_default(),
            line.other.to_string(),
        ]);
    }
    row(edge(statement.to.to_string(), "closing", statement.closing));
    page
}

/// Writes minor units as a decimal number: `-7.50`.
fn decimal(minor: i64, currency: Currency) -> String {
    let scale = usize::from(currency.scale());
    let sign = if minor < 0 { "-" } else { "" };
    let digits = format!(
        "{:0width$}",
        minor.unsigned_abs(),
        width = scale.saturating_add(1)
    );
    let (whole, fraction) = digits.split_at(digits.len().saturating_sub(scale));
    let point = if scale == 0 { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minor_units_are_written_as_decimals() {
        let (usd, yen) = ("USD".parse().unwrap(), "JPY".parse().unwrap());
        assert_eq!(decimal(-5, usd), "-0.05");
        assert_eq!(decimal(123_456, usd), "1234.56");
        assert_eq!(decimal(0, usd), "0.00");
        assert_eq!(decimal(-300, yen), "-300");
    }
}
