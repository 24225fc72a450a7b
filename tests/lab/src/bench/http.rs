//! An action over HTTP until its reply is committed: the bare loop against a real host, with the
//! same requests from the same load generator.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::figures::Figures;
use super::{crowd, wrk};
use crate::{Wrong, programs, report};

/// Connections at once.
pub(super) const CONNECTIONS: usize = 32;
/// How often the sides take turns. Odd, so that there is a median.
const TURNS: usize = 3;

/// What both sides did.
pub(super) struct Measured {
    pub(super) bare: Figures,
    pub(super) host: Figures,
}

/// Measures both sides in turns, each for `time`.
pub(super) async fn measure(chats: usize, time: Duration) -> Result<Measured, Wrong> {
    let room = tempfile::tempdir()?;
    let requests = &room.path().join("requests");
    report::tell(format_args!(
        "A crowd of {} gathers on a host.",
        chats * crowd::CHAT_PEOPLE
    ));
    let mut house = programs::open_house(room.path(), programs::souk()?).await?;
    wrk::write(requests, &crowd::gather(house.base(), chats).await?)?;
    let (_bare_loop, bare_base) = start_bare_loop(&room.path().join("bare-loop")).await?;

    let (mut bare, mut host) = (Vec::new(), Vec::new());
    for turn in 0..=TURNS {
        // The first turn warms up.
        let time = if turn == 0 {
            Duration::from_secs(1)
        } else {
            time
        };
        bare.push(wrk::load(&bare_base, requests, CONNECTIONS, time).await?);
        host.push(wrk::load(house.base(), requests, CONNECTIONS, time).await?);
        report::tell(format_args!("Turn {turn} of {TURNS} is over."));
    }
    house.close().await;
    let median = |all: Vec<Figures>| Figures::median(all.get(1..).unwrap_or_default());
    Ok(Measured {
        bare: median(bare),
        host: median(host),
    })
}

/// Starts the bare loop; it ends with what is returned.
async fn start_bare_loop(file: &Path) -> Result<(Child, String), Wrong> {
    let mut command = Command::new(programs::beside("bare-loop")?);
    let mut child = command
        .arg(file)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let stdout = child.stdout.as_mut().ok_or("the bare loop has no output")?;
    let base = BufReader::new(stdout).lines().next_line().await?;
    Ok((child, base.ok_or("the bare loop did not start")?))
}
