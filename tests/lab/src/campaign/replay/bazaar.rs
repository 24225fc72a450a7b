//! A market in this process, with the samples in it and two people who do whatever comes to their
//! mind.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ed25519_dalek::SigningKey;
use serde_json::{Map, Value, json};
use souk_chat::view::Seen;
use souk_core::{AppId, ChatId, Clock, MessageId, TransferId, TypedId, UserId};
use souk_ledger::rail;
use souk_market::{Call, Config, Market, MarketError, SystemClock, TraceKeeping};
use souk_registry::{envelope, package};
use souk_runtime::{Limits, Prepared, Runtime, Trace, Workshop};
use souk_store::memory::Memory;
use souk_store::{Blobs, Keyring, Page, Store};
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::dice::Dice;
use crate::{Wrong, till};

/// Whoever signs the packages need not be known outside the laboratory.
const KEY: [u8; 32] = [7; 32];
/// What the people have.
const PURSE: &str = "5000.00 USD";
/// What they say, each as likely as pressing a button.
const SAYINGS: [&str; 11] = [
    "/tea",
    "/flash",
    "/return 1 0.10 USD",
    "/tally",
    "/spill",
    "/flowers",
    "/florist",
    "/stamps",
    "/treats",
    "/look",
    "/look about",
];
/// What they enter, by input.
const ENTRIES: [(&str, &[&str]); 7] = [
    ("tea", &["jasmine", "oolong", "none"]),
    ("size", &["small", "large"]),
    ("quantity", &["1", "2", "3"]),
    ("flower", &["roses", "tulips"]),
    ("stems", &["1", "3", "5"]),
    ("name", &["Ana", "Zo\u{eb}"]),
    ("fresh", &["1", "2"]),
];
/// How far back they look for a button.
const LOOKED_BACK: usize = 12;
/// How long what happens by itself is waited for, at the end.
const REST: Duration = Duration::from_millis(3_000);

/// A package, as it is published.
pub(super) struct Wares {
    pub(super) digest: [u8; 32],
    bytes: Vec<u8>,
    prepared: std::sync::OnceLock<Prepared>,
}

impl Wares {
    /// Compiles it for a runtime, once.
    pub(super) fn prepared(&self, runtime: &Runtime) -> Result<Prepared, Wrong> {
        if let Some(prepared) = self.prepared.get() {
            return Ok(prepared.clone());
        }
        let prepared = runtime.prepare(&self.bytes)?;
        Ok(self.prepared.get_or_init(|| prepared).clone())
    }
}

/// The samples, and the program that looks about.
pub(super) fn wares() -> Result<Vec<Wares>, Wrong> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let samples = ["tea-house", "flower-shop", "loyalty-card"];
    let mut all = Vec::new();
    for sample in samples {
        let directory = root.join("sample-miniapps").join(sample);
        let manifest = std::fs::read_to_string(directory.join("miniapp.toml"))?;
        let parsed = souk_core::manifest::Manifest::parse(&manifest)?;
        all.push(packed(&directory.join(&parsed.build.component), &manifest)?);
    }
    let guests = root.join("tests/guests/target/wasm32-wasip2/release/examples");
    all.push(packed(&guests.join("outside.wasm"), LOOK)?);
    Ok(all)
}

/// The manifest of the program that looks about.
const LOOK: &str = include_str!("../../../look.toml");

fn packed(component: &PathBuf, manifest: &str) -> Result<Wares, Wrong> {
    let code = std::fs::read(component)
        .map_err(|error| format!("{} cannot be read: {error}", component.display()))?;
    let bytes = package::build(&code, manifest, &[], &SigningKey::from_bytes(&KEY))?;
    Ok(Wares {
        digest: package::read(&bytes)?.digest,
        bytes,
        prepared: std::sync::OnceLock::new(),
    })
}

/// How many runs there are of each app and of each end.
pub(super) fn summary(traces: &[Trace]) -> String {
    let mut counts = BTreeMap::new();
    for trace in traces {
        let ended = trace.run.ended();
        let word = ended
            .split([':', ' '])
            .next()
            .unwrap_or_default()
            .to_owned();
        let count = counts.entry((trace.app.to_string(), word)).or_insert(0_u32);
        *count = count.saturating_add(1);
    }
    let line = |((app, ended), count)| format!("{app} {ended}: {count}");
    counts.into_iter().map(line).collect::<Vec<_>>().join("; ")
}

/// The market.
pub(super) struct Bazaar {
    market: Market,
    apps: Vec<AppId>,
    people: [UserId; 2],
    chat: ChatId,
    dice: Dice,
    calls: u64,
    _room: TempDir,
}

impl Bazaar {
    pub(super) async fn open(wares: &[Wares], seed: u64) -> Result<Self, Wrong> {
        let room = till::folder()?;
        let keyring = Arc::new(Keyring::ephemeral()?);
        let store = Store::new(Arc::new(Memory::default()), keyring, Arc::new(SystemClock));
        let workshop = Workshop::bare(Runtime::new(&Limits::default())?);
        let config = Config {
            traces: Some(TraceKeeping {
                of_app: usize::MAX,
                ok_every_ms: 0,
                ..TraceKeeping::in_directory(room.path().join("traces"))
            }),
            ..Config::default()
        };
        let blobs = Blobs::open(&room.path().join("blobs"))?;
        let market = Market::open(store, blobs, workshop, config)?;
        let ana = market
            .register("ana", "Ana", "one-small-market")
            .await?
            .user;
        let ben = market
            .register("ben", "Ben", "one-small-market")
            .await?
            .user;
        let opening = Call::new(ana, "opening", "campaign", b"");
        let chat = market
            .open_group(&opening, "Friday", &["ben".to_owned()])
            .await?;
        let mut bazaar = Self {
            market,
            apps: Vec::new(),
            people: [ana, ben],
            chat,
            dice: Dice::new(seed),
            calls: 0,
            _room: room,
        };
        bazaar.furnish(wares).await?;
        Ok(bazaar)
    }

    /// Publishes the wares, and gives the people money.
    async fn furnish(&mut self, wares: &[Wares]) -> Result<(), Wrong> {
        let [merchant, _] = self.people;
        for wares in wares {
            let call = self.call(merchant);
            let version = self.market.publish(&call, &wares.bytes).await?;
            self.apps.push(version.app);
        }
        for (number, person) in self.people.into_iter().enumerate() {
            let (amount, policy) = (PURSE.parse()?, &souk_ledger::Policy::default());
            let id = TransferId::from_bits(u128::try_from(number)?.saturating_add(1));
            let deposit =
                |txn| async move { rail::deposit(&txn, policy, person, amount, id).await };
            self.market.store().transact(deposit).await?;
        }
        Ok(())
    }

    /// Lets the people play until so many runs are recorded, and returns their traces.
    pub(super) async fn record(mut self, runs: u32) -> Result<Vec<Trace>, Wrong> {
        let (done, stop) = tokio::sync::oneshot::channel::<()>();
        let dispatcher = self.market.clone();
        let mut dispatching = JoinSet::new();
        dispatching.spawn(async move {
            dispatcher.dispatch(async { drop(stop.await) }).await;
        });
        let wanted = usize::try_from(runs)?;
        let mut steps = 0_usize;
        while steps < wanted || self.count().await? < wanted {
            // Counting reads all of them: not after every step.
            for _ in 0..20 {
                self.step().await?;
                steps = steps.saturating_add(1);
            }
        }
        tokio::time::sleep(REST).await;
        drop(done);
        dispatching.join_all().await;
        let mut traces = self.traces().await?;
        traces.truncate(wanted);
        Ok(traces)
    }

    async fn count(&self) -> Result<usize, Wrong> {
        let mut count = 0_usize;
        for app in &self.apps {
            let [merchant, _] = self.people;
            let lines = self.market.traces(merchant, app, usize::MAX).await?;
            count = count.saturating_add(lines.len());
        }
        Ok(count)
    }

    /// The traces of all apps in turn, so that the first ones are of every app.
    async fn traces(&self) -> Result<Vec<Trace>, Wrong> {
        let ([merchant, _], key) = (self.people, SigningKey::from_bytes(&KEY));
        let mut traces = Vec::new();
        for app in &self.apps {
            let lines = self.market.traces(merchant, app, usize::MAX).await?;
            for (place, line) in lines.into_iter().enumerate() {
                let sealed = self.market.trace(merchant, app, line.id).await?;
                traces.push((place, Trace::from_bytes(&envelope::open(&sealed, &key)?)?));
            }
        }
        traces.sort_by_key(|(place, _)| *place);
        Ok(traces.into_iter().map(|(_, trace)| trace).collect())
    }

    /// Somebody does something; what is refused is something too.
    async fn step(&mut self) -> Result<(), Wrong> {
        let person = *self.dice.pick(&self.people).ok_or("nobody is there")?;
        let done = match self.dice.below(4) {
            0 => self.says(person).await,
            1 | 2 => self.presses(person).await,
            _ => self.settles(person).await,
        };
        match done {
            Err(MarketError::Store(error)) => Err(error.into()),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    async fn says(&mut self, person: UserId) -> Result<(), MarketError> {
        let text = self.dice.pick(&SAYINGS).copied().unwrap_or("/tea");
        let call = self.call(person);
        self.market
            .say(&call, self.chat, text, None)
            .await
            .map(drop)
    }

    /// Presses one of the buttons they see.
    async fn presses(&mut self, person: UserId) -> Result<(), MarketError> {
        let page = Page::last(LOOKED_BACK);
        let seen = self.market.history(person, self.chat, page).await?;
        let mut buttons: Vec<(MessageId, u64, String, Value)> = Vec::new();
        for (_, view) in seen {
            let card = view
                .message
                .body
                .and_then(|body| body.card)
                .unwrap_or_default();
            let card: Value = serde_json::from_str(&card).unwrap_or_default();
            for id in ids(&card, "Action.Submit") {
                buttons.push((view.message.id, view.message.revision, id, card.clone()));
            }
        }
        let Some((message, revision, button, card)) = self.dice.pick(&buttons).cloned() else {
            return Ok(());
        };
        let (inputs, call) = (self.entries(&card), self.call(person));
        let market = &self.market;
        let seen = Seen { revision, view: 0 };
        let pressed = market.press(&call, self.chat, message, seen, &button, &inputs);
        pressed.await.map(drop)
    }

    /// What they enter into the inputs of a card.
    fn entries(&mut self, card: &Value) -> Map<String, Value> {
        let mut inputs = Map::new();
        for id in ids(card, "Input.") {
            let known = ENTRIES.iter().find(|(name, _)| *name == id);
            let entry = known.and_then(|(_, entries)| self.dice.pick(entries));
            if let Some(entry) = entry {
                inputs.insert(id, json!(entry));
            }
        }
        inputs
    }

    /// Answers what they are asked, and pays or declines.
    async fn settles(&mut self, person: UserId) -> Result<(), MarketError> {
        for asked in self.market.waiting_consents(person).await? {
            let (call, yes) = (self.call(person), self.dice.below(3) > 0);
            let id = asked.waiting.id;
            self.market.answer_consent(&call, id, yes).await?;
        }
        for waiting in self.market.waiting_orders(person).await? {
            let (call, id) = (self.call(person), waiting.order.id);
            if self.dice.below(4) == 0 {
                self.market.decline(&call, id).await?;
            } else {
                let sheet = self.market.sheet(person, id).await?;
                self.market.approve(&call, id, &sheet.nonce).await?;
            }
        }
        Ok(())
    }

    fn call(&mut self, by: UserId) -> Call {
        self.calls = self.calls.saturating_add(1);
        let key = format!("{} {}", self.calls, SystemClock.now().millis());
        Call::new(by, key.as_str(), "campaign", b"")
    }
}

/// The ids of all elements of a kind, however deep.
fn ids(of: &Value, kind: &str) -> Vec<String> {
    let mut found = Vec::new();
    let text = |name: &str| of.get(name).and_then(Value::as_str);
    if text("type").is_some_and(|it| it.starts_with(kind)) {
        found.extend(text("id").map(str::to_owned));
    }
    match of {
        Value::Array(items) => found.extend(items.iter().flat_map(|it| ids(it, kind))),
        Value::Object(fields) => found.extend(fields.values().flat_map(|it| ids(it, kind))),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    found
}
