//! Why a version is not published.

use souk_core::limits::{SETTING_BYTES_MAX, SETTING_NAME_BYTES_MAX, SETTINGS_MAX};
use souk_core::{AppId, Blame, Blamed};
use souk_store::StoreError;

/// Why the registry said no. In order: callers see the first that applies.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The id belongs to another merchant.
    #[error("the app id `{0}` belongs to another merchant; choose one under a domain of yours")]
    OtherMerchant(AppId),
    /// Signed with another key than the versions before.
    #[error("`{0}` was signed with another key before; sign with that one")]
    OtherKey(AppId),
    /// The code is that of a version with other contents.
    #[error("version {code} is already published with other contents; raise `version.code`")]
    CodeTaken {
        /// The code.
        code: u32,
    },
    /// The code is below that of the live version.
    #[error("version {code} is older than the live one, {live}; raise `version.code` above it")]
    CodeOld {
        /// The code.
        code: u32,
        /// The live version's.
        live: u32,
    },
    /// People already type this for another app.
    #[error("the command `/{command}` already belongs to `{app}`; choose another name")]
    CommandTaken {
        /// The command.
        command: String,
        /// Whose it is.
        app: AppId,
    },
    /// A value has a name that programs cannot ask for.
    #[error(
        "the name of a value starts with a small letter or a digit; then come those, `-`, `_` and \
         `.`, {SETTING_NAME_BYTES_MAX} at most"
    )]
    SettingName,
    /// A value is long.
    #[error("a value has at most {SETTING_BYTES_MAX} bytes")]
    SettingLong,
    /// An app has many values.
    #[error("an app has at most {SETTINGS_MAX} values; unset one first")]
    SettingsMax,
    /// The store cannot answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Blamed for Refusal {
    fn blame(&self) -> Blame {
        match self {
            Self::OtherMerchant(_)
            | Self::OtherKey(_)
            | Self::SettingName
            | Self::SettingLong
            | Self::SettingsMax => Blame::User,
            Self::CodeTaken { .. } | Self::CodeOld { .. } | Self::CommandTaken { .. } => {
                Blame::Guest
            }
            Self::Store(error) => error.blame(),
        }
    }
}
