//! What a guest is told of what is left, and bounds that are drawn narrower for one app.

use expect_test::expect;
use souk_runtime::{End, FaultKind};

use crate::stage::{Stage, command, narrower};

#[tokio::test]
async fn what_is_left_goes_down_by_what_was_used() {
    let stage = Stage::of("limits").await;
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
