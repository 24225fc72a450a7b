//! A package: one signed file that is a component, with its manifest and assets inside.
//!
//! The manifest and the assets are custom sections of the outermost component, which engines skip:
//! `souk.manifest`, one `souk.asset:NAME` for each asset, and last of all `souk.signature`, an
//! Ed25519 signature over the SHA-256 of every byte before it. Nothing may follow it.

mod component;
mod error;
mod imports;
mod sections;
mod signature;
#[cfg(test)]
mod tests;

use ed25519_dalek::SigningKey;
use sha2::{Digest, Sha256};
use souk_core::limits::{ASSET_BYTES_MAX, ASSETS_MAX, PACKAGE_BYTES_MAX};
use souk_core::manifest::{Manifest, is_asset_name};

pub use component::{imports, validate};
pub use error::PackageError;

use sections::{Custom, custom, customs, sections};

/// The manifest's section.
const MANIFEST: &str = "souk.manifest";
/// What the names of the assets' sections start with.
const ASSET: &str = "souk.asset:";
/// What the names of all our sections start with.
const OURS: &str = "souk.";

/// A package that was read and found whole.
#[derive(Clone, Debug)]
pub struct Package {
    /// The manifest.
    pub manifest: Manifest,
    /// The manifest as its author wrote it.
    pub manifest_text: String,
    /// The assets by name, in the order they are in.
    pub assets: Vec<(String, Vec<u8>)>,
    /// The Ed25519 key it is signed with.
    pub signer: [u8; 32],
    /// SHA-256 of the whole file.
    pub digest: [u8; 32],
    /// The whole file, which is a component as it stands.
    pub component: Vec<u8>,
}

/// Puts a package together and signs it. The same parts and key give the same bytes.
///
/// # Errors
/// The first thing for which [`read`] or [`validate`] would refuse it.
pub fn build(
    component: &[u8],
    manifest_text: &str,
    assets: &[(String, Vec<u8>)],
    key: &SigningKey,
) -> Result<Vec<u8>, PackageError> {
    let outermost = sections(component)?;
    let found = customs(&outermost)?;
    if found.iter().any(|section| section.name.starts_with(OURS)) {
        return Err(PackageError::Packaged);
    }
    validate(component)?;
    component::check(&outermost)?;
    let manifest = Manifest::parse(manifest_text)?;
    check_assets(&manifest, assets)?;

    let mut file = component.to_vec();
    custom(&mut file, MANIFEST, manifest_text.as_bytes());
    for (name, bytes) in assets {
        custom(&mut file, &format!("{ASSET}{name}"), bytes);
    }
    signature::append(&mut file, key);
    check_size(&file)?;
    Ok(file)
}

/// Reads a package: everything is checked that takes no longer than reading it. Whether the
/// component inside is valid is for [`validate`] to say, and for whoever compiles it.
///
/// # Errors
/// The first [`PackageError`] that applies.
pub fn read(bytes: &[u8]) -> Result<Package, PackageError> {
    check_size(bytes)?;
    let sections = sections(bytes)?;
    let (last, others) = sections.split_last().ok_or(PackageError::Unsigned)?;
    let signer = signature::check(bytes, last)?;
    let (manifest_text, assets) = sort(&customs(others)?)?;
    let manifest = Manifest::parse(&manifest_text)?;
    check_assets(&manifest, &assets)?;
    component::check(&sections)?;
    let digest = Sha256::digest(bytes).into();
    Ok(Package {
        manifest,
        manifest_text,
        assets,
        signer,
        digest,
        component: bytes.to_vec(),
    })
}

/// Returns one asset of a package that was read before; nothing is checked again.
pub fn asset<'a>(package: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let found = customs(&sections(package).ok()?).ok()?;
    let wanted = |section: &&Custom<'a>| section.name.strip_prefix(ASSET) == Some(name);
    found.iter().find(wanted).map(|section| section.bytes)
}

fn check_size(bytes: &[u8]) -> Result<(), PackageError> {
    if bytes.len() > PACKAGE_BYTES_MAX {
        return Err(PackageError::TooLarge { bytes: bytes.len() });
    }
    Ok(())
}

/// The manifest's text, and the assets with their names.
type Parts = (String, Vec<(String, Vec<u8>)>);

/// Sorts our sections: one manifest, any number of assets, and nothing this host does not know.
fn sort(found: &[Custom<'_>]) -> Result<Parts, PackageError> {
    let (mut manifest, mut assets) = (None, Vec::new());
    for section in found
        .iter()
        .filter(|section| section.name.starts_with(OURS))
    {
        if section.name == MANIFEST {
            let text =
                std::str::from_utf8(section.bytes).map_err(|_| PackageError::ManifestText)?;
            if manifest.replace(text.to_owned()).is_some() {
                return Err(PackageError::ManifestTwice);
            }
        } else if let Some(name) = section.name.strip_prefix(ASSET) {
            assets.push((name.to_owned(), section.bytes.to_vec()));
        } else {
            return Err(PackageError::StraySection {
                name: section.name.to_owned(),
            });
        }
    }
    Ok((manifest.ok_or(PackageError::ManifestMissing)?, assets))
}

fn check_assets(manifest: &Manifest, assets: &[(String, Vec<u8>)]) -> Result<(), PackageError> {
    if assets.len() > ASSETS_MAX {
        return Err(PackageError::AssetsTooMany {
            assets: assets.len(),
        });
    }
    for (place, (name, bytes)) in assets.iter().enumerate() {
        if !is_asset_name(name) {
            return Err(PackageError::AssetName { name: name.clone() });
        }
        if bytes.len() > ASSET_BYTES_MAX {
            return Err(PackageError::AssetTooLarge {
                name: name.clone(),
                bytes: bytes.len(),
            });
        }
        if assets.iter().take(place).any(|(before, _)| before == name) {
            return Err(PackageError::AssetTwice { name: name.clone() });
        }
    }
    let missing = manifest
        .icons
        .iter()
        .find(|icon| !assets.iter().any(|(name, _)| *name == icon.src));
    missing.map_or(Ok(()), |icon| {
        Err(PackageError::IconMissing {
            src: icon.src.clone(),
        })
    })
}
