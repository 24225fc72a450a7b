//! What is for one person only, and what was there before.

use souk_core::limits::REVISION_KEPT_MS;
use souk_core::{ChatId, MessageId};
use souk_store::{Owner, Page, Txn};

use super::{House, content, post, tea, user};
use crate::history::Cursor;
use crate::view::{self, Seen};
use crate::{Author, Content, Refusal, message};

fn app() -> Author {
    Author::App(tea())
}

/// Content that looks different to each viewer.
fn per_viewer(text: &str) -> Content {
    Content {
        per_viewer: true,
        ..content(text)
    }
}

impl House {
    async fn whisper(&self, chat: ChatId, to: u128, text: &str) -> Result<MessageId, Refusal> {
        let said = content(text);
        self.run(async |txn| message::whisper(txn, chat, &app(), user(to), &said).await)
            .await
    }

    async fn edit(&self, chat: ChatId, id: MessageId, said: &Content) {
        let owner = Owner::App(tea());
        let edit = async |txn: &Txn| message::edit(txn, chat, &app(), id, said, &owner).await;
        self.run(edit).await.unwrap();
    }

    async fn show(&self, chat: ChatId, id: MessageId, to: u128, text: &str) -> Result<(), Refusal> {
        let said = content(text);
        self.run(async |txn| view::show(txn, chat, &app(), id, user(to), &said).await)
            .await
    }

    /// What a person sees of a message: its text and which view it is.
    async fn look(&self, chat: ChatId, id: MessageId, who: u128) -> Option<(String, u64)> {
        let found = self.run(async |txn| view::get(txn, chat, id, user(who)).await);
        let found = found.await.unwrap()?;
        Some((found.body.unwrap().text, found.view))
    }

    /// The text that a press of a person would be on.
    async fn press(
        &self,
        chat: ChatId,
        id: MessageId,
        who: u128,
        (revision, view): (u64, u64),
    ) -> Option<String> {
        let saw = Seen { revision, view };
        let found = self.run(async |txn| view::pressable(txn, chat, id, user(who), saw).await);
        found.await.unwrap().map(|content| content.text)
    }
}

#[tokio::test]
async fn a_whisper_leaves_no_trace_for_anybody_else() {
    let house = House::open();
    let chat = house.group(&[1, 2]).await;
    let before = house.changes(chat).await;
    let said = house.whisper(chat, 2, "Your table is ready").await.unwrap();

    let all = Page::first(9);
    assert_eq!(house.seen_by(1, chat, all).await, []);
    let seen = house.seen_by(2, chat, Page::first(9)).await;
    assert_eq!(seen[0].1, "Your table is ready");
    assert_eq!(house.look(chat, said, 1).await, None);
    let press = async |txn: &Txn| {
        let saw = Seen {
            revision: 1,
            view: 0,
        };
        view::pressable(txn, chat, said, user(1), saw).await
    };
    assert_eq!(house.run(press).await, Err(Refusal::NotFound));
    let answer = Content {
        reply_to: Some(said),
        ..content("What was that?")
    };
    for (who, expected) in [(1, Err(Refusal::UnknownReply)), (2, Ok(()))] {
        let post = async |txn: &Txn| {
            let (author, owner) = (Author::Person(user(who)), Owner::Person(user(who)));
            message::post(txn, chat, &author, &answer, &owner).await
        };
        assert_eq!(house.run(post).await.map(drop), expected, "{who}");
    }

    house.edit(chat, said, &content("It is ready")).await;
    let gone = async |txn: &Txn| message::delete(txn, chat, &app(), said).await;
    house.run(gone).await.unwrap();
    let after = house.changes(chat).await;
    assert_eq!(after.len(), before.len() + 1, "only the answer: {after:?}");
    assert_eq!(
        house.whisper(chat, 3, "x").await,
        Err(Refusal::NotFound),
        "nobody here"
    );
}

#[tokio::test]
async fn history_is_woven_of_what_all_see_and_what_one_sees() {
    let house = House::open();
    let chat = house.group(&[1, 2]).await;
    for (to, text) in [(0, "a"), (2, "b"), (2, "c"), (0, "d"), (1, "e"), (2, "f")] {
        if to == 0 {
            house.say(chat, 1, text).await.unwrap();
        } else {
            house.whisper(chat, to, text).await.unwrap();
        }
    }
    for (who, limit, reverse, expected) in [
        (1, 9, false, "ade"),
        (2, 9, false, "abcdf"),
        (2, 1, false, "abcdf"),
        (2, 2, false, "abcdf"),
        (2, 1, true, "fdcba"),
        (2, 3, true, "fdcba"),
        (1, 2, true, "eda"),
    ] {
        let (mut cursor, mut read) = (None, String::new());
        loop {
            let page = Page {
                after: cursor,
                limit,
                reverse,
            };
            let seen = house.seen_by(who, chat, page).await;
            // As a client gives it back.
            let last = seen.last().map(|(cursor, _)| cursor.to_string());
            cursor = last.map(|last| last.parse::<Cursor>().unwrap());
            read.extend(seen.iter().map(|(_, text)| text.as_str()));
            if seen.len() < limit {
                break;
            }
        }
        assert_eq!(read, expected, "{who} {limit} {reverse}");
    }
    assert!("1.x".parse::<Cursor>().is_err() && "-1".parse::<Cursor>().is_err());
}

#[tokio::test]
async fn each_viewer_sees_what_they_were_shown_of_a_revision() {
    let house = House::open();
    let chat = house.group(&[1, 2]).await;
    let all = per_viewer("Who takes which shift?");
    let id = house.run(async |txn| post(txn, chat, &all).await).await;
    let id = id.unwrap();
    house.show(chat, id, 2, "Yours: Monday").await.unwrap();
    house.show(chat, id, 2, "Yours: Tuesday").await.unwrap();
    let seen = |text: &str, view| Some((text.to_owned(), view));
    assert_eq!(house.look(chat, id, 1).await, seen(&all.text, 0));
    assert_eq!(house.look(chat, id, 2).await, seen("Yours: Tuesday", 2));

    house.edit(chat, id, &per_viewer("Next week?")).await;
    assert_eq!(house.look(chat, id, 2).await, seen("Next week?", 0));
    house.show(chat, id, 2, "Yours: Friday").await.unwrap();
    assert_eq!(house.look(chat, id, 2).await, seen("Yours: Friday", 3));

    let nobody = house.show(chat, id, 3, "x").await;
    assert_eq!(nobody, Err(Refusal::NotFound));
    house.edit(chat, id, &content("The same to all")).await;
    let same = house.show(chat, id, 2, "x").await;
    assert_eq!(same, Err(Refusal::NotFound));
    let other = Author::App("com.example.inn".parse().unwrap());
    let show = async |txn: &Txn| view::show(txn, chat, &other, id, user(2), &content("x")).await;
    assert_eq!(house.run(show).await, Err(Refusal::NotFound));
}

#[tokio::test]
async fn what_somebody_still_sees_is_honoured_for_a_day() {
    let house = House::open();
    let chat = house.group(&[1]).await;
    let first = content("one");
    let id = house.run(async |txn| post(txn, chat, &first).await).await;
    let id = id.unwrap();
    house.edit(chat, id, &content("two")).await;
    house.pass(REVISION_KEPT_MS - 60_000);
    house.edit(chat, id, &content("three")).await;
    let text = |text: &str| Some(text.to_owned());
    for (revision, expected) in [
        (0, None),
        (1, text("one")),
        (2, text("two")),
        (3, text("three")),
        (4, None),
    ] {
        let pressed = house.press(chat, id, 1, (revision, 0)).await;
        assert_eq!(pressed, expected, "{revision}");
        let shown = house.press(chat, id, 1, (revision, 1)).await;
        assert_eq!(shown, None, "nobody was shown their own");
    }

    house.pass(60_000);
    assert_eq!(
        house.press(chat, id, 1, (1, 0)).await,
        None,
        "a day is over"
    );
    assert_eq!(house.press(chat, id, 1, (2, 0)).await, text("two"));
    let gone = async |txn: &Txn| message::delete(txn, chat, &app(), id).await;
    house.run(gone).await.unwrap();
    for revision in 1..=3 {
        assert_eq!(house.press(chat, id, 1, (revision, 0)).await, None);
    }
}

#[tokio::test]
async fn a_view_is_honoured_like_a_revision_and_only_for_its_viewer() {
    let house = House::open();
    let chat = house.group(&[1, 2]).await;
    let all = per_viewer("all");
    let id = house.run(async |txn| post(txn, chat, &all).await).await;
    let id = id.unwrap();
    house.show(chat, id, 2, "first").await.unwrap();
    house.show(chat, id, 2, "second").await.unwrap();
    let text = |text: &str| Some(text.to_owned());
    for (who, saw, expected) in [
        (2, (1, 0), text("all")),
        (2, (1, 1), text("first")),
        (2, (1, 2), text("second")),
        (2, (1, 3), None),
        (2, (2, 2), None),
        (1, (1, 0), text("all")),
        (1, (1, 1), None),
        (1, (1, 2), None),
    ] {
        let pressed = house.press(chat, id, who, saw).await;
        assert_eq!(pressed, expected, "{who} {saw:?}");
    }
    house.pass(REVISION_KEPT_MS);
    for (saw, expected) in [((1, 0), None), ((1, 1), None), ((1, 2), text("second"))] {
        assert_eq!(house.press(chat, id, 2, saw).await, expected, "{saw:?}");
    }
    house.edit(chat, id, &per_viewer("new")).await;
    let pressed = house.press(chat, id, 2, (1, 2)).await;
    assert_eq!(pressed, text("second"), "with the revision it is of");
    house.pass(REVISION_KEPT_MS);
    assert_eq!(house.press(chat, id, 2, (1, 2)).await, None);
    assert_eq!(house.press(chat, id, 2, (2, 0)).await, text("new"));
}
