//! S9: every parser is fuzzed for a while. Whatever bytes it is given, it does not panic, and is
//! done within a second.
//!
//! The parsers are those of `tests/fuzz`, one program each; `--n` is for how many seconds each
//! runs. The mutant that must be found is a parser which cuts a text where no character begins.

use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tokio::process::Command;

use super::{Args, Tally};
use crate::parsers::PARSERS;
use crate::{Wrong, report, till};

/// How many seconds each parser is fuzzed for.
const SECONDS: u32 = 60;
/// Where everything about it is.
const FUZZ: &str = "../fuzz";
/// The parser with a fault.
const MUTANT: &str = "mutant";
/// What says how often a parser was tried.
const TRIED: &str = "stat::number_of_executed_units:";

/// Fuzzes each parser for as long as asked, and tells how many broke.
///
/// # Errors
/// When the programs are not built.
pub async fn run(args: Args) -> Result<Tally, Wrong> {
    let (seconds, mut tally) = (args.n(SECONDS), Tally::default());
    let all = PARSERS.iter().map(|(name, _)| *name);
    let names: Vec<_> = if args.unprotected {
        vec![MUTANT]
    } else {
        all.collect()
    };
    for name in names {
        let fuzzed = Fuzzed::run(name, seconds, args.seed).await?;
        report::result(format_args!("{name}: {} tried", fuzzed.tried));
        tally.tried = tally.tried.saturating_add(fuzzed.tried);
        if let Some(words) = fuzzed.broke {
            tally.bad(args.seed, &format!("{name}: {words}").into());
            till::put_by(fuzzed.found, args.unprotected);
        }
    }
    Ok(tally)
}

/// What came of a parser.
struct Fuzzed {
    tried: u32,
    /// What it broke with.
    broke: Option<String>,
    /// The bytes that it broke with.
    found: TempDir,
}

impl Fuzzed {
    async fn run(name: &str, seconds: u32, seed: u64) -> Result<Self, Wrong> {
        let (found, grown, room) = (tempfile::tempdir()?, tempfile::tempdir()?, till::folder()?);
        let program = fuzz().join("target/programs").join(name);
        let ran = Command::new(&program)
            // It ends without clearing up.
            .env("TMPDIR", room.path())
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-seed={}", u32::try_from(seed)?))
            .arg(format!("-artifact_prefix={}/", found.path().display()))
            .args(["-timeout=1", "-rss_limit_mb=2048", "-print_final_stats=1"])
            .args([grown.path(), &corpus(name)])
            .output()
            .await
            .map_err(|error| format!("{}: {error}", program.display()))?;
        let said = String::from_utf8_lossy(&ran.stderr);
        let tried = said.lines().find_map(|line| line.strip_prefix(TRIED));
        Ok(Self {
            tried: tried.and_then(|it| it.trim().parse().ok()).unwrap_or(0),
            broke: (!ran.status.success()).then(|| last_words(&said)),
            found,
        })
    }
}

/// What a program says when it breaks.
fn last_words(said: &str) -> String {
    let tells = |line: &&str| line.contains("panicked at") || line.contains("ERROR: libFuzzer");
    let told: Vec<_> = said.lines().filter(tells).collect();
    told.join("; ")
}

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(FUZZ)
}

/// Where the bytes are that were worth keeping for a parser.
fn corpus(name: &str) -> PathBuf {
    fuzz().join("corpus").join(name)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::stopwatch::Stopwatch;

    #[test]
    fn what_was_worth_keeping_breaks_no_parser() {
        for (name, parser) in PARSERS {
            let kept = std::fs::read_dir(corpus(name)).unwrap();
            let kept: Vec<_> = kept.map(|kept| kept.unwrap().path()).collect();
            assert!(kept.len() >= 5, "{name} has {} kept", kept.len());
            for path in kept {
                let (bytes, watch) = (std::fs::read(&path).unwrap(), Stopwatch::start());
                parser(&bytes);
                let took = watch.elapsed();
                assert!(
                    took < Duration::from_secs(1),
                    "{}: {took:?}",
                    path.display()
                );
            }
        }
    }
}
