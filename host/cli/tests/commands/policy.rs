//! `souk policy`, and what a host that was given one grants.

use expect_test::expect;

use crate::desk::Desk;
use crate::grants::Shop;

const MANIFEST: &str = r#"app_id = "com.example.shop"
name = "Shop"
description = "Sells"
version = { code = 1, name = "1" }
build = { command = "true", component = "shop.wasm" }

[[commands]]
name = "ask"
description = "Asks"

[[commands]]
name = "pay-out"
description = "Pays"

[[req_permissions]]
name = "messaging.post"
reason = "To say so"

[[req_permissions]]
name = "wallet.request"
reason = "To sell"
max_amount = { amount = "50.00", currency = "USD" }

[[req_permissions]]
name = "wallet.pay-out"
reason = "To give prizes"
max_amount = { amount = "5.00", currency = "USD" }
"#;

const POLICY: &str = r#"
[default.permissions]
"wallet.request" = "denied"

[default.limits]
messages = 4

[app."com.example.shop".permissions]
"wallet.request" = ["20.00 USD"]
"wallet.pay-out" = ["2.00 USD"]

[app."com.example.shop".limits]
run_ms = 500
"#;

/// What `/pay-out` is told who may not.
const NOT_GRANTED: &str = "wallet.pay-out: denied not-granted";

#[test]
fn without_a_policy_no_app_pays_anybody() {
    let shop = Shop::open_with(Desk::new(), "", ("wallet", MANIFEST));
    let published = shop.publishes(2, MANIFEST);
    let denied = "The operator of this host denies it wallet.pay-out.";
    assert!(published.contains(denied), "{published}");
    assert!(!published.contains("wallet.request"), "{published}");
    let said = shop.hears("/pay-out nobody k 100");
    assert!(said.contains(NOT_GRANTED), "{said}");
    shop.sees(
        "grants list",
        &["not-allowed  wallet.pay-out", "granted      wallet.request"],
    );
    shop.host.stop();
}

#[test]
fn a_host_grants_no_more_than_its_policy() {
    let desk = Desk::new();
    desk.put("policy.toml", POLICY);
    let shop = Shop::open_with(desk, "--policy policy.toml", ("wallet", MANIFEST));
    let published = shop.publishes(2, MANIFEST);
    for part in [
        "allows less of wallet.request: Ask you for payments of at most 20.00 USD each",
        "allows less of wallet.pay-out: Pay people out of its takings, at most 2.00 USD a day",
    ] {
        assert!(published.contains(part), "{published}");
    }
    let said = shop.hears("/pay-out nobody k 100");
    assert!(said.contains("wallet.pay-out: denied not-found"), "{said}");
    let over = shop.hears("/ask a 2001");
    assert!(over.contains("denied over-limit"), "{over}");
    let within = shop.hears("/ask b 2000");
    assert!(!within.contains("denied"), "{within}");
    shop.sees(
        "grants show com.example.shop",
        &["at most 20.00 USD each", "at most 2.00 USD a day"],
    );
    shop.host.stop();
}

#[test]
fn a_policy_denies_what_people_would_have_agreed_to() {
    let desk = Desk::new();
    desk.put(
        "policy.toml",
        POLICY.replace("app.\"com.example.shop\"", "app.\"com.example.inn\""),
    );
    let shop = Shop::open_with(desk, "--policy policy.toml", ("wallet", MANIFEST));
    let said = shop.hears("/ask a 100");
    assert!(said.contains("order: denied not-granted"), "{said}");
    shop.sees("grants list", &["not-allowed  wallet.request"]);
    shop.type_in("grants allow com.example.shop wallet.request");
    shop.sees("grants list", &["not-allowed  wallet.request"]);
    shop.host.stop();
}

#[test]
fn a_policy_is_looked_at_before_a_host_takes_it() {
    let desk = Desk::new();
    desk.put("policy.toml", POLICY);
    desk.check(
        "policy check policy.toml",
        expect![[r#"
        every app
          messaging.post           as asked
          messaging.push           as asked
          messaging.listen         as asked
          identity.profile         as asked
          identity.merchant-id     as asked
          wallet.request           denied
          wallet.pay-out           denied
          storage.app              as asked
          storage.chat             as asked
          storage.user             as asked
          config                   as asked
          schedule                 as asked
          http                     as asked
          messages                 4
        com.example.shop
          wallet.request           at most 20.00 USD
          wallet.pay-out           at most 2.00 USD
          run_ms                   500
        [exit status: 0]
    "#]],
    );
    desk.put(
        "wrong.toml",
        "[default.permissions]\n\"wallet.payout\" = \"denied\"\n",
    );
    let wrong = expect![[r#"
        Error: the policy wrong.toml is not one
        Caused by: TOML parse error at line 2, column 1
          |
        2 | "wallet.payout" = "denied"
          | ^^^^^^^^^^^^^^^
        there is no permission `wallet.payout`: write one of messaging.post, messaging.push, messaging.listen, identity.profile, identity.merchant-id, wallet.request, wallet.pay-out, storage.app, storage.chat, storage.user, config, schedule, http

        Hint: Put that right and look again with `souk policy check FILE`
        [exit status: 1]
    "#]];
    for words in ["policy check", "serve --data data --policy"] {
        wrong.assert_eq(&desk.type_in(&format!("{words} wrong.toml")));
    }
    desk.check(
        "policy check nowhere.toml",
        expect![[r#"
        Error: the policy nowhere.toml cannot be read
        Caused by: No such file or directory (os error 2)
        Hint: Name a file you may read
        [exit status: 1]
    "#]],
    );
}
