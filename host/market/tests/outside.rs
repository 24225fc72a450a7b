//! Requests to the outside, through the dispatcher: once in effect, whatever happens meanwhile.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that cannot go on has failed, and its servers end with it"
)]

#[path = "../../runtime/tests/guests/programs.rs"]
mod programs;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use ed25519_dalek::SigningKey;
use souk_core::{AppId, ChatId, Clock, Timestamp, UserId};
use souk_egress::{Egress, Net, Protections, Stream, Trust};
use souk_market::{Call, Config, Market, Said};
use souk_registry::grant::{Outside, Policy};
use souk_registry::package;
use souk_runtime::{Limits, Runtime};
use souk_store::memory::Memory;
use souk_store::{Blobs, Keyring, Page, Store};
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
use tokio::sync::Notify;
use tokio::time::timeout;

struct HandClock(AtomicU64);

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// What the server does with a request.
#[derive(Clone, Copy)]
enum Answers {
    /// Answers with the path.
    Well,
    /// Takes it and hangs up.
    HangsUp,
    /// Takes it and says nothing.
    Never,
}

/// A network with one server.
struct Server {
    answers: Mutex<Answers>,
    asked: Mutex<Vec<String>>,
    /// Told of each request.
    heard: Notify,
    /// Has a request wait until it is told to go on.
    gate: Option<Notify>,
}

/// The way to it.
struct Wire(Arc<Server>);

#[async_trait]
impl Net for Wire {
    async fn look_up(&self, _: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        Ok(vec![SocketAddr::from(([93, 184, 216, 34], port))])
    }

    async fn connect(&self, _: SocketAddr) -> io::Result<Stream> {
        let (near, mut far) = duplex(64 << 10);
        let server = Arc::clone(&self.0);
        tokio::spawn(async move {
            let mut asked = vec![0; 64 << 10];
            let read = far.read(&mut asked).await.unwrap();
            let asked = String::from_utf8_lossy(&asked[..read]).into_owned();
            let path = asked.split(' ').nth(1).unwrap().to_owned();
            server.asked.lock().unwrap().push(asked);
            server.heard.notify_one();
            if let Some(gate) = &server.gate {
                gate.notified().await;
            }
            let answers = *server.answers.lock().unwrap();
            let length = path.len();
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{path}");
            match answers {
                Answers::Well => drop(far.write_all(answer.as_bytes()).await),
                Answers::HangsUp => {}
                Answers::Never => std::future::pending().await,
            }
        });
        Ok(Box::new(near))
    }

    fn is_own(&self, _: IpAddr) -> bool {
        false
    }
}

/// A host with a shop that asks the outside, and Ana.
struct Table {
    store: Store,
    blobs: tempfile::TempDir,
    clock: Arc<HandClock>,
    server: Arc<Server>,
    config: Config,
    market: Market,
    ana: UserId,
    chat: ChatId,
}

impl Table {
    async fn set(answers: Answers, gate: bool) -> Self {
        let clock = Arc::new(HandClock(AtomicU64::new(1_800_000_000_000)));
        let keyring = Arc::new(Keyring::ephemeral().unwrap());
        let store = Store::new(Arc::new(Memory::default()), keyring, clock.clone());
        let server = Arc::new(Server {
            answers: Mutex::new(answers),
            asked: Mutex::default(),
            heard: Notify::new(),
            gate: gate.then(Notify::new),
        });
        let egress = Egress::new(
            Arc::new(Wire(Arc::clone(&server))),
            clock.clone(),
            Trust::in_only(Vec::new()).unwrap(),
            souk_egress::Limits::default(),
            Protections::default(),
        );
        let config = Config {
            outside: Some(egress),
            ..Config::default()
        };
        let blobs = tempfile::tempdir().unwrap();
        let market = market(&store, &blobs, &config);
        let ana = market.register("ana", "Ana", "one-small-market").await;
        let ana = ana.unwrap().user;
        publish(&market, ana, 1).await;
        let opening = Call::new(ana, "opening", "test", b"");
        let chat = market.open_group(&opening, "Tea", &[]).await.unwrap();
        Self {
            store,
            blobs,
            clock,
            server,
            config,
            market,
            ana,
            chat,
        }
    }

    /// Ana types a command of the shop's.
    async fn types(&self, text: &str) {
        let call = Call::new(self.ana, text, "say", text.as_bytes());
        let said = self.market.say(&call, self.chat, text, None).await.unwrap();
        assert!(matches!(said, Said::Happened(_)), "{text}");
    }

    /// What the shop has said so far.
    async fn said(&self) -> Vec<String> {
        let page = Page::first(100);
        let history = self
            .market
            .history(self.ana, self.chat, page)
            .await
            .unwrap();
        let texts = history
            .into_iter()
            .filter_map(|(_, view)| view.message.body);
        let texts = texts.map(|body| body.text);
        texts.filter(|text| !text.starts_with('/')).collect()
    }

    /// Dispatches until the shop has said so many things, or a while.
    async fn dispatch_until_said(&self, count: usize) -> Vec<String> {
        let enough = async {
            while self.said().await.len() < count {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let stop = async { drop(timeout(Duration::from_secs(5), enough).await) };
        self.market.dispatch(stop).await;
        self.said().await
    }

    fn pass(&self, millis: u64) {
        self.clock.0.fetch_add(millis, Ordering::SeqCst);
    }

    /// The idempotency keys of the requests that arrived.
    fn keys(&self) -> Vec<String> {
        let asked = self.server.asked.lock().unwrap();
        let key = |request: &String| {
            let line = request
                .lines()
                .find(|line| line.starts_with("idempotency-key: "));
            line.unwrap_or_default().to_owned()
        };
        asked.iter().map(key).collect()
    }
}

fn market(store: &Store, blobs: &tempfile::TempDir, config: &Config) -> Market {
    let runtime = Runtime::new(&Limits::default()).unwrap();
    let shelf = Blobs::open(blobs.path()).unwrap();
    Market::open(store.clone(), shelf, runtime, config.clone()).unwrap()
}

fn app() -> AppId {
    "com.example.courier".parse().unwrap()
}

async fn publish(market: &Market, by: UserId, code: u32) {
    let commands = ["get", "send", "twice"];
    let command = |name| format!("[[commands]]\nname = \"{name}\"\ndescription = \"Does it\"\n");
    let commands: String = commands.map(command).concat();
    let manifest = format!(
        "app_id = \"{}\"\nname = \"Courier\"\ndescription = \"Brings it\"\n\
         version = {{ code = {code}, name = \"{code}\" }}\n\
         build = {{ command = \"make\", component = \"http.wasm\" }}\n{commands}\
         [[req_permissions]]\nname = \"messaging.post\"\nreason = \"To say so\"\n\
         [[req_permissions]]\nname = \"http\"\nreason = \"To ask\"\n\
         origins = [{{ origin = \"http://api.example.com\", methods = [\"GET\", \"POST\"] }}]\n",
        app()
    );
    let key = SigningKey::from_bytes(&[7; 32]);
    let package = package::build(&programs::program("http"), &manifest, &[], &key).unwrap();
    let call = Call::new(by, format!("publish {code}"), "publish", &package);
    market.publish(&call, &package).await.unwrap();
}

#[tokio::test]
async fn a_letter_leaves_after_the_commit_and_its_answer_is_an_event() {
    let table = Table::set(Answers::Well, false).await;
    table
        .types("/send POST http://api.example.com/parcels jasmine")
        .await;
    assert_eq!(table.said().await, ["outbox.send: ok"]);
    assert!(
        table.keys().is_empty(),
        "nothing leaves before the dispatcher runs"
    );
    let said = table.dispatch_until_said(2).await;
    assert_eq!(said, ["outbox.send: ok", "response: 200 /parcels"]);
    assert_eq!(table.keys().len(), 1);
    let requests = table
        .market
        .requests(table.ana, &app(), Page::first(10))
        .await
        .unwrap();
    let lines: Vec<_> = requests.iter().map(|(_, line)| line).collect();
    assert_eq!(lines[0].ended, "200");
    assert_eq!(lines[0].address, "93.184.216.34:80");
    assert!(table.keys()[0].ends_with(&lines[0].event.to_string()));
}

#[tokio::test]
async fn a_letter_nobody_answers_is_sent_again_under_the_same_key() {
    let table = Table::set(Answers::HangsUp, false).await;
    table
        .types("/send POST http://api.example.com/parcels")
        .await;
    for (tries, wait) in [(1, 60_000), (2, 240_000), (3, 960_000), (4, 3_840_000)] {
        table.dispatch_for(tries).await;
        assert_eq!(table.said().await.len(), 1, "no answer yet");
        table.pass(wait);
    }
    let said = table.dispatch_until_said(2).await;
    assert_eq!(said[1], "response: none: unreachable");
    let keys = table.keys();
    assert_eq!(keys.len(), 5);
    assert!(keys.iter().all(|key| *key == keys[0] && !key.is_empty()));
}

#[tokio::test]
async fn a_host_that_stops_in_the_middle_leaves_the_letter_to_the_next() {
    let mut table = Table::set(Answers::Never, false).await;
    table
        .types("/send POST http://api.example.com/parcels")
        .await;
    table.market.dispatch(table.server.heard.notified()).await;
    *table.server.answers.lock().unwrap() = Answers::Well;
    table.market = market(&table.store, &table.blobs, &table.config);
    table.pass(31_000);
    let said = table.dispatch_until_said(2).await;
    assert_eq!(said, ["outbox.send: ok", "response: 200 /parcels"]);
    let keys = table.keys();
    assert_eq!(
        (keys.len(), &keys[0]),
        (2, &keys[1]),
        "twice on its way, once in effect"
    );
    table.pass(3_600_000);
    table.dispatch_for(2).await;
    assert_eq!((table.keys().len(), table.said().await.len()), (2, 2));
}

#[tokio::test]
async fn what_was_revoked_meanwhile_does_not_leave() {
    let mut table = Table::set(Answers::Well, false).await;
    table
        .types("/send POST http://api.example.com/parcels")
        .await;
    table.config.policy = Policy {
        http: Outside::Closed,
        ..Policy::default()
    };
    table.market = market(&table.store, &table.blobs, &table.config);
    let said = table.dispatch_until_said(2).await;
    assert_eq!(said[1], "response: none: not-granted");
    assert!(table.keys().is_empty());
    table.types("/get http://api.example.com/rates").await;
    let last = table.said().await.pop().unwrap();
    assert!(last.starts_with("reader.get: denied not-granted"), "{last}");
}

#[tokio::test]
async fn the_same_question_has_one_answer_in_an_event() {
    let table = Table::set(Answers::Well, false).await;
    table.types("/twice http://api.example.com/rates").await;
    assert_eq!(
        table.said().await,
        ["reader.get: 200 /rates\nreader.get: 200 /rates"]
    );
    assert_eq!(table.keys().len(), 1);
    table.types("/get http://api.example.com/rates").await;
    assert_eq!(table.keys().len(), 2, "another event asks anew");
}

#[tokio::test]
async fn a_run_that_repeats_does_not_ask_again() {
    let table = Table::set(Answers::Well, true).await;
    // While the answer is waited for, a new version goes live: what the run rests on has changed.
    let change = async {
        table.server.heard.notified().await;
        publish(&table.market, table.ana, 2).await;
        table.server.gate.as_ref().unwrap().notify_one();
    };
    tokio::join!(table.types("/get http://api.example.com/rates"), change);
    assert_eq!(table.said().await, ["reader.get: 200 /rates"]);
    assert_eq!(table.keys().len(), 1, "asked once");
    let lines = table.market.activity(table.ana, 10).await.unwrap();
    assert_eq!(lines[0].version, 2, "the run that counts is the second one");
}

impl Table {
    /// Dispatches until so many requests have arrived and what follows from the last is stored.
    async fn dispatch_for(&self, requests: usize) {
        let arrived = async {
            while self.keys().len() < requests {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        };
        self.market
            .dispatch(async { drop(timeout(Duration::from_secs(5), arrived).await) })
            .await;
    }
}
