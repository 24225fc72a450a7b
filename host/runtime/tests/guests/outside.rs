//! What a guest sees of the machine: nothing.

use expect_test::expect;
use souk_runtime::End;

use crate::languages::Guest;
use crate::stage::{Stage, command};

in_rust! {
    "outside":
    there_is_nothing_outside
    the_same_event_sees_the_same_and_another_draws_anew
}

async fn there_is_nothing_outside(guest: &Guest) {
    let played = Stage::on(guest).await.command("look", "").await;
    let told = played.report.log.join("\n");
    let random = told
        .lines()
        .find(|line| line.starts_with("random"))
        .unwrap();
    expect![[r#"
        the event's time is the clock's: true
        time passes while computing: false
        random: …
        environment: 0
        arguments: 0
        a file: false
        a folder: false
        a new file: false
        input: 0
        this line was written to the standard error"#]]
    .assert_eq(&told.replace(random, "random: …"));
    assert_eq!(
        played
            .report
            .log
            .iter()
            .filter(|line| line.contains("standard error"))
            .count(),
        1
    );
}

async fn the_same_event_sees_the_same_and_another_draws_anew(guest: &Guest) {
    let stage = Stage::on(guest).await;
    let (event, other) = (
        stage.event(command("look", "")),
        stage.event(command("look", "")),
    );
    let mut reports = Vec::new();
    for event in [&event, &event, &other] {
        let (report, _) = stage.run(event).await;
        let mut report = report.unwrap();
        assert_eq!(report.end, End::Ok);
        // How long it took is all that may differ.
        report.cost.micros = 0;
        // What it was answered names it by new ids.
        report.recording = None;
        reports.push(report);
    }
    assert_eq!(reports[0], reports[1]);
    assert_ne!(reports[0].log, reports[2].log);
}
