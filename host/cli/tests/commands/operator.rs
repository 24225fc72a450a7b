//! `souk operator`, `souk wallet` with rails, and `souk takings`: a transcript of both sides.

use std::os::unix::fs::PermissionsExt;

use expect_test::expect;

use crate::desk::{Desk, Running};

/// A host with both rails, Ana's commands, and the operator's.
struct Counter {
    desk: Desk,
    host: Running,
    token: String,
}

impl Counter {
    fn open() -> Self {
        let desk = Desk::new();
        let slow_blocks = "--simulated-chain --simulated-chain-block 3600000";
        let host = desk.serve_with(&format!("--data data {slow_blocks}"));
        let token = crate::host::token(&host.base);
        Self { desk, host, token }
    }

    /// A command of Ana's.
    fn ana(&self, words: &str) -> String {
        let (base, token) = (&self.host.base, &self.token);
        let seen = self
            .desk
            .type_in(&format!("{words} --host {base} --token {token}"));
        without_ids(&seen)
    }

    /// A command of the operator's.
    fn operator(&self, words: &str) -> String {
        let base = &self.host.base;
        let seen = self
            .desk
            .type_in(&format!("operator {words} --host {base} --data data"));
        without_ids(&seen)
    }

    fn address(&self) -> String {
        let seen = self.desk.type_in(&format!(
            "wallet address --host {} --token {}",
            self.host.base, self.token
        ));
        seen.lines().next().unwrap().to_owned()
    }
}

/// Leaves out what differs from run to run.
fn without_ids(seen: &str) -> String {
    let word = |word: &str| match word.split_once(['_', '-']) {
        Some(("trf" | "ent", _)) => "ID".to_owned(),
        Some(("SOUK", _)) => "REFERENCE".to_owned(),
        _ if word.starts_with("sim1") => "ADDRESS".to_owned(),
        _ if word.len() == 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            "REFERENCE".to_owned()
        }
        _ => word.to_owned(),
    };
    let line = |line: &str| line.split(' ').map(word).collect::<Vec<_>>().join(" ");
    let lines = seen
        .lines()
        .filter(|line| !line.starts_with("To send the same"));
    lines.map(|text| line(text) + "\n").collect()
}

#[test]
fn the_operators_token_is_a_file_that_only_they_read() {
    let counter = Counter::open();
    let file = counter.desk.path("data/operator.token");
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let first = std::fs::read_to_string(&file).unwrap();
    counter.host.stop();
    counter.desk.serve().stop();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), first);
    std::fs::remove_file(&file).unwrap();
    let host = counter.desk.serve();
    assert_ne!(std::fs::read_to_string(&file).unwrap(), first);
    let old = format!(
        "operator accounts --person ana --host {} --token {first}",
        host.base
    );
    let seen = counter.desk.type_in(&old);
    expect![[""]].assert_eq(&seen);
}

#[test]
fn the_operator_books_freezes_and_closes_with_a_reason() {
    let counter = Counter::open();
    let page = [
        "deposit ana 5.00~USD --reason cash",
        "deposit nobody 5.00~USD --reason cash",
        "freeze --person ana USD --reason stolen",
        "unfreeze --person ana USD --reason found",
        "close --person ana USD --reason moved",
        "accounts --person ana",
        "accounts --app com.example.tea",
        "asset GOLD 4",
        "asset GOLD 5",
        "asset gold 4",
    ];
    let page = page.map(|words| format!("$ {words}\n{}", counter.operator(words)));
    expect![[""]].assert_eq(&page.concat());
}

#[test]
fn money_comes_and_goes_through_rails() {
    let counter = Counter::open();
    counter.operator("asset GOLD 4");
    let to = counter.address();
    let pay = format!("chain pay {to} 2.0000~GOLD:4");
    let mut page = String::new();
    let mut say = |who: &str, words: &str, seen: String| {
        page += &format!("{who} $ {words}\n{seen}");
    };
    for words in [
        &pay,
        "chain mine 2",
        "chain reorganize 1",
        "chain mine 2",
        "chain mine 1",
    ] {
        say("operator", &without_ids(words), counter.operator(words));
    }
    for words in [
        "wallet arrivals",
        "wallet deposit 5.00~USD",
        "wallet withdraw 9.00~USD DE02",
        "wallet withdraw 5.00~USD DE02 --rail chain",
        "takings show",
        "takings withdraw 1.00~USD DE02",
    ] {
        say("ana", words, counter.ana(words));
    }
    expect![[""]].assert_eq(&page);
}
