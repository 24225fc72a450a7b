//! An action over HTTP until its reply is committed: a real host against the bare loop, against
//! the bare loop that keeps what the host keeps, and against an answer that nothing is kept of,
//! with the same requests from the same load generator.

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

/// What each side did.
pub(super) struct Measured {
    pub(super) bare: Figures,
    pub(super) kept: Figures,
    pub(super) hello: Figures,
    pub(super) host: Figures,
}

/// Measures the sides in turns, each for `time`.
pub(super) async fn measure(chats: usize, time: Duration) -> Result<Measured, Wrong> {
    let room = tempfile::tempdir()?;
    let requests = &room.path().join("requests");
    report::tell(format_args!(
        "A crowd of {} gathers on a host.",
        chats * crowd::CHAT_PEOPLE
    ));
    let mut house = programs::open_house(room.path(), programs::souk()?).await?;
    wrk::write(requests, &crowd::gather(house.base(), chats).await?)?;
    let bare_loop = programs::beside("bare-loop")?;
    let (file, store) = (room.path().join("bare-loop"), room.path().join("kept"));
    let (_bare, bare_base) = start(Command::new(&bare_loop).arg(file)).await?;
    let (_kept, kept_base) = start(Command::new(&bare_loop).arg("--store").arg(store)).await?;
    let (_hello, hello_base) = start(&mut Command::new(programs::beside("hello-serve")?)).await?;

    let [mut bare, mut kept, mut hello, mut host] = [const { Vec::new() }; 4];
    for turn in 0..=TURNS {
        // The first turn warms up.
        let time = if turn == 0 {
            Duration::from_secs(1)
        } else {
            time
        };
        bare.push(wrk::load(&bare_base, requests, CONNECTIONS, time).await?);
        kept.push(wrk::load(&kept_base, requests, CONNECTIONS, time).await?);
        hello.push(wrk::load(&hello_base, requests, CONNECTIONS, time).await?);
        host.push(wrk::load(house.base(), requests, CONNECTIONS, time).await?);
        report::tell(format_args!("Turn {turn} of {TURNS} is over."));
    }
    house.close().await;
    let median = |all: Vec<Figures>| Figures::median(all.get(1..).unwrap_or_default());
    Ok(Measured {
        bare: median(bare),
        kept: median(kept),
        hello: median(hello),
        host: median(host),
    })
}

/// Starts a peer, which says where it listens; it ends with what is returned.
async fn start(peer: &mut Command) -> Result<(Child, String), Wrong> {
    let mut child = peer.stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
    let stdout = child.stdout.as_mut().ok_or("the peer has no output")?;
    let base = BufReader::new(stdout).lines().next_line().await?;
    Ok((child, base.ok_or("the peer did not start")?))
}
