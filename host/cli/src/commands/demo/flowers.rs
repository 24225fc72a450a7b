//! The scene in the flower shop: money that is set aside, taken in part, and given back by itself;
//! and the last tulips, which only one order can have.

use serde_json::{Map, Value, json};
use souk_server::wire::chats::Message;
use souk_server::wire::orders::Sheet;

use super::shopping::money;
use super::story::Cast;
use super::transcript::{Transcript, Wrong, expect};
use crate::client::ClientError;

pub(super) async fn play(to: &mut Transcript, cast: &mut Cast) -> Result<(), Wrong> {
    let shop = opened(to, cast).await?;
    authorized(to, cast, &shop).await?;
    captured(to, cast).await?;
    sold_out(to, cast, &shop).await?;
    lapsed(to, cast).await
}

/// Ben becomes the florist, and everybody sees the flowers.
async fn opened(to: &mut Transcript, cast: &mut Cast) -> Result<Message, Wrong> {
    let Cast { ana, ben, chat } = cast;
    to.scene("Flowers, paid for when they leave");
    to.step(
        "Ben puts the florist's apron on, and Ana types /flowers",
        async {
            ben.say(*chat, "/florist").await?;
            ben.told_by_app("The florist of this chat").await?;
            ana.say(*chat, "/flowers").await?;
            let shop = ana.told_by_app("Today's flowers").await?;
            Ok((shop, "both see today's flowers".to_owned()))
        },
    )
    .await
}

/// Ana sends the form, and gets a sheet that only sets money aside.
async fn order(cast: &mut Cast, shop: &Message, flower: &str, stems: u32) -> Result<Sheet, Wrong> {
    let Cast { ana, chat, .. } = cast;
    let wish = [
        ("flower", flower),
        ("stems", &stems.to_string()),
        ("name", "Ana"),
    ];
    let wish = wish.map(|(name, value)| (name.to_owned(), json!(value)));
    let wish: Map<String, Value> = wish.into_iter().collect();
    ana.press(*chat, shop, "order", wish).await?;
    let asked = ana.told_order("pending").await?;
    expect(asked.authorize_only, || "it asks for payment".to_owned())?;
    Ok(ana.sheet(asked.id).await?)
}

async fn authorized(to: &mut Transcript, cast: &mut Cast, shop: &Message) -> Result<(), Wrong> {
    to.step("Ana orders 6 roses and approves", async {
        let sheet = order(cast, shop, "roses", 6).await?;
        cast.ana.approve(&sheet).await?;
        let total = sheet.order.total_text;
        let left = cast.ana.balance().await?;
        expect(left == money("5.50 USD")?, || format!("{left} is left"))?;
        Ok((
            (),
            format!("{total} is set aside and not paid; {left} left"),
        ))
    })
    .await
}

async fn captured(to: &mut Transcript, cast: &mut Cast) -> Result<(), Wrong> {
    let Cast { ana, ben, chat } = cast;
    to.step("Ben finds 4 of them fresh and dispatches those", async {
        let bench = ben.told_by_app("Bouquet 1: 6 roses").await?;
        let fresh = Map::from_iter([("fresh".to_owned(), json!("4"))]);
        ben.press(*chat, &bench, "dispatch", fresh).await?;
        let news = ana.told_by_app("left the shop").await?;
        let has = ana.balance().await?;
        expect(has == money("8.50 USD")?, || format!("she has {has}"))?;
        let said = news.text.unwrap_or_default();
        Ok(((), format!("\u{201c}{said}\u{201d}; she has {has}")))
    })
    .await
}

/// She wants more tulips than there are, in two orders: the shop looks before each is set aside.
async fn sold_out(to: &mut Transcript, cast: &mut Cast, shop: &Message) -> Result<(), Wrong> {
    to.step("Ana orders 3 tulips twice, and there are 4", async {
        let first = order(cast, shop, "tulips", 3).await?;
        let second = order(cast, shop, "tulips", 3).await?;
        let ana = &mut cast.ana;
        ana.approve(&first).await?;
        let says = match ana.approve(&second).await {
            Err(ClientError::Refused(no)) if no.is("app-refused") => {
                no.app_says.unwrap_or_default()
            }
            other => return Err(Wrong::Unexpected(format!("it was not stopped: {other:?}"))),
        };
        let left = ana.balance().await?;
        expect(left == money("5.50 USD")?, || format!("{left} is left"))?;
        ana.decline(second.order.id).await?;
        let came = format!("the second is stopped: \u{201c}{says}\u{201d}; {left} left");
        Ok(((), came))
    })
    .await
}

async fn lapsed(to: &mut Transcript, cast: &mut Cast) -> Result<(), Wrong> {
    to.step("Nobody dispatches the 3 tulips", async {
        let ana = &mut cast.ana;
        let left = ana.balance().await?;
        expect(left == money("5.50 USD")?, || format!("{left} is left"))?;
        ana.told_order("voided").await?;
        let news = ana.told_by_app("did not leave in time").await?;
        let has = ana.balance().await?;
        expect(has == money("8.50 USD")?, || format!("she has {has}"))?;
        let said = news.text.unwrap_or_default();
        Ok(((), format!("\u{201c}{said}\u{201d}; she has {has}")))
    })
    .await
}
