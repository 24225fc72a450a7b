//! Apps and their versions.

use souk_core::limits::PAGE_ENTRIES_MAX;
use souk_core::manifest::Manifest;
use souk_core::{AppId, UserId};
use souk_store::{Page, StoreError, Txn};

use crate::package::Package;
use crate::record::App;
use crate::{Refusal, command, keys};

pub use crate::record::Version;

/// Publishes a package, which is live at once. Publishing the same file again answers the same
/// version and changes nothing. The package's bytes must be kept as a blob before this commits.
///
/// # Errors
/// The first [`Refusal`] that applies.
pub async fn publish(txn: &Txn, by: UserId, package: &Package) -> Result<Version, Refusal> {
    let manifest = &package.manifest;
    let (app, code) = (&manifest.app_id, manifest.version.code);
    let before: Option<App> = txn.get(&keys::app(app)).await?;
    if let Some(before) = &before {
        check_owner(before, by, package)?;
    }
    if let Some(done) = txn.get::<Version>(&keys::version(app, code)).await? {
        let same = done.digest == package.digest;
        return if same {
            Ok(done)
        } else {
            Err(Refusal::CodeTaken { code })
        };
    }
    if let Some(App { live, .. }) = &before
        && code < live.code
    {
        return Err(Refusal::CodeOld {
            code,
            live: live.code,
        });
    }
    command::check(txn, manifest).await?;

    // From here on it happens.
    if let Some(before) = before {
        command::release(txn, &self::manifest(txn, &before.live).await?)?;
    }
    command::claim(txn, manifest)?;
    let live = Version {
        app: app.clone(),
        code,
        name: manifest.version.name.clone(),
        digest: package.digest,
        merchant: by,
        published: txn.now(),
    };
    txn.put(&keys::version(app, code), &live)?;
    txn.put(&keys::manifest(app, code), &package.manifest_text)?;
    txn.put(
        &keys::app(app),
        &App {
            signer: package.signer,
            live: live.clone(),
        },
    )?;
    Ok(live)
}

/// An app stays with the merchant and the key of its first version.
fn check_owner(before: &App, by: UserId, package: &Package) -> Result<(), Refusal> {
    let app = &before.live.app;
    if before.live.merchant != by {
        return Err(Refusal::OtherMerchant(app.clone()));
    }
    if before.signer != package.signer {
        return Err(Refusal::OtherKey(app.clone()));
    }
    Ok(())
}

/// Returns the version people get.
///
/// # Errors
/// When the store cannot answer.
pub async fn live(txn: &Txn, app: &AppId) -> Result<Option<Version>, StoreError> {
    let found: Option<App> = txn.get(&keys::app(app)).await?;
    Ok(found.map(|found| found.live))
}

/// Returns who owns an app.
///
/// # Errors
/// When the store cannot answer.
pub async fn merchant(txn: &Txn, app: &AppId) -> Result<Option<UserId>, StoreError> {
    Ok(live(txn, app).await?.map(|live| live.merchant))
}

/// Returns the Ed25519 key that all versions of an app are signed with; it never changes.
///
/// # Errors
/// When the store cannot answer.
pub async fn signer(txn: &Txn, app: &AppId) -> Result<Option<[u8; 32]>, StoreError> {
    let found: Option<App> = txn.peek(&keys::app(app)).await?;
    Ok(found.map(|found| found.signer))
}

/// Returns a version's manifest. It never changes, so it may be kept by the version's digest.
///
/// # Errors
/// [`StoreError::Form`] when there is no such version or this host cannot read its manifest.
pub async fn manifest(txn: &Txn, version: &Version) -> Result<Manifest, StoreError> {
    let text: Option<String> = txn
        .peek(&keys::manifest(&version.app, version.code))
        .await?;
    let manifest = text.and_then(|text| Manifest::parse(&text).ok());
    manifest.ok_or(StoreError::Form)
}

/// Returns the live versions of all apps, by id.
///
/// # Errors
/// When the store cannot answer.
pub async fn list(txn: &Txn) -> Result<Vec<Version>, StoreError> {
    let (prefix, mut all, mut after) = (keys::apps(), Vec::new(), None);
    loop {
        let page = Page::first(PAGE_ENTRIES_MAX).after(after);
        let found: Vec<(_, App)> = txn.scan(&prefix, page).await?;
        after = found.last().map(|(key, _)| key.clone());
        let full = found.len() == PAGE_ENTRIES_MAX;
        all.extend(found.into_iter().map(|(_, app)| app.live));
        if !full {
            return Ok(all);
        }
    }
}
