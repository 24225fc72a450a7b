//! Commands: what people type. Each belongs to one app on the whole host.

use souk_core::AppId;
use souk_core::manifest::Manifest;
use souk_store::{StoreError, Txn};

use crate::{Refusal, keys};

/// Returns whose a command is, given without the slash.
///
/// # Errors
/// When the store cannot answer.
pub async fn find(txn: &Txn, name: &str) -> Result<Option<AppId>, StoreError> {
    txn.get(&keys::command(name)).await
}

/// Checks that no command of a manifest belongs to another app.
pub(crate) async fn check(txn: &Txn, manifest: &Manifest) -> Result<(), Refusal> {
    for command in &manifest.commands {
        let owner = find(txn, &command.name).await?;
        if let Some(app) = owner.filter(|owner| *owner != manifest.app_id) {
            return Err(Refusal::CommandTaken {
                command: command.name.clone(),
                app,
            });
        }
    }
    Ok(())
}

/// Stages that a manifest's commands belong to its app.
pub(crate) fn claim(txn: &Txn, manifest: &Manifest) -> Result<(), StoreError> {
    let mut commands = manifest.commands.iter();
    commands.try_for_each(|command| txn.put(&keys::command(&command.name), &manifest.app_id))
}

/// Stages that a manifest's commands belong to nobody.
pub(crate) fn release(txn: &Txn, manifest: &Manifest) -> Result<(), StoreError> {
    let mut commands = manifest.commands.iter();
    commands.try_for_each(|command| txn.delete(&keys::command(&command.name)))
}
