//! The scene at the loyalty card: a mini-app in JavaScript, whose state belongs to the whole chat.

use serde_json::Map;
use souk_server::wire::chats::Message;

use super::people::Person;
use super::shopping::refused;
use super::story::Cast;
use super::transcript::{Transcript, Wrong};

pub(super) async fn play(to: &mut Transcript, cast: &mut Cast) -> Result<(), Wrong> {
    to.scene("A card for company");
    let stamped = started(to, cast).await?;
    twice(to, cast, &stamped).await?;
    filled(to, cast, stamped).await
}

async fn started(to: &mut Transcript, cast: &mut Cast) -> Result<Message, Wrong> {
    let Cast { ana, chat, .. } = cast;
    to.step("Ana types /stamps and gives the first one", async {
        ana.say(*chat, "/stamps").await?;
        let card = ana.told_by_app("0 of 5 stamps").await?;
        ana.press(*chat, &card, "stamp", Map::new()).await?;
        let stamped = ana.told_by_app("1 of 5 stamps").await?;
        let said = stamped.text.clone().unwrap_or_default();
        Ok((stamped, format!("\u{201c}{said}\u{201d}")))
    })
    .await
}

async fn twice(to: &mut Transcript, cast: &mut Cast, card: &Message) -> Result<(), Wrong> {
    let Cast { ana, chat, .. } = cast;
    to.step("Ana presses again", async {
        let refused = refused(ana.press(*chat, card, "stamp", Map::new()).await)?;
        Ok(((), format!("refused: {refused}")))
    })
    .await
}

async fn filled(to: &mut Transcript, cast: &mut Cast, mut card: Message) -> Result<(), Wrong> {
    let Cast { ana, ben, chat } = cast;
    to.step("Ben and Ana stamp in turn until it is full", async {
        for count in 2..=5 {
            let turn: &mut Person = if count % 2 == 0 { ben } else { ana };
            turn.press(*chat, &card, "stamp", Map::new()).await?;
            card = turn.told_by_app(&format!("{count} of 5 stamps")).await?;
        }
        let treat = ben.told_by_app("The card is full").await?;
        let said = treat.text.unwrap_or_default();
        Ok(((), format!("\u{201c}{said}\u{201d}")))
    })
    .await
}
