//! Many people in many chats, each with a button to press: made through the API, as people would.

use futures_util::stream::{self, StreamExt, TryStreamExt};
use serde_json::Map;
use souk::client::Client;
use souk_core::{ChatId, MessageId};
use souk_server::wire::List;
use souk_server::wire::apps::Published;
use souk_server::wire::chats::{Chat, Message, OpenAsk, SayAsk};
use souk_server::wire::events::{Event, PressAsk};
use souk_server::wire::people::{Account, Issued, Person, TokenAsk};

use super::wrk::Request;
use crate::{Wrong, echo};

/// People in one chat.
pub(super) const CHAT_PEOPLE: usize = 4;
/// Calls at once while everything is made.
const AT_ONCE: usize = 8;
const PASSWORD: &str = "one-small-market";

/// A person of the crowd.
#[derive(Clone)]
pub(super) struct Member {
    handle: String,
    pub(super) token: String,
}

/// A chat of the crowd, and the message with the button.
struct Place {
    chat: ChatId,
    button: MessageId,
    revision: u64,
    members: Vec<Member>,
}

/// Lets people join, publishes the mini-app, fills chats and posts a button in each. Returns one
/// press for every person, those of one chat far apart.
pub(super) async fn gather(base: &str, chats: usize) -> Result<Vec<Request>, Wrong> {
    let people = people(base, chats * CHAT_PEOPLE).await?;
    let merchant = people.first().ok_or("nobody came")?;
    Client::new(base, &merchant.token)
        .post_package::<Published>("/v1/apps", echo::package()?)
        .await?;
    let places = all(people
        .chunks(CHAT_PEOPLE)
        .map(|members| settle(base, members.to_vec())))
    .await?;
    for place in &places {
        try_out(base, place).await?;
    }
    Ok((0..CHAT_PEOPLE)
        .flat_map(|member| places.iter().filter_map(move |place| press(place, member)))
        .collect())
}

/// Lets people join.
pub(super) async fn people(base: &str, count: usize) -> Result<Vec<Member>, Wrong> {
    all((0..count).map(|number| join(base, number))).await
}

/// Does a few of many things at once.
async fn all<T>(
    work: impl Iterator<Item = impl Future<Output = Result<T, Wrong>>>,
) -> Result<Vec<T>, Wrong> {
    stream::iter(work).buffered(AT_ONCE).try_collect().await
}

async fn join(base: &str, number: usize) -> Result<Member, Wrong> {
    let (nobody, handle) = (Client::new(base, ""), format!("person-{number}"));
    let account = Account {
        handle: handle.clone(),
        name: format!("Person {number}"),
        password: PASSWORD.to_owned(),
    };
    nobody.post::<Person>("/v1/accounts", &account).await?;
    let ask = TokenAsk {
        handle: Some(handle.clone()),
        password: Some(PASSWORD.to_owned()),
        label: "bench".to_owned(),
    };
    let issued: Issued = nobody.post("/v1/tokens", &ask).await?;
    Ok(Member {
        handle,
        token: issued.token,
    })
}

/// Opens a chat of these people, and the button in it.
async fn settle(base: &str, members: Vec<Member>) -> Result<Place, Wrong> {
    let (first, others) = members.split_first().ok_or("nobody is in the chat")?;
    let client = Client::new(base, &first.token);
    let others = others.iter().map(|other| other.handle.clone()).collect();
    let group = OpenAsk::Group {
        title: "Echo".to_owned(),
        members: others,
    };
    let chat = client.post::<Chat>("/v1/chats", &group).await?.id;
    let path = format!("/v1/chats/{chat}/messages");
    let command = SayAsk {
        text: format!("/{} hello", echo::OPEN),
        reply_to: None,
    };
    client.post::<Event>(&path, &command).await?;
    let messages: List<Message> = client.get(&path).await?;
    let button = messages
        .items
        .into_iter()
        .find(|message| message.card.is_some());
    let button = button.ok_or("the mini-app posted no button")?;
    Ok(Place {
        chat,
        button: button.id,
        revision: button.revision,
        members,
    })
}

fn press(place: &Place, member: usize) -> Option<Request> {
    let token = place.members.get(member)?.token.clone();
    let path = format!("/v1/chats/{}/messages/{}/actions", place.chat, place.button);
    Some(Request {
        path,
        token,
        body: serde_json::to_string(&ask(place)).ok()?,
    })
}

/// Presses once, to see that the press does what will be measured.
async fn try_out(base: &str, place: &Place) -> Result<(), Wrong> {
    let member = place.members.last().ok_or("nobody is in the chat")?;
    let path = format!("/v1/chats/{}/messages/{}/actions", place.chat, place.button);
    let event: Event = Client::new(base, &member.token)
        .post(&path, &ask(place))
        .await?;
    if event.outcome == "done" {
        Ok(())
    } else {
        Err(format!("a press ended as {}", event.outcome).into())
    }
}

fn ask(place: &Place) -> PressAsk {
    PressAsk {
        revision: place.revision,
        view: 0,
        button: echo::BUTTON.to_owned(),
        inputs: Map::new(),
    }
}
