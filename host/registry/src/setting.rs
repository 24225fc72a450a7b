//! What a merchant sets for an app on this host: names and values, some of them secret. Sealed with
//! the app's key.

use souk_core::limits::{SETTING_BYTES_MAX, SETTING_NAME_BYTES_MAX, SETTINGS_MAX};
use souk_core::{AppId, Timestamp};
use souk_store::{Bounds, Fit, Owner, Page, StoreError, Txn};

use crate::record::Stored;
use crate::{Refusal, keys};

/// Values of one app.
const ROOM: Bounds = Bounds {
    floor: 0,
    ceiling: SETTINGS_MAX,
};

/// A value that is set.
#[derive(Clone, PartialEq, Eq)]
pub struct Setting {
    /// What the app asks for it by.
    pub name: String,
    /// Whether nobody but the app may read it.
    pub secret: bool,
    /// What is set.
    pub value: String,
    /// When it was set.
    pub at: Timestamp,
}

impl std::fmt::Debug for Setting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Setting")
            .field("name", &self.name)
            .field("secret", &self.secret)
            .finish_non_exhaustive()
    }
}

/// Sets a value, in the place of the one before.
///
/// # Errors
/// [`Refusal::SettingName`], [`Refusal::SettingLong`], [`Refusal::SettingsMax`].
pub async fn set(
    txn: &Txn,
    app: &AppId,
    name: &str,
    value: &str,
    secret: bool,
) -> Result<(), Refusal> {
    if !is_name(name) {
        return Err(Refusal::SettingName);
    }
    if value.len() > SETTING_BYTES_MAX {
        return Err(Refusal::SettingLong);
    }
    let key = keys::setting(app, name);
    let new = txn.get::<Stored>(&key).await?.is_none();
    if new && txn.add(&keys::settings_count(app), 1, ROOM).await? == Fit::Outside {
        return Err(Refusal::SettingsMax);
    }
    let stored = Stored {
        name: name.to_owned(),
        secret,
        value: txn.seal(&Owner::App(app.clone()), value.as_bytes()).await?,
        at: txn.now(),
    };
    Ok(txn.put(&key, &stored)?)
}

/// Takes a value away. Returns whether there was one.
///
/// # Errors
/// The store's.
pub async fn unset(txn: &Txn, app: &AppId, name: &str) -> Result<bool, Refusal> {
    let key = keys::setting(app, name);
    if txn.get::<Stored>(&key).await?.is_none() {
        return Ok(false);
    }
    // Below zero it cannot go: every value was counted when it was set.
    let count = keys::settings_count(app);
    txn.add(&count, -1, ROOM).await.map(drop)?;
    txn.delete(&key)?;
    Ok(true)
}

/// Returns a value of an app, if it is set.
///
/// # Errors
/// The store's.
pub async fn get(txn: &Txn, app: &AppId, name: &str) -> Result<Option<Setting>, StoreError> {
    let stored = txn.get::<Stored>(&keys::setting(app, name)).await?;
    Ok(stored.and_then(|stored| read(txn, stored)))
}

/// Returns all values of an app, by name.
///
/// # Errors
/// The store's.
pub async fn list(txn: &Txn, app: &AppId) -> Result<Vec<Setting>, StoreError> {
    let page = Page::first(usize::try_from(SETTINGS_MAX).unwrap_or(0));
    let stored = txn.scan::<Stored>(&keys::settings(app), page).await?;
    let read = |(_, stored)| read(txn, stored);
    Ok(stored.into_iter().filter_map(read).collect())
}

fn read(txn: &Txn, stored: Stored) -> Option<Setting> {
    let value = String::from_utf8(txn.open(&stored.value)?).ok()?;
    Some(Setting {
        name: stored.name,
        secret: stored.secret,
        value,
        at: stored.at,
    })
}

/// A small letter or digit, then those, `-`, `_` and `.`.
fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let inner = |byte: u8| plain(byte) || b"-_.".contains(&byte);
    name.len() <= SETTING_NAME_BYTES_MAX
        && name.bytes().next().is_some_and(plain)
        && name.bytes().all(inner)
}
