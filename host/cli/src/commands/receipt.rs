//! `souk receipt`: receipts, checked without any host.

use std::path::PathBuf;

use souk_ledger::receipt::{self, Statement};

use super::build;
use crate::CliError;
use crate::ui::Ui;

/// Check receipts, with no host at all
#[derive(clap::Subcommand)]
pub(crate) enum ReceiptCommand {
    Verify(VerifyArgs),
}

/// Check a receipt, offline
///
/// Prints what the receipt says if the host signed exactly that. Nothing is asked of anybody.
#[derive(clap::Args)]
pub(crate) struct VerifyArgs {
    /// Receipt file, as GET /v1/receipts returned it
    receipt: PathBuf,
    /// The host's public key, 64 hexadecimal digits, as GET /v1/key returned it
    #[arg(long, env = "SOUK_HOST_KEY", value_name = "HEX")]
    key: String,
}

pub(crate) fn run(ui: &mut Ui, command: &ReceiptCommand) -> Result<(), CliError> {
    match command {
        ReceiptCommand::Verify(args) => verify(ui, args),
    }
}

fn verify(ui: &mut Ui, args: &VerifyArgs) -> Result<(), CliError> {
    let bytes = build::read(&args.receipt, "a receipt is a file")?;
    let text = String::from_utf8_lossy(&bytes);
    let statement = receipt::verify(&text, &public_key(&args.key)?).map_err(|error| {
        CliError::new(format!(
            "{} is not a receipt of this host",
            args.receipt.display()
        ))
        .because(error)
        .hint("Get the receipt again, and the key from the host itself")
    })?;
    ui.status("The signature is good. The receipt says:");
    ui.result(sentence(&statement));
    Ok(())
}

fn sentence(said: &Statement) -> String {
    let Statement {
        kind,
        amount,
        at,
        entry,
        payer,
        payee,
        ..
    } = said;
    let app = said
        .app
        .as_ref()
        .map(|app| format!(" with {app}"))
        .unwrap_or_default();
    let order = said
        .order
        .map(|order| format!(", order {order}"))
        .unwrap_or_default();
    format!(
        "{} of {amount}{app} on {at}, from {payer} to {payee}, entry {entry}{order}",
        kind.name()
    )
}

fn public_key(text: &str) -> Result<[u8; 32], CliError> {
    let bytes = hex::decode(text.trim())
        .ok()
        .and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| {
        CliError::new("the key is not 64 hexadecimal digits").hint("GET /v1/key prints it")
    })
}
