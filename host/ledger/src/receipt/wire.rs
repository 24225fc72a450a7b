//! What is inside a receipt.
//!
//! Receipts are kept by people for years. A field added here must be optional, and what a field
//! means never changes.

use serde::{Deserialize, Serialize};
use souk_core::{AccountId, AppId, EntryId, Money, OrderId, Timestamp};

use crate::entry::EntryKind;

/// What a receipt says: this much moved, then, from this account to that one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// The entry in the host's books.
    pub entry: EntryId,
    /// When, in milliseconds since 1970-01-01T00:00:00Z.
    pub at: Timestamp,
    /// Why money moved.
    pub kind: EntryKind,
    /// How much.
    pub amount: Money,
    /// The account that became less.
    pub payer: AccountId,
    /// The account that became more.
    pub payee: AccountId,
    /// The app whose account is one of the two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app: Option<AppId>,
    /// The order that was paid or refunded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// For a payment, the salted SHA-256 of what was bought, in base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terms: Option<String>,
}
