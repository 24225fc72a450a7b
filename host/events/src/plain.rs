//! How what an event tells is written before it is sealed.
//!
//! Sealed bytes are only read when they are opened, so they cannot be converted with the record
//! around them: another shape is another case here, and what an older one lacks is made up.

use serde::{Deserialize, Serialize};
use souk_core::{EventId, MessageId, OrderId, Timestamp};
use souk_store::StoreError;

use crate::locale::Locale;
use crate::record::{Cause, Event, Reply, Silence};
use crate::start::StartParameter;

/// What is sealed. The first cases are [`Cause`] as it was written first, case by case.
#[derive(Serialize, Deserialize)]
enum Plain {
    Command {
        name: String,
        arguments: String,
        start: Option<StartParameter>,
    },
    /// Without the button.
    Action {
        message: MessageId,
        revision: u64,
        data: String,
        inputs: String,
    },
    Order(OrderId),
    /// Without when it was due.
    Timer {
        name: String,
        payload: Vec<u8>,
    },
    Response {
        request: EventId,
        depth: u32,
        outcome: Result<Reply, Silence>,
    },
    Message {
        message: MessageId,
        text: String,
        reply_to: Option<MessageId>,
    },
    View(MessageId),
    Second {
        locale: Option<Locale>,
        cause: Cause,
    },
}

/// Writes what an event tells.
pub(crate) fn write(event: &Event) -> Result<Vec<u8>, StoreError> {
    let plain = Plain::Second {
        locale: event.locale.clone(),
        cause: event.cause.clone(),
    };
    postcard::to_stdvec(&plain).map_err(|_| StoreError::Form)
}

/// Reads what an event tells that happened at `at`: the language of its request, and why it is.
/// `None` when it is not that.
pub(crate) fn read(bytes: &[u8], at: Timestamp) -> Option<(Option<Locale>, Cause)> {
    let cause = match postcard::from_bytes(bytes).ok()? {
        Plain::Command {
            name,
            arguments,
            start,
        } => Cause::Command {
            name,
            arguments,
            start,
        },
        Plain::Action {
            message,
            revision,
            data,
            inputs,
        } => Cause::Action {
            message,
            revision,
            button: String::new(),
            data,
            inputs,
        },
        Plain::Order(order) => Cause::Order(order),
        Plain::Timer { name, payload } => Cause::Timer {
            name,
            due: at,
            payload,
        },
        Plain::Response {
            request,
            depth,
            outcome,
        } => Cause::Response {
            request,
            depth,
            outcome,
        },
        Plain::Message {
            message,
            text,
            reply_to,
        } => Cause::Message {
            message,
            text,
            reply_to,
        },
        Plain::View(message) => Cause::View(message),
        Plain::Second { locale, cause } => return Some((locale, cause)),
    };
    Some((None, cause))
}

#[cfg(test)]
mod tests {
    use souk_core::TypedId;

    use super::*;

    const AT: u64 = 1_000;

    fn first(bytes: &[u8]) -> Cause {
        let (locale, cause) = read(bytes, Timestamp::from_millis(AT)).unwrap();
        assert_eq!(locale, None);
        cause
    }

    /// Bytes as they were written then.
    #[test]
    fn what_waits_since_before_buttons_and_due_times_is_read() {
        let order = [&[2], &[7; 16][..]].concat();
        assert_eq!(
            first(&order),
            Cause::Order(OrderId::from_bits(u128::from_be_bytes([7; 16])))
        );
        let pressed = [&[1], &[7; 16][..], b"\x03\x041234\x02{}"].concat();
        let action = Cause::Action {
            message: MessageId::from_bits(u128::from_be_bytes([7; 16])),
            revision: 3,
            button: String::new(),
            data: "1234".to_owned(),
            inputs: "{}".to_owned(),
        };
        assert_eq!(first(&pressed), action);
        let timer = Cause::Timer {
            name: "tea".to_owned(),
            due: Timestamp::from_millis(AT),
            payload: b"yes".to_vec(),
        };
        assert_eq!(first(b"\x03\x03tea\x03yes"), timer);
    }

    #[test]
    fn nothing_is_read_as_what_it_is_not() {
        for wrong in [&b""[..], b"\x08", b"\x03\x03te"] {
            assert_eq!(read(wrong, Timestamp::from_millis(AT)), None);
        }
    }
}
