//! Each core has an engine of its own. An app is loaded on one, and on others only when it is busy.

use std::thread;
use std::time::Duration;

use souk_runtime::{End, FaultKind, Limits, Report};
use souk_store::StoreError;
use tokio::runtime::Builder;

use crate::languages::Guest;
use crate::programs::program;
use crate::stage::{Stage, command};

/// Runs an app from a thread that is new, and so prefers the engine whose turn it is.
fn from_a_new_thread(stage: &Stage, name: &str) -> Report {
    let run = || {
        let waits = Builder::new_current_thread().enable_all().build().unwrap();
        let run = async { stage.run(&stage.event(command(name, ""))).await };
        waits.block_on(run).0.unwrap()
    };
    thread::scope(|scope| scope.spawn(run).join().unwrap())
}

/// How often an app is in memory after runs from four threads.
fn loaded_after_four(stage: &Stage, bytes: usize) -> usize {
    for _ in 0..4 {
        let report = from_a_new_thread(stage, "nothing");
        assert!(matches!(report.end, End::Rejected(_)), "{:?}", report.end);
    }
    stage.guest.prepared.bytes() / bytes
}

#[tokio::test]
async fn an_app_is_loaded_on_another_engine_when_it_is_busy() {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let stage = &Stage::of("hostile").await;
    let bytes = stage.guest.prepared.bytes();
    assert_eq!(loaded_after_four(stage, bytes), 1, "nobody was in the way");

    let loaded = thread::scope(|scope| {
        let looping = scope.spawn(|| from_a_new_thread(stage, "loop"));
        thread::sleep(Duration::from_millis(50));
        let loaded = loaded_after_four(stage, bytes);
        drop(looping.join().unwrap());
        loaded
    });
    assert!(loaded > 1 || cores == 1, "{loaded}");
    assert!(loaded <= cores.min(5), "{loaded}");
}

#[tokio::test]
async fn one_thread_has_the_room_of_all_engines() {
    let two = Limits {
        app_runs_at_once: 2,
        app_run_waits_ms: 200,
        ..Limits::default()
    };
    let stage = Stage::on(&Guest::new(&program("hostile"), &two)).await;
    let run = async |name| stage.run(&stage.event(command(name, ""))).await.0;
    let third = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        run("nothing").await
    };
    let (one, other, third) = tokio::join!(run("loop"), run("loop"), third);
    for looped in [one, other] {
        match looped.unwrap().end {
            End::Fault(fault) => assert_eq!(fault.kind, FaultKind::Deadline),
            end => panic!("it ended with {end:?}"),
        }
    }
    assert_eq!(third.unwrap_err(), StoreError::Busy { retry_ms: 200 });
}
