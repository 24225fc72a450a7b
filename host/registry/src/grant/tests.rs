//! The truth table of the three keys, and what a new version is asked about.

use expect_test::{Expect, expect};
use souk_core::manifest::{Manifest, Permission};
use souk_core::{Answer, Consents, Money, Stance, Timestamp};

use super::{Allowed, Grant, Grants, Policies, Policy, decide, more, of, opening};
use crate::matter::{TABLE, named};
use crate::testing;

const NOON: Timestamp = Timestamp::from_millis(1_795_348_800_000);

/// A manifest that asks for these, a line each: a permission and its field.
fn manifest(lines: &str) -> Manifest {
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    let ask = |line: &str| {
        let (name, field) = line.split_once(' ').unwrap_or((line, ""));
        let reason = format!("For {name}");
        format!("[[req_permissions]]\nname = \"{name}\"\nreason = \"{reason}\"\n{field}\n")
    };
    let asked: String = lines.map(ask).collect();
    Manifest::parse(&(testing::manifest("com.example.tea", 1, &[]) + &asked)).unwrap()
}

/// One that asks for everything there is.
fn greedy() -> Manifest {
    manifest(
        r#"
        messaging.post
        messaging.push
        messaging.listen
        identity.profile claims = ["name"]
        identity.merchant-id
        wallet.request max_amount = { amount = "50.00", currency = "USD" }
        wallet.pay-out max_amount = { amount = "5.00", currency = "USD" }
        storage.app
        storage.chat
        storage.user
        config
        schedule
        http origins = [{ origin = "https://a.example", methods = ["GET", "POST"] }]
        "#,
    )
}

fn usd(amount: &str) -> Money {
    format!("{amount}.00 USD").parse().unwrap()
}

fn pay(most: &str) -> Permission {
    let max_amount = usd(most);
    Permission::WalletRequest { max_amount }
}

/// A policy that says this of one permission.
fn saying(name: &str, allowed: Allowed) -> Policy {
    Policy::default().with(named(name).unwrap(), allowed)
}

fn said(matter: Permission, answer: Answer) -> Consents {
    let mut consents = Consents::default();
    let at = NOON;
    consents.open([], at);
    consents.say(Stance { matter, answer, at });
    consents
}

/// What the three say to payments: `ask 50  allow 20  person yes 30`.
fn payments(line: &str) -> String {
    let words: Vec<_> = line.split_whitespace().collect();
    let [_, asked, _, allowed, _, person @ ..] = words.as_slice() else {
        panic!("{line}")
    };
    let allowed = match *allowed {
        "all" => Allowed::AsAsked,
        "-" => Allowed::Denied,
        "eur" => Allowed::AtMost(vec!["9.00 EUR".parse().unwrap()]),
        most => Allowed::AtMost(vec!["9.00 EUR".parse().unwrap(), usd(most)]),
    };
    let allowed = saying("wallet.request", allowed);
    let consents = match person {
        ["nobody"] => None,
        ["newcomer"] => Some(Consents::default()),
        ["opened"] => Some(said(Permission::Schedule, Answer::Granted)),
        ["yes", most] => Some(said(pay(most), Answer::Granted)),
        ["most", most] => Some(said(pay(most), Answer::AtMost)),
        ["no"] => Some(said(pay("50"), Answer::Refused)),
        other => panic!("{other:?}"),
    };
    let manifest = match *asked {
        "-" => manifest("config"),
        most => manifest(&format!(
            "wallet.request max_amount = {{ amount = \"{most}.00\", currency = \"USD\" }}"
        )),
    };
    match of(&manifest, &allowed, consents.as_ref()).wallet_request {
        Grant::Denied => "not granted".to_owned(),
        Grant::Unasked => "asked first".to_owned(),
        Grant::Refused => "refused".to_owned(),
        Grant::Granted(most) => most.to_string(),
    }
}

fn check(lines: &str, expected: &Expect) {
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    let page: String = lines
        .map(|line| format!("{line:<40} {}\n", payments(line)))
        .collect();
    expected.assert_eq(&page);
}

const PEOPLE: [&str; 7] = [
    "nobody", "newcomer", "opened", "yes 30", "yes 90", "most 10", "no",
];

/// Every line of the truth table.
fn all() -> String {
    let mut lines = String::new();
    for person in PEOPLE {
        for asked in ["50", "-"] {
            for allowed in ["all", "20", "-", "eur"] {
                lines += &format!("ask {asked} allow {allowed} person {person}\n");
            }
        }
    }
    lines
}

#[test]
fn the_narrowest_of_three_wins() {
    check(
        &all(),
        &expect![[r#"
        ask 50 allow all person nobody           50.00 USD
        ask 50 allow 20 person nobody            20.00 USD
        ask 50 allow - person nobody             not granted
        ask 50 allow eur person nobody           not granted
        ask - allow all person nobody            not granted
        ask - allow 20 person nobody             not granted
        ask - allow - person nobody              not granted
        ask - allow eur person nobody            not granted
        ask 50 allow all person newcomer         50.00 USD
        ask 50 allow 20 person newcomer          20.00 USD
        ask 50 allow - person newcomer           not granted
        ask 50 allow eur person newcomer         not granted
        ask - allow all person newcomer          not granted
        ask - allow 20 person newcomer           not granted
        ask - allow - person newcomer            not granted
        ask - allow eur person newcomer          not granted
        ask 50 allow all person opened           asked first
        ask 50 allow 20 person opened            asked first
        ask 50 allow - person opened             not granted
        ask 50 allow eur person opened           not granted
        ask - allow all person opened            not granted
        ask - allow 20 person opened             not granted
        ask - allow - person opened              not granted
        ask - allow eur person opened            not granted
        ask 50 allow all person yes 30           30.00 USD
        ask 50 allow 20 person yes 30            20.00 USD
        ask 50 allow - person yes 30             not granted
        ask 50 allow eur person yes 30           not granted
        ask - allow all person yes 30            not granted
        ask - allow 20 person yes 30             not granted
        ask - allow - person yes 30              not granted
        ask - allow eur person yes 30            not granted
        ask 50 allow all person yes 90           50.00 USD
        ask 50 allow 20 person yes 90            20.00 USD
        ask 50 allow - person yes 90             not granted
        ask 50 allow eur person yes 90           not granted
        ask - allow all person yes 90            not granted
        ask - allow 20 person yes 90             not granted
        ask - allow - person yes 90              not granted
        ask - allow eur person yes 90            not granted
        ask 50 allow all person most 10          10.00 USD
        ask 50 allow 20 person most 10           10.00 USD
        ask 50 allow - person most 10            not granted
        ask 50 allow eur person most 10          not granted
        ask - allow all person most 10           not granted
        ask - allow 20 person most 10            not granted
        ask - allow - person most 10             not granted
        ask - allow eur person most 10           not granted
        ask 50 allow all person no               refused
        ask 50 allow 20 person no                refused
        ask 50 allow - person no                 not granted
        ask 50 allow eur person no               not granted
        ask - allow all person no                not granted
        ask - allow 20 person no                 not granted
        ask - allow - person no                  not granted
        ask - allow eur person no                not granted
    "#]],
    );
}

#[test]
fn a_claim_is_asked_for_first_and_what_is_not_the_persons_never() {
    let decided = |matter: &str, consents: Option<&Consents>| {
        let asked = greedy();
        let found = asked.matters().find(|(it, _)| it.matter() == matter);
        decide(&found.unwrap().0, &Policy::default(), consents).with(())
    };
    let newcomer = Consents::default();
    let mut opened = Consents::default();
    opened.open([], NOON);
    for (matter, nobody, comes, is_in) in [
        (
            "identity.profile:name",
            Grant::Granted(()),
            Grant::Unasked,
            Grant::Unasked,
        ),
        (
            "schedule",
            Grant::Granted(()),
            Grant::Granted(()),
            Grant::Unasked,
        ),
        (
            "storage.app",
            Grant::Granted(()),
            Grant::Granted(()),
            Grant::Granted(()),
        ),
        (
            "config",
            Grant::Granted(()),
            Grant::Granted(()),
            Grant::Granted(()),
        ),
    ] {
        assert_eq!(decided(matter, None), nobody, "{matter}");
        assert_eq!(decided(matter, Some(&newcomer)), comes, "{matter}");
        assert_eq!(decided(matter, Some(&opened)), is_in, "{matter}");
    }
}

#[test]
fn each_no_takes_its_own_away() {
    let asked = greedy();
    let mut agreed = Consents::default();
    let at = NOON;
    for (matter, _) in asked.matters() {
        agreed.open([matter], at);
    }
    let all = of(&asked, &Policy::default(), Some(&agreed));
    assert_eq!(all, of(&asked, &Policy::default(), None));
    let taken: [fn(&mut Grants); 13] = [
        |it| it.messaging_post = Grant::Refused,
        |it| it.messaging_push = Grant::Refused,
        |_| {},
        |it| {
            it.profile_claims
                .values_mut()
                .for_each(|it| *it = Grant::Refused);
        },
        |it| it.merchant_id = Grant::Refused,
        |it| it.wallet_request = Grant::Refused,
        |_| {},
        |_| {},
        |it| it.storage_chat = Grant::Refused,
        |it| it.storage_user = Grant::Refused,
        |_| {},
        |it| it.schedule = Grant::Refused,
        |it| it.http = Grant::Refused,
    ];
    for ((matter, _), take) in asked.matters().zip(taken) {
        let mut consents = agreed.clone();
        let answer = Answer::Refused;
        consents.say(Stance {
            matter: matter.clone(),
            answer,
            at,
        });
        let mut expected = all.clone();
        take(&mut expected);
        let grants = of(&asked, &Policy::default(), Some(&consents));
        assert_eq!(grants, expected, "{matter:?}");
    }
}

/// What is not granted when a permission is denied, in the order of the table.
const DENIALS: [fn(&mut Grants); 13] = [
    |it| it.messaging_post = Grant::Denied,
    |it| it.messaging_push = Grant::Denied,
    |it| it.messaging_listen = Grant::Denied,
    |it| {
        it.profile_claims
            .values_mut()
            .for_each(|it| *it = Grant::Denied);
    },
    |it| it.merchant_id = Grant::Denied,
    |it| it.wallet_request = Grant::Denied,
    |it| it.wallet_pay_out = Grant::Denied,
    |it| it.storage_app = Grant::Denied,
    |it| it.storage_chat = Grant::Denied,
    |it| it.storage_user = Grant::Denied,
    |it| it.config = Grant::Denied,
    |it| it.schedule = Grant::Denied,
    |it| it.http = Grant::Denied,
];

#[test]
fn each_permission_is_allowed_by_its_own_word() {
    let open = saying("wallet.pay-out", Allowed::AsAsked);
    let all = of(&greedy(), &open, None);
    let mut closed = open.clone();
    for (row, take) in TABLE.iter().zip(DENIALS) {
        let policy = open.clone().with(row, Allowed::Denied);
        closed = closed.with(row, Allowed::Denied);
        let mut grants = all.clone();
        take(&mut grants);
        assert_eq!(of(&greedy(), &policy, None), grants, "{row:?}");
        assert_ne!(grants, all, "{row:?}");
    }
    let modest = manifest("");
    for policy in [open, closed.clone()] {
        assert_eq!(of(&modest, &policy, None), Grants::default());
    }
    assert!(
        greedy()
            .matters()
            .all(|(it, _)| closed.narrow(&it).is_none())
    );
}

#[test]
fn money_leaves_only_where_the_operator_said_how_much() {
    let paid = |policy: &Policy| of(&greedy(), policy, None).wallet_pay_out;
    assert_eq!(paid(&Policy::default()), Grant::Denied);
    let most = |amount| saying("wallet.pay-out", Allowed::AtMost(vec![usd(amount)]));
    assert_eq!(paid(&most("2")), Grant::Granted(usd("2")));
    assert_eq!(paid(&most("9")), Grant::Granted(usd("5")));
}

#[test]
fn what_is_said_of_one_app_is_said_of_no_other() {
    let tea = "com.example.tea".parse().unwrap();
    let mut policies = Policies::from(saying("http", Allowed::Denied));
    policies.single.insert(tea, Policy::default());
    let reach = |app: &str| of(&greedy(), policies.of(&app.parse().unwrap()), None).http;
    assert!(reach("com.example.tea").granted().is_some());
    assert_eq!(reach("com.example.inn"), Grant::Denied);
}

#[test]
fn requests_go_where_the_app_asks_and_the_operator_allows() {
    let reach = |allowed: Allowed| {
        let granted = of(&greedy(), &saying("http", allowed), None).http;
        let granted = granted.granted().cloned().unwrap_or_default().into_iter();
        granted.map(|it| it.origin.to_string()).collect::<Vec<_>>()
    };
    let among = |origin: &str| Allowed::Origins(vec![origin.parse().unwrap()]);
    assert_eq!(reach(Allowed::AsAsked), ["https://a.example"]);
    assert_eq!(reach(among("https://a.example")), ["https://a.example"]);
    assert_eq!(reach(among("https://c.example")), [""; 0]);
    assert_eq!(reach(Allowed::Denied), [""; 0]);
}

#[test]
fn what_cannot_be_said_of_a_permission_allows_nothing() {
    let most = Allowed::AtMost(vec![usd("9")]);
    let policy = saying("http", most.clone()).with(named("schedule").unwrap(), most);
    let grants = of(&greedy(), &policy, None);
    assert_eq!(
        (grants.http, grants.schedule),
        (Grant::Denied, Grant::Denied)
    );
}

#[test]
fn an_operator_writes_words_that_fit_the_permission() {
    let said = |name: &str, words: &[&str]| {
        let words: Vec<_> = words.iter().map(ToString::to_string).collect();
        let said = Allowed::most(named(name).unwrap(), &words);
        said.map_or_else(|wrong| format!("wrong: {wrong}"), |it| it.to_string())
    };
    let all = [
        said("wallet.request", &["9.00 EUR", "10.00 USD"]),
        said("http", &["https://a.example"]),
        said("identity.profile", &["name"]),
        said("wallet.request", &["9.00 EUR", "8.00 EUR"]),
        said("wallet.request", &["0.00 EUR"]),
        said("wallet.request", &[]),
        said("http", &["a.example"]),
        said("identity.profile", &["shoe-size"]),
        said("schedule", &["daily"]),
    ];
    expect![[r#"
        at most 9.00 EUR, 10.00 USD
        only https://a.example
        only name
        wrong: EUR is there twice: write one amount of each currency
        wrong: 0.00 EUR is nothing: leave it out, or write "as-asked" or "denied", or amounts like ["20.00 USD"]
        wrong: an empty list: write "as-asked" or "denied", or amounts like ["20.00 USD"]
        wrong: `a.example` for `http`: an origin starts with `https://` or `http://`: write "as-asked" or "denied", or origins like ["https://api.example.com"]
        wrong: `shoe-size` for `identity.profile`: `shoe-size` is not a claim this host knows; it knows: name: write "as-asked" or "denied", or claims like ["name"]
        wrong: `schedule` is had or not: write "as-asked" or "denied"
    "#]].assert_eq(&(all.join("\n") + "\n"));
}

/// What somebody who opened the first version is asked about the second, a line each.
fn asked_again(first: &Manifest, second: &Manifest, then: impl FnOnce(&mut Consents)) -> String {
    let policy = Policy::default();
    let mut consents = Consents::default();
    consents.open(opening(first, &policy).map(|(matter, _)| matter), NOON);
    then(&mut consents);
    let lines = more(second, &policy, &consents);
    let lines = lines.iter().map(|line| {
        let words = crate::matter::words(&line.difference());
        format!("{words} ({})\n", line.reason)
    });
    lines.collect()
}

#[test]
fn a_new_version_is_asked_about_only_where_it_wants_more() {
    let first = manifest(
        r#"
        messaging.post
        wallet.request max_amount = { amount = "50.00", currency = "USD" }
        http origins = [{ origin = "https://a.example", methods = ["GET"] }]
        "#,
    );
    let second = manifest(
        r#"
        messaging.post
        wallet.request max_amount = { amount = "80.00", currency = "USD" }
        http origins = [{ origin = "https://a.example", methods = ["GET"] },
            { origin = "https://b.example", methods = ["GET"] }]
        storage.user
        storage.app
        identity.profile claims = ["name"]
        "#
        .replace("},\n", "},")
        .as_str(),
    );
    assert_eq!(asked_again(&first, &first, |_| {}), "");
    assert_eq!(asked_again(&second, &first, |_| {}), "");
    expect![[r#"
        Ask you for payments of at most 80.00 USD each; you approve every one of them (For wallet.request)
        Exchange data with https://b.example (For http)
        Keep data about you (For storage.user)
    "#]]
    .assert_eq(&asked_again(&first, &second, |_| {}));
    let nobody = more(&second, &Policy::default(), &Consents::default());
    assert_eq!(nobody, [], "who never opened it agreed to nothing");
}

#[test]
fn nobody_is_asked_again_about_what_they_refused() {
    let first = manifest(
        "wallet.request max_amount = { amount = \"50.00\", currency = \"USD\" }\nschedule",
    );
    let second = manifest(
        "wallet.request max_amount = { amount = \"80.00\", currency = \"USD\" }\nschedule",
    );
    let at = NOON;
    for answer in [Answer::AtMost, Answer::Refused] {
        let say = |consents: &mut Consents| {
            let matter = pay("50");
            consents.say(Stance { matter, answer, at });
        };
        assert_eq!(asked_again(&first, &second, say), "", "{answer:?}");
    }
    let forget = |consents: &mut Consents| consents.take_back(&Permission::Schedule);
    assert_eq!(
        asked_again(&first, &first, forget),
        "Set itself reminders (For schedule)\n"
    );
}
