//! S8: a host call that panics, fails or is given up, at whichever place it waits, harms that run
//! and nothing else: it leaves nothing or all of itself, a neighbour that was under way meanwhile
//! ends well, no place is lost, and the next one is served, in the same lane too.
//!
//! A run without a mishap is watched first, for commands that call every function of the contract:
//! each time it waits for the store or for the outside is a place, and so is the commit of whoever
//! asked for it. Then each mishap happens at each place; and at each at which a market waits when
//! something is said in one of its lanes. Without the protection, nothing catches a panic: it goes
//! on in whoever waits for the run.

mod commands;
mod fate;
mod lanes;
mod outside;
mod world;

use std::collections::BTreeSet;
use std::time::Duration;

use souk_runtime::{End, FaultKind, Limits, Protections, Runtime};
use tokio::task::{JoinError, JoinSet};
use tokio::time::timeout;

use self::commands::Command;
use self::fate::{Fate, Mishap, Waits, Whose};
use self::lanes::Lanes;
use self::world::{Guests, World};
use super::{Args, Tally};
use crate::dice::Dice;
use crate::{Wrong, corpus, report};

/// How often a call goes wrong, at least: each mishap happens once at each place.
const TRIES: u32 = 1_000;
/// Runs at once: so few that a place which is lost is missed soon.
const PLACES: usize = 4;
/// How long a run may take.
const RUN: Duration = Duration::from_secs(5);
/// What is not answered, and so does not wait.
const UNANSWERED: &str = "souk:runtime/log@0.1.0#print";

/// Lets calls go wrong, and tells how often that harmed more than their own run.
///
/// # Errors
/// When there is no sandbox, a run goes wrong by itself, or a function of the contract is not
/// called.
pub async fn run(args: Args) -> Result<Tally, Wrong> {
    // A panic here is what is tried, and need not be told a thousand times.
    std::panic::set_hook(Box::new(|_| {}));
    let site = Site::open(args.unprotected).await?;
    let due = u32::try_from(site.cases.len())?.max(TRIES);
    let (n, mut tally) = (args.n(due), Tally::default());
    for seed in args.seeds(due) {
        tally.count(n, seed, site.try_one(seed).await);
    }
    drop(std::panic::take_hook());
    Ok(tally)
}

/// The guests, the lanes, and all that can happen to them.
struct Site {
    guests: Guests,
    neighbour: Neighbour,
    lanes: Lanes,
    cases: Vec<Case>,
}

/// A mishap at a place.
struct Case {
    what: What,
    place: usize,
    mishap: Mishap,
}

/// Where it happens.
#[derive(Clone)]
enum What {
    /// In the run of a command, which waits there otherwise.
    Run(Command, Waits),
    /// In what is said in a lane.
    Lane,
}

/// What became of something that was asked in a task of its own.
type Ended<T> = Result<Result<T, Wrong>, JoinError>;

impl Site {
    async fn open(unprotected: bool) -> Result<Self, Wrong> {
        let limits = Limits {
            runs_at_once: PLACES,
            app_runs_at_once: PLACES,
            ..Limits::default()
        };
        let protections = Protections {
            catching: !unprotected,
        };
        let runtime = Runtime::behind(&limits, protections)?;
        let guests = Guests::open(runtime.clone())?;
        let mut cases = Vec::new();
        let mut called = BTreeSet::new();
        for command in commands::all(&guests).await? {
            let (waits, functions) = watch(&guests, &command).await?;
            called.extend(functions);
            let places = waits.len();
            cases.extend(every(&What::Run(command, waits), places));
        }
        let functions = every_function_is_in(&called)?;
        let lanes = Lanes::open(runtime).await?;
        let in_lane = lanes.waits().await?;
        cases.extend(every(&What::Lane, in_lane));
        shuffle(&mut cases);
        report::result(format_args!(
            "{functions} functions are called; {} places, {in_lane} of them in a lane, and {} \
             mishaps at each",
            cases.len() / Mishap::ALL.len(),
            Mishap::ALL.len()
        ));
        Ok(Self {
            neighbour: Neighbour::open(&guests).await?,
            guests,
            lanes,
            cases,
        })
    }

    /// Has something go wrong at one of its places, while a neighbour is under way.
    async fn try_one(&self, seed: u64) -> Result<(), Wrong> {
        let at = usize::try_from(seed.wrapping_sub(1))? % self.cases.len().max(1);
        let case = self.cases.get(at).ok_or("there are no places")?;
        let neighbour = self.neighbour.begin(&self.guests).await?;
        let came = match &case.what {
            What::Run(command, waits) => case.happen(&self.guests, command, waits).await,
            What::Lane => self.lanes.try_one(case.place, case.mishap).await,
        };
        let ended = self.neighbour.end(neighbour).await;
        came.and(ended)
            .map_err(|wrong| format!("{case}: {wrong}").into())
    }
}

impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            what,
            place,
            mishap,
        } = self;
        match what {
            What::Run(command, waits) => {
                write!(f, "{mishap:?} at {place} of {} of {command}", waits.len())
            }
            What::Lane => write!(f, "{mishap:?} at {place} of a lane"),
        }
    }
}

impl Case {
    /// Has a run go wrong in a world of its own, then the same one go well.
    async fn happen(&self, guests: &Guests, command: &Command, waits: &Waits) -> Result<(), Wrong> {
        let world = World::open(guests).await?;
        let before = world.contents().await?;
        world.fate.begin(Some((self.place, self.mishap)));
        let ended = asked(&world.fate, world.asking(guests, command)).await?;
        let wait = waits.get(self.place).ok_or("there is no such place")?;
        self.as_it_should(wait.whose, &ended)?;
        let (left, expected) = (world.fate.commits(), wait.commits);
        if !self.goes_on(wait.whose) && left != expected {
            return Err(format!("{left} commits are left of it, not {expected}").into());
        }
        if left == 0 && world.contents().await? != before {
            return Err("it committed nothing, and the store has changed".into());
        }
        world.fate.begin(None);
        let next = asked(&world.fate, world.asking(guests, command));
        match timeout(RUN, next).await {
            Ok(Ok(Ok(Ok(End::Ok)))) => Ok(()),
            Ok(other) => Err(format!("the next run ends with {other:?}").into()),
            Err(_) => Err("the next run is not served".into()),
        }
    }

    /// A guest that is told that the outside does not answer goes on, and what it does stays.
    fn goes_on(&self, whose: Whose) -> bool {
        (self.mishap, whose) == (Mishap::Failure, Whose::Outside)
    }

    fn as_it_should(&self, whose: Whose, ended: &Ended<End>) -> Result<(), Wrong> {
        let fine = match (self.mishap, whose, ended) {
            (Mishap::Panic, Whose::Store | Whose::Outside, Ok(Ok(End::Fault(fault)))) => {
                fault.kind == FaultKind::Host
            }
            // Nobody but whoever commits is there to panic.
            (Mishap::Panic, Whose::Asker, Err(error)) => error.is_panic(),
            (Mishap::Failure, Whose::Store | Whose::Asker, Ok(Err(_))) => true,
            (_, _, Ok(Ok(end))) if self.goes_on(whose) => *end == End::Ok,
            (Mishap::GivenUp, _, Err(error)) => error.is_cancelled(),
            _ => false,
        };
        if fine {
            Ok(())
        } else {
            Err(format!("whoever asked gets {ended:?}").into())
        }
    }
}

/// Somebody else's run of the same app, which waits while another one goes wrong.
struct Neighbour {
    world: World,
    command: Command,
}

impl Neighbour {
    async fn open(guests: &Guests) -> Result<Self, Wrong> {
        Ok(Self {
            world: World::open(guests).await?,
            command: commands::neighbour(),
        })
    }

    /// Begins the run, which waits at its first place.
    async fn begin(&self, guests: &Guests) -> Result<JoinSet<Result<End, Wrong>>, Wrong> {
        let fate = &self.world.fate;
        fate.begin(Some((0, Mishap::GivenUp)));
        let mut running = JoinSet::new();
        running.spawn(self.world.asking(guests, &self.command));
        let waits = timeout(RUN, fate.waits_for_ever()).await;
        waits.map_err(|_| "no place is left for a neighbour")?;
        Ok(running)
    }

    /// Lets it go on to its end.
    async fn end(&self, mut running: JoinSet<Result<End, Wrong>>) -> Result<(), Wrong> {
        self.world.fate.goes_on();
        match timeout(RUN, running.join_next()).await {
            Ok(Some(Ok(Ok(End::Ok)))) => Ok(()),
            other => Err(format!("a neighbour ends with {other:?}").into()),
        }
    }
}

/// Every mishap at every place of something.
fn every(what: &What, places: usize) -> impl Iterator<Item = Case> + use<'_> {
    let places = (0..places).flat_map(|place| Mishap::ALL.map(|mishap| (place, mishap)));
    places.map(|(place, mishap)| Case {
        what: what.clone(),
        place,
        mishap,
    })
}

/// Runs a command without a mishap, and returns where it waited and which functions it called.
async fn watch(guests: &Guests, command: &Command) -> Result<(Waits, BTreeSet<String>), Wrong> {
    let world = World::open(guests).await?;
    world.fate.begin(None);
    let report = world.ask(guests, command).await?;
    if report.end != End::Ok {
        return Err(format!("{command} goes wrong by itself: {:?}", report.end).into());
    }
    let recording = report.recording.ok_or("a run is not recorded")?;
    let called = recording.calls().map(|call| call.function);
    Ok((world.fate.waits(), called.collect()))
}

/// Counts the functions of the contract, and refuses to begin when one of them is not called.
fn every_function_is_in(called: &BTreeSet<String>) -> Result<usize, Wrong> {
    let wit = corpus::contract()?;
    let all = corpus::imports(&wit).map(|(interface, it)| format!("{interface}#{}", it.name));
    let all: BTreeSet<_> = all.filter(|name| name != UNANSWERED).collect();
    let missing: Vec<_> = all.difference(called).cloned().collect();
    if missing.is_empty() {
        Ok(all.len())
    } else {
        Err(format!("no command calls {}", missing.join(", ")).into())
    }
}

/// Asks for something in a task of its own, and gives it up when it comes to where it is to be
/// given up.
async fn asked<T: Send + 'static>(
    fate: &Fate,
    asking: impl Future<Output = Result<T, Wrong>> + Send + 'static,
) -> Result<Ended<T>, Wrong> {
    let mut tasks = JoinSet::new();
    tasks.spawn(asking);
    tokio::select! {
        ended = tasks.join_next() => return ended.ok_or_else(|| "nobody asked".into()),
        () = fate.waits_for_ever() => tasks.abort_all(),
    }
    let ended = timeout(RUN, tasks.join_next()).await;
    let ended = ended.map_err(|_| "it does not end when it is given up")?;
    ended.ok_or_else(|| "nobody asked".into())
}

/// In an order in which few tries have something of everything, and always the same.
fn shuffle(cases: &mut [Case]) {
    let mut dice = Dice::new(0);
    for last in (1..cases.len()).rev() {
        cases.swap(last, dice.place(last.saturating_add(1)));
    }
}
