//! What a hostile guest cannot do: outlive its time, take memory, flood the host, or leave anything
//! behind.

use std::time::{Duration, Instant};

use souk_core::Blame;
use souk_core::limits::{
    HOST_CALLS_MAX, LOG_BYTES_MAX, RUN_MEMORY_BYTES_MAX, RUN_MS_MAX, SHEETS_WAITING_MAX,
};
use souk_ledger::order;
use souk_runtime::{End, Fault, FaultKind, Limits, Report, Runtime};
use souk_store::{CommitError, StoreError};

use crate::languages::Guest;
use crate::programs::program;
use crate::stage::{Played, Stage, command};

/// How a run ended that must have failed.
fn fault(report: &Report) -> &Fault {
    match &report.end {
        End::Fault(fault) => fault,
        other => panic!("it ended with {other:?}"),
    }
}

async fn attack(name: &str) -> Played {
    Stage::of("hostile").await.command(name, "").await
}

/// Attacks, and expects a fault of this kind that is blamed on the guest.
async fn fails(name: &str, kind: FaultKind) -> Played {
    let played = attack(name).await;
    let fault = fault(&played.report);
    assert_eq!(
        (fault.kind, fault.blame),
        (kind, Blame::Guest),
        "{name}: {}",
        fault.detail
    );
    assert!(played.said.is_empty(), "{name}");
    played
}

#[tokio::test]
async fn a_loop_is_cut_in_time() {
    let stage = Stage::of("hostile").await;
    let start = Instant::now();
    let played = stage.command("loop", "").await;
    let took = u64::try_from(start.elapsed().as_millis()).unwrap();
    assert_eq!(fault(&played.report).kind, FaultKind::Deadline);
    assert!(
        (RUN_MS_MAX - 20..RUN_MS_MAX + 200).contains(&took),
        "{took} ms"
    );
}

#[tokio::test]
async fn others_go_on_while_a_guest_loops() {
    let stage = Stage::of("hostile").await;
    // One thread for both: the loop has to give it up between two ticks.
    let looping = stage.command("loop", "");
    let waiting = async {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        let start = Instant::now();
        (
            stage.command("nothing", "").await.report.end,
            start.elapsed(),
        )
    };
    let (looped, (answered, took)) = tokio::join!(looping, waiting);
    assert_eq!(fault(&looped.report).kind, FaultKind::Deadline);
    assert!(matches!(answered, End::Rejected(_)));
    assert!(took.as_millis() < 500, "{took:?}");
}

/// Runs the loop of one app and, a moment later, a run of the same and one of another.
async fn beside_a_loop(limits: &Limits) -> (Result<End, StoreError>, End) {
    let runtime = Runtime::new(limits).unwrap();
    let guest = || Guest {
        prepared: runtime.prepare(&program("hostile")).unwrap(),
        runtime: runtime.clone(),
    };
    let (stage, another) = (Stage::on(&guest()).await, Stage::on(&guest()).await);
    let (looping, quick) = (command("loop", ""), command("nothing", ""));
    let run = async |stage: &Stage, cause| stage.run(&stage.event(cause)).await.0;
    let later = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let (same, other) = tokio::join!(run(&stage, quick.clone()), run(&another, quick));
        (same.map(|report| report.end), other.unwrap().end)
    };
    let (looped, answered) = tokio::join!(run(&stage, looping), later);
    assert_eq!(fault(&looped.unwrap()).kind, FaultKind::Deadline);
    answered
}

#[tokio::test]
async fn an_app_whose_runs_do_not_end_has_no_more_places_than_its_own() {
    let narrow = Limits {
        app_runs_at_once: 1,
        app_run_waits_ms: 200,
        ..Limits::default()
    };
    let (same, other) = beside_a_loop(&narrow).await;
    assert_eq!(same, Err(StoreError::Busy { retry_ms: 200 }));
    assert!(matches!(other, End::Rejected(_)), "{other:?}");

    // Without a bound of its own it has them all.
    let wide = Limits {
        app_runs_at_once: 64,
        ..narrow
    };
    let (same, _) = beside_a_loop(&wide).await;
    assert!(matches!(same, Ok(End::Rejected(_))), "{same:?}");
}

#[tokio::test]
async fn endless_recursion_overflows_its_own_stack() {
    fails("recurse", FaultKind::StackOverflow).await;
}

#[tokio::test]
async fn memory_ends_at_the_bound() {
    let played = fails("memory", FaultKind::Memory).await;
    let peak = played.report.cost.memory_peak;
    assert!(
        peak > RUN_MEMORY_BYTES_MAX / 2 && peak <= RUN_MEMORY_BYTES_MAX,
        "{peak}"
    );
}

#[tokio::test]
async fn a_flood_of_words_is_dropped_and_said_to_be() {
    let played = attack("flood").await;
    assert!(matches!(
        fault(&played.report).kind,
        FaultKind::Deadline | FaultKind::HostCalls
    ));
    let log = &played.report.log;
    assert!(log.iter().map(String::len).sum::<usize>() <= LOG_BYTES_MAX + 100);
    assert!(log.last().unwrap().contains("dropped"), "{:?}", log.last());
}

#[tokio::test]
async fn host_calls_end_at_the_bound() {
    let played = fails("calls", FaultKind::HostCalls).await;
    assert_eq!(played.report.cost.host_calls, HOST_CALLS_MAX);
}

#[tokio::test]
async fn handles_end_at_the_bound_even_before_the_calls_do() {
    let limits = souk_runtime::Limits {
        handles: 100,
        ..souk_runtime::Limits::default()
    };
    let hostile = crate::programs::program("hostile");
    let played = Stage::with(&hostile, &limits)
        .await
        .command("handles", "")
        .await;
    assert_eq!(fault(&played.report).kind, FaultKind::Handles);
    fails("handles", FaultKind::HostCalls).await;
}

#[tokio::test]
async fn hoarding_is_over_the_limit_and_nothing_stays() {
    let played = attack("hoard").await;
    assert!(
        matches!(played.report.end, End::Rejected(_)),
        "{:?}",
        played.report.end
    );
    assert_eq!(played.uses("bucket.put").1, 1);
}

#[tokio::test]
async fn no_more_sheets_than_may_wait() {
    let played = attack("sheets").await;
    assert!(
        matches!(played.report.end, End::Rejected(_)),
        "{:?}",
        played.report.end
    );
    let most = u64::try_from(SHEETS_WAITING_MAX).unwrap();
    assert_eq!(played.uses("wallet.request"), (most + 1, 1));
}

#[tokio::test]
async fn what_is_too_large_for_one_call_stops_the_run() {
    fails("huge", FaultKind::CallBytes).await;
    fails("huge-failure", FaultKind::CallBytes).await;
}

#[tokio::test]
async fn sleeping_gains_nothing() {
    let played = fails("slow-forever", FaultKind::HostCalls).await;
    assert!(played.report.cost.micros < RUN_MS_MAX * 1_000);
    attack("sleep").await;
}

#[tokio::test]
async fn a_crash_is_the_apps_and_its_words_are_kept_apart() {
    let played = fails("trap", FaultKind::Crash).await;
    let fault = fault(&played.report);
    assert_eq!(fault.what, "the app crashed");
    assert!(
        played
            .report
            .log
            .iter()
            .any(|line| line.contains("on purpose"))
    );
    assert!(fault.detail.contains("wasm backtrace"), "{}", fault.detail);
    fails("abort", FaultKind::Crash).await;
    fails("exit", FaultKind::Exit).await;
}

#[tokio::test]
async fn of_a_run_that_fails_half_way_nothing_is_left() {
    let stage = Stage::of("hostile").await;
    for name in ["spill", "fail"] {
        let event = stage.event(command(name, ""));
        let (report, txn) = stage.run(&event).await;
        let report = report.unwrap();
        assert_ne!(report.end, End::Ok, "{name}");
        let staged = report
            .uses
            .iter()
            .find(|used| used.function == "wallet.request")
            .unwrap();
        assert_eq!((staged.count, staged.denied), (1, 0), "{name}");
        txn.roll_back(Default::default()).unwrap();
        stage.store.commit(&txn).await.unwrap();

        let txn = stage.store.begin().unwrap();
        assert!(stage.said().await.is_empty());
        let order = order::by_key(&txn, &stage.app, &event.id.to_string())
            .await
            .unwrap();
        assert_eq!(order, None, "{name}");
        let again = stage.store.commit(&txn).await;
        assert!(!matches!(again, Err(CommitError::Conflict)));
    }
}

#[tokio::test]
async fn after_every_attack_the_next_guest_is_served() {
    let stage = Stage::of("hostile").await;
    for name in [
        "recurse", "memory", "calls", "trap", "exit", "huge", "spill",
    ] {
        stage.command(name, "").await;
    }
    assert!(matches!(
        stage.command("nothing", "").await.report.end,
        End::Rejected(_)
    ));
}
