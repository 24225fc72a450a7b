//! What crosses the border, as bytes that a trace keeps and as words for people.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasmtime::component::Resource;

use crate::bindings::souk::http::outbox;
use crate::bindings::souk::http::types::{Header, Response};
use crate::bindings::souk::identity::users::Claim;
use crate::bindings::souk::messaging::chats::Content;
use crate::bindings::souk::schedule::timers;
use crate::bindings::souk::storage::buckets;
use crate::bindings::souk::types::common::{Allowance, Denied, Money};
use crate::bindings::souk::wallet::payments;

/// What takes bytes.
pub(crate) trait Sink: Extend<u8> + Default {}

impl<T: Extend<u8> + Default> Sink for T {}

/// A value at the border: the same value has the same bytes, and comes back from them. A handle
/// crosses as its number.
pub(crate) trait Crosses: Sized {
    /// Appends the bytes.
    fn write(&self, to: &mut impl Sink);

    /// Takes the value off the front; `None` when it is no such value.
    fn read(from: &mut &[u8]) -> Option<Self>;

    /// Says what it is.
    fn tell(&self, to: &mut String);
}

/// A value without handles.
pub(crate) trait Plain: Serialize + DeserializeOwned + Debug {}

/// One of which there are lists. A byte is none: a list of them has a look of its own.
pub(crate) trait Element: Plain {}

impl<T: Plain> Crosses for T {
    fn write(&self, to: &mut impl Sink) {
        match postcard::to_extend(self, std::mem::take(to)) {
            Ok(written) => *to = written,
            Err(_) => unreachable!("every value of the contract has bytes"),
        }
    }

    fn read(from: &mut &[u8]) -> Option<Self> {
        let (value, rest) = postcard::take_from_bytes(from).ok()?;
        *from = rest;
        Some(value)
    }

    fn tell(&self, to: &mut String) {
        to.push_str(&format!("{self:?}"));
    }
}

impl Crosses for Vec<u8> {
    fn write(&self, to: &mut impl Sink) {
        u64::try_from(self.len()).unwrap_or(u64::MAX).write(to);
        to.extend(self.iter().copied());
    }

    fn read(from: &mut &[u8]) -> Option<Self> {
        let length = usize::try_from(u64::read(from)?).ok()?;
        let (bytes, rest) = from.split_at_checked(length)?;
        *from = rest;
        Some(bytes.to_vec())
    }

    fn tell(&self, to: &mut String) {
        to.push_str(&format!("\"{}\"", self.escape_ascii()));
    }
}

impl<T: 'static> Crosses for Resource<T> {
    fn write(&self, to: &mut impl Sink) {
        self.rep().write(to);
    }

    fn read(from: &mut &[u8]) -> Option<Self> {
        Some(Self::new_own(u32::read(from)?))
    }

    fn tell(&self, to: &mut String) {
        to.push_str(&format!("handle {}", self.rep()));
    }
}

impl<T: Crosses, E: Crosses> Crosses for Result<T, E> {
    fn write(&self, to: &mut impl Sink) {
        self.is_ok().write(to);
        match self {
            Ok(value) => value.write(to),
            Err(error) => error.write(to),
        }
    }

    fn read(from: &mut &[u8]) -> Option<Self> {
        Some(if bool::read(from)? {
            Ok(T::read(from)?)
        } else {
            Err(E::read(from)?)
        })
    }

    fn tell(&self, to: &mut String) {
        match self {
            Ok(value) => value.tell(to),
            Err(error) => {
                to.push_str("denied: ");
                error.tell(to);
            }
        }
    }
}

macro_rules! lists {
    ($(($($name:ident)*))*) => {$(
        impl<$($name: Crosses),*> Crosses for ($($name,)*) {
            #[expect(non_snake_case, reason = "types and values have one name")]
            fn write(&self, to: &mut impl Sink) {
                let ($($name,)*) = self;
                $($name.write(to);)*
            }

            fn read(from: &mut &[u8]) -> Option<Self> {
                Some(($($name::read(from)?,)*))
            }

            #[expect(non_snake_case, reason = "types and values have one name")]
            fn tell(&self, to: &mut String) {
                let ($($name,)*) = self;
                let begun = to.len();
                $(
                    if to.len() > begun {
                        to.push_str(", ");
                    }
                    $name.tell(to);
                )*
            }
        }
    )*};
}

macro_rules! plain {
    ($($type:ty)*) => {$(impl Plain for $type {})*};
}

macro_rules! elements {
    ($($type:ty)*) => {$(
        impl Plain for $type {}
        impl Element for $type {}
    )*};
}

lists! { (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) }

impl<T: Element> Plain for Vec<T> {}
impl<T: Plain> Plain for Option<T> {}

// WHEN A FUNCTION TAKES OR GIVES ANOTHER TYPE: add it here, or what it says is not in the trace.
plain! {
    () bool u8 u32 u64 i64
    Content Denied Money Response
    buckets::Condition buckets::Scope
    outbox::Request
    payments::Request
    timers::Scope
}

// WHEN THERE ARE LISTS OF IT: here instead.
elements! {
    String
    Allowance Claim Header
    buckets::Entry
    payments::StatementLine
    timers::Pending
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_comes_back_from_its_bytes() {
        let handle: Resource<()> = Resource::new_own(7);
        let given = (
            handle,
            "cup".to_owned(),
            vec![1_u8, 2],
            buckets::Condition::Version(300),
        );
        let mut bytes = Vec::new();
        given.write(&mut bytes);
        let mut rest = bytes.as_slice();
        type Given = (Resource<()>, String, Vec<u8>, buckets::Condition);
        let back = Given::read(&mut rest).unwrap();
        let mut again = Vec::new();
        back.write(&mut again);
        assert_eq!((&again, rest), (&bytes, &[][..]));
        let mut said = String::new();
        back.tell(&mut said);
        assert!(
            said.starts_with("handle 7, \"cup\", \"\\x01\\x02\", "),
            "{said}"
        );
    }

    #[test]
    fn what_was_cut_off_is_no_value() {
        let answer: Result<Vec<String>, Denied> = Ok(vec!["tea".to_owned()]);
        let mut bytes = Vec::new();
        answer.write(&mut bytes);
        type Answer = Result<Vec<String>, Denied>;
        for length in 0..bytes.len() {
            assert!(Answer::read(&mut &bytes[..length]).is_none(), "{length}");
        }
    }
}
