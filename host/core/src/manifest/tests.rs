//! A whole manifest, and every mistake with its line, its column and what to do.

use expect_test::{Expect, expect};

use super::*;
use crate::limits::{COMMANDS_MAX, ICONS_MAX, MANIFEST_BYTES_MAX};
use crate::{Claim, Money};

const TEA: &str = r#"app_id = "com.example.tea"
name = "Tea House"
description = "Order tea in the chat"
version = { code = 3, name = "1.2.0" }
platform_version = { min_code = 1 }
icons = [{ src = "assets/icon.png", sizes = "128x128" }]
lang = "en"

[[commands]]
name = "tea"
description = "Show today's menu"

[[req_permissions]]
name = "wallet.request"
reason = "To take payment for your order"
max_amount = { amount = "50.00", currency = "USD" }
[[req_permissions]]
name = "identity.profile"
claims = ["name"]
reason = "To write your name on the cup"

[build]
command = "cargo build --release --target wasm32-wasip2"
component = "target/wasm32-wasip2/release/tea_house.wasm"
watch = ["src/**/*.rs", "miniapp.toml", "assets/**"]
"#;

/// Changes one thing of the tea house's manifest at a time and expects what is said of each.
#[track_caller]
fn check(changes: &[(&str, &str)], expected: &Expect) {
    let mut page = String::new();
    for (from, to) in changes {
        assert_eq!(TEA.matches(from).count(), 1, "{from}");
        let what = mistake(&TEA.replace(from, to));
        let shown = if to.is_empty() {
            &format!("without {from}")
        } else {
            *to
        };
        let shown = shown.trim_end().replace('\n', "\n| ");
        page.push_str(&format!("{shown}\n    {what}\n"));
    }
    expected.assert_eq(&page);
}

/// Expects what is said of a text.
#[track_caller]
fn says(text: &str, expected: &Expect) {
    expected.assert_eq(&mistake(text));
}

/// Parses a manifest and answers the mistake in it.
fn mistake(text: &str) -> String {
    Manifest::parse(text).map_or_else(|error| error.to_string(), |_| "no mistake".to_owned())
}

#[test]
fn the_tea_house_is_read_as_it_is_written() {
    let tea = Manifest::parse(TEA).unwrap();
    assert_eq!(tea.app_id.as_str(), "com.example.tea");
    assert_eq!((tea.name.as_str(), tea.lang.as_str()), ("Tea House", "en"));
    assert_eq!(
        tea.version,
        Version {
            code: 3,
            name: "1.2.0".to_owned()
        }
    );
    assert_eq!(
        tea.icons,
        [Icon {
            src: "assets/icon.png".into(),
            sizes: "128x128".into()
        }]
    );
    assert_eq!(tea.commands[0].name, "tea");
    assert_eq!(tea.build.watch.len(), 3);
    let asked: Vec<_> = tea
        .req_permissions
        .into_iter()
        .map(|asked| asked.permission)
        .collect();
    let max_amount: Money = "50.00 USD".parse().unwrap();
    let wallet = Permission::WalletRequest { max_amount };
    assert_eq!(
        asked,
        [
            wallet,
            Permission::IdentityProfile {
                claims: vec![Claim::Name]
            }
        ]
    );
}

#[test]
fn what_most_apps_do_not_need_can_be_left_out() {
    let least = Manifest::parse(
        "app_id = 'com.example.tea'\nname = 'Tea'\ndescription = 'Tea'\n\
         [version]\ncode = 1\nname = '1'\n[build]\ncommand = 'make'\ncomponent = 'tea.wasm'",
    );
    let least = least.unwrap();
    assert_eq!(
        (least.lang.as_str(), least.platform_version.min_code),
        ("en", PLATFORM_CODE)
    );
    assert!(least.icons.is_empty() && least.commands.is_empty());
    assert!(least.req_permissions.is_empty() && least.build.watch.is_empty());
}

#[test]
fn what_is_not_toml_has_a_place() {
    let changes = [
        ("name = \"Tea House\"", "name = Tea House"),
        ("lang = \"en\"", "lang = \"en\"\nlang = \"de\""),
        ("lang = \"en\"", "lang = "),
    ];
    check(
        &changes,
        &expect![[r#"
        name = Tea House
            line 2, column 8: string values must be quoted, expected literal string
        lang = "en"
        | lang = "de"
            line 8, column 1: duplicate key
        lang =
            line 7, column 8: string values must be quoted, expected literal string
    "#]],
    );
}

#[test]
fn a_name_nobody_knows_is_answered_with_the_nearest() {
    let changes = [
        ("description = \"Order", "descripton = \"Order"),
        ("lang =", "colour ="),
        ("{ min_code = 1 }", "{ min_code = 1, max_code = 2 }"),
        ("\"wallet.request\"", "\"wallet.requests\""),
        ("[\"name\"]", "[\"email\"]"),
        ("component =", "components ="),
    ];
    check(
        &changes,
        &expect![[r#"
            descripton = "Order
                line 3, column 1: there is no field `descripton` here; did you mean `description`?
            colour =
                line 7, column 1: there is no field `colour` here; known here: app_id, name, description, version, platform_version, icons, lang, commands, req_permissions, build
            { min_code = 1, max_code = 2 }
                line 5, column 36: there is no field `max_code` here; did you mean `min_code`?
            "wallet.requests"
                line 14, column 8: there is no permission `wallet.requests` here; did you mean `wallet.request`?
            ["email"]
                line 19, column 11: there is no claim `email` here; known here: name
            components =
                line 24, column 1: there is no field `components` here; did you mean `component`?
        "#]],
    );
}

#[test]
fn what_is_missing_is_named_where_it_should_be() {
    let changes = [
        ("app_id = \"com.example.tea\"\n", ""),
        ("{ code = 3, name = \"1.2.0\" }", "{ code = 3 }"),
        ("description = \"Show today's menu\"\n", ""),
        ("reason = \"To write your name on the cup\"\n", ""),
        ("claims = [\"name\"]\n", ""),
        (
            "max_amount = { amount = \"50.00\", currency = \"USD\" }\n",
            "",
        ),
    ];
    check(
        &changes,
        &expect![[r#"
        without app_id = "com.example.tea"
            line 1, column 1: `app_id` is missing
        { code = 3 }
            line 4, column 11: `name` is missing
        without description = "Show today's menu"
            line 9, column 1: `description` is missing
        without reason = "To write your name on the cup"
            line 17, column 1: `reason` is missing
        without claims = ["name"]
            line 17, column 1: `claims` is missing
        without max_amount = { amount = "50.00", currency = "USD" }
            line 13, column 1: `max_amount` is missing
    "#]],
    );
}

#[test]
fn a_value_of_another_kind_says_what_was_expected() {
    let changes = [
        ("code = 3", "code = \"3\""),
        ("code = 3", "code = 0"),
        ("code = 3", "code = -1"),
        ("code = 3", "code = 4294967296"),
        ("\"Tea House\"", "7"),
        ("{ code = 3, name = \"1.2.0\" }", "3"),
        ("[\"name\"]", "\"name\""),
        ("\"50.00\"", "50.00"),
    ];
    check(
        &changes,
        &expect![[r#"
        code = "3"
            line 4, column 20: expected a whole number, found a TOML string
        code = 0
            line 4, column 20: `0` is not a whole number from 1 to 4294967295
        code = -1
            line 4, column 20: `-1` is not a whole number from 1 to 4294967295
        code = 4294967296
            line 4, column 20: `4294967296` is not a whole number from 1 to 4294967295
        7
            line 2, column 8: expected a text in quotes, found a TOML integer
        3
            line 4, column 11: expected a table, found a TOML integer
        "name"
            line 19, column 10: expected a list, found a TOML string
        50.00
            line 16, column 25: expected a text in quotes, found a TOML float
    "#]],
    );
}

#[test]
fn a_value_that_cannot_be_says_why() {
    let long = "T".repeat(81);
    let changes = [
        ("com.example.tea", "Tea"),
        ("\"Tea House\"", "\" \""),
        ("Tea House", &long),
        ("Tea House", "Tea \\u202e House"),
        ("Show today's menu", "two\\nlines"),
        ("\"1.2.0\"", "\"1.2 beta\""),
        ("min_code = 1", "min_code = 2"),
        ("assets/icon.png", "../icon.png"),
        ("128x128", "128"),
        ("lang = \"en\"", "lang = \"english please\""),
        ("name = \"tea\"", "name = \"/Menu\""),
        ("name = \"tea\"", "name = \"tea time\""),
        ("\"cargo build --release --target wasm32-wasip2\"", "\" \""),
    ];
    check(
        &changes,
        &expect![[r#"
        Tea
            line 1, column 10: `Tea` is not an app id; write a reverse domain name in small letters, like com.example.tea
        " "
            line 2, column 8: people could not read this; write one line, with nothing unseen in it and no blanks around it
        TTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTT
            line 2, column 8: 81 characters are too many; at most 80
        Tea \u202e House
            line 2, column 8: people could not read this; write one line, with nothing unseen in it and no blanks around it
        two\nlines
            line 11, column 15: people could not read this; write one line, with nothing unseen in it and no blanks around it
        "1.2 beta"
            line 4, column 30: `1.2 beta` is not the name of a version; write it like `1.2.0`
        min_code = 2
            line 5, column 33: the app needs platform 2; this is platform 1; use a newer souk
        ../icon.png
            line 6, column 18: `../icon.png` is not a plain path beside the manifest; write it like `assets/icon.png`
        128
            line 6, column 45: `128` is not a size; write width and height in pixels, like `128x128`
        lang = "english please"
            line 7, column 8: `english please` is not a language; write a BCP 47 name, like `en` or `pt-BR`
        name = "/Menu"
            line 10, column 8: `/Menu` is not the name of a command; write a small letter, then small letters, digits, `-` and `_`, 32 at most, like `menu`
        name = "tea time"
            line 10, column 8: `tea time` is not the name of a command; write a small letter, then small letters, digits, `-` and `_`, 32 at most, like `tea`
        " "
            line 23, column 11: this must not be empty
    "#]],
    );
}

#[test]
fn a_ceiling_is_an_amount_of_its_currency() {
    let changes = [
        ("\"USD\"", "\"usd\""),
        ("\"50.00\"", "\"50.001\""),
        ("\"50.00\"", "\"0.00\""),
        ("\"50.00\"", "\"-5\""),
        ("\"50.00\"", "\"90071992547409.92\""),
    ];
    check(
        &changes,
        &expect![[r#"
            "usd"
                line 16, column 45: `usd` is not a currency; write three capital letters of ISO 4217, like USD, or an asset with its digits after the point, like GOLD:4
            "50.001"
                line 16, column 25: `50.001` is not an amount of USD; write digits, with at most 2 after the point, more than zero
            "0.00"
                line 16, column 25: `0.00` is not an amount of USD; write digits, with at most 2 after the point, more than zero
            "-5"
                line 16, column 25: `-5` is not an amount of USD; write digits, with at most 2 after the point, more than zero
            "90071992547409.92"
                line 16, column 25: `90071992547409.92` is not an amount of USD; write digits, with at most 2 after the point, more than zero
        "#]],
    );
}

#[test]
fn nothing_is_there_twice_or_where_it_does_not_belong() {
    let command = "[[commands]]\nname = \"tea\"\ndescription = \"Again\"\n[build]";
    let profile = "[[req_permissions]]\nname = \"identity.profile\"\nclaims = [\"name\"]\n";
    let profile = format!("{profile}reason = \"Again\"\n[build]");
    let changes = [
        ("[build]", command),
        ("[build]", &profile),
        ("[\"name\"]", "[\"name\", \"name\"]"),
        ("[\"name\"]", "[]"),
        (
            "name = \"wallet.request\"",
            "name = \"wallet.request\"\nclaims = [\"name\"]",
        ),
        ("claims = [\"name\"]", "claims = [\"name\"]\nmax_amount = 7"),
    ];
    check(
        &changes,
        &expect![[r#"
            [[commands]]
            | name = "tea"
            | description = "Again"
            | [build]
                line 23, column 8: the command `tea` is there twice
            [[req_permissions]]
            | name = "identity.profile"
            | claims = ["name"]
            | reason = "Again"
            | [build]
                line 22, column 1: `identity.profile` is asked for twice
            ["name", "name"]
                line 19, column 19: `name` is asked for twice
            []
                line 19, column 10: `claims` must name at least one claim
            name = "wallet.request"
            | claims = ["name"]
                line 15, column 10: `claims` belongs to `identity.profile`, not to `wallet.request`
            claims = ["name"]
            | max_amount = 7
                line 20, column 14: `max_amount` belongs to `wallet.request` and `wallet.pay-out`, not to `identity.profile`
        "#]],
    );
}

#[test]
fn there_are_not_too_many_of_anything() {
    let command = |n| format!("[[commands]]\nname = \"c{n}\"\ndescription = \"One more\"\n");
    let commands: String = (0..COMMANDS_MAX).map(command).collect();
    let icons = format!("icons = [{}{{", "{ src = \"a.png\" }, ".repeat(ICONS_MAX));
    let long = format!("# {}\n{TEA}", "x".repeat(MANIFEST_BYTES_MAX));
    let commands = TEA.replace("[build]", &format!("{commands}[build]"));
    let icons = TEA.replace("icons = [{", &icons);
    says(
        &commands,
        &expect!["line 115, column 1: at most 32 commands"],
    );
    says(&icons, &expect!["line 6, column 314: at most 16 icons"]);
    says(
        &long,
        &expect!["line 1, column 1: the manifest is 66249 bytes; at most 65536"],
    );
}

#[test]
fn columns_count_characters_and_lines_end_either_way() {
    let umlaut = TEA.replace("{ code = 3", "{ \"ü\" = 1, code = 3");
    says(
        &umlaut,
        &expect!["line 4, column 13: there is no field `ü` here; known here: code, name"],
    );
    let behind = TEA.replace("\"Tea House\"", "\"Teehäuschen\" 7");
    says(
        &behind,
        &expect!["line 2, column 22: unexpected key or value, expected newline, `#`"],
    );
    let windows = TEA.replace('\n', "\r\n").replace("lang =", "long =");
    says(
        &windows,
        &expect!["line 7, column 1: there is no field `long` here; did you mean `lang`?"],
    );
}

#[test]
fn no_text_makes_the_parser_panic() {
    for end in 0..TEA.len() {
        let (head, tail) = TEA.split_at(end);
        drop((Manifest::parse(head), Manifest::parse(tail)));
    }
    drop(Manifest::parse(&"[".repeat(60_000)));
    drop(Manifest::parse(&format!("a = {}", "[".repeat(60_000))));
    drop(Manifest::parse(&format!("a{} = 1", ".a".repeat(30_000))));
}

#[test]
fn an_asset_is_named_by_a_plain_relative_path() {
    for good in ["icon.png", "assets/icon.png", "a/b-c_d/e.2.webp"] {
        assert!(is_asset_name(good), "{good}");
    }
    let bad = [
        "", "/a", "a/", "a//b", "../a", "a/../b", ".a", "a\\b", "a b", "C:a", "\u{e4}", "a\0",
    ];
    for bad in bad {
        assert!(!is_asset_name(bad), "{bad:?}");
    }
    assert!(!is_asset_name(&"a".repeat(129)));
}
