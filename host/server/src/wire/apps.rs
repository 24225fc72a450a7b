//! Mini-apps, as people and publishers see them.

use serde::{Deserialize, Serialize};
use souk_core::AppId;
use souk_market::Shop;
use souk_registry::app::Version;

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
}

impl From<Version> for Published {
    fn from(version: Version) -> Self {
        Self {
            app: version.app,
            code: version.code,
            name: version.name,
            digest: hex::encode(version.digest),
        }
    }
}
