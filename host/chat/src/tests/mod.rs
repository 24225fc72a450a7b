//! People and apps in chats, on the memory store.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use souk_core::limits::{CHAT_MEMBERS_MAX, MESSAGE_BYTES_MAX};
use souk_core::{AppId, Blame, Blamed, ChatId, Clock, MessageId, Timestamp, TypedId, UserId};
use souk_store::memory::Memory;
use souk_store::{CommitError, Engine, Keyring, Owner, Page, Range, Store, Txn};

use crate::history::{self, Cursor};
use crate::{Author, CardFault, Change, Content, Kind, Message, Refusal, chat, member, message};

mod forms;
mod rights;
mod views;

const CARD: &str = r#"{"version":"1.5", "type":"AdaptiveCard"}"#;

/// A clock that goes on by itself.
struct Ticking(AtomicU64);

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.fetch_add(1, Ordering::Relaxed))
    }
}

struct House {
    engine: Arc<Memory>,
    store: Store,
    clock: Arc<Ticking>,
}

impl House {
    fn open() -> Self {
        let engine = Arc::new(Memory::default());
        let keyring = Arc::new(Keyring::ephemeral().unwrap());
        let clock = Arc::new(Ticking(AtomicU64::new(1_000)));
        let store = Store::new(engine.clone(), keyring, clock.clone());
        Self {
            engine,
            store,
            clock,
        }
    }

    /// Lets time pass.
    fn pass(&self, millis: u64) {
        self.clock.0.fetch_add(millis, Ordering::Relaxed);
    }

    /// Runs one transaction, commits it if it answers `Ok`, and sees no conflict.
    async fn run<T>(
        &self,
        body: impl AsyncFnOnce(&Txn) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let txn = self.store.begin()?;
        let answer = body(&txn).await?;
        self.store.commit(&txn).await.unwrap();
        Ok(answer)
    }

    /// A group of the people with these numbers.
    async fn group(&self, people: &[u128]) -> ChatId {
        let people: Vec<_> = people.iter().map(|bits| user(*bits)).collect();
        self.run(async |txn| chat::open_group(txn, people[0], "Tea at four", &people[1..]).await)
            .await
            .unwrap()
    }

    async fn say(&self, chat: ChatId, who: u128, text: &str) -> Result<MessageId, Refusal> {
        self.run(async |txn| say(txn, chat, who, text).await).await
    }

    async fn get(&self, chat: ChatId, id: MessageId) -> Message {
        self.run(async |txn| message::get(txn, chat, id).await)
            .await
            .unwrap()
            .unwrap()
    }

    async fn changes(&self, chat: ChatId) -> Vec<Change> {
        let entries =
            async |txn: &Txn| Ok(txn.entries(&chat::log(chat), Page::first(9_999)).await?);
        self.run(entries)
            .await
            .unwrap()
            .into_iter()
            .map(|(_, change)| change)
            .collect()
    }

    /// What the first person sees, without what is for them alone.
    async fn history(&self, chat: ChatId, page: Page<u64>) -> Vec<(u64, String)> {
        let page = Page {
            after: page.after.map(|place| Cursor {
                open: Some(place),
                aside: None,
            }),
            limit: page.limit,
            reverse: page.reverse,
        };
        let seen = self.seen_by(1, chat, page).await;
        let place = |(cursor, text): (Cursor, String)| (cursor.open.unwrap(), text);
        seen.into_iter().map(place).collect()
    }

    /// What a person sees of a chat.
    async fn seen_by(&self, who: u128, chat: ChatId, page: Page<Cursor>) -> Vec<(Cursor, String)> {
        let found = self
            .run(async |txn| history::of(txn, chat, user(who), page).await)
            .await
            .unwrap();
        let text = |message: Message| message.body.map_or("gone".to_owned(), |body| body.text);
        found
            .into_iter()
            .map(|(cursor, message)| (cursor, text(message)))
            .collect()
    }
}

fn user(bits: u128) -> UserId {
    UserId::from_bits(bits)
}

fn tea() -> AppId {
    "com.example.tea".parse().unwrap()
}

fn content(text: &str) -> Content {
    text.into()
}

async fn say(txn: &Txn, chat: ChatId, who: u128, text: &str) -> Result<MessageId, Refusal> {
    let owner = Owner::PersonInChat(user(who), chat);
    message::post(
        txn,
        chat,
        &Author::Person(user(who)),
        &content(text),
        &owner,
    )
    .await
}

async fn post(txn: &Txn, chat: ChatId, content: &Content) -> Result<MessageId, Refusal> {
    message::post(txn, chat, &Author::App(tea()), content, &Owner::App(tea())).await
}

#[tokio::test]
async fn two_people_have_one_direct_chat() {
    let house = House::open();
    let open = async |a, b| {
        house
            .run(async |txn| chat::open_direct(txn, user(a), user(b)).await)
            .await
    };
    let id = open(1, 2).await.unwrap();
    assert_eq!(open(2, 1).await, Ok(id));
    assert_ne!(open(1, 3).await, Ok(id));
    assert_eq!(open(1, 1).await, Err(Refusal::SamePerson));

    let found = house
        .run(async |txn| chat::get(txn, id).await)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((found.kind, found.title), (Kind::Direct, None));
    assert_eq!(
        house.changes(id).await,
        [Change::Joined(user(1)), Change::Joined(user(2))]
    );
    let add = async |txn: &Txn| member::add(txn, user(1), id, user(3)).await;
    assert_eq!(house.run(add).await, Err(Refusal::Direct));
    let leave = async |txn: &Txn| member::leave(txn, id, user(1)).await;
    assert_eq!(house.run(leave).await, Err(Refusal::Direct));
}

#[tokio::test]
async fn two_who_open_their_chat_at_once_get_the_same() {
    let house = House::open();
    let (one, two) = (house.store.begin().unwrap(), house.store.begin().unwrap());
    let first = chat::open_direct(&one, user(1), user(2)).await.unwrap();
    chat::open_direct(&two, user(2), user(1)).await.unwrap();
    house.store.commit(&one).await.unwrap();
    assert_eq!(house.store.commit(&two).await, Err(CommitError::Conflict));
    let again = async |txn: &Txn| chat::open_direct(txn, user(2), user(1)).await;
    assert_eq!(house.run(again).await, Ok(first));
}

#[tokio::test]
async fn people_come_into_a_group_and_leave_it() {
    let house = House::open();
    let id = house.group(&[1, 2, 2, 1]).await;
    let list = async || {
        house
            .run(async |txn| member::list(txn, id).await)
            .await
            .unwrap()
    };
    let add = async |by, who| {
        house
            .run(async |txn| member::add(txn, user(by), id, user(who)).await)
            .await
    };
    let leave = async |who| {
        house
            .run(async |txn| member::leave(txn, id, user(who)).await)
            .await
    };
    assert_eq!(list().await, [1, 2].map(user));

    assert_eq!(add(2, 3).await, Ok(()));
    assert_eq!(add(1, 3).await, Ok(()), "adding twice changes nothing");
    assert_eq!(list().await, [1, 2, 3].map(user));
    assert_eq!(leave(1).await, Ok(()));
    assert_eq!(leave(1).await, Err(Refusal::NotFound));
    assert_eq!(list().await, [2, 3].map(user));
    assert_eq!(add(1, 4).await, Err(Refusal::NotFound));
    assert_eq!(add(3, 1).await, Ok(()));
    let (joined, left) = (Change::Joined, Change::Left);
    let told = [
        joined(user(1)),
        joined(user(2)),
        joined(user(3)),
        left(user(1)),
        joined(user(1)),
    ];
    assert_eq!(house.changes(id).await, told);

    let other = house.group(&[3]).await;
    let of_user = async |who| {
        house
            .run(async |txn| chat::of_user(txn, user(who)).await)
            .await
            .unwrap()
    };
    let chats: Vec<_> = of_user(3).await.iter().map(|chat| chat.id).collect();
    assert_eq!(chats, [other, id]);
    assert_eq!(of_user(9).await, []);
}

#[tokio::test]
async fn a_group_has_a_title_and_a_bound() {
    let house = House::open();
    let id = house.group(&[1]).await;
    let title = async |txn: &Txn| Ok(chat::title(txn, &chat::get(txn, id).await?.unwrap()));
    assert_eq!(house.run(title).await, Ok(Some("Tea at four".to_owned())));
    for bad in ["", " ", "a\nb", "\u{202e}x"] {
        let open = async |txn: &Txn| chat::open_group(txn, user(1), bad, &[]).await;
        assert_eq!(
            house.run(open).await,
            Err(Refusal::TitleMalformed),
            "{bad:?}"
        );
    }

    let people: Vec<_> = (1..CHAT_MEMBERS_MAX as u128).map(user).collect();
    let full = async |txn: &Txn| chat::open_group(txn, user(0), "All", &people).await;
    let full = house.run(full).await.unwrap();
    let add = async |txn: &Txn| member::add(txn, user(1), full, user(77_777)).await;
    assert_eq!(house.run(add).await, Err(Refusal::MembersMax));
    house
        .run(async |txn| member::leave(txn, full, user(5)).await)
        .await
        .unwrap();
    assert_eq!(house.run(add).await, Ok(()));
}

#[tokio::test]
async fn the_last_place_goes_to_one_of_two() {
    let house = House::open();
    let people: Vec<_> = (1..CHAT_MEMBERS_MAX as u128 - 1).map(user).collect();
    let open = async |txn: &Txn| chat::open_group(txn, user(0), "All", &people).await;
    let id = house.run(open).await.unwrap();
    let (one, two) = (house.store.begin().unwrap(), house.store.begin().unwrap());
    member::add(&one, user(1), id, user(77_777)).await.unwrap();
    member::add(&two, user(2), id, user(88_888)).await.unwrap();
    house.store.commit(&one).await.unwrap();
    assert_eq!(house.store.commit(&two).await, Err(CommitError::Conflict));
}

#[tokio::test]
async fn who_is_not_in_a_chat_cannot_tell_whether_there_is_one() {
    let house = House::open();
    let real = house.group(&[1, 2]).await;
    let said = house.say(real, 1, "Tea?").await.unwrap();
    let none = ChatId::from_bits(99);
    let (stranger, author) = (user(3), Author::Person(user(3)));
    let owner = Owner::PersonInChat(stranger, real);
    let mut answers = Vec::new();
    for chat in [real, none] {
        let txn = house.store.begin().unwrap();
        let hello = content("");
        answers.push((
            member::is(&txn, chat, stranger).await.map(|_| ()),
            member::check(&txn, chat, stranger).await,
            member::add(&txn, stranger, chat, stranger).await,
            member::leave(&txn, chat, stranger).await,
            message::post(&txn, chat, &author, &hello, &owner)
                .await
                .map(drop),
            message::edit(&txn, chat, &author, said, &hello, &owner)
                .await
                .map(drop),
            message::delete(&txn, chat, &author, said).await,
        ));
    }
    let no = || Err(Refusal::NotFound);
    assert_eq!(answers[0], (Ok(()), no(), no(), no(), no(), no(), no()));
    assert_eq!(answers[0], answers[1]);

    let txn = house.store.begin().unwrap();
    assert_eq!(member::is(&txn, real, stranger).await, Ok(false));
    assert_eq!(member::is(&txn, none, stranger).await, Ok(false));
    // An app that speaks in no chat, and a message looked for in another chat.
    assert_eq!(
        post(&txn, none, &content("x")).await,
        Err(Refusal::NotFound)
    );
    assert_eq!(message::get(&txn, none, said).await, Ok(None));
    assert_eq!(member::list(&txn, none).await, Ok(vec![]));
}

#[tokio::test]
async fn many_speak_at_once_and_none_waits() {
    let house = House::open();
    let id = house.group(&[1, 2]).await;
    let txns: Vec<_> = (0..8).map(|_| house.store.begin().unwrap()).collect();
    for (turn, txn) in txns.iter().enumerate() {
        say(txn, id, 1 + turn as u128 % 2, &turn.to_string())
            .await
            .unwrap();
        post(txn, id, &content("And tea?")).await.unwrap();
    }
    for txn in txns.iter().rev() {
        house.store.commit(txn).await.unwrap();
    }
    let said = house.history(id, Page::first(99)).await;
    let said: Vec<_> = said
        .iter()
        .map(|(_, text)| text.as_str())
        .filter(|text| text.len() == 1)
        .collect();
    assert_eq!(said, ["7", "6", "5", "4", "3", "2", "1", "0"]);
    assert_eq!(house.changes(id).await.len(), 2 + 16);
}

#[tokio::test]
async fn who_leaves_meanwhile_does_not_speak() {
    let house = House::open();
    let id = house.group(&[1, 2]).await;
    let late = house.store.begin().unwrap();
    say(&late, id, 2, "Wait!").await.unwrap();
    house
        .run(async |txn| member::leave(txn, id, user(2)).await)
        .await
        .unwrap();
    assert_eq!(house.store.commit(&late).await, Err(CommitError::Conflict));
    assert_eq!(house.say(id, 2, "Wait!").await, Err(Refusal::NotFound));
}

#[tokio::test]
async fn a_message_says_something_that_can_be_shown() {
    let house = House::open();
    let id = house.group(&[1]).await;
    let say = async |content: Content| house.run(async |txn| post(txn, id, &content).await).await;
    for empty in ["", " \n"] {
        assert_eq!(say(content(empty)).await, Err(Refusal::Empty));
    }
    assert!(say(content(&"x".repeat(MESSAGE_BYTES_MAX))).await.is_ok());
    assert_eq!(
        say(content(&"x".repeat(MESSAGE_BYTES_MAX + 1))).await,
        Err(Refusal::TextLong)
    );

    let card = |card: &str| Content {
        card: Some(card.into()),
        ..content("")
    };
    let posted = say(card(CARD)).await.unwrap();
    let body = house.get(id, posted).await.body.unwrap();
    assert_eq!(
        body.card.as_deref(),
        Some(r#"{"type":"AdaptiveCard","version":"1.5"}"#)
    );
    let Err(refused) = say(card(r#"{"type":"Media"}"#)).await else {
        panic!("posted")
    };
    assert!(matches!(&refused, Refusal::Card(error) if error.pointer == "/type"));
    assert_eq!(refused.blame(), Blame::Guest);
    let said =
        "the card cannot be posted: /type: `Media` cannot stand here; what can: AdaptiveCard";
    assert_eq!(refused.to_string(), said);
    let Err(Refusal::Card(error)) = say(card("{")).await else {
        panic!("posted")
    };
    assert_eq!(error.what, CardFault::NotJson { line: 1, column: 1 });
    assert_eq!(
        error.to_string(),
        "the card: is not JSON from line 1, column 1 on"
    );
}

#[tokio::test]
async fn a_reply_stays_in_its_chat() {
    let house = House::open();
    let (here, there) = (house.group(&[1]).await, house.group(&[1]).await);
    let asked = house.say(here, 1, "Tea?").await.unwrap();
    let yes = Content {
        reply_to: Some(asked),
        ..content("Yes")
    };
    let reply = async |chat| house.run(async |txn| post(txn, chat, &yes).await).await;
    let id = reply(here).await.unwrap();
    assert_eq!(house.get(here, id).await.body, Some(yes.clone()));
    assert_eq!(reply(there).await, Err(Refusal::UnknownReply));
}

#[tokio::test]
async fn an_author_changes_their_own_messages_only() {
    let house = House::open();
    let id = house.group(&[1, 2]).await;
    let said = house
        .run(async |txn| post(txn, id, &content("Menu")).await)
        .await
        .unwrap();
    let edit = async |author: Author, text: &str| {
        let (content, owner) = (content(text), Owner::App(tea()));
        house
            .run(async |txn| message::edit(txn, id, &author, said, &content, &owner).await)
            .await
    };
    let inn: AppId = "com.example.inn".parse().unwrap();
    for other in [Author::Person(user(1)), Author::App(inn), Author::Host] {
        assert_eq!(edit(other.clone(), "Mine").await, Err(Refusal::NotFound));
        let delete = async |txn: &Txn| message::delete(txn, id, &other, said).await;
        assert_eq!(house.run(delete).await, Err(Refusal::NotFound));
    }
    assert_eq!(house.get(id, said).await.revision, 1);
    assert_eq!(edit(Author::App(tea()), "Menu, new").await, Ok(2));
    assert_eq!(edit(Author::App(tea()), "").await, Err(Refusal::Empty));
    assert_eq!(edit(Author::App(tea()), "Menu, newer").await, Ok(3));
    let now = house.get(id, said).await;
    assert_eq!(
        (now.revision, now.body.unwrap().text.as_str()),
        (3, "Menu, newer")
    );

    let delete = async |txn: &Txn| message::delete(txn, id, &Author::App(tea()), said).await;
    assert_eq!(house.run(delete).await, Ok(()));
    assert_eq!(
        house.run(delete).await,
        Ok(()),
        "taking back twice is no error"
    );
    assert_eq!(
        edit(Author::App(tea()), "Back").await,
        Err(Refusal::NotFound)
    );
    let now = house.get(id, said).await;
    assert_eq!(
        (now.body, now.deleted, now.author),
        (None, true, Author::App(tea()))
    );
    let changes = house.changes(id).await;
    let told = [
        Change::Posted(said),
        Change::Edited(said, 2),
        Change::Edited(said, 3),
        Change::Deleted(said),
    ];
    assert_eq!(changes[2..], told);
}

#[tokio::test]
async fn of_two_edits_at_once_the_second_runs_again() {
    let house = House::open();
    let id = house.group(&[1]).await;
    let said = house
        .run(async |txn| post(txn, id, &content("Menu")).await)
        .await
        .unwrap();
    let (one, two) = (house.store.begin().unwrap(), house.store.begin().unwrap());
    for txn in [&one, &two] {
        let (author, owner) = (Author::App(tea()), Owner::App(tea()));
        let edited = message::edit(txn, id, &author, said, &content("New"), &owner).await;
        assert_eq!(edited, Ok(2));
    }
    // A press that rests on the revision, too.
    let press = house.store.begin().unwrap();
    assert_eq!(
        message::get(&press, id, said)
            .await
            .unwrap()
            .unwrap()
            .revision,
        1
    );
    house.store.commit(&one).await.unwrap();
    assert_eq!(house.store.commit(&two).await, Err(CommitError::Conflict));
    assert_eq!(house.store.commit(&press).await, Err(CommitError::Conflict));
}

#[tokio::test]
async fn history_shows_each_message_once_where_it_was_posted() {
    let house = House::open();
    let id = house.group(&[1, 2]).await;
    let first = house
        .run(async |txn| post(txn, id, &content("a")).await)
        .await
        .unwrap();
    let edit = async |text: &str| {
        let (author, owner, content) = (Author::App(tea()), Owner::App(tea()), content(text));
        house
            .run(async |txn| message::edit(txn, id, &author, first, &content, &owner).await)
            .await
    };
    house.say(id, 1, "b").await.unwrap();
    for turn in 0..300 {
        edit(&format!("a{turn}")).await.unwrap();
    }
    house.say(id, 2, "c").await.unwrap();
    let gone = house.say(id, 2, "d").await.unwrap();
    let delete = async |txn: &Txn| message::delete(txn, id, &Author::Person(user(2)), gone).await;
    house.run(delete).await.unwrap();

    let texts =
        |found: Vec<(u64, String)>| found.into_iter().map(|(_, text)| text).collect::<Vec<_>>();
    let all = house.history(id, Page::first(50)).await;
    assert_eq!(
        all.iter().map(|(place, _)| *place).collect::<Vec<_>>(),
        [2, 3, 304, 305]
    );
    assert_eq!(texts(all), ["a299", "b", "c", "gone"]);
    assert_eq!(
        texts(house.history(id, Page::last(3)).await),
        ["gone", "c", "b"]
    );
    assert_eq!(
        texts(house.history(id, Page::last(3).after(Some(304))).await),
        ["b", "a299"]
    );
    assert_eq!(
        texts(house.history(id, Page::first(1).after(Some(3))).await),
        ["c"]
    );
    assert_eq!(
        texts(house.history(id, Page::first(9).after(Some(305))).await),
        [""; 0]
    );
    assert_eq!(texts(house.history(id, Page::first(0)).await), [""; 0]);
    assert_eq!(
        texts(house.history(ChatId::from_bits(9), Page::first(9)).await),
        [""; 0]
    );
}

#[tokio::test]
async fn a_page_is_full_while_there_is_more() {
    let house = House::open();
    let id = house.group(&[1]).await;
    for turn in 0..450 {
        house.say(id, 1, &turn.to_string()).await.unwrap();
    }
    let (mut after, mut read) = (None, Vec::new());
    loop {
        let page = house
            .history(id, Page::first(usize::MAX).after(after))
            .await;
        after = page.last().map(|(place, _)| *place);
        let over = page.len() < 200;
        read.extend(page.into_iter().map(|(_, text)| text));
        if over {
            break;
        }
    }
    assert_eq!(
        read,
        (0..450).map(|turn| turn.to_string()).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn an_erased_person_has_said_nothing() {
    let house = House::open();
    let id = house.group(&[1, 2]).await;
    let (mine, yours) = (
        house.say(id, 1, "Secret").await.unwrap(),
        house.say(id, 2, "Hi").await.unwrap(),
    );
    let answer = async |txn: &Txn| {
        let owner = Owner::PersonInChat(user(1), id);
        message::post(txn, id, &Author::App(tea()), &content("For you"), &owner).await
    };
    let answer = house.run(answer).await.unwrap();

    house
        .store
        .keyring()
        .erase(&Owner::PersonInChat(user(1), id))
        .await
        .unwrap();

    for gone in [mine, answer] {
        let now = house.get(id, gone).await;
        assert_eq!((now.body, now.deleted), (None, false));
    }
    assert_eq!(house.get(id, yours).await.body.unwrap().text, "Hi");
    let title = async |txn: &Txn| Ok(chat::title(txn, &chat::get(txn, id).await?.unwrap()));
    assert_eq!(house.run(title).await, Ok(None));
    let shown: Vec<_> = house
        .history(id, Page::first(9))
        .await
        .into_iter()
        .map(|(_, text)| text)
        .collect();
    assert_eq!(shown, ["gone", "Hi", "gone"]);
}

#[tokio::test]
async fn nothing_that_is_said_is_stored_in_the_clear() {
    let house = House::open();
    let id = house.group(&[1, 2]).await;
    house.say(id, 1, "The password is swordfish").await.unwrap();
    let card = Content {
        card: Some(CARD.into()),
        ..content("x")
    };
    house
        .run(async |txn| post(txn, id, &card).await)
        .await
        .unwrap();

    let all = Range {
        start: vec![],
        end: vec![0xff],
        limit: usize::MAX,
        reverse: false,
    };
    let found = house.engine.scan(&all).await.unwrap();
    let bytes: Vec<u8> = found
        .into_iter()
        .flat_map(|(key, found)| [key, found.value].concat())
        .collect();
    let has = |text: &str| {
        bytes
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    };
    assert!(has("com.example.tea"), "the search itself works");
    for text in ["swordfish", "AdaptiveCard", "Tea at four"] {
        assert!(!has(text), "{text}");
    }
}
