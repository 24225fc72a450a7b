//! Guests that say names which are not theirs to say: the host is nobody's confused deputy.

use expect_test::{Expect, expect};
use souk_core::{AppId, TypedId, UserId};

use crate::languages::Guest;
use crate::stage::Stage;

in_rust! {
    "deputy":
    the_things_of_another_app_are_not_to_be_found
    the_things_of_another_chat_are_not_to_be_found
    ids_of_another_kind_or_of_nothing_are_refused
    no_key_reaches_into_another_bucket
}

/// What an app made, as it was told: a message, an order.
struct Mine {
    message: String,
    order: String,
}

/// Has an app of a merchant's make something in the stage's chat.
async fn made(stage: &Stage) -> Mine {
    let log = stage.command("mine", "").await.report.log;
    let id = |what: &str| {
        let line = log.iter().find_map(|line| line.strip_prefix(what));
        line.unwrap_or_else(|| panic!("{log:?}")).to_owned()
    };
    Mine {
        message: id("message: "),
        order: id("order: "),
    }
}

async fn tries(stage: &Stage, mine: &Mine, expected: Expect) {
    let mut told = Vec::new();
    for (command, words) in [("message", &mine.message), ("order", &mine.order)] {
        told.push(stage.command(command, words).await.printed());
    }
    expected.assert_eq(&told.join("\n"));
}

async fn the_things_of_another_app_are_not_to_be_found(guest: &Guest) {
    let mut stage = Stage::on(guest).await;
    let mine = made(&stage).await;
    stage.app = "com.example.thief".parse().unwrap();
    stage.merchant = UserId::from_bits(98);
    tries(
        &stage,
        &mine,
        expect![[r#"
        edit: denied not-found there is no such thing here
        delete: denied not-found there is no such thing here
        answer: ok
        find: denied not-found there is no such thing here"#]],
    )
    .await;
    // Nor are those of another app of the same merchant.
    stage.app = "com.example.sister".parse().unwrap();
    stage.merchant = UserId::from_bits(99);
    tries(
        &stage,
        &mine,
        expect![[r#"
        edit: denied not-found there is no such thing here
        delete: denied not-found there is no such thing here
        answer: ok
        find: denied not-found there is no such thing here"#]],
    )
    .await;
}

async fn the_things_of_another_chat_are_not_to_be_found(guest: &Guest) {
    let mut stage = Stage::on(guest).await;
    let mine = made(&stage).await;
    let txn = stage.store.begin().unwrap();
    let other = souk_chat::chat::open_group(&txn, stage.ana, "Elsewhere", &[stage.bo]).await;
    stage.chat = other.unwrap();
    stage.store.commit(&txn).await.unwrap();
    let told = stage.command("message", &mine.message).await.printed();
    expect![[r#"
        edit: denied not-found there is no such thing here
        delete: denied not-found there is no such thing here
        answer: denied not-found there is no such thing here"#]]
    .assert_eq(&told);
}

async fn ids_of_another_kind_or_of_nothing_are_refused(guest: &Guest) {
    let stage = Stage::on(guest).await;
    let mine = made(&stage).await;
    let swapped = Mine {
        message: mine.order,
        order: mine.message,
    };
    tries(
        &stage,
        &swapped,
        expect![[r#"
        edit: denied invalid expected an id like `msg_01j…` (the prefix and 26 letters and digits)
        delete: denied invalid expected an id like `msg_01j…` (the prefix and 26 letters and digits)
        answer: denied invalid expected an id like `msg_01j…` (the prefix and 26 letters and digits)
        find: denied invalid expected an id like `ord_01j…` (the prefix and 26 letters and digits)"#]],
    )
    .await;
}

async fn no_key_reaches_into_another_bucket(guest: &Guest) {
    let mut stage = Stage::on(guest).await;
    drop(made(&stage).await);
    let owner = stage.app.clone();
    let thief: AppId = "com.example.thief".parse().unwrap();
    stage.app = thief;
    for key in [
        "secret".to_owned(),
        String::new(),
        format!("{owner}/secret"),
        format!("{owner}\0secret"),
        format!("../{owner}/secret"),
        format!("\0\0{owner}"),
        "app".to_owned(),
        "\u{10ffff}".to_owned(),
    ] {
        let told = stage.command("key", &key).await.printed();
        for line in told.lines().filter(|line| !line.starts_with("order")) {
            let nothing = [": false", ": 0"].iter().any(|end| line.ends_with(end));
            assert!(nothing || line.contains(": denied "), "{key:?}: {line}");
        }
    }
}
