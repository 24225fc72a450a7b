//! Giving money back: `/return 7` all of it, `/return 7 1.50 USD` a part.

use souk_sdk::prelude::*;

use crate::tally;
use crate::ticket::{Ticket, order_of};

/// Somebody brings a cup back.
pub fn take_back(event: &Event, arguments: &str) -> Result {
    let (cup, part) = parse(arguments)?;
    let order = order_of(cup)?;
    if order.payer_id() != Some(User::current()?.id()) {
        return Err(Failure::rejected(format!(
            "Only who paid for cup {cup} can bring it back."
        )));
    }
    let left = order.total().minus(order.refunded())?;
    if left.is_zero() {
        return Err(Failure::rejected(format!(
            "Cup {cup} was paid back already."
        )));
    }
    let back = part.unwrap_or(left);
    order.refund(event.id(), back, "Brought back")?;
    tally::returned(back)?;
    let Ticket { name, .. } = Ticket::of(&order)?;
    Chat::current()?.post(format!("{back} of cup {cup} goes back to {name}"))?;
    Ok(())
}

/// Reads the number of a cup and, if it follows, an amount.
fn parse(arguments: &str) -> Result<(u64, Option<Money>)> {
    let usage = || Failure::rejected("Write /return 7, or /return 7 1.50 USD for a part.");
    let (cup, part) = arguments.split_once(' ').unwrap_or((arguments, ""));
    let cup = cup.parse().map_err(|_| usage())?;
    let part = if part.is_empty() {
        None
    } else {
        Some(Money::parse(part)?)
    };
    Ok((cup, part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cup_comes_back_whole_or_in_part() {
        assert_eq!(parse("7"), Ok((7, None)));
        assert_eq!(parse("7 1.50 USD"), Ok((7, Some(Money::usd(150)))));
    }

    #[test]
    fn what_makes_no_sense_is_explained() {
        for (typed, answer) in [
            ("", "Write /return 7, or /return 7 1.50 USD for a part."),
            (
                "the blue one",
                "Write /return 7, or /return 7 1.50 USD for a part.",
            ),
            ("-7", "Write /return 7, or /return 7 1.50 USD for a part."),
            ("7 all", "`all` is not an amount; write it like 12.50 USD"),
            ("7 1.505 USD", "`1.505 USD` is not an amount"),
        ] {
            let failure = parse(typed).unwrap_err().to_string();
            assert!(failure.starts_with(answer), "{typed}: {failure}");
        }
    }
}
