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
    /// What the operator types, and what is answered.
    fn page(&self, words: &[&str]) -> String {
        let told = |words: &&str| format!("$ {words}\n{}", self.operator(words));
        words.iter().map(told).collect()
    }

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
    expect![[r#"
        Error: the host refused: the request does not carry the operator's token
        Hint: Send `Authorization: Bearer` with the token in the file operator.token of the host's data directory.
        [exit status: 1]
    "#]].assert_eq(&seen);
}

#[test]
fn the_operator_books_with_a_reason_that_is_read() {
    let counter = Counter::open();
    let mut page = counter.page(&[
        "deposit ana 5.00~USD --reason cash",
        "deposit nobody 5.00~USD --reason cash",
        "withdraw ana 1.50~USD --reason till~7 --key w",
        "withdraw ana 1.50~USD --reason till~7 --key w",
        "withdraw ana 1.50~USD --reason till~8 --key w",
        "withdraw ana 9.00~USD --reason till~7",
        "withdraw ana 1.00~USD --takings --reason till~7",
        "withdraw ana 1.00~USD --reason ~",
        "recall com.example.tea 1.00~USD --reason dispute",
    ]);
    let words = "wallet entries USD";
    page += &format!("ana $ {words}\n{}", counter.ana(words));
    expect![[r#"
        $ deposit ana 5.00~USD --reason cash
        Booked 5.00 USD for ana.
        ID
        [exit status: 0]
        $ deposit nobody 5.00~USD --reason cash
        Error: the host refused: there is nobody called `nobody` here
        Hint: Check the name or the id; lists show what there is.
        [exit status: 1]
        $ withdraw ana 1.50~USD --reason till~7 --key w
        Booked 1.50 USD as paid to ana.
        ID
        [exit status: 0]
        $ withdraw ana 1.50~USD --reason till~7 --key w
        Booked 1.50 USD as paid to ana.
        ID
        [exit status: 0]
        $ withdraw ana 1.50~USD --reason till~8 --key w
        Error: the host refused: this idempotency key was already used with other contents
        Hint: Use a new key for a new request.
        [exit status: 1]
        $ withdraw ana 9.00~USD --reason till~7
        Error: the host refused: the balance is too low
        Hint: Deposit money, then ask again under a new key; an order still waits.
        [exit status: 1]
        $ withdraw ana 1.00~USD --takings --reason till~7
        Error: the host refused: the balance is too low
        Hint: Deposit money, then ask again under a new key; an order still waits.
        [exit status: 1]
        $ withdraw ana 1.00~USD --reason ~
        Error: the host refused: say why, in 1 to 200 visible characters
        Hint: Correct what the detail names.
        [exit status: 1]
        $ recall com.example.tea 1.00~USD --reason dispute
        Error: the host refused: there is no app com.example.tea here
        Hint: Check the name or the id; lists show what there is.
        [exit status: 1]
        ana $ wallet entries USD
        ID  withdrawal  -1.50 USD  "till 7"
        ID  deposit  +5.00 USD  "cash"
        [exit status: 0]
    "#]]
    .assert_eq(&page);
}

#[test]
fn the_operator_freezes_and_closes_with_a_reason() {
    let counter = Counter::open();
    counter.operator("deposit ana 3.50~USD --reason cash");
    let page = counter.page(&[
        "freeze --person ana USD --reason stolen",
        "withdraw ana 1.00~USD --reason till~7",
        "unfreeze --person ana USD --reason found",
        "close --person ana USD --reason moved",
        "accounts --person ana",
        "accounts --app com.example.tea",
    ]);
    expect![[r#"
        $ freeze --person ana USD --reason stolen
        3.50 USD  frozen
          frozen: stolen
        [exit status: 0]
        $ withdraw ana 1.00~USD --reason till~7
        Error: the host refused: the account is frozen
        Hint: Ask the operator of this host why.
        [exit status: 1]
        $ unfreeze --person ana USD --reason found
        3.50 USD  open
          frozen: stolen
          open: found
        [exit status: 0]
        $ close --person ana USD --reason moved
        Error: the host refused: there is still money in the account, or on its way to or from it
        Hint: Look at the present state and decide again.
        [exit status: 1]
        $ accounts --person ana
        3.50 USD  open
          frozen: stolen
          open: found
        [exit status: 0]
        $ accounts --app com.example.tea
        [exit status: 0]
    "#]]
    .assert_eq(&page);
}

#[test]
fn the_operator_registers_assets() {
    let page = Counter::open().page(&["asset GOLD 4", "asset GOLD 5", "asset gold 4"]);
    expect![[r#"
        $ asset GOLD 4
        GOLD:4
        [exit status: 0]
        $ asset GOLD 5
        Error: the host refused: the code of the asset stands for something else already
        Hint: Look at the present state and decide again.
        [exit status: 1]
        $ asset gold 4
        Error: the host refused: `gold:4` is not a currency; write three capital letters of ISO 4217, like USD, or an asset with its digits after the point, like GOLD:4
        Hint: Correct what the detail names.
        [exit status: 1]
    "#]].assert_eq(&page);
}

#[test]
fn a_digital_currency_comes_in_over_a_reorganization() {
    let counter = Counter::open();
    counter.operator("asset GOLD 4");
    let pay = format!("chain pay {} 2.0000~GOLD:4", counter.address());
    let mut page = String::new();
    for words in [
        &pay,
        "chain mine 2",
        "chain reorganize 1",
        "chain mine 2",
        "chain mine 1",
    ] {
        let said = without_ids(words);
        page += &format!("operator $ {said}{}", counter.operator(words));
    }
    let words = "wallet arrivals";
    page += &format!("ana $ {words}\n{}", counter.ana(words));
    expect![[r#"
        operator $ chain pay ADDRESS 2.0000~GOLD:4
        2.0000 GOLD:4 wait for a block.
        ID
        [exit status: 0]
        operator $ chain mine 2
        height 2
        ID  block 1  2.0000 GOLD:4  ADDRESS
        [exit status: 0]
        operator $ chain reorganize 1
        Blocks taken off: 1; arrivals lost: 0.
        [exit status: 0]
        operator $ chain mine 2
        height 3
        ID  block 1  2.0000 GOLD:4  ADDRESS
        [exit status: 0]
        operator $ chain mine 1
        height 4
        ID  block 1  2.0000 GOLD:4  ADDRESS
        [exit status: 0]
        ana $ wallet arrivals
        ID  posted  2.0000 GOLD:4  3/3  REFERENCE
        [exit status: 0]
    "#]]
    .assert_eq(&page);
}

#[test]
fn money_goes_in_and_out_by_the_rails_that_carry_it() {
    let counter = Counter::open();
    let page = [
        "wallet deposit 5.00~USD",
        "wallet withdraw 9.00~USD DE02",
        "wallet withdraw 5.00~USD DE02 --rail chain",
        "wallet withdraw 2.00~USD DE02",
        "takings show",
        "takings withdraw 1.00~USD DE02",
    ];
    let page = page.map(|words| format!("ana $ {words}\n{}", counter.ana(words)));
    expect![[r#"
        ana $ wallet deposit 5.00~USD
        Deposited 5.00 USD.
        ID
        [exit status: 0]
        ana $ wallet withdraw 9.00~USD DE02
        Error: the host refused: the balance is too low
        Hint: Deposit money, then ask again under a new key; an order still waits.
        [exit status: 1]
        ana $ wallet withdraw 5.00~USD DE02 --rail chain
        Error: the host refused: the simulated chain does not carry USD
        Hint: Correct what the detail names.
        [exit status: 1]
        ana $ wallet withdraw 2.00~USD DE02
        2.00 USD are set aside and go to DE02.
        ID
        [exit status: 0]
        ana $ takings show
        [exit status: 0]
        ana $ takings withdraw 1.00~USD DE02
        Error: the host refused: the balance is too low
        Hint: Deposit money, then ask again under a new key; an order still waits.
        [exit status: 1]
    "#]]
    .assert_eq(&page.concat());
}

#[test]
fn what_the_operator_decides_about_money_holds_from_the_start() {
    let desk = Desk::new();
    for (words, wrong) in [
        ("--fee-basis-points 10001", "10001 is not in 0..=10000"),
        (
            "--limit-day 5",
            "invalid value '5' for '--limit-day <AMOUNTS>'",
        ),
        ("--simulated-chain-block 0", "0 is not in 1.."),
        ("--settle-after soon", "invalid digit found in string"),
    ] {
        let seen = desk.type_in(&format!("serve --data data {words}"));
        assert!(seen.contains(wrong) && seen.contains("status: 2"), "{seen}");
    }
    let host = desk.serve_with("--data data --limit-balance 90.00~EUR,4.00~USD");
    let token = crate::host::token(&host.base);
    let ana = |words: &str| {
        let seen = desk.type_in(&format!("{words} --host {} --token {token}", host.base));
        without_ids(&seen)
    };
    let page = [
        "wallet deposit 4.01~USD --key a",
        "wallet deposit 4.00~USD --key b",
        "wallet deposit 90.01~EUR --key c",
        "wallet address",
    ];
    let page = page.map(|words| format!("$ {words}\n{}", ana(words)));
    expect![[r#"
        $ wallet deposit 4.01~USD --key a
        Error: the host refused: an account may hold at most 4.00 USD
        Hint: Stay below the limit that the detail names.
        [exit status: 1]
        $ wallet deposit 4.00~USD --key b
        Deposited 4.00 USD.
        ID
        [exit status: 0]
        $ wallet deposit 90.01~EUR --key c
        Error: the host refused: an account may hold at most 90.00 EUR
        Hint: Stay below the limit that the detail names.
        [exit status: 1]
        $ wallet address
        Error: the host refused: the simulated chain is off on this host
        Hint: The operator can turn it on with --simulated-chain.
        [exit status: 1]
    "#]]
    .assert_eq(&page.concat());
}
