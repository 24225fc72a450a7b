//! `souk key`: the keys of a host that can be changed.

use clap::ArgGroup;
use souk_core::Clock;
use souk_market::SystemClock;
use souk_store::keyring;

use crate::CliError;
use crate::host::Places;
use crate::ui::Ui;

/// Change the host's keys
#[derive(clap::Subcommand)]
pub(crate) enum KeyCommand {
    Rotate(RotateArgs),
}

/// Change the key that signs receipts, or the master key
///
/// The public key that signed before stays published with the time until which it did, and what it
/// signed stays valid. A new master key takes the place of the old one in its file: copy the file
/// again to wherever its copies are, and back up the keys again. The host must not be running on
/// the same data directory.
#[derive(clap::Args)]
#[group(skip)]
#[command(group = ArgGroup::new("keys").args(["signing", "master"]).required(true).multiple(true))]
pub(crate) struct RotateArgs {
    #[command(flatten)]
    places: Places,
    /// Change the key that signs receipts and statements
    #[arg(long)]
    signing: bool,
    /// Change the master key, which wraps all other keys
    #[arg(long)]
    master: bool,
}

pub(crate) fn run(ui: &mut Ui, command: &KeyCommand) -> Result<(), CliError> {
    match command {
        KeyCommand::Rotate(args) => rotate(ui, args),
    }
}

fn rotate(ui: &mut Ui, args: &RotateArgs) -> Result<(), CliError> {
    let places = &args.places;
    places.must_exist()?;
    let _held = places.hold()?;
    drop(places.keyring()?);
    let (keys, master) = (places.keys(), places.master_key());
    if args.signing {
        let rotated = keyring::rotate_signing(&keys, &master, SystemClock.now());
        rotated.map_err(|error| failed("the signing key", error))?;
        let keyring = places.keyring()?;
        ui.status("Receipts are signed with a new key from now on. Its public key is:");
        ui.result(hex::encode(keyring.public_key()));
    }
    if args.master {
        let rotated = keyring::rotate_master(&keys, &master);
        rotated.map_err(|error| failed("the master key", error))?;
        ui.status(format_args!(
            "The master key in {} is new. Copy it again to where its copies are.",
            master.display()
        ));
    }
    Ok(())
}

fn failed(what: &str, error: keyring::KeyringError) -> CliError {
    CliError::damaged(format!("{what} cannot be changed"))
        .because(error)
        .hint("Nothing was lost: the next start uses the old key, or ends the change")
}
