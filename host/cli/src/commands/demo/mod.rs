//! `souk demo`: a complete market on this machine, for a person to walk about in, or played through
//! from beginning to end.
//!
//! Everything goes through the public API of a host that runs as a process of its own, because one
//! of the scenes kills it.

mod crash;
mod people;
mod proof;
mod rails;
mod shopping;
mod story;
mod transcript;

use std::net::SocketAddr;
use std::path::PathBuf;

use super::build::{self, BuildArgs};
use crate::stage::{House, Programs};
use crate::ui::Ui;
use crate::{CliError, signals};
use transcript::Transcript;

/// A complete market on this machine: people, a shop, money
///
/// Builds the sample mini-app, starts a host with a temporary store, and prints a link for each of
/// two ready-made people. With --once it plays the market through by itself, prints what happened,
/// and ends with one line: `demo: N steps, 0 failed`.
#[derive(clap::Args)]
pub(crate) struct DemoArgs {
    /// Play it through, print it, exit
    #[arg(long)]
    once: bool,
    /// Directory of the sample mini-app
    #[arg(long, default_value = "sample-miniapps/tea-house", value_name = "DIR")]
    sample: PathBuf,
    /// Address to listen at [default: a free port on this machine]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
}

pub(crate) async fn run(ui: &mut Ui, args: &DemoArgs) -> Result<(), CliError> {
    let room = tempfile::tempdir()
        .map_err(|error| CliError::new("there is no place for a temporary store").because(error))?;
    let package = build_sample(ui, args, room.path())?;
    let listen = args
        .listen
        .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0)));
    let stop = signals::told_to_stop()?;
    let mut house = House::open(Programs::this()?, room.path(), listen).await?;
    if args.once {
        let mut transcript = Transcript::new();
        drop(story::play(&mut transcript, &mut house, &package).await);
        house.close().await;
        return transcript.end(ui);
    }
    let links = story::furnish(&house, &package).await?;
    show(ui, &links);
    stop.await;
    house.close().await;
    Ok(())
}

fn build_sample(ui: &mut Ui, args: &DemoArgs, room: &std::path::Path) -> Result<Vec<u8>, CliError> {
    if !args.sample.join("miniapp.toml").is_file() {
        return Err(
            CliError::new(format!("there is no mini-app in {}", args.sample.display()))
                .hint("Run the demo in a clone of Souk, or name a mini-app with --sample"),
        );
    }
    let out = room.join("sample.souk");
    let build = BuildArgs {
        app: args.sample.clone(),
        key: Some(room.join("merchant.pem")),
        out: Some(out.clone()),
    };
    build::make(ui, &build)?;
    build::read(&out, "it was built a moment ago")
}

fn show(ui: &mut Ui, links: &[story::Link]) {
    ui.status("The market is open. Each link signs one person in; open them in two windows:");
    for link in links {
        ui.result(format_args!("  {:<6} {}", link.name, link.address));
    }
    ui.status("In the group, type /tea. Money comes from the simulated bank and chain.");
    ui.status("Press Ctrl-C to close the market.");
}
