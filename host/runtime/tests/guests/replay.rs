//! Runs that are run again from their traces. The stage replays every run of every other test too.

use expect_test::expect;
use souk_core::Timestamp;
use souk_runtime::{End, FaultKind, Limits, Place, Replay, Report, Runtime, Trace, TraceError};

use crate::languages::Guest;
use crate::raw;
use crate::stage::Stage;

/// The trace of a run, as it comes back from its bytes.
fn trace(report: &Report) -> Trace {
    let trace = Trace {
        app: "com.example.tea".parse().unwrap(),
        version: 1,
        package: [7; 32],
        run: report.recording.clone().unwrap(),
    };
    let back = Trace::from_bytes(&trace.to_bytes().unwrap()).unwrap();
    assert_eq!(back, trace);
    back
}

async fn replay(guest: &Guest, trace: &Trace) -> Replay {
    let Guest { runtime, prepared } = guest;
    runtime.replay(prepared, trace, true).await.unwrap()
}

/// Replays a run, which must do the same.
pub(crate) async fn same(guest: &Guest, report: &Report) {
    let trace = trace(report);
    let replayed = replay(guest, &trace).await;
    assert_eq!(replayed.difference, None, "{:?}", trace.run.end);
}

/// Replays a run of the program that looks about, without something.
async fn without(take: fn(&mut Trace)) -> Place {
    let stage = Stage::of("outside").await;
    let report = stage.command("look", "").await.report;
    let mut trace = trace(&report);
    take(&mut trace);
    let difference = replay(&stage.guest, &trace).await.difference.unwrap();
    assert_ne!(difference.expected, difference.got);
    difference.place
}

#[tokio::test]
async fn without_its_clock_a_run_is_another() {
    let place = without(|trace| trace.run.clock = Timestamp::from_millis(1)).await;
    assert_eq!(place, Place::Call(2), "it posts what it saw");
}

#[tokio::test]
async fn without_its_seed_a_run_is_another() {
    let place = without(|trace| trace.run.seed = None).await;
    assert_eq!(place, Place::Call(2), "it posts what it drew");
}

#[tokio::test]
async fn a_run_that_saw_a_value_expired_replays_long_after_and_without_a_store() {
    let stage = Stage::of("storage").await;
    stage.command("lend", "chat cup 5000").await;
    let seen = trace(&stage.command("get", "chat cup").await.report);
    stage.clock.pass(5_000);
    let missed = trace(&stage.command("lend", "chat cup 5000").await.report);
    stage.clock.pass(1_000_000);
    for (trace, says) in [(seen, "bucket.get: lent v1"), (missed, "bucket.put: 2")] {
        let replayed = replay(&stage.guest, &trace).await;
        assert_eq!(replayed.difference, None);
        assert!(trace.run.log.contains(&says.to_owned()), "{:?}", trace.run);
    }
}

#[tokio::test]
async fn another_component_leaves_the_trace_at_the_first_call() {
    let stage = Stage::of("messaging").await;
    let report = stage.command("all", "").await.report;
    let other = Guest::in_rust("storage");
    let trace = trace(&report);
    let replayed = other.runtime.replay(&other.prepared, &trace, false);
    let difference = replayed.await.unwrap().difference.unwrap();
    expect![
        "host call 1: expected souk:messaging/chats@0.1.0#[static]chat.current, got no more calls"
    ]
    .assert_eq(&difference.to_string());
}

#[tokio::test]
async fn what_the_guest_says_otherwise_is_told() {
    let stage = Stage::of("echo").await;
    let report = stage.command("echo", "large, please").await.report;
    let mut other = trace(&report);
    let said = stage.command("echo", "small, please").await.report;
    let told = trace(&said).run;
    // The same answers for another event.
    other.run = other.run.told_as(&told);
    let difference = replay(&stage.guest, &other).await.difference.unwrap();
    let text = difference.to_string();
    assert!(
        text.contains("large, please") && text.contains("small, please"),
        "{text}"
    );
}

#[tokio::test]
async fn a_crash_replays_with_its_stack_and_lines_of_the_source() {
    let component = raw::component(&raw::guest(raw::MEMORY, "unreachable"));
    let limits = Limits::default();
    let stage = Stage::with(&component, &limits).await;
    let report = stage.command("any", "").await.report;
    let runtime = Runtime::with_source_lines(&limits).unwrap();
    let prepared = runtime.prepare(&component).unwrap();
    let replayed = runtime
        .replay(&prepared, &trace(&report), true)
        .await
        .unwrap();
    assert_eq!(replayed.difference, None);
    let End::Fault(fault) = replayed.end else {
        panic!("{:?}", replayed.end)
    };
    assert_eq!(fault.kind, FaultKind::Crash);
    let line = format!("at ./{}:", raw::FILE);
    assert!(fault.detail.contains(&line), "{}", fault.detail);
}

#[tokio::test]
async fn a_run_that_was_cut_is_cut_at_the_same_fuel() {
    let stage = Stage::of("hostile").await;
    let report = stage.command("loop", "").await.report;
    let trace = trace(&report);
    assert_eq!(replay(&stage.guest, &trace).await.difference, None);
    let brief = stage.command("nothing", "").await.report;
    let mut other = trace.clone();
    other.run = other.run.told_as(&brief.recording.unwrap());
    other.run.cost.fuel = u64::MAX / 2;
    let difference = replay(&stage.guest, &other).await.difference.unwrap();
    assert_eq!(difference.place, Place::End, "{difference}");
    assert!(difference.expected.starts_with("cut at "), "{difference}");
}

#[test]
fn bytes_that_are_no_trace_are_refused() {
    let refused = |bytes: &[u8]| Trace::from_bytes(bytes).unwrap_err();
    assert_eq!(refused(b""), TraceError::Foreign);
    assert_eq!(refused(b"souk-trace 1\nx"), TraceError::Foreign);
    assert_eq!(refused(b"souk-trace 2\nx"), TraceError::Damaged);
}
