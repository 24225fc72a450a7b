//! `souk receipt`: receipts, got from a host and checked without any.

use std::path::PathBuf;

use souk_core::EntryId;
use souk_ledger::proof::{self, ProofError, PublicKey};
use souk_ledger::receipt::{self, Statement};
use souk_ledger::statement;
use souk_server::wire::wallet::HostKey;

use super::build;
use super::remote::{Address, Remote};
use crate::CliError;
use crate::ui::Ui;

/// Get receipts and the host's keys, and check receipts with no host at all
#[derive(clap::Subcommand)]
pub(crate) enum ReceiptCommand {
    Get(GetArgs),
    Keys(KeysArgs),
    Verify(VerifyArgs),
}

/// Print the receipt of something that moved in your wallet
///
/// As the host signed it: keep it as it is, in a file.
#[derive(clap::Args)]
pub(crate) struct GetArgs {
    /// Entry, as `souk wallet entries` lists it
    entry: EntryId,
    #[command(flatten)]
    remote: Remote,
}

/// Print the keys that the host publishes, as `souk receipt verify --key` takes them
///
/// All it ever signed with, the present one last. Ask the host itself, and keep them.
#[derive(clap::Args)]
pub(crate) struct KeysArgs {
    /// Print JSON, with the time until which each signed
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    address: Address,
}

/// Check a receipt or a statement, offline
///
/// Prints what it says if the host signed exactly that. Nothing is asked of anybody.
#[derive(clap::Args)]
pub(crate) struct VerifyArgs {
    /// Receipt or statement file, as the host returned it
    receipt: PathBuf,
    /// The host's public keys, 64 hexadecimal digits each, as `souk receipt keys` prints them
    #[arg(
        long,
        env = "SOUK_HOST_KEY",
        value_name = "HEX",
        value_delimiter = ',',
        required = true
    )]
    key: Vec<String>,
}

pub(crate) async fn run(ui: &mut Ui, command: &ReceiptCommand) -> Result<(), CliError> {
    match command {
        ReceiptCommand::Get(args) => get(ui, args).await,
        ReceiptCommand::Keys(args) => keys(ui, args).await,
        ReceiptCommand::Verify(args) => verify(ui, args),
    }
}

async fn get(ui: &mut Ui, args: &GetArgs) -> Result<(), CliError> {
    let path = format!("/v1/receipts/{}", args.entry);
    let receipt = args.remote.client().get_text(&path).await;
    ui.result(receipt.map_err(|error| args.remote.told(error))?);
    Ok(())
}

async fn keys(ui: &mut Ui, args: &KeysArgs) -> Result<(), CliError> {
    let found = args.address.client("").get("/v1/key").await;
    let found: HostKey = found.map_err(|error| args.address.told(error))?;
    if args.json {
        return ui.json(&found);
    }
    let keys: Vec<_> = found.keys.into_iter().map(|key| key.public_key).collect();
    ui.result(keys.join(","));
    Ok(())
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
        CliError::new("the key is not 64 hexadecimal digits").hint("`souk receipt keys` prints it")
    })
}
