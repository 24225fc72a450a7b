//! What a person should hear of at once.

use souk_core::UserId;
use souk_store::Key;

use crate::keys;
pub use crate::record::News;

/// Returns the log of a person's [`News`]; it grows by the commit that makes the news true.
pub fn news_log(user: UserId) -> Key {
    keys::news(user)
}
