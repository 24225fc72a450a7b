//! The manifest, `miniapp.toml`: what an app is called, what people type, what it asks for and why.
//!
//! [`Manifest::parse`] answers with values that cannot be wrong, or with the first mistake, its
//! line and column, and what to write instead. `sdk/miniapp.schema.json` says the same to editors;
//! a test holds the two together.

mod error;
mod fields;
mod matter;
mod parse;
mod permission;
#[cfg(test)]
mod tests;
mod words;

use crate::AppId;

pub use error::ManifestError;
pub use permission::{Asked, Permission};
pub use words::is_asset_name;

/// The contract this host speaks, counted up with every release of it. An app that needs a later
/// one says so in `platform_version` and is refused.
pub const PLATFORM_CODE: u32 = 1;

/// What a mini-app says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Its id on every host.
    pub app_id: AppId,
    /// What people call it.
    pub name: String,
    /// What it is for, in a sentence.
    pub description: String,
    /// Which upload this is.
    pub version: Version,
    /// Which hosts can run it.
    pub platform_version: PlatformVersion,
    /// Its pictures; none is fine.
    pub icons: Vec<Icon>,
    /// The language its words are in, a BCP 47 name.
    pub lang: String,
    /// What people can type.
    pub commands: Vec<Command>,
    /// What it asks for; each permission at most once.
    pub req_permissions: Vec<Asked>,
    /// How its developer builds it. Hosts do not look at it.
    pub build: Build,
}

/// Which upload of an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Grows with every upload, from 1.
    pub code: u32,
    /// What people call it, like 1.2.0.
    pub name: String,
}

/// Which hosts can run an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlatformVersion {
    /// The smallest [`PLATFORM_CODE`] it is content with.
    pub min_code: u32,
}

/// A picture of the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Icon {
    /// The asset's name in the package.
    pub src: String,
    /// Its sizes in pixels, like `128x128`; several with spaces between. Empty: not said.
    pub sizes: String,
}

/// Something people type: `/tea`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Without the slash: a small letter, then small letters, digits, `-` and `_`.
    pub name: String,
    /// What it does, for the list of commands.
    pub description: String,
}

/// How `souk build` makes the component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Build {
    /// A command of the shell, run beside the manifest.
    pub command: String,
    /// Where the component is then, beside the manifest.
    pub component: String,
    /// What to build again for: globs.
    pub watch: Vec<String>,
}

impl Manifest {
    /// Returns what people decide on one by one, each with the app's reason.
    pub fn matters(&self) -> impl Iterator<Item = (Permission, &str)> {
        let of = |asked: &Asked| asked.permission.matters();
        let asked = self.req_permissions.iter();
        asked.flat_map(move |asked| of(asked).into_iter().map(|it| (it, asked.reason.as_str())))
    }

    /// Reads a manifest.
    ///
    /// # Errors
    /// The first mistake: TOML first, then unknown and missing fields, then what the values say.
    pub fn parse(text: &str) -> Result<Self, ManifestError> {
        parse::manifest(text)
    }
}
