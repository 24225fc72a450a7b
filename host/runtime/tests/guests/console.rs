//! What an app in a language without outputs prints.

use souk_runtime::End;

use crate::languages::Guest;
use crate::stage::Stage;

#[tokio::test]
async fn what_an_app_in_javascript_prints_is_in_its_log() {
    let stage = Stage::on(&Guest::in_javascript("console")).await;
    // Each is also played again from its trace, and prints the same.
    let printed = stage.command("print", "").await.report;
    let lines = [
        "cups: 3 {\"size\":\"large\"} [null,null]",
        "spilt",
        "two",
        "lines",
    ];
    assert_eq!(
        (printed.end, printed.log),
        (End::Ok, lines.map(str::to_owned).to_vec())
    );

    let flooded = stage.command("flood", "").await.report;
    assert_eq!(flooded.end, End::Ok);
    let bytes: usize = flooded.log.iter().map(String::len).sum();
    assert!(bytes < 64 << 10, "{bytes}");
    let last = flooded.log.last().unwrap();
    assert_eq!(last, "(the rest was dropped: a run may print no more)");
}
