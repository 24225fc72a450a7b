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
    /// The payer lets the app set the money aside.
    Authorize,
    /// The payer says no.
    Decline,
    /// The app takes what was authorized, or a part of it.
    Capture,
    /// The app takes it back.
    Void,
    /// Time is up.
    Expire,
    /// The app gives some of what is left back.
    RefundPart,
    /// The app gives all that is left back.
    RefundRest,
}

/// What the table answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<S = OrderState> {
    /// It happens, and this is the state from then on.
    To(S),
    /// It is so already: nothing happens, and that is no error.
    Stay,
    /// Refused; the caller hears the state.
    No,
}

use OrderState::{Authorized, Canceled, Declined, Expired, Paid, Pending, Refunded, Voided};
use Step::{No, Stay, To};

// WHEN ADDING A STATE OR A REQUEST: a row for each state, a column for each request, and the test
// below says what is possible in its own words. States never go back.
#[rustfmt::skip]
const TABLE: [(OrderState, [Step; Request::ALL.len()]); OrderState::ALL.len()] = [
    // approve, authorize, decline, capture, void, expire, refund a part, refund the rest
    (Pending,
        [To(Paid), To(Authorized), To(Declined), No,       To(Canceled), To(Expired), No, No]),
    (Authorized,
        [No,       No,             No,           To(Paid), To(Voided),   To(Voided),  No, No]),
    (Paid,
        [No,       No,             No,           No,       No, Stay, To(Paid), To(Refunded)]),
    (Declined,
        [No,       No,             Stay,         No,       No,           Stay,        No, No]),
    (Canceled,
        [No,       No,             No,           No,       Stay,         Stay,        No, No]),
    (Expired,
        [No,       No,             No,           No,       No,           Stay,        No, No]),
    (Voided,
        [No,       No,             No,           No,       Stay,         Stay,        No, No]),
    (Refunded,
        [No,       No,             No,           No,       No,           Stay,        No, No]),
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
    let rows = TABLE.map(|(state, row)| (state.to_string(), row.map(|step| step.to_string())));
    page(&Request::ALL.map(|request| request.to_string()), &rows)
}

/// Prints a table of states and requests.
pub(crate) fn page<const N: usize>(titles: &[String; N], rows: &[(String, [String; N])]) -> String {
    let line = |first: &str, cells: &[String; N]| format!("| {first} | {} |\n", cells.join(" | "));
    let rule = titles.each_ref().map(|_| "---".to_owned());
    let head = [line("", titles), line("---", &rule)];
    let rows = rows
        .iter()
        .map(|(state, row)| line(&format!("**{state}**"), row));
    head.into_iter().chain(rows).collect()
}

impl<S: fmt::Display> fmt::Display for Step<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::To(state) => write!(f, "→ {state}"),
            Self::Stay => f.write_str("nothing happens"),
            Self::No => f.write_str("refused"),
        }
    }
}

impl Request {
    /// All of them, in the order of the columns.
    pub const ALL: [Self; 8] = [
        Self::Approve,
        Self::Authorize,
        Self::Decline,
        Self::Capture,
        Self::Void,
        Self::Expire,
        Self::RefundPart,
        Self::RefundRest,
    ];
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Approve => "approve",
            Self::Authorize => "authorize",
            Self::Decline => "decline",
            Self::Capture => "capture",
            Self::Void => "void",
            Self::Expire => "expire",
            Self::RefundPart => "refund a part",
            Self::RefundRest => "refund the rest",
        })
    }
}

impl OrderState {
    /// Tells whether money was set aside for the order, or goes back that was.
    pub fn sets_aside(self) -> bool {
        match self {
            Self::Authorized | Self::Voided => true,
            Self::Pending
            | Self::Paid
            | Self::Declined
            | Self::Canceled
            | Self::Expired
            | Self::Refunded => false,
        }
    }

    /// All of them, in the order of the rows.
    pub const ALL: [Self; 8] = [
        Pending, Authorized, Paid, Declined, Canceled, Expired, Voided, Refunded,
    ];

    /// Returns the word people and apps read.
    pub fn name(self) -> &'static str {
        match self {
            Pending => "pending",
            Authorized => "authorized",
            Paid => "paid",
            Declined => "declined",
            Canceled => "canceled",
            Expired => "expired",
            Voided => "voided",
            Refunded => "refunded",
        }
    }
}

impl fmt::Display for OrderState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
