//! `souk grants` and `souk activity`, on a host with a shop that Ana has opened.

use serde_json::{Value, json};
use souk::client::Client;

use crate::desk::{Desk, Running};
use crate::programs::program;

const MANIFEST: &str = r#"app_id = "com.example.shop"
name = "Shop"
description = "Sells"
version = { code = 1, name = "1" }

[[commands]]
name = "purse"
description = "Counts"

[[commands]]
name = "ask"
description = "Asks"

[[req_permissions]]
name = "messaging.post"
reason = "To say so"

[[req_permissions]]
name = "wallet.request"
reason = "To sell"
max_amount = { amount = "50.00", currency = "USD" }

[[req_permissions]]
name = "storage.app"
reason = "To count"

[build]
command = "true"
component = "shop.wasm"
"#;

const APP: &str = "com.example.shop";

/// A host with the shop.
pub(crate) struct Shop {
    desk: Desk,
    pub(crate) host: Running,
    token: String,
    ana: Client,
    chat: String,
    runtime: tokio::runtime::Runtime,
}

impl Shop {
    fn open() -> Self {
        Self::open_with(Desk::new(), "", ("wallet", MANIFEST))
    }

    /// Opens a host with these flags, and a shop of this program and manifest.
    pub(crate) fn open_with(desk: Desk, flags: &str, (guest, manifest): (&str, &str)) -> Self {
        desk.put("shop/shop.wasm", program(guest));
        let host = desk.serve_with(&format!("--data data {flags}"));
        let token = crate::host::token(&host.base);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let ana = Client::new(&host.base, &token);
        let open = json!({"kind": "group", "title": "Tea", "members": []});
        let chat: Value = runtime.block_on(ana.post("/v1/chats", &open)).unwrap();
        let chat = chat["id"].as_str().unwrap().to_owned();
        let shop = Self {
            desk,
            host,
            token,
            ana,
            chat,
            runtime,
        };
        shop.publishes(1, manifest);
        shop
    }

    /// Publishes a version, and returns what is seen of it.
    pub(crate) fn publishes(&self, code: u32, manifest: &str) -> String {
        let manifest = manifest.replace("code = 1", &format!("code = {code}"));
        self.desk.put("shop/miniapp.toml", manifest);
        self.desk.type_in("build shop --key key.pem");
        let package = format!("shop/target/souk/{APP}-{code}.souk");
        let seen = self.type_in(&format!("publish {package}"));
        assert!(seen.contains("exit status: 0"), "{seen}");
        seen
    }

    /// Types a command as Ana, and returns what is seen of it.
    pub(crate) fn type_in(&self, words: &str) -> String {
        let (host, token) = (&self.host.base, &self.token);
        let mut seen = self
            .desk
            .type_in(&format!("{words} --host {host} --token {token}"));
        seen = seen.replace(host.as_str(), "HOST");
        let lines = seen.lines().map(plain);
        lines.map(|line| format!("{line}\n")).collect()
    }

    /// Types a command, and sees these words of it.
    pub(crate) fn sees(&self, words: &str, parts: &[&str]) {
        let seen = self.type_in(words);
        for part in parts {
            assert!(seen.contains(part), "{words}: {seen}");
        }
    }

    /// Types a command into the chat, and returns the newest message there.
    pub(crate) fn hears(&self, text: &str) -> String {
        self.says(text);
        let path = format!("/v1/chats/{}/messages?limit=1", self.chat);
        let seen: Value = self.runtime.block_on(self.ana.get(&path)).unwrap();
        seen["items"][0]["text"].as_str().unwrap().to_owned()
    }

    fn says(&self, text: &str) -> Value {
        let path = format!("/v1/chats/{}/messages", self.chat);
        let text = json!({"text": text});
        let said = self.ana.post(&path, &text);
        self.runtime.block_on(said).unwrap()
    }

    /// Ana is asked to pay, and tries to.
    fn buys(&self, key: &str, cents: u32) -> String {
        self.says(&format!("/ask {key} {cents}"));
        let paid = async {
            let waiting: Value = self.ana.get("/v1/orders?waiting=true").await?;
            let order = format!("/v1/orders/{}", waiting["items"][0]["id"].as_str().unwrap());
            let sheet: Value = self.ana.post(&format!("{order}/sheet"), &json!({})).await?;
            let nonce = json!({"nonce": sheet["nonce"]});
            let paid: Result<Value, _> = self.ana.post(&format!("{order}/approve"), &nonce).await;
            if paid.is_err() {
                let declined: Value = self
                    .ana
                    .post(&format!("{order}/decline"), &json!({}))
                    .await?;
                assert_eq!(declined["state"], "declined");
            }
            paid
        };
        match self.runtime.block_on(paid) {
            Ok(entry) => entry["kind"].to_string(),
            Err(refused) => refused.to_string(),
        }
    }
}

/// A line without what differs from run to run: keys, times, and ids of questions.
fn plain(line: &str) -> String {
    let word = |word: &str| {
        if word.starts_with("cns_") {
            "QUESTION".to_owned()
        } else if word.starts_with("20") && word.ends_with('Z') {
            "TIME".to_owned()
        } else {
            word.to_owned()
        }
    };
    if line.starts_with("To send the same again") {
        return "To send the same again, add --key KEY.".to_owned();
    }
    line.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_page_shows_what_an_app_may_and_takes_what_a_person_says() {
    let shop = Shop::open();
    shop.sees("grants list", &["[exit status: 0]"]);
    shop.says("/purse USD");
    shop.sees(
        "grants list",
        &[
            "granted      messaging.post",
            "granted      wallet.request",
            "granted      storage.app",
        ],
    );
    shop.sees(
        &format!("grants show {APP}"),
        &["com.example.shop  Shop", "\"To sell\"", "last used TIME"],
    );
    for words in ["refuse", "allow", "revoke"] {
        shop.type_in(&format!("grants {words} {APP} wallet.request"));
        let stands = shop.type_in("grants list");
        let line = stands.lines().find(|line| line.contains("wallet"));
        let state = match words {
            "refuse" => "refused",
            "allow" => "granted",
            _ => "not-asked",
        };
        assert!(line.unwrap().contains(state), "{words}: {stands}");
    }
    shop.sees(
        &format!("grants narrow {APP} wallet.request --at-most 20.00~USD"),
        &["[exit status: 0]"],
    );
    let shown = shop.type_in(&format!("grants show {APP}"));
    assert!(shown.contains("at most 20.00 USD each"), "{shown}");
    shop.sees(
        &format!("grants allow {APP} storage.app"),
        &["not for people to decide"],
    );
    shop.sees(
        &format!("grants allow {APP} schedule"),
        &["does not ask for `schedule`"],
    );
    shop.sees(
        &format!("grants narrow {APP} wallet.request"),
        &["required", "[exit status: 2]"],
    );
    shop.sees("grants show com.example.nobody", &["the host refused"]);
    shop.host.stop();
}

#[test]
fn a_question_is_answered_and_what_waited_goes_on() {
    let shop = Shop::open();
    shop.says("/purse USD");
    shop.publishes(2, &MANIFEST.replace("50.00", "80.00"));
    let waits = shop.says("/purse USD");
    assert_eq!(waits["outcome"], "waiting", "{waits}");
    shop.sees(
        "grants waiting",
        &[
            "payments of at most 80.00 USD each",
            "so far: Ask you for payments of at most 50.00 USD each",
        ],
    );
    let waiting: Value = shop.runtime.block_on(shop.ana.get("/v1/consents")).unwrap();
    let id = waiting["items"][0]["id"].as_str().unwrap();
    shop.sees(&format!("grants answer {id} no"), &["Answered."]);
    shop.sees("grants waiting", &["[exit status: 0]"]);
    let seen = shop.type_in(&format!("grants answer {id} yes"));
    assert!(seen.contains("answered already"), "{seen}");
    let shown = shop.type_in(&format!("grants show {APP}"));
    assert!(shown.contains("at most 50.00 USD each"), "{shown}");
    shop.host.stop();
}

#[test]
fn a_budget_bounds_what_can_be_approved() {
    let shop = Shop::open();
    let money = json!({"amount": {"minor": 9_000, "currency": "USD"}});
    let deposit = shop.ana.post::<Value>("/v1/wallet/deposits", &money);
    shop.runtime.block_on(deposit).unwrap();
    let budget = format!("grants budget {APP}");
    for wrong in ["--order 5.00~USD --day 5.00~EUR", "--in-all 5.00~USD"] {
        let seen = shop.type_in(&format!("{budget} {wrong}"));
        assert!(!seen.contains("exit status: 0"), "{seen}");
    }
    let seen = shop.type_in(&format!("{budget} --in-all 5.00~USD --days 32"));
    assert!(seen.contains("a budget ends within 31 days"), "{seen}");
    shop.sees(
        &format!("{budget} --order 5.00~USD --day 8.00~USD --in-all 20.00~USD --days 31"),
        &["is set."],
    );
    let shown = shop.type_in(&format!("grants show {APP}"));
    let line = shown.lines().find(|line| line.contains("budget"));
    let bounds = "5.00 USD in one order, 8.00 USD a day, 20.00 USD in all, until TIME";
    assert!(line.unwrap().ends_with(bounds), "{shown}");
    let bought = shop.buys("a", 501);
    assert!(
        bought.contains("at most 5.00 USD may be spent at once"),
        "{bought}"
    );
    assert_eq!(shop.buys("b", 500), "\"payment\"");
    let bought = shop.buys("c", 301);
    assert!(bought.contains("at most 8.00 USD may be spent"), "{bought}");
    shop.sees(&budget, &["no budget"]);
    assert_eq!(shop.buys("d", 5_000), "\"payment\"");
    shop.host.stop();
}

#[test]
fn every_run_is_listed_page_by_page() {
    let shop = Shop::open();
    shop.says("/purse USD");
    shop.type_in(&format!("grants refuse {APP} wallet.request"));
    shop.says("/ask a 100");
    shop.sees(
        "activity --limit 1",
        &["wallet.request", "1 denied", "There is more"],
    );
    shop.sees(
        "activity --limit 1 --cursor 1",
        &["wallet.mine (wallet.request)"],
    );
    let json = shop.type_in("activity --json");
    assert!(
        json.contains("\"permission\": \"wallet.request\""),
        "{json}"
    );
    shop.host.stop();
}

const REMINDER: &str = r#"app_id = "com.example.shop"
name = "Reminder"
description = "Winds itself up"
version = { code = 1, name = "1" }
build = { command = "true", component = "shop.wasm" }

[[commands]]
name = "in"
description = "Sets a timer"

[[req_permissions]]
name = "messaging.post"
reason = "To say so"

[[req_permissions]]
name = "schedule"
reason = "To remind"

[[req_permissions]]
name = "storage.app"
reason = "To count"
"#;

#[test]
fn a_merchant_reads_what_an_app_did_for_nobody() {
    let shop = Shop::open_with(Desk::new(), "", ("schedule", REMINDER));
    let of_app = format!("activity --app {APP}");
    shop.sees(&of_app, &["[exit status: 0]"]);
    let set = shop.hears("/in app tea 1");
    assert!(set.contains("timers.set: ok"), "{set}");
    let mut seen = String::new();
    for _ in 0..100 {
        seen = shop.type_in(&of_app);
        if seen.contains(APP) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    let mut lines = seen.lines();
    assert_eq!(lines.next().unwrap(), format!("TIME  {APP} 1  done"));
    let cost = lines.next().unwrap();
    for part in [" ms, memory ", ", in ", ", out ", " bytes, fuel "] {
        assert!(cost.contains(part), "{seen}");
    }
    let people = shop.type_in("activity");
    assert!(people.contains("timers.set (schedule)"), "{people}");
    assert!(!people.contains("fuel"), "{people}");
    shop.sees("activity --app com.example.other", &["there is no app"]);
    shop.host.stop();
}

#[test]
fn without_a_host_nothing_is_said() {
    let desk = Desk::new();
    let far = "--token t --host http://127.0.0.1:1";
    for words in [
        "grants list",
        "grants show com.example.tea",
        "grants waiting",
        "grants answer cns_000000000000000000000000cm yes --key k",
        "grants allow com.example.tea schedule --key k",
        "grants narrow com.example.tea http --only https://a.example --key k",
        "grants revoke com.example.tea schedule --key k",
        "grants refuse com.example.tea schedule --key k",
        "grants budget com.example.tea --key k",
        "activity",
        "activity --app com.example.tea",
    ] {
        let seen = desk.type_in(&format!("{words} {far}"));
        let said = "Error: http://127.0.0.1:1 cannot be reached";
        assert!(seen.starts_with(said), "{words}: {seen}");
    }
}
