//! The words of the domain: ids, money, time, blame, limits and the manifest.
//!
//! Everything here is a value. There is no I/O, nothing is async, and nothing asks what time it is:
//! whoever needs the time receives a [`Clock`]. Every other crate of the host stands on this one
//! and this one stands on none of them.

mod app;
mod blame;
mod claim;
mod consent;
mod id;
pub mod limits;
pub mod manifest;
mod money;
mod origin;
pub mod text;
mod time;

pub use app::{AppId, AppIdError};
pub use blame::{Blame, Blamed};
pub use claim::{Claim, ClaimError};
pub use consent::{Answer, Consents, Line, Stance};
pub use id::{
    AccountId, ChatId, ConsentId, EntryId, EventId, IdError, MessageId, OrderId, PushId, SessionId,
    TokenId, TraceId, TransferId, TypedId, UserId, none_is_zero,
};
pub use money::{Currency, CurrencyError, MINOR_MAX, Money, MoneyError};
pub use origin::{Method, Origin, OriginError, Reach, Scheme};
pub use time::{Clock, Timestamp};
