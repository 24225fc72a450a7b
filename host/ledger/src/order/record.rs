//! How orders were kept before, and how they are read since.

use serde::{Deserialize, Serialize};
use souk_core::{AppId, ChatId, EntryId, Money, OrderId, Timestamp, UserId};
use souk_store::{Record, Sealed, StoreError, step};

use super::{Order, OrderState};

/// An order of before apps could look once more.
#[derive(Serialize, Deserialize)]
struct Order1 {
    id: OrderId,
    app: AppId,
    chat: ChatId,
    payer: UserId,
    key: String,
    total: Money,
    authorize_only: bool,
    captured: Money,
    refunded: Money,
    fee: Money,
    state: OrderState,
    revision: u64,
    opened: Timestamp,
    expires: Timestamp,
    texts: Sealed,
    hold: Option<EntryId>,
    held_until: Option<Timestamp>,
    entry: Option<EntryId>,
    terms: [u8; 32],
}

impl From<Order1> for Order {
    fn from(before: Order1) -> Self {
        Self {
            id: before.id,
            app: before.app,
            chat: before.chat,
            payer: before.payer,
            key: before.key,
            total: before.total,
            authorize_only: before.authorize_only,
            last_look: false,
            captured: before.captured,
            refunded: before.refunded,
            fee: before.fee,
            state: before.state,
            revision: before.revision,
            opened: before.opened,
            expires: before.expires,
            texts: before.texts,
            hold: before.hold,
            held_until: before.held_until,
            entry: before.entry,
            terms: before.terms,
        }
    }
}

impl Record for Order1 {}

impl Record for Order {
    const FORM: u8 = 2;

    fn read_older(bytes: &[u8]) -> Result<Self, StoreError> {
        step::<Order1, _>(bytes)
    }
}

#[cfg(test)]
mod tests {
    use souk_core::TypedId;

    use super::*;

    /// An order as it was written before: for a cup of tea for 2.50 USD, which is set aside.
    const ORDER: &[u8] = b"\x01\
        \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x0fcom.example.tea\
        \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x03\x03cup\
        \xfa\x01\x03USD\x01\x00\x03USD\x00\x03USD\x05\x03USD\x06\x02\x04\x05\x02\x09\x09\
        \x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x06\x01\x07\x00\
        \x08\x08\x08\x08\x08\x08\x08\x08\x08\x08\x08\x08\x08\x08\x08\x08\
        \x08\x08\x08\x08\x08\x08\x08\x08\x08\x08\x08\x08\x08\x08\x08\x08";

    #[test]
    fn an_order_of_before_is_read() {
        let money = |text: &str| text.parse::<Money>().unwrap();
        let expected = Order {
            id: OrderId::from_bits(1),
            app: "com.example.tea".parse().unwrap(),
            chat: ChatId::from_bits(2),
            payer: UserId::from_bits(3),
            key: "cup".to_owned(),
            total: money("2.50 USD"),
            authorize_only: true,
            last_look: false,
            captured: money("0.00 USD"),
            refunded: money("0.00 USD"),
            fee: money("0.05 USD"),
            state: OrderState::Authorized,
            revision: 2,
            opened: Timestamp::from_millis(4),
            expires: Timestamp::from_millis(5),
            texts: postcard::from_bytes(&[2, 9, 9]).unwrap(),
            hold: Some(EntryId::from_bits(6)),
            held_until: Some(Timestamp::from_millis(7)),
            entry: None,
            terms: [8; 32],
        };
        assert_eq!(Order::read_older(ORDER).unwrap(), expected);
    }
}
