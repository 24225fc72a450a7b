//! What a sheet says: quoted, sealed for the payer in the chat, and bound to the order by a salted
//! digest.

use souk_core::limits::{ORDER_LINES_MAX, ORDER_TEXT_BYTES_MAX};
use souk_core::{Money, TypedId};
use souk_store::{Owner, Sealed, Txn};

use crate::digest::Digest;
use crate::invariant::hold;
use crate::order::{Ask, Change, Details, Item, Order, TotalLine};
use crate::record::{ItemFirst, TextsFirst};
use crate::text::is_long;
use crate::{Broken, Refusal, quote};

/// What is sealed of an order.
struct Texts {
    salt: [u8; 16],
    details: Details,
}

impl Texts {
    fn read(plain: &[u8]) -> Option<Self> {
        let (first, rest) = postcard::take_from_bytes::<TextsFirst>(plain).ok()?;
        let ids: Vec<Option<String>> = if rest.is_empty() {
            vec![None; first.items.len()]
        } else {
            postcard::from_bytes(rest).ok()?
        };
        if ids.len() != first.items.len() {
            return None;
        }
        let item = |(item, id): (ItemFirst, _)| Item {
            id,
            label: item.label,
            quantity: item.quantity,
            unit: item.unit,
        };
        let details = Details {
            items: first.items.into_iter().zip(ids).map(item).collect(),
            totals: first.totals,
            memo: first.memo,
        };
        Some(Self {
            salt: first.salt,
            details,
        })
    }

    fn write(&self) -> Option<Vec<u8>> {
        let item = |item: &Item| ItemFirst {
            label: item.label.clone(),
            quantity: item.quantity,
            unit: item.unit,
        };
        let Details {
            items,
            totals,
            memo,
        } = &self.details;
        let first = TextsFirst {
            salt: self.salt,
            items: items.iter().map(item).collect(),
            totals: totals.clone(),
            memo: memo.clone(),
        };
        let plain = postcard::to_allocvec(&first).ok()?;
        let ids: Vec<_> = items.iter().map(|item| &item.id).collect();
        if ids.iter().all(|id| id.is_none()) {
            return Some(plain);
        }
        postcard::to_extend(&ids, plain).ok()
    }
}

/// Returns what the sheet of an order says; `None` once it was erased.
pub fn details(txn: &Txn, order: &Order) -> Option<Details> {
    on_order(txn, order).ok().flatten()
}

/// Returns the reason given for a change, unless there was none or it was erased.
pub fn reason(txn: &Txn, change: &Change) -> Option<String> {
    let plain = txn.open(change.reason.as_ref()?)?;
    String::from_utf8(plain).ok()
}

/// Like [`details`], where a person is about to agree to them.
pub(crate) fn on_sheet(txn: &Txn, order: &Order) -> Result<Details, Refusal> {
    on_order(txn, order)?.ok_or(Refusal::Erased)
}

/// Like [`details`], with an error when they are not those the order was opened with.
pub(super) fn on_order(txn: &Txn, order: &Order) -> Result<Option<Details>, Refusal> {
    let broken = Broken::OrderTerms(order.id);
    let Some(plain) = txn.open(&order.texts) else {
        return Ok(None);
    };
    let texts = Texts::read(&plain).ok_or(broken.clone())?;
    hold(terms(&order.into(), &texts) == order.terms, broken)?;
    Ok(Some(texts.details))
}

/// Returns details as they may be shown.
pub(super) fn quoted(details: &Details) -> Details {
    let item = |item: &Item| Item {
        label: quote(&item.label),
        ..item.clone()
    };
    let line = |line: &TotalLine| TotalLine {
        label: quote(&line.label),
        ..line.clone()
    };
    Details {
        items: details.items.iter().map(item).collect(),
        totals: details.totals.iter().map(line).collect(),
        memo: quote(&details.memo),
    }
}

/// Checks that details can stand on a sheet.
pub(super) fn check(details: &Details) -> Result<(), Refusal> {
    let lines = details.items.len().saturating_add(details.totals.len());
    if details.items.is_empty() || lines > ORDER_LINES_MAX {
        return Err(Refusal::Lines);
    }
    if labels(details).any(|label| is_long(label) || quote(label).is_empty()) {
        return Err(Refusal::Label);
    }
    if is_long(&details.memo) {
        return Err(Refusal::Memo);
    }
    let bytes = labels(details)
        .map(String::len)
        .fold(details.memo.len(), usize::saturating_add);
    if bytes > ORDER_TEXT_BYTES_MAX {
        Err(Refusal::Texts)
    } else {
        Ok(())
    }
}

/// The labels of all lines.
fn labels(details: &Details) -> impl Iterator<Item = &String> {
    let items = details.items.iter().map(|item| &item.label);
    items.chain(details.totals.iter().map(|line| &line.label))
}

/// Seals quoted details for the payer in the chat, and returns the digest that binds them.
pub(super) async fn seal(
    txn: &Txn,
    ask: &Ask,
    details: Details,
) -> Result<(Sealed, [u8; 32]), Refusal> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|_| Broken::Value)?;
    let texts = Texts { salt, details };
    let plain = texts.write().ok_or(Broken::Value)?;
    let sealed = txn
        .seal(&Owner::PersonInChat(ask.payer, ask.chat), &plain)
        .await?;
    Ok((sealed, terms(&ask.into(), &texts)))
}

/// Quotes and seals a reason for the order's payer; `None` when there is nothing to read in it.
pub(super) async fn seal_reason(
    txn: &Txn,
    order: &Order,
    reason: &str,
) -> Result<Option<Sealed>, Refusal> {
    let reason = quote(reason);
    if reason.is_empty() {
        return Ok(None);
    }
    let owner = Owner::PersonInChat(order.payer, order.chat);
    Ok(Some(txn.seal(&owner, reason.as_bytes()).await?))
}

/// What the terms of an order are about, beside its texts.
struct About<'a> {
    app: &'a str,
    chat: u128,
    payer: u128,
    key: &'a str,
    total: Money,
}

/// The digest that binds texts to an order.
fn terms(about: &About<'_>, texts: &Texts) -> [u8; 32] {
    Digest::of("souk order 1")
        .part(&texts.salt)
        .part(about.app.as_bytes())
        .part(&about.chat.to_be_bytes())
        .part(&about.payer.to_be_bytes())
        .part(about.key.as_bytes())
        .money(about.total)
        .details(&texts.details)
        .bytes()
}

impl<'a> From<&'a Order> for About<'a> {
    fn from(order: &'a Order) -> Self {
        let (chat, payer) = (order.chat.bits(), order.payer.bits());
        Self {
            app: order.app.as_str(),
            chat,
            payer,
            key: &order.key,
            total: order.total,
        }
    }
}

impl<'a> From<&'a Ask> for About<'a> {
    fn from(ask: &'a Ask) -> Self {
        let (chat, payer) = (ask.chat.bits(), ask.payer.bits());
        Self {
            app: ask.app.as_str(),
            chat,
            payer,
            key: &ask.key,
            total: ask.total,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(id: Option<&str>) -> Texts {
        let item = |id: Option<&str>| Item {
            id: id.map(str::to_owned),
            label: "Tea".to_owned(),
            quantity: 2,
            unit: "1.00 USD".parse().unwrap(),
        };
        let details = Details {
            items: vec![item(id), item(None)],
            totals: Vec::new(),
            memo: "Hot".to_owned(),
        };
        let salt = [7; 16];
        Texts { salt, details }
    }

    #[test]
    fn orders_from_before_items_had_ids_are_read() {
        let kept = [
            [7; 16].as_slice(),
            b"\x02\x03Tea\x02\x64\x03USD\x03Tea\x02\x64\x03USD",
            b"\x00\x03Hot",
        ]
        .concat();
        assert_eq!(Texts::read(&kept).unwrap().details, texts(None).details);
        assert_eq!(texts(None).write().unwrap(), kept, "as it was ever written");
    }

    #[test]
    fn ids_come_back_and_are_bound() {
        let with = texts(Some("tea-1"));
        let plain = with.write().unwrap();
        assert_eq!(Texts::read(&plain).unwrap().details, with.details);
        for length in 0..plain.len() {
            let read = Texts::read(&plain[..length]);
            let other = read.is_none_or(|read| read.details != with.details);
            assert!(other, "{length}");
        }
        let about = || About {
            app: "com.example.tea",
            chat: 1,
            payer: 2,
            key: "cup",
            total: "4.00 USD".parse().unwrap(),
        };
        let bound = |id| terms(&about(), &texts(id));
        assert_ne!(bound(Some("tea-1")), bound(None));
        assert_ne!(bound(Some("tea-1")), bound(Some("tea-2")));
    }
}
