//! `souk receipt`: receipts, checked without any host.

use std::path::PathBuf;

use souk_ledger::proof::{self, ProofError, PublicKey};
use souk_ledger::receipt::{self, Statement};
use souk_ledger::statement;

use super::build;
use crate::CliError;
use crate::ui::Ui;

/// Check receipts, with no host at all
#[derive(clap::Subcommand)]
pub(crate) enum ReceiptCommand {
    Verify(VerifyArgs),
}

/// Check a receipt or a statement, offline
///
/// Prints what it says if the host signed exactly that. Nothing is asked of anybody.
#[derive(clap::Args)]
pub(crate) struct VerifyArgs {
    /// Receipt or statement file, as the host returned it
    receipt: PathBuf,
    /// The host's public keys, 64 hexadecimal digits each, as GET /v1/key returned them
    #[arg(
        long,
        env = "SOUK_HOST_KEY",
        value_name = "HEX",
        value_delimiter = ',',
        required = true
    )]
    key: Vec<String>,
}

pub(crate) fn run(ui: &mut Ui, command: &ReceiptCommand) -> Result<(), CliError> {
    match command {
        ReceiptCommand::Verify(args) => verify(ui, args),
    }
}

fn verify(ui: &mut Ui, args: &VerifyArgs) -> Result<(), CliError> {
    let bytes = build::read(&args.receipt, "a receipt is a file")?;
    let text = String::from_utf8_lossy(&bytes);
    let keys = args.key.iter().map(|key| public_key(key));
    let keys = keys.collect::<Result<Vec<_>, _>>()?;
    let (what, said) = said(&text, &keys).map_err(|error| {
        let path = args.receipt.display();
        CliError::new(format!("{path} does not come from this host like that"))
            .because(error)
            .hint("Get it again, and the keys from the host itself")
    })?;
    ui.status(format_args!("The signature is good. {what} says:"));
    ui.result(said);
    Ok(())
}

/// What a signed text is, and what it says.
fn said(text: &str, keys: &[PublicKey]) -> Result<(String, String), ProofError> {
    if proof::kind(text)? == statement::PAYLOAD_TYPE {
        let said = statement::verify(text, keys)?;
        let what = format!("The statement, made at {},", said.made);
        return Ok((what, statement::csv(&said).trim_end().to_owned()));
    }
    Ok(("It".to_owned(), sentence(&receipt::verify(text, keys)?)))
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
