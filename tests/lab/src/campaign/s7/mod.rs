//! S7: the reference suites of WebAssembly, with all proposals, and of the component model, with
//! tests of ours, through the engine as the host has it set up. Nothing in them makes the host
//! panic, and what this engine takes it does right.
//!
//! What the engine does not have, or has no room for, is skipped and counted; of ours nothing may
//! be. Where its validator panics, a host's compiler, which is a process of its own, must answer.
//! The mutant that the campaign must notice is an engine that subtracts where it should add.

mod components;
mod files;
mod lifted;
mod modules;
mod played;
mod script;
mod toxic;
mod values;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use souk_runtime::{Limits, Runtime};

use self::files::{File, Of};
use self::played::Played;
use super::{Args, Tally};
use crate::{Wrong, report};

/// From one file to the next: few files in a row are few of every part.
const STRIDE: u64 = 97;

thread_local! {
    /// The words of the last panic, to be told with the file it came of.
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Plays as many files as asked, and tells how many did not come out as they say.
///
/// # Errors
/// When there is no sandbox, or the files are not there.
pub async fn run(args: Args) -> Result<Tally, Wrong> {
    let files = files::all()?;
    let all = u64::try_from(files.len())?;
    if all.is_multiple_of(STRIDE) {
        return Err(format!("{STRIDE} leads to few of {all} files; take another stride").into());
    }
    let due = u32::try_from(files.len())?;
    let (n, mut tally, mut totals) = (args.n(due), Tally::default(), BTreeMap::new());
    let runtime = Runtime::new(&Limits::default())?;
    std::panic::set_hook(Box::new(|panic| PANIC.set(panic.to_string())));
    for seed in args.seeds(due) {
        let place = seed.wrapping_mul(STRIDE).checked_rem(all);
        let file = files.get(usize::try_from(place.unwrap_or_default())?);
        let file = file.ok_or("there are no files")?;
        let came = try_one(&runtime, file, args.unprotected);
        let total: &mut Total = totals.entry(file.of.half()).or_default();
        total.files += 1;
        match tally.count(n, seed, came) {
            Some(played) => total.played.add(played),
            None => total.bad += 1,
        }
    }
    drop(std::panic::take_hook());
    let toxic: Vec<_> = totals
        .values()
        .flat_map(|it| it.played.toxic.clone())
        .collect();
    let unanswered = toxic::unanswered(&runtime, &toxic).await?;
    tally.bad = tally.bad.saturating_add(unanswered);
    for (half, total) in totals {
        report::result(format_args!("{half}: {}", total.words()));
    }
    report::result(format_args!(
        "the engine's validator panicked on {} components; a host's compiler did not answer on {}",
        toxic.len(),
        unanswered
    ));
    Ok(tally)
}

/// What came of one half's files.
#[derive(Default)]
struct Total {
    files: u32,
    bad: u32,
    played: Played,
}

impl Total {
    fn words(&self) -> String {
        let mut skipped: Vec<_> = self.played.skipped.iter().collect();
        skipped.sort_by(|one, other| other.1.cmp(one.1));
        let line = |(takes, count): (&&str, &u64)| format!("{count} {takes}");
        format!(
            "{} files, {} bad; {} assertions held, {} were left out ({})",
            self.files,
            self.bad,
            self.played.held,
            self.played.left_out(),
            skipped.into_iter().map(line).collect::<Vec<_>>().join(", ")
        )
    }
}

fn try_one(runtime: &Runtime, file: &File, mutant: bool) -> Result<Played, Wrong> {
    let text = if mutant {
        file.text.replace("i32.add", "i32.sub")
    } else {
        file.text.clone()
    };
    let name = &file.name;
    let file = File {
        text,
        name: name.clone(),
        ..*file
    };
    let played = catch_unwind(AssertUnwindSafe(|| script::play(runtime, &file)));
    let played = played.map_err(|_| format!("{name}: the host panicked: {}", PANIC.take()))?;
    let played = played.map_err(|error| format!("{name}: {error}"))?;
    if !played.wrong.is_empty() {
        return Err(format!("{name}: {}", played.wrong.join("; ")).into());
    }
    if file.of == Of::Ours && played.left_out() > 0 {
        return Err(format!("{name}: {} of ours were left out", played.left_out()).into());
    }
    Ok(played)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which of ours do not come out as they say.
    fn wrong(mutant: bool) -> Vec<String> {
        let runtime = Runtime::new(&Limits::default()).unwrap();
        let ours = files::ours().unwrap();
        let tried = ours.iter().map(|file| try_one(&runtime, file, mutant));
        tried
            .filter_map(Result::err)
            .map(|it| it.to_string())
            .collect()
    }

    #[test]
    fn components_and_their_host_do_to_each_other_what_ours_say() {
        assert_eq!(wrong(false), Vec::<String>::new());
    }

    #[test]
    fn ours_notice_an_engine_that_subtracts() {
        assert_ne!(wrong(true), Vec::<String>::new());
    }
}
