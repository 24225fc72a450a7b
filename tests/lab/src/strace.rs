//! System calls that fail when they are told to, and what became of the process: `strace` with
//! fault injection.

use std::ffi::OsString;
use std::path::Path;

use crate::Wrong;

/// The calls that write to files and sync them.
const CALLS: &str = "pwrite64,fdatasync,fsync,sync_file_range";

/// What became of a process, in milliseconds since 1970.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Traced {
    /// Every failure, and whether it was in the folder that is told apart.
    pub(crate) failed: Vec<(f64, bool)>,
    /// When its last thread was gone.
    pub(crate) gone: Option<f64>,
}

/// Returns what runs a program so that the call with this number fails as a broken disk fails it.
/// Each kind of call is counted by itself, and each thread counts its own.
pub(crate) fn failing(number: u64, log: &Path, program: Vec<OsString>) -> Vec<OsString> {
    let inject = format!("inject={CALLS}:error=EIO:when={number}");
    let words = [
        "strace",
        "-D",
        "-f",
        "-q",
        "-y",
        "-s0",
        "--seccomp-bpf",
        "-ttt",
        "-e",
    ];
    let mut all: Vec<OsString> = words.into_iter().map(OsString::from).collect();
    all.extend([format!("trace={CALLS}").into(), "-e".into(), inject.into()]);
    all.extend(["-o".into(), log.as_os_str().to_owned()]);
    all.extend(program);
    all
}

/// Reads a log, and tells failures in a folder apart.
pub(crate) fn read(log: &Path, folder: &Path) -> Result<Traced, Wrong> {
    Ok(parse(
        &std::fs::read_to_string(log)?,
        &folder.to_string_lossy(),
    ))
}

fn parse(log: &str, folder: &str) -> Traced {
    // A line is the thread, the time and what happened, with the files by name.
    let time = |line: &str| {
        let seconds: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(seconds * 1_000.0)
    };
    let failed = log.lines().filter(|line| line.contains("(INJECTED)"));
    let failed = failed.filter_map(|line| Some((time(line)?, line.contains(folder))));
    let gone = |line: &&str| line.contains("+++ exited") || line.contains("+++ killed");
    Traced {
        failed: failed.collect(),
        gone: log.lines().rfind(gone).and_then(time),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_and_the_end_are_read() {
        let log = "7 1.000000 fdatasync(9</d/journal/1>)   = 0\n\
                   8 1.250000 fsync(9</d/state/db>)   = -1 EIO (Input/output error) (INJECTED)\n\
                   9 1.260000 fsync(9</d/journal/1>)   = -1 EIO (Input/output error) (INJECTED)\n\
                   8 1.270000 +++ exited with 0 +++\n\
                   7 1.300000 +++ exited with 1 +++\n";
        let traced = parse(log, "/d/state");
        assert_eq!(traced.failed, [(1_250.0, true), (1_260.0, false)]);
        assert_eq!(traced.gone, Some(1_300.0));
        assert_eq!(
            parse("7 1.000000 fdatasync(9)   = 0\n", "/d/state"),
            Traced::default()
        );
    }
}
