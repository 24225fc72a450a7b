//! Balances, entries, statements.

use serde::{Deserialize, Serialize};
use souk_core::{EntryId, Money, OrderId};
use souk_ledger::account;
use souk_ledger::entry::EntryKind;
use souk_ledger::statement;
use souk_store::keyring::Retired;

/// What a person has of one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// What can be spent.
    pub available: Money,
    /// The same, as people write it: `12.50 USD`.
    pub text: String,
}

impl From<account::Balance> for Balance {
    fn from(balance: account::Balance) -> Self {
        let available = balance.available();
        Self {
            text: available.to_string(),
            available,
        }
    }
}

/// A deposit asked for.
#[derive(Debug, Serialize, Deserialize)]
pub struct DepositAsk {
    /// How much.
    pub amount: Money,
}

/// A movement of money that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Names it; `GET /v1/receipts/{id}` is its receipt.
    pub id: EntryId,
    /// deposit, payment or refund.
    pub kind: EntryKind,
    /// How much.
    pub amount: Money,
    /// When, in milliseconds since 1970.
    pub at: u64,
    /// The order it belongs to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub order: Option<OrderId>,
}

impl From<souk_ledger::entry::Entry> for Entry {
    fn from(entry: souk_ledger::entry::Entry) -> Self {
        Self {
            id: entry.id,
            kind: entry.kind,
            amount: entry.amount,
            at: entry.at.millis(),
            order: entry.order,
        }
    }
}

/// Which part of a statement is wanted.
#[derive(Debug, Deserialize)]
pub struct StatementAsk {
    /// Of which currency.
    pub currency: String,
    /// At most so many lines.
    pub limit: Option<usize>,
    /// What `next` of the page before said.
    pub cursor: Option<String>,
}

/// A line of a statement.
#[derive(Debug, Serialize, Deserialize)]
pub struct Line {
    /// Whether money came in.
    pub incoming: bool,
    /// The movement.
    #[serde(flatten)]
    pub entry: Entry,
}

impl From<statement::Line> for Line {
    fn from(line: statement::Line) -> Self {
        let statement::Line {
            entry: id,
            kind,
            amount,
            at,
            order,
            incoming,
            ..
        } = line;
        Self {
            incoming,
            entry: Entry {
                id,
                kind,
                amount,
                at: at.millis(),
                order,
            },
        }
    }
}

/// The keys that receipts verify with.
#[derive(Debug, Serialize)]
pub struct HostKey {
    /// Always Ed25519 (RFC 8032).
    pub algorithm: &'static str,
    /// What signs now: 32 bytes in hexadecimal.
    pub public_key: String,
    /// What signed before, oldest first. Receipts of then verify with these.
    pub retired: Vec<RetiredKey>,
}

/// A key that does not sign any more.
#[derive(Debug, Serialize)]
pub struct RetiredKey {
    /// 32 bytes in hexadecimal.
    pub public_key: String,
    /// When it signed last, in milliseconds since 1970, or a little later.
    pub until: u64,
}

impl From<&Retired> for RetiredKey {
    fn from(key: &Retired) -> Self {
        Self {
            public_key: hex::encode(key.public_key),
            until: key.until.millis(),
        }
    }
}
