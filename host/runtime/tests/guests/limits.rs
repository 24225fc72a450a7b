//! What a guest is told of what is left, and bounds that are drawn narrower for one app.

use std::time::Duration;

use expect_test::expect;
use souk_runtime::{End, FaultKind, bound};
use souk_store::StoreError;

use crate::languages::Guest;
use crate::stage::{Stage, command, narrower};

in_rust! {
    "limits":
    what_is_left_goes_down_by_what_was_used
}

async fn what_is_left_goes_down_by_what_was_used(guest: &Guest) {
    let stage = Stage::on(guest).await;
    stage
        .check(
            "look",
            "",
            expect![[r#"
                host-calls left: true
                answer-bytes left: true
                memory-bytes left: true
                handles left: true
                log-bytes left: true
                host-calls used: 3
                answer-bytes used: 36
                memory-bytes used: true
                handles used: 3
                log-bytes used: 259"#]],
        )
        .await;
}

#[tokio::test]
async fn an_operator_can_draw_the_bounds_of_an_app_narrower() {
    let stage = Stage::of("hostile").await;
    let event = stage.event(command("calls", ""));
    let narrower = narrower("host_calls", 7);
    let job = stage.job_within(&event, narrower);
    let report = stage.run_job(job).await.0.unwrap();
    assert_eq!(report.cost.host_calls, 7);
    match report.end {
        End::Fault(fault) => assert_eq!(fault.kind, FaultKind::HostCalls),
        other => panic!("{other:?}"),
    }
    assert!(
        report.cost.fuel > 1_000 && report.cost.micros > 0,
        "{:?}",
        report.cost
    );
}

#[tokio::test]
async fn an_operator_can_have_an_app_run_once_at_a_time() {
    let stage = Stage::of("hostile").await;
    let once = narrower("app_runs_at_once", 1).with(bound("app_run_waits_ms").unwrap(), 200);
    let run = async |name| {
        let event = stage.event(command(name, ""));
        let job = stage.job_within(&event, once.clone());
        stage.run_job(job).await.0
    };
    let second = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        run("nothing").await
    };
    let (looped, second) = tokio::join!(run("loop"), second);
    assert!(matches!(looped.unwrap().end, End::Fault(_)));
    assert_eq!(second.unwrap_err(), StoreError::Busy { retry_ms: 200 });
    assert!(matches!(
        run("nothing").await.unwrap().end,
        End::Rejected(_)
    ));
}
