//! Ana, who has a real thing of each kind, and how she asks for it herself.

use std::time::Duration;

use ed25519_dalek::SigningKey;
use serde_json::{Value, json};
use souk::client::{Client, ClientError};
use souk_core::Money;
use souk_registry::package;
use souk_server::wire::apps::Published;
use souk_server::wire::people::Account;
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

use super::super::site::Site;
use super::probe::Probe;
use crate::{Wrong, corpus, echo, programs};

/// An app of Ana's that makes something of every kind.
pub(super) const THINGS: &str = "com.example.things";
/// One that fails whatever it hears.
const FAILING: &str = "com.example.failing";
/// One of Eve's.
pub(super) const EVES: &str = "com.example.eves";
const ECHO: &str = "com.example.echo";
const KEY: [u8; 32] = [8; 32];
/// How long something takes that happens by itself, at most.
const BY_ITSELF: Duration = Duration::from_secs(60);
const LOOKS: Duration = Duration::from_millis(100);
/// What an app has to ask Ana for.
const NAME: &str = "identity.profile:name";
/// Failures that are made, one for each that is asked for twice.
const FAILURES: usize = 4;

/// A host with Ana, to whom things belong, with Bo, whom she knows, and with Eve.
pub(super) struct Ana {
    pub(super) site: Site,
    pub(super) eve: Client,
    /// A chat of Eve's own.
    pub(super) eves_chat: String,
    bo: Client,
    failures: Vec<Value>,
    /// An order that waits. An app may have three of them wait, so what leaves it as it is shares
    /// it.
    waiting: String,
    version: u32,
    _room: TempDir,
}

impl Ana {
    pub(super) async fn open() -> Result<Self, Wrong> {
        let room = tempfile::tempdir()?;
        let site = Site::open(room.path(), programs::souk()?).await?;
        let base = site.house.base().to_owned();
        let (eve, bo) = (join(&base, "eve").await?, join(&base, "bo").await?);
        join(&base, "cai").await?;
        let group = json!({"kind": "group", "title": "Eve's", "members": []});
        let eves_chat = text(&eve.post("/v1/chats", &group).await?, "id")?;
        let mut ana = Self {
            site,
            eve,
            eves_chat,
            bo,
            failures: Vec::new(),
            waiting: String::new(),
            version: 0,
            _room: room,
        };
        let failing = corpus::component("(func $attack unreachable)")?;
        let listens = include_str!("../../../failing.toml");
        ana.publish(FAILING, &failing, listens).await?;
        let things = ana.package()?;
        drop(
            ana.ana()
                .post_package::<Published>("/v1/apps", things)
                .await?,
        );
        let eves = listens.replace(FAILING, EVES);
        let package = package::build(&failing, &eves, &[], &SigningKey::from_bytes(&[9; 32]))?;
        drop(
            ana.eve
                .post_package::<Published>("/v1/apps", package)
                .await?,
        );
        for person in [ana.ana(), &ana.bo] {
            for amount in ["20.00 USD", "30.00 USD"] {
                let ask = json!({"amount": amount.parse::<Money>()?});
                person.post::<Value>("/v1/wallet/deposits", &ask).await?;
            }
        }
        ana.settings().await?;
        ana.waiting = ana.order(&ana.chat().await?).await?;
        ana.fail().await?;
        Ok(ana)
    }

    pub(super) fn ana(&self) -> &Client {
        &self.site.person
    }

    async fn publish(&self, app: &str, component: &[u8], manifest: &str) -> Result<(), Wrong> {
        let manifest = manifest.replace(FAILING, app);
        let package = package::build(component, &manifest, &[], &SigningKey::from_bytes(&KEY))?;
        drop(
            self.ana()
                .post_package::<Published>("/v1/apps", package)
                .await?,
        );
        Ok(())
    }

    /// The next version of what makes things.
    fn package(&mut self) -> Result<Vec<u8>, Wrong> {
        self.version = self.version.saturating_add(1);
        let code = format!("{{ code = {}", self.version);
        let manifest = include_str!("../../../things.toml").replace("{ code = 1", &code);
        let component = programs::guest("probe")?;
        Ok(package::build(
            &component,
            &manifest,
            &[],
            &SigningKey::from_bytes(&KEY),
        )?)
    }

    async fn settings(&self) -> Result<(), Wrong> {
        let path = format!("/v1/apps/{THINGS}/config");
        let value = json!({"name": "canary-setting", "value": "canary", "secret": false});
        self.ana().post::<Value>(&path, &value).await?;
        Ok(())
    }

    /// A request that Ana is answered, for something that is made for it.
    pub(super) async fn make(&mut self, route: &str) -> Result<Probe, Wrong> {
        let mut probe = Probe::of(route)?;
        let path = &probe.path.clone();
        if route == "post /v1/apps" {
            probe.package(self.package()?);
            return Ok(probe);
        }
        let chat = self.chat().await?;
        probe.name("{chat}", &chat);
        probe.name("{app}", app_of(path));
        if probe.names("{message}") {
            self.message(&chat, &mut probe).await?;
        } else if probe.names("{order}") {
            self.name_order(&chat, &mut probe).await?;
        } else if let Some(kind) = probe.unnamed() {
            let id = self.thing(&kind, path, &chat).await?;
            probe.name(&kind, &id);
        } else if path.ends_with("/members/me") {
            // Somebody else is left who looks after the chat.
            let admin = json!({"handle": "bo", "is_admin": true});
            let path = format!("/v1/chats/{chat}/admins");
            self.ana().post::<Value>(&path, &admin).await?;
        }
        if let Some(body) = body(path) {
            probe.json(&body);
        }
        probe.chat = Some(chat);
        Ok(probe)
    }

    /// Makes something of a kind, as the router's table calls it, and returns its name.
    async fn thing(&mut self, kind: &str, path: &str, chat: &str) -> Result<String, Wrong> {
        match kind {
            "{event}" if path.contains("/failures/") => {
                let failure = self.failures.pop().ok_or("too few failures were made")?;
                text(&failure, "event")
            }
            "{event}" => text(
                &self.types(chat, &format!("/{} hello", echo::ECHO)).await?,
                "event",
            ),
            "{trace}" => {
                let traces = format!("/v1/apps/{FAILING}/traces");
                text(&newest(&self.ana().get(&traces).await?)?, "id")
            }
            "{token}" => {
                let label = json!({"label": "canary"});
                text(&self.ana().post("/v1/tokens", &label).await?, "id")
            }
            "{consent}" => self.question(chat).await,
            "{entry}" => self.arrival().await,
            "{transfer}" if path.contains("/withdrawals/") => self.departure().await,
            "{transfer}" if path.ends_with("/cancel") => gift(self.ana(), "bo").await,
            "{transfer}" => gift(&self.bo, "ana").await,
            "{place}" => {
                self.types(chat, &format!("/{} canary", echo::LINK)).await?;
                let link = text(&newest(&self.said(chat).await?)?, "text")?;
                let place = link.rsplit('/').nth(1);
                Ok(place.ok_or("a link has three parts")?.to_owned())
            }
            _ => Err(format!("nobody knows what {kind} in {path} is").into()),
        }
    }

    /// A group of Ana's and Bo's.
    async fn chat(&self) -> Result<String, Wrong> {
        let group = json!({"kind": "group", "title": "canary", "members": ["bo"]});
        text(&self.ana().post("/v1/chats", &group).await?, "id")
    }

    /// A chat in which so much was said that it has pages.
    pub(super) async fn history(&self) -> Result<String, Wrong> {
        let chat = self.chat().await?;
        for _ in 0..3 {
            self.types(&chat, "canary").await?;
        }
        Ok(format!("/v1/chats/{chat}/messages?limit=1"))
    }

    async fn types(&self, chat: &str, words: &str) -> Result<Value, Wrong> {
        let path = format!("/v1/chats/{chat}/messages");
        let posted = self.ana().post(&path, &json!({"text": words})).await;
        posted.map_err(|no| format!("Ana types {words}: {no:?}").into())
    }

    async fn said(&self, chat: &str) -> Result<Value, ClientError> {
        self.ana().get(&format!("/v1/chats/{chat}/messages")).await
    }

    /// A message with a button, or one that looks different to everybody, and what is asked of it.
    async fn message(&self, chat: &str, probe: &mut Probe) -> Result<(), Wrong> {
        let looked_at = probe.path.ends_with("/view");
        if looked_at {
            // Its order goes: only so many may wait.
            let order = self.order(chat).await?;
            let path = format!("/v1/orders/{order}/decline");
            self.ana().post::<Value>(&path, &json!({})).await?;
        } else {
            self.types(chat, &format!("/{} hello", echo::OPEN)).await?;
        }
        let said = items(&self.said(chat).await?)?;
        let is_it = |message: &&Value| match looked_at {
            true => message.get("text").and_then(Value::as_str) == Some("canary for all"),
            false => message.get("card").is_some_and(|card| !card.is_null()),
        };
        let message = said.iter().find(is_it).ok_or("the app did not post it")?;
        probe.name("{message}", &text(message, "id")?);
        if !looked_at {
            let revision = message.get("revision").cloned().unwrap_or_default();
            let button = echo::BUTTON;
            probe.json(&json!({"revision": revision, "button": button, "inputs": {}}));
        }
        Ok(())
    }

    /// Names an order that waits for Ana, with what approves it if that is what is asked.
    async fn name_order(&self, chat: &str, probe: &mut Probe) -> Result<(), Wrong> {
        let decides = ["/approve", "/decline"];
        let order = if decides.iter().any(|end| probe.path.ends_with(end)) {
            self.order(chat).await?
        } else {
            self.waiting.clone()
        };
        probe.name("{order}", &order);
        if probe.path.ends_with("/approve") {
            let path = format!("/v1/orders/{order}/sheet");
            let sheet: Value = self.ana().post(&path, &json!({})).await?;
            probe.json(&json!({"nonce": text(&sheet, "nonce")?}));
        }
        Ok(())
    }

    async fn order(&self, chat: &str) -> Result<String, Wrong> {
        self.types(chat, "/make").await?;
        let orders = items(&self.ana().get("/v1/orders?waiting=true").await?)?;
        let is_it = |order: &&Value| order.get("chat").and_then(Value::as_str) == Some(chat);
        text(orders.iter().find(is_it).ok_or("there is no order")?, "id")
    }

    /// Something that an app wants to know of Ana, and she has not answered.
    async fn question(&self, chat: &str) -> Result<String, Wrong> {
        // What she may have said to it before does not count any more.
        let revoke = json!({"matter": NAME, "say": "revoke"});
        let path = format!("/v1/me/grants/{THINGS}");
        self.ana().post::<Value>(&path, &revoke).await?;
        self.types(chat, "/probe users.user.profile|name").await?;
        let waiting = items(&self.ana().get("/v1/consents").await?)?;
        let is_it = |it: &&Value| it.get("chat").and_then(Value::as_str) == Some(chat);
        text(waiting.iter().find(is_it).ok_or("nothing is asked")?, "id")
    }

    /// The entry of money that came in.
    async fn arrival(&self) -> Result<String, Wrong> {
        let ask = json!({"amount": "1.00 USD".parse::<Money>()?});
        let arrival = self.ana().post("/v1/wallet/deposits", &ask).await?;
        text(&arrival, "entry")
    }

    /// Money that the bank has sent back: nothing becomes of it by itself any more.
    pub(super) async fn departure(&self) -> Result<String, Wrong> {
        let amount = "1.00 USD".parse::<Money>()?;
        let ask = json!({"rail": "bank", "amount": amount, "to": "bounce"});
        let path = "/v1/wallet/withdrawals";
        let id = text(&self.ana().post(path, &ask).await?, "id")?;
        let came_back = async {
            loop {
                let sent = items(&self.ana().get(path).await?)?;
                let own = sent.iter().find(|it| it.get("id") == Some(&json!(id)));
                if own.is_some_and(|it| it.get("state") == Some(&json!("failed"))) {
                    return Ok::<_, Wrong>(());
                }
                sleep(LOOKS).await;
            }
        };
        let came_back = timeout(BY_ITSELF, came_back).await;
        came_back.map_err(|_| "the bank does not send money back")??;
        Ok(id)
    }

    /// Has an app fail at what it hears until that is set aside, in several chats at once.
    async fn fail(&mut self) -> Result<(), Wrong> {
        for _ in 0..FAILURES {
            let chat = self.chat().await?;
            let path = format!("/v1/chats/{chat}/listeners");
            let listens = json!({"app": FAILING, "listens": true});
            self.ana().post::<Value>(&path, &listens).await?;
            self.types(&chat, "canary").await?;
        }
        let set_aside = async {
            loop {
                let failures = self
                    .ana()
                    .get(&format!("/v1/apps/{FAILING}/failures"))
                    .await?;
                let failures = items(&failures)?;
                if failures.len() == FAILURES {
                    return Ok::<_, Wrong>(failures);
                }
                sleep(LOOKS).await;
            }
        };
        let failures = timeout(BY_ITSELF, set_aside).await;
        self.failures = failures.map_err(|_| "an app fails, and nothing is set aside")??;
        Ok(())
    }
}

async fn join(base: &str, handle: &str) -> Result<Client, Wrong> {
    let account = Account {
        handle: handle.to_owned(),
        name: handle.to_owned(),
        password: "one-small-market".to_owned(),
    };
    Ok(Client::join(base, &account).await?)
}

/// Money that somebody offers.
async fn gift(from: &Client, to: &str) -> Result<String, Wrong> {
    let amount = "1.00 USD".parse::<Money>()?;
    let ask = json!({"to": to, "amount": amount, "note": "canary"});
    text(&from.post("/v1/wallet/transfers", &ask).await?, "id")
}

/// Whose app a route is about.
fn app_of(path: &str) -> &'static str {
    if path.contains("/links/") {
        ECHO
    } else if path.contains("/traces") || path.contains("/failures") {
        FAILING
    } else {
        THINGS
    }
}

/// A body that is taken, where it does not depend on what the thing is.
fn body(path: &str) -> Option<Value> {
    Some(match path.rsplit('/').next().unwrap_or_default() {
        "members" => json!({"handle": "cai"}),
        "admins" => json!({"handle": "bo", "is_admin": true}),
        "messages" => json!({"text": "hello"}),
        "listeners" => json!({"app": FAILING, "listens": true}),
        "{consent}" => json!({"allow": true}),
        "{place}" => json!({"start_parameter": "canary"}),
        "config" => json!({"name": "canary", "value": "x", "secret": false}),
        _ => return None,
    })
}

fn text(of: &Value, name: &str) -> Result<String, Wrong> {
    let text = of.get(name).and_then(Value::as_str);
    let text = text.ok_or_else(|| format!("an answer has no {name}: {of}"))?;
    Ok(text.to_owned())
}

/// What is on a page.
pub(super) fn items(page: &Value) -> Result<Vec<Value>, Wrong> {
    let items = page.get("items").and_then(Value::as_array);
    Ok(items
        .ok_or_else(|| format!("this is no list: {page}"))?
        .clone())
}

fn newest(page: &Value) -> Result<Value, Wrong> {
    let first = items(page)?.into_iter().next();
    first.ok_or_else(|| "an empty list".into())
}
