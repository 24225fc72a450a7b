//! `souk publish`: a package goes live on a running host.

use std::path::PathBuf;

use souk_server::wire::apps::Published;

use super::build;
use crate::CliError;
use crate::client::{Client, ClientError};
use crate::ui::Ui;

/// Publish a package to a running host
///
/// The version is live for everyone when this returns. Publishing the same package again changes
/// nothing.
#[derive(clap::Args)]
pub(crate) struct PublishArgs {
    /// Package that `souk build` made
    package: PathBuf,
    /// Address of the host
    #[arg(
        long,
        env = "SOUK_HOST",
        default_value = "http://127.0.0.1:8470",
        value_name = "URL"
    )]
    host: String,
    /// Bearer token of your account there, from POST /v1/tokens
    #[arg(long, env = "SOUK_TOKEN", hide_env_values = true)]
    token: String,
}

pub(crate) async fn run(ui: &mut Ui, args: &PublishArgs) -> Result<(), CliError> {
    let package = build::read(
        &args.package,
        "`souk build` prints the path of what it made",
    )?;
    let published: Result<Published, _> = Client::new(&args.host, &args.token)
        .post_package("/v1/apps", package)
        .await;
    let published = published.map_err(|error| told(&args.host, error))?;
    ui.status(format_args!(
        "Published {} {} at {}.",
        published.app, published.name, args.host
    ));
    ui.result(format_args!(
        "{} {} sha256:{}",
        published.app, published.code, published.digest
    ));
    Ok(())
}

/// A host's refusal in the words of the command line.
fn told(host: &str, error: ClientError) -> CliError {
    match error {
        ClientError::Refused(refused) => {
            CliError::new(format!("the host refused: {}", refused.detail)).hint(refused.hint)
        }
        ClientError::Unreachable(cause) => CliError::new(format!("{host} cannot be reached"))
            .because(cause)
            .hint("Check the address, and that `souk serve` runs there"),
        error @ (ClientError::Stream(_) | ClientError::Foreign(_)) => {
            CliError::new(format!("{host} does not answer like a Souk host")).because(error)
        }
    }
}
