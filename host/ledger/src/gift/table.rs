//! What may happen to a gift when: every state, every request, one table.

use std::fmt;

use crate::gift::GiftState;
pub use crate::order::table::Step;

use GiftState::{Accepted, Canceled, Declined, Offered, Returned};

/// What somebody wants of a gift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// Whoever it is for takes it.
    Accept,
    /// Whoever it is for says no.
    Decline,
    /// The sender takes it back.
    Cancel,
    /// Time is up.
    Expire,
}

// WHEN ADDING A STATE OR A REQUEST: a row for each state, a column for each request. States never
// go back.
type Row = (GiftState, [Step<GiftState>; Request::ALL.len()]);
#[rustfmt::skip]
const TABLE: [Row; GiftState::ALL.len()] = [
    //          accept              decline             cancel              expire
    (Offered,  [Step::To(Accepted), Step::To(Declined), Step::To(Canceled), Step::To(Returned)]),
    (Accepted, [Step::Stay,         Step::No,           Step::No,           Step::Stay]),
    (Declined, [Step::No,           Step::Stay,         Step::No,           Step::Stay]),
    (Canceled, [Step::No,           Step::No,           Step::Stay,         Step::Stay]),
    (Returned, [Step::No,           Step::No,           Step::No,           Step::Stay]),
];

/// Returns what comes of a request in a state.
pub fn step(state: GiftState, request: Request) -> Step<GiftState> {
    let row = TABLE.iter().find(|(of, _)| *of == state);
    let mut cells = row.into_iter().flat_map(|(_, row)| row).zip(Request::ALL);
    cells
        .find(|(_, of)| *of == request)
        .map_or(Step::No, |(step, _)| *step)
}

/// Prints the table for the documentation.
pub fn markdown() -> String {
    let rows = TABLE.map(|(state, row)| (state.to_string(), row.map(|step| step.to_string())));
    crate::order::table::page(&Request::ALL.map(|request| request.to_string()), &rows)
}

impl Request {
    /// All of them, in the order of the columns.
    pub const ALL: [Self; 4] = [Self::Accept, Self::Decline, Self::Cancel, Self::Expire];
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Accept => "accept",
            Self::Decline => "decline",
            Self::Cancel => "cancel",
            Self::Expire => "expire",
        })
    }
}

impl GiftState {
    /// All of them, in the order of the rows.
    pub const ALL: [Self; 5] = [Offered, Accepted, Declined, Canceled, Returned];

    /// Returns the word people read.
    pub fn name(self) -> &'static str {
        match self {
            Offered => "offered",
            Accepted => "accepted",
            Declined => "declined",
            Canceled => "canceled",
            Returned => "returned",
        }
    }
}

impl fmt::Display for GiftState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
