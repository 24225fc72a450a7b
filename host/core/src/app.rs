//! The name of a mini-app.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};

use crate::limits::APP_ID_BYTES_MAX;

/// A mini-app's id: a reverse domain name its merchant owns, like `com.example.tea`. Clones share
/// its text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct AppId(Arc<str>);

/// Why a text is not a mini-app's id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not an app id; write a reverse domain name in small letters, like com.example.tea"
)]
pub struct AppIdError(String);

impl AppId {
    /// Returns the id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Two or more labels, each of small letters, digits and inner hyphens (RFC 1035 in small letters).
fn is_reverse_domain(text: &str) -> bool {
    let label = |label: &str| {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        !label.is_empty()
            && label.bytes().all(plain)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= APP_ID_BYTES_MAX && text.contains('.') && text.split('.').all(label)
}

impl FromStr for AppId {
    type Err = AppIdError;

    fn from_str(text: &str) -> Result<Self, AppIdError> {
        if is_reverse_domain(text) {
            return Ok(Self(text.into()));
        }
        Err(AppIdError(text.chars().take(80).collect()))
    }
}

impl TryFrom<String> for AppId {
    type Error = AppIdError;

    fn try_from(text: String) -> Result<Self, AppIdError> {
        text.parse()
    }
}

impl Serialize for AppId {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

impl fmt::Display for AppId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for AppId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_reverse_domain_names_are_app_ids() {
        for good in ["com.example.tea", "org.a-b.c9"] {
            assert!(good.parse::<AppId>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "tea",
            "com..tea",
            "com.Example.tea",
            "com.-a",
            "com.a-",
            "com.tea/x",
            "com.\u{430}b",
        ] {
            assert!(bad.parse::<AppId>().is_err(), "{bad}");
        }
    }
}
