//! What may happen to an order when: every state, every request, one table.
//!
//! It is data. The rules ask [`step`], the documentation prints [`markdown`], the test goes through
//! all of it.

use std::fmt;

use crate::order::OrderState;

/// What somebody wants of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// The payer pays.
    Approve,
    /// The payer says no.
    Decline,
    /// The app takes it back.
    Cancel,
    /// Time is up.
    Expire,
    /// The app gives some of what is left back.
    RefundPart,
    /// The app gives all that is left back.
    RefundRest,
}

/// What the table answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It happens, and this is the state from then on.
    To(OrderState),
    /// It is so already: nothing happens, and that is no error.
    Stay,
    /// Refused; the caller hears the state.
    No,
}

use OrderState::{Canceled, Declined, Expired, Paid, Pending, Refunded};
use Step::{No, Stay, To};

// WHEN ADDING A STATE OR A REQUEST: a row for each state, a column for each request, and the test
// below says what is possible in its own words. States never go back.
#[rustfmt::skip]
const TABLE: [(OrderState, [Step; Request::ALL.len()]); OrderState::ALL.len()] = [
    //          approve   decline       cancel        expire       refund a part  refund the rest
    (Pending,  [To(Paid), To(Declined), To(Canceled), To(Expired), No,            No]),
    (Paid,     [No,       No,           No,           Stay,        To(Paid),      To(Refunded)]),
    (Declined, [No,       Stay,         No,           Stay,        No,            No]),
    (Canceled, [No,       No,           Stay,         Stay,        No,            No]),
    (Expired,  [No,       No,           No,           Stay,        No,            No]),
    (Refunded, [No,       No,           No,           Stay,        No,            No]),
];

/// Returns what comes of a request in a state.
pub fn step(state: OrderState, request: Request) -> Step {
    let row = TABLE
        .iter()
        .find(|(of, _)| *of == state)
        .map(|(_, row)| row);
    let mut cells = row.into_iter().flatten().zip(Request::ALL);
    cells
        .find(|(_, of)| *of == request)
        .map_or(No, |(step, _)| *step)
}

/// Prints the table for the documentation.
pub fn markdown() -> String {
    let cells = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut page = cells(
        [String::new()]
            .into_iter()
            .chain(Request::ALL.map(title))
            .collect(),
    );
    page.push_str(&cells(vec![
        "---".to_owned();
        Request::ALL.len().saturating_add(1)
    ]));
    for (state, row) in TABLE {
        let name = format!("**{state}**");
        page.push_str(&cells([name].into_iter().chain(row.map(words)).collect()));
    }
    page
}

fn title(request: Request) -> String {
    request.to_string()
}

fn words(step: Step) -> String {
    match step {
        To(state) => format!("→ {state}"),
        Stay => "nothing happens".to_owned(),
        No => "refused".to_owned(),
    }
}

impl Request {
    /// All of them, in the order of the columns.
    pub const ALL: [Self; 6] = [
        Self::Approve,
        Self::Decline,
        Self::Cancel,
        Self::Expire,
        Self::RefundPart,
        Self::RefundRest,
    ];
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Approve => "approve",
            Self::Decline => "decline",
            Self::Cancel => "cancel",
            Self::Expire => "expire",
            Self::RefundPart => "refund a part",
            Self::RefundRest => "refund the rest",
        })
    }
}

impl OrderState {
    /// All of them, in the order of the rows.
    pub const ALL: [Self; 6] = [Pending, Paid, Declined, Canceled, Expired, Refunded];

    /// Returns the word people and apps read.
    pub fn name(self) -> &'static str {
        match self {
            Pending => "pending",
            Paid => "paid",
            Declined => "declined",
            Canceled => "canceled",
            Expired => "expired",
            Refunded => "refunded",
        }
    }
}

impl fmt::Display for OrderState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
