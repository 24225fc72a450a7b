//! `souk publish`: a package goes live on a running host.

use std::path::PathBuf;

use souk_server::wire::apps::{Published, Restriction};

use super::build;
use super::remote::Remote;
use crate::CliError;
use crate::ui::Ui;

/// Publish a package to a running host
///
/// The version is live for everyone when this returns. Publishing the same package again changes
/// nothing.
#[derive(clap::Args)]
pub(crate) struct PublishArgs {
    /// Package that `souk build` made
    package: PathBuf,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) async fn run(ui: &mut Ui, args: &PublishArgs) -> Result<(), CliError> {
    let package = build::read(
        &args.package,
        "`souk build` prints the path of what it made",
    )?;
    let client = args.remote.client();
    let published: Result<Published, _> = client.post_package("/v1/apps", package).await;
    let published = published.map_err(|error| args.remote.told(error))?;
    ui.status(format_args!(
        "Published {} {} at {}.",
        published.app,
        published.name,
        args.remote.host()
    ));
    for Restriction { matter, left } in &published.restricted {
        match left {
            None => ui.status(format_args!(
                "The operator of this host denies it {matter}."
            )),
            Some(left) => ui.status(format_args!(
                "The operator of this host allows less of {matter}: {left}."
            )),
        }
    }
    ui.result(format_args!(
        "{} {} sha256:{}",
        published.app, published.code, published.digest
    ));
    Ok(())
}
