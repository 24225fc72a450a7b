//! The ids a mini-app meets: texts, of which one kind cannot be passed for another.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Returns the id that reads `text`. The host says whether there is such a thing.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// Returns the id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// Names one message on this host.
    MessageId
    /// Names a chat to this app: two apps see different ids for one chat.
    ChatId
    /// Names a person to this app: two merchants' apps see different ids for one person.
    UserId
    /// Names a person to all apps of this app's merchant, and to nobody else.
    MerchantUserId
    /// The right to speak later where somebody let this app. It is of no use to other apps.
    PushToken
    /// Names one order of this app.
    OrderId
    /// Names one request of this app to the outside.
    RequestId
}
