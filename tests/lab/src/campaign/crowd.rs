//! CROWD: two hundred people of one group press one button at the same moment, each of them twice,
//! as somebody does who thinks that the first press was not heard. Every press is answered once,
//! the numbers it gives out have no gaps, and the slowest waits for five seconds at most.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::try_join_all;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use serde_json::Map;
use souk::client::{Client, ClientError};
use souk::stage::House;
use souk_core::{ChatId, EventId};
use souk_server::wire::List;
use souk_server::wire::apps::Published;
use souk_server::wire::chats::{Chat, Message, OpenAsk, SayAsk};
use souk_server::wire::events::{Event, PressAsk};
use souk_server::wire::people::Account;
use tempfile::TempDir;
use tokio::time::sleep;

use super::{Args, Tally};
use crate::stopwatch::Stopwatch;
use crate::unprotected::Without;
use crate::{Wrong, programs, report, turnstile};

/// How many press.
const PEOPLE: u64 = 200;
/// How many join at once.
const AT_ONCE: usize = 8;
/// How often all of them do.
const ROUNDS: u32 = 50;
/// What the slowest may take.
const SLOWEST: Duration = Duration::from_secs(5);
/// How long a press waits that the host had no room for.
const PAUSE: Duration = Duration::from_millis(20);

/// Lets everybody press as often as asked, and tells how many rounds came out badly.
///
/// # Errors
/// When there is no host, or no group.
pub async fn run(args: Args) -> Result<Tally, Wrong> {
    let host = if args.unprotected {
        programs::unprotected(Without::Keys)?
    } else {
        programs::souk()?
    };
    let (n, mut tally) = (args.n(ROUNDS), Tally::default());
    let group = Group::gather(host).await?;
    let mut slowest = Duration::ZERO;
    for round in 0..n {
        let came = group.press(u64::from(round)).await;
        let took = tally.count(n, args.seed, came).unwrap_or_default();
        slowest = slowest.max(took);
    }
    group.close().await;
    report::result(format_args!(
        "{PEOPLE} people in {n} rounds: the slowest press took {slowest:?} (at most {SLOWEST:?})"
    ));
    Ok(tally)
}

/// The group, its chat and the button in it.
struct Group {
    house: House,
    people: Vec<Client>,
    chat: ChatId,
    /// Where the button is pressed, and how.
    press: (String, PressAsk),
    _room: TempDir,
}

impl Group {
    async fn gather(host: Vec<std::ffi::OsString>) -> Result<Self, Wrong> {
        let room = tempfile::tempdir()?;
        let house = programs::open_house(room.path(), host).await?;
        let base = house.base();
        let join = |number| async move { Client::join(base, &account(number)).await };
        let joining = stream::iter((0..PEOPLE).map(join)).buffered(AT_ONCE);
        let people: Vec<_> = joining.try_collect().await?;
        let first = people.first().ok_or("nobody came")?;
        first
            .post_package::<Published>("/v1/apps", turnstile::package()?)
            .await?;
        let group = OpenAsk::Group {
            title: "Everybody".to_owned(),
            members: (1..PEOPLE).map(handle).collect(),
        };
        let chat = first.post::<Chat>("/v1/chats", &group).await?.id;
        let press = button(first, chat).await?;
        Ok(Self {
            house,
            people,
            chat,
            press,
            _room: room,
        })
    }

    /// Has everybody press, and returns what the slowest took.
    async fn press(&self, round: u64) -> Result<Duration, Wrong> {
        let presses = self.people.iter().enumerate().map(|(number, person)| {
            let key = format!("{round} {number}");
            async move { self.press_twice(person, &key).await }
        });
        let took = try_join_all(presses).await?;
        self.numbered(round).await?;
        match took.into_iter().max().unwrap_or_default() {
            slowest if slowest > SLOWEST => Err(format!("a press took {slowest:?}").into()),
            slowest => Ok(slowest),
        }
    }

    /// Presses twice under one key: both are told of the same event.
    async fn press_twice(&self, person: &Client, key: &str) -> Result<Duration, Wrong> {
        let watch = Stopwatch::start();
        let (first, second) =
            tokio::join!(self.press_once(person, key), self.press_once(person, key));
        let (first, second) = (first?, second?);
        if first == second {
            Ok(watch.elapsed())
        } else {
            Err(format!("press {key} is the event {first}, and {second} too").into())
        }
    }

    async fn close(mut self) {
        self.house.close().await;
    }

    async fn press_once(&self, person: &Client, key: &str) -> Result<EventId, Wrong> {
        let (path, ask) = &self.press;
        loop {
            match person.post_once::<Event>(path, key, ask).await {
                Ok(event) if event.outcome == "done" => return Ok(event.event),
                Ok(event) => return Err(format!("a press ended as {}", event.outcome).into()),
                Err(ClientError::Refused(refused)) if refused.is("busy") => sleep(PAUSE).await,
                Err(other) => return Err(other.into()),
            }
        }
    }

    /// Checks that the newest messages are the numbers of this round, each one once.
    async fn numbered(&self, round: u64) -> Result<(), Wrong> {
        let first = self.people.first().ok_or("nobody came")?;
        let path = format!("/v1/chats/{}/messages?limit={PEOPLE}", self.chat);
        let newest: List<Message> = first.get(&path).await?;
        let texts = newest.items.into_iter().filter_map(|message| message.text);
        let numbers: BTreeSet<u64> = texts.filter_map(|text| text.parse().ok()).collect();
        let due = (round * PEOPLE + 1..=(round + 1) * PEOPLE).collect();
        if numbers == due {
            return Ok(());
        }
        let missing = due.difference(&numbers).count();
        Err(format!("{missing} numbers of round {round} are missing or lie elsewhere").into())
    }
}

fn handle(number: u64) -> String {
    format!("person-{number}")
}

fn account(number: u64) -> Account {
    Account {
        handle: handle(number),
        name: format!("Person {number}"),
        password: "one-small-market".to_owned(),
    }
}

/// Has the button posted, and returns how it is pressed.
async fn button(person: &Client, chat: ChatId) -> Result<(String, PressAsk), Wrong> {
    let messages = format!("/v1/chats/{chat}/messages");
    let command = SayAsk {
        text: turnstile::OPEN.to_owned(),
        reply_to: None,
    };
    person.post::<Event>(&messages, &command).await?;
    let found: List<Message> = person.get(&messages).await?;
    let button = found.items.into_iter().find(|it| it.card.is_some());
    let button = button.ok_or("the mini-app posted no button")?;
    let ask = PressAsk {
        revision: button.revision,
        view: 0,
        button: turnstile::BUTTON.to_owned(),
        inputs: Map::new(),
    };
    Ok((format!("{messages}/{}/actions", button.id), ask))
}
