//! What is inside a signed statement.
//!
//! Statements are kept by people for years. A field added here must be optional, and what a field
//! means never changes.

use serde::{Deserialize, Serialize};
use souk_core::{AccountId, Currency, EntryId, OrderId, Timestamp};

use crate::entry::EntryKind;

/// What happened on one account in a period. Opening balance and lines come to the closing balance.
/// Money that is only set aside is not counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// The account.
    pub account: AccountId,
    /// What it is all counted in.
    pub currency: Currency,
    /// The period's beginning, in milliseconds since 1970-01-01T00:00:00Z; what happened then
    /// counts.
    pub from: Timestamp,
    /// The period's end, when the statement was made at the latest; what happened then does not
    /// count any more.
    pub to: Timestamp,
    /// When the statement was made.
    pub made: Timestamp,
    /// What was in it before, in minor units.
    pub opening: i64,
    /// What happened, oldest first.
    pub lines: Vec<PeriodLine>,
    /// What was in it after, in minor units.
    pub closing: i64,
}

/// One line of a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeriodLine {
    /// The entry in the host's books.
    pub entry: EntryId,
    /// When.
    pub at: Timestamp,
    /// Why money moved.
    pub kind: EntryKind,
    /// How much came in, or, below zero, went out, in minor units.
    pub change: i64,
    /// The account at the other end.
    pub other: AccountId,
    /// The order that was paid or refunded.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub order: Option<OrderId>,
}
