//! `souk demo`: a complete market on this machine, for a person to walk about in, or played through
//! from beginning to end.
//!
//! Everything goes through the public API of a host that runs as a process of its own, because one
//! of the scenes kills it.

mod crash;
mod flowers;
mod grants;
mod people;
mod proof;
mod rails;
mod shopping;
mod shops;
mod stamps;
mod story;
mod transcript;

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::stage::{House, Programs};
use crate::ui::Ui;
use crate::{CliError, signals};
use shops::Shops;
use transcript::Transcript;

/// How long money stays set aside in the story: nobody waits a week for its end.
const AUTHORIZATION_MS: u64 = 4_000;

/// A complete market on this machine: people, shops, money
///
/// Builds the sample mini-apps, starts a host with a temporary store, and prints a link for each of
/// two ready-made people. With --once it plays the market through by itself, prints what happened,
/// and ends with one line: `demo: N steps, 0 failed`.
#[derive(clap::Args)]
pub(crate) struct DemoArgs {
    /// Play it through, print it, exit
    #[arg(long)]
    once: bool,
    /// Directory of the sample mini-apps
    #[arg(long, default_value = "sample-miniapps", value_name = "DIR")]
    samples: PathBuf,
    /// Address to listen at [default: a free port on this machine]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
}

pub(crate) async fn run(ui: &mut Ui, args: &DemoArgs) -> Result<(), CliError> {
    let room = tempfile::tempdir()
        .map_err(|error| CliError::new("there is no place for a temporary store").because(error))?;
    let shops = Shops::build(ui, &args.samples, room.path())?;
    let listen = args
        .listen
        .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0)));
    let stop = signals::told_to_stop()?;
    let mut house = House::open(programs(args.once)?, room.path(), listen).await?;
    if args.once {
        let mut transcript = Transcript::new();
        drop(story::play(&mut transcript, &mut house, &shops).await);
        house.close().await;
        return transcript.end(ui);
    }
    let links = story::furnish(&house, &shops).await?;
    show(ui, &links);
    stop.await;
    house.close().await;
    Ok(())
}

/// The host is this program; in the story money is set aside for a short time.
fn programs(once: bool) -> Result<Programs, CliError> {
    let mut programs = Programs::this()?;
    if once {
        let millis = AUTHORIZATION_MS.to_string();
        programs.flags = vec!["--authorization".into(), millis.into()];
    }
    Ok(programs)
}

fn show(ui: &mut Ui, links: &[story::Link]) {
    ui.status("The market is open. Each link signs one person in; open them in two windows:");
    for link in links {
        ui.result(format_args!("  {:<6} {}", link.name, link.address));
    }
    ui.status("In the group, type / and see what the shops offer; /tea is a good start.");
    ui.status("Money comes from the simulated bank and chain.");
    ui.status("Press Ctrl-C to close the market.");
}
