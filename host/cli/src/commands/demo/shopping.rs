//! The scenes in the tea house: paid, declined, expired, refunded, refused, spilled.

use serde_json::{Map, Value, json};
use souk_core::Money;
use souk_server::wire::List;
use souk_server::wire::chats::Message;
use souk_server::wire::events::Event;
use souk_server::wire::orders::{Order, Sheet};

use super::people::Person;
use super::story::Cast;
use super::transcript::{Transcript, Wrong, expect};
use crate::client::ClientError;

pub(super) async fn play(to: &mut Transcript, cast: &mut Cast) -> Result<(), Wrong> {
    let menu = deposits_and_menu(to, cast).await?;
    let sheet = paid(to, cast, &menu).await?;
    approved_twice(to, cast, &sheet).await?;
    too_poor_and_declined(to, cast, &menu).await?;
    expired(to, cast).await?;
    refunded(to, cast).await?;
    spilled(to, cast).await
}

/// Reads an amount of the story.
pub(super) fn money(text: &str) -> Result<Money, Wrong> {
    text.parse()
        .map_err(|error| Wrong::Unexpected(format!("{error}")))
}

async fn deposits_and_menu(to: &mut Transcript, cast: &mut Cast) -> Result<Message, Wrong> {
    let Cast { ana, ben, chat } = cast;
    to.scene("Two large jasmine");
    to.step("Ana deposits 20.00 USD, Ben 1.00 USD", async {
        ana.deposit(money("20.00 USD")?).await?;
        ben.deposit(money("1.00 USD")?).await?;
        Ok((
            (),
            format!(
                "they have {} and {}",
                ana.balance().await?,
                ben.balance().await?
            ),
        ))
    })
    .await?;
    to.step("Ana types /tea", async {
        ana.say(*chat, "/tea").await?;
        let menu = ben.told_by_app("menu").await?;
        let form = menu.card.is_some();
        expect(form, || "the menu has no card".to_owned())?;
        Ok((menu, "both see today's menu".to_owned()))
    })
    .await
}

/// What the form is filled with.
pub(super) fn wish(tea: &str, size: &str, quantity: &str) -> Map<String, Value> {
    let wish = [("tea", tea), ("size", size), ("quantity", quantity)];
    wish.into_iter()
        .map(|(name, value)| (name.to_owned(), json!(value)))
        .collect()
}

/// Sends the form and, when the host asks, shares the name.
async fn order(
    person: &mut Person,
    chat: souk_core::ChatId,
    menu: &Message,
    wish: Map<String, Value>,
) -> Result<Order, Wrong> {
    let sent = person.press(chat, menu, "order", wish).await?;
    expect(sent.outcome == "waiting", || {
        format!("the order was {} without a question", sent.outcome)
    })?;
    let question = person.told_question().await?;
    person.answer(&question, true).await?;
    person.told_order("pending").await
}

async fn paid(to: &mut Transcript, cast: &mut Cast, menu: &Message) -> Result<Sheet, Wrong> {
    let Cast { ana, ben, chat } = cast;
    let asked = to
        .step(
            "Ana sends the form and shares her name with the tea house",
            async {
                let asked = order(ana, *chat, menu, wish("jasmine", "large", "2")).await?;
                let said = format!("a sheet over {} lies before her", asked.total_text);
                Ok((asked, said))
            },
        )
        .await?;
    let sheet = to
        .step("Ana approves the sheet", async {
            let sheet = ana.sheet(asked.id).await?;
            let paid = ana.approve(&sheet).await?;
            let left = ana.balance().await?;
            expect(left == money("13.00 USD")?, || format!("{left} is left"))?;
            Ok((sheet, format!("paid {}, {left} left", paid.amount)))
        })
        .await?;
    to.step(
        "The cup is named and numbered, and the group sees it",
        async {
            let called = ben.told_by_app("Cup 1 for Ana").await?;
            Ok((
                (),
                format!("\u{201c}{}\u{201d}", called.text.unwrap_or_default()),
            ))
        },
    )
    .await?;
    Ok(sheet)
}

async fn approved_twice(to: &mut Transcript, cast: &Cast, sheet: &Sheet) -> Result<(), Wrong> {
    to.step("Ana approves the same sheet again", async {
        let refused = refused(cast.ana.approve(sheet).await)?;
        let left = cast.ana.balance().await?;
        expect(left == money("13.00 USD")?, || format!("{left} is left"))?;
        Ok(((), format!("refused: {refused}; {left} left")))
    })
    .await
}

async fn too_poor_and_declined(
    to: &mut Transcript,
    cast: &mut Cast,
    menu: &Message,
) -> Result<(), Wrong> {
    let Cast { ana, ben, chat } = cast;
    to.scene("No money, no tea");
    let asked = to
        .step(
            "Ben orders with 1.00 USD in his wallet, and approves",
            async {
                let asked = order(ben, *chat, menu, wish("oolong", "small", "1")).await?;
                let sheet = ben.sheet(asked.id).await?;
                let refused = refused(ben.approve(&sheet).await)?;
                let left = ben.balance().await?;
                expect(left == money("1.00 USD")?, || format!("{left} is left"))?;
                Ok((asked, format!("refused: {refused}; still {left}")))
            },
        )
        .await?;
    to.step("Ben declines", async {
        let declined = ben.decline(asked.id).await?;
        expect(declined.state == "declined", || {
            format!("the order is {}", declined.state)
        })?;
        let said = ana.told_by_app("No tea for Ben").await?;
        Ok((
            (),
            format!("\u{201c}{}\u{201d}", said.text.unwrap_or_default()),
        ))
    })
    .await
}

async fn expired(to: &mut Transcript, cast: &mut Cast) -> Result<(), Wrong> {
    let Cast { ana, chat, .. } = cast;
    to.step(
        "Ana takes a flash offer and lets its two seconds pass",
        async {
            ana.say(*chat, "/flash").await?;
            let offer = ana.told_by_app("Flash offer").await?;
            let taken: Event = ana.press(*chat, &offer, "flash", Map::new()).await?;
            expect(taken.outcome == "done", || {
                format!("the press was {}", taken.outcome)
            })?;
            let asked = ana.told_order("pending").await?;
            let sheet = ana.sheet(asked.id).await?;
            ana.told_order("expired").await?;
            let refused = refused(ana.approve(&sheet).await)?;
            Ok((
                (),
                format!("expired; approving it then is refused: {refused}"),
            ))
        },
    )
    .await
}

async fn refunded(to: &mut Transcript, cast: &mut Cast) -> Result<(), Wrong> {
    let Cast { ana, chat, .. } = cast;
    to.step(
        "Ana brings a part of cup 1 back: /return 1 1.50 USD",
        async {
            ana.say(*chat, "/return 1 1.50 USD").await?;
            let back = ana.told_by_app("goes back").await?;
            let has = ana.balance().await?;
            expect(has == money("14.50 USD")?, || format!("she has {has}"))?;
            Ok((
                (),
                format!(
                    "\u{201c}{}\u{201d}; she has {has}",
                    back.text.unwrap_or_default()
                ),
            ))
        },
    )
    .await
}

async fn spilled(to: &mut Transcript, cast: &mut Cast) -> Result<(), Wrong> {
    let Cast { ana, chat, .. } = cast;
    to.scene("The tray slips");
    to.step(
        "Ana types /spill: the app stores, speaks, asks for 5.00 USD, and traps",
        async {
            Ok((
                (),
                format!(
                    "the host says: {}",
                    refused(ana.say(*chat, "/spill").await)?
                ),
            ))
        },
    )
    .await?;
    to.step("Nothing of it remains", async {
        let history: List<Message> = ana
            .client
            .get(&format!("/v1/chats/{chat}/messages"))
            .await?;
        let said = |part: &str| {
            history
                .items
                .iter()
                .filter_map(|said| said.text.as_ref())
                .any(|text| text.contains(part))
        };
        expect(!said("never read this"), || {
            "its message is in the chat".to_owned()
        })?;
        let waiting: List<Order> = ana.client.get("/v1/orders?waiting=true").await?;
        expect(waiting.items.is_empty(), || {
            "its order waits for Ana".to_owned()
        })?;
        let has = ana.balance().await?;
        expect(has == money("14.50 USD")?, || format!("she has {has}"))?;
        Ok(((), format!("no message, no sheet, and still {has}")))
    })
    .await?;
    to.step("Ana types /tally", async {
        ana.say(*chat, "/tally").await?;
        let tally = ana
            .told_by_app("Sold so far")
            .await?
            .text
            .unwrap_or_default();
        expect(tally.contains("2 cups for 7.00 USD"), || tally.clone())?;
        Ok(((), format!("\u{201c}{tally}\u{201d}")))
    })
    .await
}

/// Returns the words of a refusal, the app's own if it was the app; anything else is not as it
/// should be.
pub(super) fn refused<T>(answer: Result<T, ClientError>) -> Result<String, Wrong> {
    match answer {
        Err(ClientError::Refused(refused)) => {
            let quoted = |said| format!("\u{201c}{said}\u{201d}");
            Ok(refused.app_says.map_or(refused.detail, quoted))
        }
        Err(error) => Err(error.into()),
        Ok(_) => Err(Wrong::Unexpected("it was not refused".to_owned())),
    }
}
