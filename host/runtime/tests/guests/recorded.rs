//! Runs of the kept guests that were recorded on another day, by another build of the host: they
//! replay to the byte on whatever day it is.
//!
//! `tests/guests/release` records them anew, with the programs that it keeps.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use sha2::{Digest, Sha256};
use souk_core::Timestamp;
use souk_runtime::{Limits, Place, Replay, Trace};

use crate::languages::Guest;
use crate::programs::{guests, read};
use crate::stage::{NOON, Stage};

/// What is recorded: the program, and what Ana types.
const RUNS: [(&str, &str, &str); 10] = [
    ("outside", "look", ""),
    ("outside", "look", "again"),
    ("messaging", "all", ""),
    ("messaging", "card", ""),
    ("messaging", "many", "5"),
    ("messaging", "stumble", ""),
    ("wallet", "ask", "cup-1 250"),
    ("wallet", "rich", "cup-2"),
    ("wallet", "wrong", "cup-3"),
    ("wallet", "purse", "USD"),
];
/// Names the release of which the runs are recorded first.
const RECORD: &str = "SOUK_RECORD";

/// The folder of each release that programs are kept of.
fn releases() -> Vec<PathBuf> {
    let releases = std::fs::read_dir(guests().join("released")).unwrap();
    releases.map(|release| release.unwrap().path()).collect()
}

fn file(release: &Path, number: usize) -> PathBuf {
    let (program, command, _) = RUNS[number];
    let recorded = guests().join("recorded").join(release.file_name().unwrap());
    recorded.join(format!("{number}-{program}-{command}.trace"))
}

fn today() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Timestamp::from_millis(u64::try_from(since.as_millis()).unwrap())
}

/// Records a run, today.
async fn record(release: &Path, number: usize) {
    let (program, command, arguments) = RUNS[number];
    let bytes = read(&release.join("rust"), program);
    let stage = Stage::with(&bytes, &Limits::default()).await;
    stage.clock.pass(today().millis() - NOON);
    let report = stage.command(command, arguments).await.report;
    let trace = Trace {
        app: "com.example.tea".parse().unwrap(),
        version: 1,
        package: Sha256::digest(&bytes).into(),
        run: report.recording.unwrap(),
    };
    let file = file(release, number);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, trace.to_bytes().unwrap()).unwrap();
}

/// Replays a recorded run, changed or not, with the program that it was recorded with.
async fn replay(release: &Path, number: usize, change: fn(&mut Trace)) -> Replay {
    let (program, ..) = RUNS[number];
    let bytes = read(&release.join("rust"), program);
    let mut trace = Trace::from_bytes(&std::fs::read(file(release, number)).unwrap()).unwrap();
    assert_eq!(
        trace.package,
        <[u8; 32]>::from(Sha256::digest(&bytes)),
        "{program} was built anew since; record the runs with tests/guests/release"
    );
    assert!(trace.run.clock < today(), "it was recorded earlier");
    change(&mut trace);
    let Guest { runtime, prepared } = Guest::new(&bytes, &Limits::default());
    runtime.replay(&prepared, &trace, true).await.unwrap()
}

#[tokio::test]
async fn recorded_runs_replay_on_whatever_day_it_is() {
    for release in releases() {
        for (number, run) in RUNS.iter().enumerate() {
            if std::env::var_os(RECORD).as_deref() == release.file_name() {
                record(&release, number).await;
            }
            let replayed = replay(&release, number, |_| ()).await;
            assert_eq!(replayed.difference, None, "{run:?}");
        }
    }
}

#[tokio::test]
async fn with_the_clock_of_today_a_recorded_run_is_another() {
    for release in releases() {
        let replayed = replay(&release, 0, |trace| trace.run.clock = today()).await;
        assert_eq!(replayed.difference.unwrap().place, Place::Call(2));
    }
}
