//! A person leaves, and what they wrote is found nowhere any more: not through the API, not in any
//! file of the host, not in a backup. The books still balance.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use souk_core::{Clock, Timestamp};
use souk_market::SystemClock;

use crate::desk::Desk;
use crate::person::{PASSWORD, Person};

/// What Ana writes: her name, a message, a gift's note, where she takes money out to.
const NAME: &str = "Anastasia of the blue cups";
const MESSAGE: &str = "the blue cup is hidden behind the samovar";
const NOTE: &str = "for the samovar, with a blue ribbon";
const ACCOUNT: &str = "DE02 1203 0000 0000 2020 51";
const TEXTS: [&str; 4] = [NAME, MESSAGE, NOTE, ACCOUNT];
/// Where the places of the key file begin, and how long one is.
const PLACES_AT: usize = 2_048;
const PLACE_BYTES: usize = 128;
/// What is in a place: a key, or that there was one.
const KEY: u8 = 1;
const ERASED: u8 = 2;

/// Ana talks to Ben in a direct chat and in a group that she leaves, takes some money out, and
/// gives him the rest. Returns the chats, and what Ben and she herself could read.
fn play(ana: &Person, ben: &Person) -> (Vec<String>, String) {
    let direct = json!({"kind": "direct", "with": "ben"});
    let group = json!({"kind": "group", "title": "Cups", "members": ["ben"]});
    let chats = [direct, group].map(|ask| {
        let (_, chat) = ana.post("/v1/chats", &ask);
        let chat = chat["id"].as_str().unwrap().to_owned();
        let say = format!("/v1/chats/{chat}/messages");
        assert_eq!(ana.post(&say, &json!({"text": MESSAGE})).0, 201);
        chat
    });
    let out = format!("/v1/chats/{}/members/me", chats[1]);
    assert_eq!(ana.ask(Method::DELETE, &out, None).0, 204);
    let cup = json!({"minor": 500, "currency": "USD"});
    for _ in 0..2 {
        ana.post("/v1/wallet/deposits", &json!({"amount": cup}));
    }
    let gone = take_out(ana, &cup);
    let gift = json!({"to": "ben", "amount": cup, "note": NOTE});
    let (_, gift) = ana.post("/v1/wallet/transfers", &gift);
    let accept = format!(
        "/v1/wallet/transfers/{}/accept",
        gift["id"].as_str().unwrap()
    );
    // As long as it is on its way she cannot leave.
    let (status, problem) = leave(ana, PASSWORD);
    assert_eq!(
        (status, &problem["type"]),
        (409, &json!("/problems/wrong-state"))
    );
    let read = ben.reads(&chats) + &gone;
    assert_eq!(ben.post(&accept, &json!({})).0, 200);
    (chats.to_vec(), read)
}

/// Takes money out, and returns what its person reads of it once it is gone.
fn take_out(who: &Person, amount: &Value) -> String {
    let ask = json!({"rail": "bank", "amount": amount, "to": ACCOUNT});
    assert_eq!(who.post("/v1/wallet/withdrawals", &ask).0, 201);
    for _ in 0..1_000 {
        let (_, page) = who.get("/v1/wallet/withdrawals");
        if page["items"][0]["state"] == "done" {
            return page.to_string();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("the money does not go out")
}

fn leave(who: &Person, password: &str) -> (u16, Value) {
    who.post("/v1/me/leave", &json!({"password": password}))
}

/// All files in a folder, however deep.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let found = entries.map(|path| {
        if path.is_dir() {
            files(&path)
        } else {
            vec![path]
        }
    });
    found.flatten().collect()
}

/// The files of a folder that hold these bytes.
fn holding(folder: &Path, bytes: &[u8]) -> Vec<PathBuf> {
    let mut found = files(folder);
    found.retain(|path| {
        // What is gone since was no hiding place.
        let held = fs::read(path).unwrap_or_default();
        held.windows(bytes.len()).any(|part| part == bytes)
    });
    found
}

/// The places of a key file.
fn places(desk: &Desk, folder: &str) -> Vec<Vec<u8>> {
    let bytes = fs::read(desk.path(folder).join("keys")).unwrap();
    bytes[PLACES_AT..]
        .chunks(PLACE_BYTES)
        .map(<[u8]>::to_vec)
        .collect()
}

/// The keys that were there before and are erased now.
fn erased(before: &[Vec<u8>], after: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let pairs = before.iter().zip(after);
    let gone = pairs.filter(|(before, after)| before[0] == KEY && after[0] == ERASED);
    gone.map(|(before, _)| before[17..100].to_vec()).collect()
}

#[test]
fn what_a_person_wrote_is_found_nowhere_once_they_left() {
    let desk = Desk::new();
    let host = desk.serve();
    let ana = Person::join(&host.base, "ana", NAME);
    let ben = Person::join(&host.base, "ben", "Ben");
    let (chats, before) = play(&ana, &ben);
    assert!(TEXTS.iter().all(|text| before.contains(text)), "{before}");
    let backup = |more: &str| {
        let page = desk.type_in(&format!(
            "store backup backups --data data --keys copy {more}"
        ));
        let path = page.lines().find_map(|line| line.strip_prefix("backups/"));
        format!("backups/{}", path.unwrap_or_else(|| panic!("{page}")))
    };
    let old = backup("");
    let keys = places(&desk, "data/keys");

    assert_eq!(leave(&ana, "not-her-password").0, 401);
    assert_eq!(leave(&ana, PASSWORD), (204, Value::Null));
    let after = ben.reads(&chats);
    assert!(!TEXTS.iter().any(|text| after.contains(text)), "{after}");
    assert!(after.contains("someone who left"), "{after}");
    assert_eq!(ana.get("/v1/me").0, 401);
    assert!(ana.sign_in("ana").is_none());
    assert_eq!(ben.get("/v1/people/ana").0, 404);
    let again = json!({"handle": "ana", "name": "Ann", "password": PASSWORD});
    assert_eq!(ben.post("/v1/accounts", &again).0, 409);

    // Herself, and each of the two chats. Only the copy of the keys remembers them, until the next.
    let gone = erased(&keys, &places(&desk, "data/keys"));
    assert_eq!(gone.len(), 3);
    for key in &gone {
        assert_eq!(holding(&desk.path(""), key), [desk.path("copy/keys")]);
    }
    backup("");
    assert!(desk.path(&old).exists());
    let remembered = gone
        .iter()
        .any(|key| !holding(&desk.path(""), key).is_empty());
    assert!(!remembered);
    host.stop();
    for text in TEXTS {
        let found = holding(&desk.path(""), text.as_bytes());
        assert!(found.is_empty(), "{text}: {found:?}");
    }
    // What is written in clear is found.
    assert!(!holding(&desk.path("data"), b"USD").is_empty());
    let audit = desk.type_in("wallet audit --data data");
    assert!(audit.contains("balanced\n"), "{audit}");

    // The old backup, with all the keys there are: everything is there but what she wrote.
    desk.type_in(&format!("store restore {old} --data past --keys copy"));
    fs::copy(
        desk.path("data/keys/master.key"),
        desk.path("past/keys/master.key"),
    )
    .unwrap();
    let host = desk.serve_from("past");
    let ben = ben.at(&host.base);
    let past = ben.reads(&chats);
    assert!(past.contains("Ben") && past.contains("500"), "{past}");
    assert!(!TEXTS.iter().any(|text| past.contains(text)), "{past}");
    host.stop();

    let mut kept = desk.path(&old);
    for (days, stays) in [(29, true), (31, false)] {
        let made = SystemClock.now().millis() - days * 24 * 60 * 60 * 1_000;
        let made = Timestamp::from_millis(made).to_string().replace(':', "-");
        let renamed = desk.path("backups").join(made);
        fs::rename(&kept, &renamed).unwrap();
        backup("");
        assert_eq!(renamed.exists(), stays, "after {days} days");
        kept = renamed;
    }
}
