//! Why a file is not a package.

use souk_core::limits::{
    ASSET_BYTES_MAX, ASSETS_MAX, COMPONENT_SECTIONS_MAX, MANIFEST_BYTES_MAX, PACKAGE_BYTES_MAX,
};
use souk_core::manifest::ManifestError;
use souk_core::{Blame, Blamed};

use crate::contract::Version;

/// Why a file is not a package. In order: callers see the first that applies.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackageError {
    /// Over the cap.
    #[error("the package is {bytes} bytes; at most {PACKAGE_BYTES_MAX}")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// Something else altogether.
    #[error("this is not WebAssembly; `souk build` makes a package from a mini-app's folder")]
    NotWasm,
    /// A module, as `wasm32-unknown-unknown` and `wasm32-wasip1` make it.
    #[error("this is a core module, not a component; build for wasm32-wasip2")]
    CoreModule,
    /// Neither of the two kinds of WebAssembly.
    #[error("this version of WebAssembly is not known; build for wasm32-wasip2")]
    UnknownVersion,
    /// The file does not have the structure of a component.
    #[error("the component is malformed at byte {offset}: {what}; build it again")]
    Malformed {
        /// Where.
        offset: u64,
        /// What is wrong there.
        what: String,
    },
    /// More sections than any tool makes.
    #[error("the component has more than {COMPONENT_SECTIONS_MAX} sections")]
    SectionsTooMany,
    /// Building a package out of a package.
    #[error("this is a package already; give the component it was built from")]
    Packaged,
    /// There is no signature at the end.
    #[error("the package is not signed; make it with `souk build`")]
    Unsigned,
    /// The signature does not belong to the bytes before it.
    #[error(
        "the signature does not match; the package was changed after it was signed, build it again"
    )]
    Forged,
    /// There is no manifest.
    #[error("there is no manifest in the package; make it with `souk build`")]
    ManifestMissing,
    /// There are two.
    #[error("there are two manifests in the package; make it with `souk build`")]
    ManifestTwice,
    /// The manifest is not text.
    #[error("the manifest is not UTF-8 text of at most {MANIFEST_BYTES_MAX} bytes")]
    ManifestText,
    /// A second signature, or a section this host knows nothing of.
    #[error("the section `{name}` has no place in a package; make it with `souk build`")]
    StraySection {
        /// Its name.
        name: String,
    },
    /// A mistake in the manifest.
    #[error("miniapp.toml, {0}")]
    Manifest(#[from] ManifestError),
    /// Too many assets.
    #[error("the package has {assets} assets; at most {ASSETS_MAX}")]
    AssetsTooMany {
        /// How many.
        assets: usize,
    },
    /// An asset whose name is not a plain relative path.
    #[error("`{name}` cannot name an asset; write a plain path, like assets/icon.png")]
    AssetName {
        /// The name.
        name: String,
    },
    /// A large asset.
    #[error("the asset `{name}` is {bytes} bytes; at most {ASSET_BYTES_MAX}")]
    AssetTooLarge {
        /// Its name.
        name: String,
        /// Its size.
        bytes: usize,
    },
    /// Two assets with one name.
    #[error("there are two assets called `{name}`")]
    AssetTwice {
        /// The name.
        name: String,
    },
    /// The manifest names a picture that is not there.
    #[error("the icon `{src}` is not in the package; add the file, or take it out of miniapp.toml")]
    IconMissing {
        /// Its name.
        src: String,
    },
    /// An import the platform does not have.
    #[error("the component imports `{import}`, which this host does not have; {instead}")]
    UnknownImport {
        /// Its name.
        import: String,
        /// What to use instead.
        instead: &'static str,
    },
    /// A version of the contract that this host does not have.
    #[error(
        "the component was built against `{wanted}`, and the newest version this host has of it is \
         {newest}; build it with an SDK of contract {newest}, or have the host updated"
    )]
    ContractVersion {
        /// The interface, with the version.
        wanted: String,
        /// The newest there is.
        newest: Version,
    },
    /// Nothing to call.
    #[error("it does not export `souk:miniapp/handler`; write the mini-app with souk-sdk")]
    HandlerMissing,
}

impl Blamed for PackageError {
    fn blame(&self) -> Blame {
        Blame::Guest
    }
}
