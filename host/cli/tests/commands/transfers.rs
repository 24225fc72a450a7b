//! Money from person to person, receipts and the keys to check them: a transcript of both sides.

use expect_test::expect;

use crate::desk::{Desk, Running};

/// A host with Ana, who has 5.00 USD, and Ben.
struct Two {
    desk: Desk,
    host: Running,
    ana: String,
    ben: String,
}

impl Two {
    fn meet() -> Self {
        let desk = Desk::new();
        let host = desk.serve();
        let [ana, ben] = [("ana", "Ana"), ("ben", "Ben")]
            .map(|(handle, name)| crate::host::token_of(&host.base, handle, name));
        let two = Self {
            desk,
            host,
            ana,
            ben,
        };
        two.types(&two.ana, "wallet deposit 5.00~USD --key d");
        two
    }

    /// Types a command for the owner of a token. Returns what was said.
    fn types(&self, token: &str, words: &str) -> String {
        let base = &self.host.base;
        let words = format!("{words} --host {base} --token {token}");
        self.desk.type_in(&words)
    }

    /// The same, with the names of both and without what differs from run to run.
    fn page(&self, said: &[(&str, &str, &str)]) -> String {
        let line = |(who, words, id): &(&str, &str, &str)| {
            let token = if *who == "ana" { &self.ana } else { &self.ben };
            let seen = self.types(token, &words.replace("ID", id));
            format!(
                "{who} $ {words}\n{}",
                without_times(&seen.replace(id, "ID"))
            )
        };
        said.iter().map(line).collect()
    }

    /// Sends 2.00 USD from Ana to Ben. Returns the transfer's id.
    fn send(&self, key: &str) -> String {
        let words = format!("wallet transfer ben 2.00~USD --note tea --key {key}");
        let seen = self.types(&self.ana, &words);
        let id = seen.lines().find(|line| line.starts_with("trf_"));
        id.unwrap_or_else(|| panic!("{seen}")).to_owned()
    }
}

fn without_times(seen: &str) -> String {
    let mut words = seen.split("until ");
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |page, rest| {
        let rest = rest.trim_start_matches(|letter: char| !letter.is_whitespace());
        format!("{page}until TIME{rest}")
    })
}

#[test]
fn money_for_somebody_is_accepted_declined_or_taken_back() {
    let two = Two::meet();
    let id = two.send("a");
    let accepted = two.page(&[
        ("ana", "wallet balance", &id),
        ("ana", "wallet transfers", &id),
        ("ben", "wallet transfers", &id),
        ("ben", "wallet accept ID --key x", &id),
        ("ben", "wallet accept ID --key x", &id),
        ("ben", "wallet balance", &id),
        ("ana", "wallet cancel ID --key y", &id),
    ]);
    expect![[r#"
        ana $ wallet balance
        3.00 USD  2.00 USD set aside
        [exit status: 0]
        ana $ wallet transfers
        ID  2.00 USD  from Ana to Ben, until TIME  "tea"
        [exit status: 0]
        ben $ wallet transfers
        ID  2.00 USD  from Ana to Ben, until TIME  "tea"
        [exit status: 0]
        ben $ wallet accept ID --key x
        2.00 USD are yours.
        [exit status: 0]
        ben $ wallet accept ID --key x
        2.00 USD are yours.
        [exit status: 0]
        ben $ wallet balance
        2.00 USD
        [exit status: 0]
        ana $ wallet cancel ID --key y
        Error: the host refused: the transfer is accepted
        Hint: Look at the present state and decide again.
        [exit status: 1]
    "#]]
    .assert_eq(&accepted);
    let id = two.send("b");
    let declined = two.page(&[
        ("ben", "wallet decline ID --key x2", &id),
        ("ana", "wallet transfers", &id),
    ]);
    expect![[r#"
        ben $ wallet decline ID --key x2
        2.00 USD went back.
        [exit status: 0]
        ana $ wallet transfers
        [exit status: 0]
    "#]]
    .assert_eq(&declined);
    let id = two.send("c");
    let taken_back = two.page(&[
        ("ben", "wallet cancel ID --key x3", &id),
        ("ana", "wallet cancel ID --key y3", &id),
        ("ana", "wallet balance", &id),
    ]);
    expect![[r#"
        ben $ wallet cancel ID --key x3
        Error: the host refused: there is no such transfer
        Hint: Check the name or the id; lists show what there is.
        [exit status: 1]
        ana $ wallet cancel ID --key y3
        2.00 USD are yours again.
        [exit status: 0]
        ana $ wallet balance
        3.00 USD
        [exit status: 0]
    "#]]
    .assert_eq(&taken_back);
    two.host.stop();
}

#[test]
fn a_receipt_is_got_and_verified_with_the_published_keys() {
    let two = Two::meet();
    let entries = two.types(&two.ana, "wallet entries USD");
    let entry = entries.split_whitespace().next().unwrap();
    let receipt = two.types(&two.ana, &format!("receipt get {entry}"));
    two.desk
        .put("receipt.json", receipt.lines().next().unwrap());
    let base = &two.host.base;
    let keys = two.desk.type_in(&format!("receipt keys --host {base}"));
    let key = keys.lines().next().unwrap();
    assert_eq!(key.len(), 64, "{keys}");
    let json = two
        .desk
        .type_in(&format!("receipt keys --json --host {base}"));
    assert!(
        json.contains(&format!(r#""public_key": "{key}""#)),
        "{json}"
    );
    let refused = two.types(&two.ben, &format!("receipt get {entry}"));
    assert!(refused.contains("[exit status: 1]"), "{refused}");
    two.host.stop();
    let verified = two
        .desk
        .type_in(&format!("receipt verify receipt.json --key {key}"));
    assert!(verified.contains("The signature is good"), "{verified}");
    assert!(verified.contains("deposit of 5.00 USD"), "{verified}");
}

#[test]
fn how_to_send_again_is_said_only_where_it_can_help() {
    let two = Two::meet();
    let again = "To send the same again, add --key ";
    let sent = two.types(&two.ana, "wallet transfer ben 1.00~USD");
    assert!(sent.starts_with(again), "{sent}");
    let page = two.page(&[
        ("ana", "wallet transfer nobody 1.00~USD", "trf_"),
        ("ana", "wallet withdraw 1.00~USD ~", "trf_"),
    ]);
    expect![[r#"
        ana $ wallet transfer nobody 1.00~USD
        Error: the host refused: there is nobody called `nobody` here
        Hint: Check the name or the id; lists show what there is.
        [exit status: 1]
        ana $ wallet withdraw 1.00~USD ~
        Error: the host refused: say where the money goes in 1 to 140 bytes: an account at the bank
        Hint: Correct what the detail names.
        [exit status: 1]
    "#]]
    .assert_eq(&page);
    let Two {
        desk, host, ana, ..
    } = two;
    let base = host.base.clone();
    host.stop();
    let words = format!("wallet transfer ben 1.00~USD --host {base} --token {ana}");
    let unknown = desk.type_in(&words);
    assert!(unknown.starts_with(again), "{unknown}");
}
