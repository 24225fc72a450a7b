//! Balances, entries, statements.

use serde::{Deserialize, Serialize};
use souk_core::{EntryId, Money, OrderId, Timestamp, TransferId, UserId};
use souk_ledger::Standing;
use souk_ledger::account;
use souk_ledger::entry::EntryKind;
use souk_ledger::proof::key_id;
use souk_ledger::statement;
use souk_market::GiftView;
use souk_store::Keyring;

/// What a person has of one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// What can be spent.
    pub available: Money,
    /// What is set aside: for orders that were authorized, for people who have not accepted yet,
    /// for withdrawals on their way.
    pub held: Money,
    /// The same, as people write it: `12.50 USD`.
    pub text: String,
    /// What may happen on it: everything, or, frozen, nothing that lets money out, or, closed,
    /// nothing ever again.
    pub standing: Standing,
}

impl From<account::Balance> for Balance {
    fn from(balance: account::Balance) -> Self {
        let available = balance.available();
        Self {
            text: available.to_string(),
            held: balance.held(),
            standing: balance.standing,
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

/// Money sent to another person.
#[derive(Debug, Serialize, Deserialize)]
pub struct SendAsk {
    /// To whom, by handle.
    pub to: String,
    /// How much.
    pub amount: Money,
    /// A word to them.
    #[serde(default)]
    pub note: String,
}

/// Money on its way from one person to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gift {
    /// Names it.
    pub id: TransferId,
    /// Who sends.
    pub from: UserId,
    /// Who may accept.
    pub to: UserId,
    /// How much.
    pub amount: Money,
    /// offered, accepted, declined, canceled or returned.
    pub state: String,
    /// When it goes back by itself, in milliseconds since 1970.
    pub expires: u64,
    /// A word from the sender: show it quoted.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note: Option<String>,
    /// What the sender is called, in a list.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub from_name: Option<String>,
    /// What the other is called, in a list.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub to_name: Option<String>,
}

impl From<souk_ledger::Gift> for Gift {
    fn from(gift: souk_ledger::Gift) -> Self {
        let (note, from_name, to_name) = (None, None, None);
        GiftView {
            gift,
            note,
            from_name,
            to_name,
        }
        .into()
    }
}

impl From<GiftView> for Gift {
    fn from(view: GiftView) -> Self {
        let gift = view.gift;
        Self {
            note: view.note,
            from_name: view.from_name,
            to_name: view.to_name,
            id: gift.id,
            from: gift.from,
            to: gift.to,
            amount: gift.amount,
            state: gift.state.to_string(),
            expires: gift.expires.millis(),
        }
    }
}

/// Which period a statement is wanted of.
#[derive(Debug, Deserialize)]
pub struct PeriodAsk {
    /// Of which currency.
    pub currency: String,
    /// Its beginning, in milliseconds since 1970; the very first when absent.
    #[serde(default)]
    pub from: u64,
    /// Its end, not included; now when absent or later.
    pub to: Option<u64>,
}

/// A movement of money that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Names it; `GET /v1/receipts/{id}` is its receipt.
    pub id: EntryId,
    /// deposit, payment, refund, fee, pay-out, settlement, recall, gift, withdrawal or reversal.
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
    /// Why, in the words of whoever moved it: show it quoted.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note: Option<String>,
}

impl From<statement::Line> for Line {
    fn from(line: statement::Line) -> Self {
        let statement::Line {
            note,
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
            note,
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

/// The keys that receipts and statements verify with.
#[derive(Debug, Serialize, Deserialize)]
pub struct HostKey {
    /// Always Ed25519 (RFC 8032).
    pub algorithm: String,
    /// The key the host signs with now: 32 bytes in hexadecimal.
    pub public_key: String,
    /// All keys the host ever signed with, the present one last.
    pub keys: Vec<PublishedKey>,
}

/// One key of the host.
#[derive(Debug, Serialize, Deserialize)]
pub struct PublishedKey {
    /// What the envelopes it signed call it.
    pub keyid: String,
    /// 32 bytes in hexadecimal.
    pub public_key: String,
    /// When it signed last, in milliseconds since 1970, or a little later; absent for the present
    /// one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub until: Option<u64>,
}

impl PublishedKey {
    fn of(public_key: &[u8; 32], until: Option<Timestamp>) -> Self {
        Self {
            keyid: key_id(public_key),
            public_key: hex::encode(public_key),
            until: until.map(Timestamp::millis),
        }
    }
}

impl From<&Keyring> for HostKey {
    fn from(keyring: &Keyring) -> Self {
        let present = keyring.public_key();
        let retired = keyring.retired().iter();
        let retired = retired.map(|key| PublishedKey::of(&key.public_key, Some(key.until)));
        Self {
            algorithm: "Ed25519".to_owned(),
            public_key: hex::encode(present),
            keys: retired.chain([PublishedKey::of(&present, None)]).collect(),
        }
    }
}
