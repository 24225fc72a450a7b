//! Who may publish what, and what people get then.

use expect_test::{Expect, expect};
use souk_core::AppId;
use souk_core::limits::{SETTING_BYTES_MAX, SETTING_NAME_BYTES_MAX, SETTINGS_MAX};
use souk_store::Store;

use crate::testing::{manifest, package, store, user};
use crate::{Refusal, app, command, setting};

const TEA: &str = "com.example.tea";

/// Publishes a version with these commands and says what came of it.
async fn publish(store: &Store, line: &str) -> Result<app::Version, Refusal> {
    let mut words = line.split(' ');
    let mut next = || words.next().unwrap();
    let (by, key) = (next().parse().unwrap(), next().parse().unwrap());
    let (id, code) = (next(), next().parse().unwrap());
    let package = package(&manifest(id, code, &words.collect::<Vec<_>>()), key);
    let package = &package;
    store
        .transact(|txn| async move { app::publish(&txn, user(by), package).await })
        .await
}

/// Publishes line by line (merchant, key, app, code, commands) and expects a page of answers.
async fn check(lines: &str, expected: &Expect) -> Store {
    let store = store();
    let mut page = String::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let answer = match publish(&store, line).await {
            Ok(version) => format!("{} {} is live", version.app, version.code),
            Err(refusal) => refusal.to_string(),
        };
        page.push_str(&format!("{line}\n    {answer}\n"));
    }
    expected.assert_eq(&page);
    store
}

/// Whose each command is.
async fn owners(store: &Store, names: &[&str]) -> Vec<String> {
    let mut owners = Vec::new();
    for name in names {
        let owner = store
            .view(|txn| async move { command::find(&txn, name).await })
            .await
            .unwrap();
        owners.push(owner.map_or("nobody".to_owned(), |app| app.to_string()));
    }
    owners
}

#[tokio::test]
async fn an_app_belongs_to_its_merchant_and_key() {
    check(
        "
        1 1 com.example.tea 1 tea
        2 2 com.example.tea 2 tea
        2 1 com.example.tea 2 tea
        1 2 com.example.tea 2 tea
        1 1 com.example.tea 2 tea
        2 2 com.example.cake 1 cake
        ",
        &expect![[r#"
            1 1 com.example.tea 1 tea
                com.example.tea 1 is live
            2 2 com.example.tea 2 tea
                the app id `com.example.tea` belongs to another merchant; choose one under a domain of yours
            2 1 com.example.tea 2 tea
                the app id `com.example.tea` belongs to another merchant; choose one under a domain of yours
            1 2 com.example.tea 2 tea
                `com.example.tea` was signed with another key before; sign with that one
            1 1 com.example.tea 2 tea
                com.example.tea 2 is live
            2 2 com.example.cake 1 cake
                com.example.cake 1 is live
        "#]],
    )
    .await;
}

#[tokio::test]
async fn a_code_names_one_version_for_ever() {
    let store = check(
        "
        1 1 com.example.tea 2 tea
        1 1 com.example.tea 2 tea
        1 1 com.example.tea 2 other
        1 1 com.example.tea 1 tea
        1 1 com.example.tea 5 tea
        1 1 com.example.tea 2 tea
        1 1 com.example.tea 4 tea
        ",
        &expect![[r#"
            1 1 com.example.tea 2 tea
                com.example.tea 2 is live
            1 1 com.example.tea 2 tea
                com.example.tea 2 is live
            1 1 com.example.tea 2 other
                version 2 is already published with other contents; raise `version.code`
            1 1 com.example.tea 1 tea
                version 1 is older than the live one, 2; raise `version.code` above it
            1 1 com.example.tea 5 tea
                com.example.tea 5 is live
            1 1 com.example.tea 2 tea
                com.example.tea 2 is live
            1 1 com.example.tea 4 tea
                version 4 is older than the live one, 5; raise `version.code` above it
        "#]],
    )
    .await;
    // The second upload of version 2 answered the first one; the live version stayed.
    let tea: AppId = TEA.parse().unwrap();
    let live = store
        .view(|txn| async move { app::live(&txn, &tea).await })
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (live.code, live.name.as_str(), live.merchant),
        (5, "5.0", user(1))
    );
}

#[tokio::test]
async fn a_command_belongs_to_one_app_while_its_live_version_has_it() {
    let store = check(
        "
        1 1 com.example.tea 1 tea menu
        2 2 com.example.cake 1 cake menu
        2 2 com.example.cake 1 cake
        1 1 com.example.tea 2 tea
        2 2 com.example.cake 2 cake menu
        1 1 com.example.tea 3 tea menu
        ",
        &expect![[r#"
            1 1 com.example.tea 1 tea menu
                com.example.tea 1 is live
            2 2 com.example.cake 1 cake menu
                the command `/menu` already belongs to `com.example.tea`; choose another name
            2 2 com.example.cake 1 cake
                com.example.cake 1 is live
            1 1 com.example.tea 2 tea
                com.example.tea 2 is live
            2 2 com.example.cake 2 cake menu
                com.example.cake 2 is live
            1 1 com.example.tea 3 tea menu
                the command `/menu` already belongs to `com.example.cake`; choose another name
        "#]],
    )
    .await;
    let (tea, cake) = ("com.example.tea", "com.example.cake");
    assert_eq!(
        owners(&store, &["tea", "menu", "cake", "soup"]).await,
        [tea, cake, cake, "nobody"]
    );
}

#[tokio::test]
async fn what_is_published_can_be_read() {
    let store = check(
        "
        1 1 com.example.tea 1 tea
        2 2 com.example.cake 1 cake
        1 1 com.example.tea 2 tea
        ",
        &expect![[r#"
            1 1 com.example.tea 1 tea
                com.example.tea 1 is live
            2 2 com.example.cake 1 cake
                com.example.cake 1 is live
            1 1 com.example.tea 2 tea
                com.example.tea 2 is live
        "#]],
    )
    .await;
    store
        .view(|txn| async move {
            let all = app::list(&txn).await?;
            let listed: Vec<_> = all
                .iter()
                .map(|live| (live.app.as_str(), live.code))
                .collect();
            assert_eq!(listed, [("com.example.cake", 1), ("com.example.tea", 2)]);
            let manifest = app::manifest(&txn, &all[1]).await?;
            assert_eq!(
                (manifest.version.code, manifest.app_id),
                (2, all[1].app.clone())
            );
            assert_eq!(app::merchant(&txn, &all[0].app).await?, Some(user(2)));
            let nobody: AppId = "com.example.nobody".parse().unwrap();
            assert_eq!(app::merchant(&txn, &nobody).await?, None);
            Ok::<_, Refusal>(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn the_list_of_apps_goes_on_beyond_one_page() {
    let store = store();
    for number in 0..203 {
        publish(&store, &format!("1 1 com.example.a{number} 1 c{number}"))
            .await
            .unwrap();
    }
    let all = store
        .view(|txn| async move { app::list(&txn).await })
        .await
        .unwrap();
    assert_eq!(all.len(), 203);
    assert!(all.is_sorted_by(|one, next| one.app < next.app));
}

#[tokio::test]
async fn values_are_named_counted_and_sealed() {
    let store = store();
    let (app, other): (AppId, AppId) = (TEA.parse().unwrap(), "com.example.inn".parse().unwrap());
    let txn = store.begin().unwrap();
    let long = "x".repeat(SETTING_NAME_BYTES_MAX + 1);
    for name in ["", "a b", "A", "\u{e9}", long.as_str()] {
        let set = setting::set(&txn, &app, name, "x", false).await;
        assert!(matches!(set, Err(Refusal::SettingName)), "{name:?}");
    }
    let much = "x".repeat(SETTING_BYTES_MAX + 1);
    let set = setting::set(&txn, &app, "much", &much, false).await;
    assert!(matches!(set, Err(Refusal::SettingLong)));
    for number in 0..SETTINGS_MAX {
        setting::set(&txn, &app, &format!("n{number}"), "x", false)
            .await
            .unwrap();
    }
    let set = setting::set(&txn, &app, "one-more", "x", false).await;
    assert!(matches!(set, Err(Refusal::SettingsMax)));
    setting::set(&txn, &app, "n1", "y", true).await.unwrap();
    assert!(setting::unset(&txn, &app, "n2").await.unwrap());
    assert!(!setting::unset(&txn, &app, "n2").await.unwrap());
    setting::set(&txn, &app, "one-more", "x", false)
        .await
        .unwrap();
    let found = setting::get(&txn, &app, "n1").await.unwrap().unwrap();
    assert_eq!((found.value.as_str(), found.secret), ("y", true));
    assert!(
        !format!("{found:?}").contains('y'),
        "a secret is not shown by accident"
    );
    assert!(setting::get(&txn, &other, "n1").await.unwrap().is_none());
    assert_eq!(setting::list(&txn, &app).await.unwrap().len(), 100);
}
