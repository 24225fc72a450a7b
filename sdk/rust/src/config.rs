//! What the app's merchant set on this host: addresses, texts, switches, keys. Needs the permission
//! `config`.

use crate::wit::souk::config::values as wit;
use crate::{Denied, Result};

/// Returns what is set under a name; `None` when nothing is, or when it is a [`Secret`].
///
/// ```no_run
/// # use souk_sdk::prelude::*;
/// # fn demo() -> Result {
/// let greeting = souk_sdk::config::get("greeting")?.unwrap_or_else(|| "Welcome".to_owned());
/// # Ok(()) }
/// ```
///
/// # Errors
/// [`Denied::NotGranted`].
pub fn get(name: &str) -> Result<Option<String>, Denied> {
    Ok(wit::get(name)?)
}

/// A value the merchant marked as a secret. Once revealed, the host strikes it out of what the app
/// prints and of the reasons it gives; what the app posts is the app's to watch.
#[derive(Debug)]
pub struct Secret(wit::Secret);

impl Secret {
    /// Opens the secret of this name.
    ///
    /// # Errors
    /// [`Denied::NotFound`] when nothing is set, or when it is no secret; [`Denied::NotGranted`].
    pub fn open(name: &str) -> Result<Self, Denied> {
        Ok(Self(wit::Secret::open(name)?))
    }

    /// Returns what it says.
    pub fn reveal(&self) -> String {
        self.0.reveal()
    }
}
