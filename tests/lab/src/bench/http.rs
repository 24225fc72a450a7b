//! An action over HTTP until its reply is committed: a real host against the bare loop, against
//! the bare loop that keeps what the host keeps, and against answers that nothing is kept of, down
//! to an echo, with the same requests from the same load generator.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::figures::Figures;
use super::{crowd, workerd, wrk};
use crate::{Wrong, programs, report};

/// Connections at once.
pub(super) const CONNECTIONS: usize = 32;
/// How often the sides take turns. Odd, so that there is a median.
const TURNS: usize = 3;

/// What each side did.
pub(super) struct Measured {
    pub(super) echo: Figures,
    pub(super) bare: Figures,
    pub(super) kept: Figures,
    pub(super) hello: Figures,
    /// Nothing where it is not installed.
    pub(super) workerd: Option<Figures>,
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

    let [mut echo, mut bare, mut kept] = bare_loops(room.path()).await?;
    let mut hello = Side::start(Command::new(programs::beside("hello-serve")?)).await?;
    let mut workerd = match workerd::command() {
        Some(command) => Some(Side::start(command).await?),
        None => None,
    };
    let mut host = Side::at(house.base());
    for turn in 0..=TURNS {
        let sides = [&mut echo, &mut bare, &mut kept, &mut hello, &mut host];
        for side in sides.into_iter().chain(&mut workerd) {
            side.turn(requests, turn, time).await?;
        }
        report::tell(format_args!("Turn {turn} of {TURNS} is over."));
    }
    house.close().await;
    Ok(Measured {
        echo: echo.median(),
        bare: bare.median(),
        kept: kept.median(),
        hello: hello.median(),
        workerd: workerd.as_ref().map(Side::median),
        host: host.median(),
    })
}

/// An echo, and the bare loop on one file and on the host's store.
async fn bare_loops(room: &Path) -> Result<[Side; 3], Wrong> {
    let bare_loop = || programs::beside("bare-loop").map(Command::new);
    let [mut echo, mut on_file, mut on_store] = [bare_loop()?, bare_loop()?, bare_loop()?];
    echo.arg("nothing");
    on_file.arg("file").arg(room.join("bare-loop"));
    on_store.arg("store").arg(room.join("kept"));
    Ok([
        Side::start(echo).await?,
        Side::start(on_file).await?,
        Side::start(on_store).await?,
    ])
}

/// A side of the comparison.
struct Side {
    /// Where it listens.
    base: String,
    /// What its turns came to, the one that warms up left out.
    turns: Vec<Figures>,
    /// It ends with this. Nothing for one that somebody else started.
    _program: Option<Child>,
}

impl Side {
    /// One that listens already.
    fn at(base: &str) -> Self {
        Self {
            base: base.to_owned(),
            turns: Vec::new(),
            _program: None,
        }
    }

    /// Starts one, whose first line says where it listens.
    async fn start(mut program: Command) -> Result<Self, Wrong> {
        let mut child = program.stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
        let stdout = child.stdout.as_mut().ok_or("the peer has no output")?;
        let said = BufReader::new(stdout).lines().next_line().await?;
        let said = said.ok_or("the peer did not start")?;
        Ok(Self {
            _program: Some(child),
            ..Self::at(&workerd::base(&said).unwrap_or(said))
        })
    }

    /// Loads it for a while; turn 0 warms up.
    async fn turn(&mut self, requests: &Path, turn: usize, time: Duration) -> Result<(), Wrong> {
        let warm_up = Duration::from_secs(1);
        let time = if turn == 0 { warm_up } else { time };
        let figures = wrk::load(&self.base, requests, CONNECTIONS, time).await?;
        self.turns.extend((turn > 0).then_some(figures));
        Ok(())
    }

    fn median(&self) -> Figures {
        Figures::median(&self.turns)
    }
}
