//! `config`, from inside a guest.

use expect_test::expect;
use souk_core::AppId;
use souk_registry::grant::Grant;
use souk_registry::setting;
use souk_runtime::End;

use crate::languages::Guest;
use crate::stage::Stage;

in_rust_and_javascript! {
    "config":
    an_app_reads_what_its_merchant_set
    without_the_permission_it_reads_nothing;
    in rust only:
    a_secret_is_in_no_log_and_no_reason
}

async fn stage(guest: &Guest) -> Stage {
    let stage = Stage::on(guest).await;
    let txn = stage.store.begin().unwrap();
    let other: AppId = "com.example.inn".parse().unwrap();
    for (app, name, value, secret) in [
        (&stage.app, "greeting", "Welcome", false),
        (&stage.app, "api-key", "sk_live_1234", true),
        (&other, "theirs", "not yours", false),
        (&other, "their-key", "sk_live_9999", true),
    ] {
        setting::set(&txn, app, name, value, secret).await.unwrap();
    }
    stage.store.commit(&txn).await.unwrap();
    stage
}

async fn an_app_reads_what_its_merchant_set(guest: &Guest) {
    let stage = stage(guest).await;
    stage
        .check("get", "greeting", expect!["values.get: Welcome"])
        .await;
    for name in ["nothing", "api-key", "theirs", "their-key"] {
        stage
            .check("get", name, expect!["values.get: nothing"])
            .await;
    }
    stage
        .check(
            "open",
            "api-key",
            expect![[r#"
        secret.open: ok
        secret.reveal: 12 bytes"#]],
        )
        .await;
    for name in ["nothing", "greeting", "theirs", "their-key"] {
        stage
            .check(
                "open",
                name,
                expect!["secret.open: denied not-found there is no such thing here"],
            )
            .await;
    }
}

async fn without_the_permission_it_reads_nothing(guest: &Guest) {
    let mut stage = stage(guest).await;
    stage.grants.config = Grant::Denied;
    for (name, arguments) in [("get", "greeting"), ("open", "api-key")] {
        let told = stage.command(name, arguments).await.told();
        assert!(told.contains("denied not-granted"), "{told}");
    }
}

async fn a_secret_is_in_no_log_and_no_reason(guest: &Guest) {
    let stage = stage(guest).await;
    let played = stage.command("print", "api-key").await;
    assert_eq!(played.report.log, ["the key is (secret)", "printed: ok"]);
    let played = stage.command("reject", "api-key").await;
    assert_eq!(
        played.report.end,
        End::Rejected("(secret) was refused".to_owned())
    );
    let played = stage.command("crash", "api-key").await;
    assert!(matches!(played.report.end, End::Fault(_)));
    let left = format!("{:?}", played.report);
    assert!(
        left.contains("(secret)") && !left.contains("sk_live"),
        "{left}"
    );
}
