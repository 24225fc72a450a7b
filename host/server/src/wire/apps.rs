//! Mini-apps, as people and publishers see them.

use serde::{Deserialize, Serialize};
use souk_core::{AppId, EventId};
use souk_market::{OutsideLine, Restricted, Shop};
use souk_registry::app::Version;
use souk_registry::matter::words;
use souk_registry::setting;

/// A mini-app people can open.
#[derive(Debug, Serialize, Deserialize)]
pub struct App {
    /// Its id.
    pub id: AppId,
    /// What it calls itself.
    pub name: String,
    /// What it says it is for.
    pub description: String,
    /// The version that is live, as its merchant calls it.
    pub version: String,
    /// What people type to open it.
    pub commands: Vec<Command>,
}

/// A command of a mini-app.
#[derive(Debug, Serialize, Deserialize)]
pub struct Command {
    /// Without the slash.
    pub name: String,
    /// What it does, in the app's words.
    pub description: String,
}

impl From<Shop> for App {
    fn from(shop: Shop) -> Self {
        let Shop { version, manifest } = shop;
        let commands = manifest.commands.into_iter();
        Self {
            id: version.app,
            name: manifest.name,
            description: manifest.description,
            version: manifest.version.name,
            commands: commands
                .map(|command| Command {
                    name: command.name,
                    description: command.description,
                })
                .collect(),
        }
    }
}

/// A version that is live now.
#[derive(Debug, Serialize, Deserialize)]
pub struct Published {
    /// Of which app.
    pub app: AppId,
    /// Its number.
    pub code: u32,
    /// What its merchant calls it.
    pub name: String,
    /// SHA-256 of the package, in hexadecimal.
    pub digest: String,
    /// What the operator allows less of than it asks for.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub restricted: Vec<Restriction>,
}

/// Something an app asks for and does not get whole on this host.
#[derive(Debug, Serialize, Deserialize)]
pub struct Restriction {
    /// Its name, like `wallet.pay-out`.
    pub matter: String,
    /// What is left of it, as people read it; absent when nothing is.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub left: Option<String>,
}

impl Published {
    /// What is said of a version that went live.
    pub(crate) fn of(version: Version, restricted: Vec<Restricted>) -> Self {
        Self {
            restricted: restricted.into_iter().map(Into::into).collect(),
            app: version.app,
            code: version.code,
            name: version.name,
            digest: hex::encode(version.digest),
        }
    }
}

impl From<Restricted> for Restriction {
    fn from(restricted: Restricted) -> Self {
        Self {
            matter: restricted.asked.matter(),
            left: restricted.left.as_ref().map(words),
        }
    }
}

/// A value that is set for an app.
#[derive(Serialize, Deserialize)]
pub struct Setting {
    /// What the app asks for it by.
    pub name: String,
    /// Whether nobody but the app may read it.
    pub secret: bool,
    /// What is set; absent when it is a secret.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub value: Option<String>,
    /// When it was set, in milliseconds since 1970.
    pub at: u64,
}

impl From<setting::Setting> for Setting {
    fn from(set: setting::Setting) -> Self {
        Self {
            name: set.name,
            secret: set.secret,
            value: Some(set.value).filter(|_| !set.secret),
            at: set.at.millis(),
        }
    }
}

/// A value to be set. Not to be shown: it may be a secret.
#[derive(Serialize, Deserialize)]
pub struct SettingAsk {
    /// What the app asks for it by.
    pub name: String,
    /// What is to be set; absent to take away what is set.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub value: Option<String>,
    /// Whether nobody but the app may read it from then on.
    #[serde(default)]
    pub secret: bool,
}

/// A request of an app to the outside. Neither path nor contents are kept.
#[derive(Debug, Serialize, Deserialize)]
pub struct Request {
    /// The event it was for; of one that was sent, the event that brings the answer.
    pub event: EventId,
    /// When it began, in milliseconds since 1970.
    pub at: u64,
    /// The method.
    pub method: String,
    /// Where to.
    pub origin: String,
    /// Where the host was found; empty when nothing was connected to.
    pub address: String,
    /// The answer's status, or in one word why there was none.
    pub ended: String,
    /// What it carried, in bytes.
    pub bytes_out: u64,
    /// What the answer carried, in bytes.
    pub bytes_in: u64,
    /// How long it took, in milliseconds.
    pub millis: u64,
}

impl From<OutsideLine> for Request {
    fn from(line: OutsideLine) -> Self {
        Self {
            event: line.event,
            at: line.at.millis(),
            method: line.method.to_string(),
            origin: line.origin.to_string(),
            address: line.address,
            ended: line.ended,
            bytes_out: line.bytes_out,
            bytes_in: line.bytes_in,
            millis: line.millis,
        }
    }
}
