//! A person asks every address of the host for what is another's.

use serde_json::{Value, json};
use souk::client::{Client, ClientError};
use souk_server::wire::List;
use souk_server::wire::chats::{Message, SayAsk};
use souk_server::wire::events::Event;
use souk_server::wire::passages::Arrival;
use souk_server::wire::people::{Account, Issued, TokenAsk};
use tempfile::TempDir;

use super::super::site::Site;
use crate::dice::Dice;
use crate::{Wrong, echo, programs};

/// Addresses at which nothing is anybody's own, and those at which everybody has to do with an app
/// for themselves.
const OPEN: [&str; 6] = [
    "/v1/people/{handle}",
    "/v1/apps/{app}/leave",
    "/v1/me/grants/{app}",
    "/v1/me/grants/{app}/budget",
    "/problems/{name}",
    "/web/{*file}",
];

/// A host with Ana, who has something of most kinds, and whoever asks for it.
pub(super) struct People {
    site: Site,
    asks: Client,
    routes: Vec<(&'static str, String)>,
    ids: Vec<(&'static str, String)>,
    _room: TempDir,
}

impl People {
    pub(super) async fn open(confused: bool) -> Result<Self, Wrong> {
        let room = tempfile::tempdir()?;
        let mut site = Site::open(room.path(), programs::souk()?).await?;
        let eve = Account {
            handle: "eve".to_owned(),
            name: "Eve".to_owned(),
            password: "one-small-market".to_owned(),
        };
        let eve = Client::join(site.house.base(), &eve).await?;
        let ids = ids(&mut site).await?;
        Ok(Self {
            asks: if confused { site.person.clone() } else { eve },
            routes: routes(),
            ids,
            site,
            _room: room,
        })
    }

    /// Asks for something of Ana's, in a way that she could.
    pub(super) async fn try_one(&mut self, dice: &mut Dice) -> Result<(), Wrong> {
        let (method, route) = dice.pick(&self.routes).ok_or("there are no addresses")?;
        let part = |part: &str| {
            let known = self.ids.iter().find(|(kind, _)| *kind == part);
            known.map_or(part.to_owned(), |(_, id)| id.clone())
        };
        let path: Vec<_> = route.split('/').map(part).collect();
        let path = path.join("/");
        let answer = match *method {
            "get" => self.asks.get_text(&path).await.map(drop),
            _ => self.asks.post::<Value>(&path, &body(route)).await.map(drop),
        };
        match answer {
            Ok(()) => Err(format!("{method} {path} is answered").into()),
            Err(ClientError::Refused(_)) => Ok(()),
            Err(other) => Err(other.into()),
        }
    }

    pub(super) async fn close(mut self) {
        self.site.house.close().await;
    }
}

/// The addresses of the router's table that name something of somebody's, each with a method.
fn routes() -> Vec<(&'static str, String)> {
    let table = include_str!("../../../../../host/server/src/router.rs").lines();
    let lines = table.filter_map(|line| line.trim().strip_prefix(".route(\""));
    let routes = lines.filter_map(|line| line.split_once('"'));
    let closed = routes.filter(|(path, _)| {
        path.contains('{') && !OPEN.contains(path) && !path.contains("/operator/")
    });
    let methods = closed.flat_map(|(path, handlers)| {
        let answered = ["get", "post"].into_iter();
        let answered = answered.filter(move |it| handlers.contains(&format!("{it}(")));
        answered.map(|method| (method, path.to_owned()))
    });
    methods.collect()
}

/// What Ana has, by the word for it in the router's table.
async fn ids(site: &mut Site) -> Result<Vec<(&'static str, String)>, Wrong> {
    let chat = site.open_chat().await?;
    let path = format!("/v1/chats/{chat}/messages");
    let open = SayAsk {
        text: format!("/{} hello", echo::OPEN),
        reply_to: None,
    };
    let event: Event = site.person.post(&path, &open).await?;
    let said: List<Message> = site.person.get(&path).await?;
    let message = said.items.first().ok_or("nothing was said")?;
    let token = TokenAsk {
        handle: None,
        password: None,
        label: "canary".to_owned(),
    };
    let token: Issued = site.person.post("/v1/tokens", &token).await?;
    let arrivals: List<Arrival> = site.person.get("/v1/wallet/deposits").await?;
    let arrival = arrivals.items.first().ok_or("nothing arrived")?;
    let arrival = serde_json::to_value(arrival)?;
    let of_arrival = |name: &str| {
        let id = arrival.get(name).and_then(Value::as_str);
        id.unwrap_or_default().to_owned()
    };
    Ok(vec![
        ("{chat}", chat.to_string()),
        ("{message}", message.id.to_string()),
        ("{event}", event.event.to_string()),
        ("{token}", token.id.to_string()),
        ("{entry}", of_arrival("entry")),
        ("{transfer}", of_arrival("id")),
        ("{app}", event.app.to_string()),
        ("{order}", "ord_000000000000000000000000cm".to_owned()),
        ("{consent}", "cns_000000000000000000000000cm".to_owned()),
        ("{place}", place(site, &path).await?),
    ])
}

/// How the app knows the chat: it stands in the links that it gives.
async fn place(site: &mut Site, path: &str) -> Result<String, Wrong> {
    let link = SayAsk {
        text: format!("/{}", echo::LINK),
        reply_to: None,
    };
    drop(site.person.post::<Event>(path, &link).await?);
    let said: List<Message> = site.person.get(path).await?;
    let link = said.items.into_iter().find_map(|message| message.text);
    let link = link.ok_or("the app gives no link")?;
    let place = link.rsplit('/').nth(1).ok_or("a link has three parts")?;
    Ok(place.to_owned())
}

/// A body that would be taken.
fn body(route: &str) -> Value {
    match route.rsplit('/').next().unwrap_or_default() {
        "members" => json!({"handle": "eve"}),
        "admins" => json!({"handle": "eve", "is_admin": true}),
        "messages" => json!({"text": "hello"}),
        "actions" => json!({"revision": 1, "button": echo::BUTTON, "inputs": {}}),
        "listeners" => json!({"app": "com.example.echo", "listens": true}),
        "{consent}" => json!({"share": true}),
        "{place}" => json!({"start_parameter": "canary"}),
        "approve" => json!({"nonce": "n"}),
        "config" => json!({"name": "canary", "value": "x", "secret": false}),
        _ => json!({}),
    }
}
