//! The story: a market from its opening to its audit, in scenes.

use souk_core::ChatId;
use souk_server::wire::apps::Published;

use super::people::{PASSWORD, Person};
use super::shops::Shops;
use super::transcript::{Transcript, Wrong};
use super::{crash, flowers, grants, proof, rails, shopping, stamps};
use crate::stage::House;

/// Everyone in the story, and where they meet.
pub(super) struct Cast {
    pub(super) ana: Person,
    pub(super) ben: Person,
    pub(super) chat: ChatId,
}

/// A link that signs one person in.
pub(super) struct Link {
    pub(super) name: &'static str,
    pub(super) address: String,
}

/// Plays the whole story; stops at the first step that fails.
pub(super) async fn play(
    to: &mut Transcript,
    house: &mut House,
    shops: &Shops,
) -> Result<(), Wrong> {
    let mut cast = opening(to, house, shops).await?;
    shopping::play(to, &mut cast).await?;
    grants::play(to, &mut cast).await?;
    flowers::play(to, &mut cast).await?;
    if shops.loyalty_card.is_some() {
        stamps::play(to, &mut cast).await?;
    }
    rails::play(to, house, &cast).await?;
    crash::play(to, house, &mut cast).await?;
    proof::play(to, house, &cast).await
}

async fn opening(to: &mut Transcript, house: &House, shops: &Shops) -> Result<Cast, Wrong> {
    let base = house.base();
    to.scene("The market opens");
    let ana = to.step("Ana joins", joined(base, "ana", "Ana")).await?;
    let ben = to.step("Ben joins", joined(base, "ben", "Ben")).await?;
    to.step("Ben, who runs the shops, publishes them", async {
        let names = publish(&ben, shops).await?;
        Ok(((), format!("{} are live", names.join(", "))))
    })
    .await?;
    let chat = to
        .step("Ana opens a group with Ben", async {
            let chat = ana.open_group("Friday tea", &["ben"]).await?;
            Ok((
                chat.id,
                format!(
                    "\u{201c}{}\u{201d}, {} members",
                    chat.title,
                    chat.members.len()
                ),
            ))
        })
        .await?;
    Ok(Cast { ana, ben, chat })
}

/// Publishes every shop, and returns their ids.
async fn publish(merchant: &Person, shops: &Shops) -> Result<Vec<String>, Wrong> {
    let mut names = Vec::new();
    for package in shops.packages() {
        let package = package.to_vec();
        let published: Published = merchant.client.post_package("/v1/apps", package).await?;
        names.push(published.app.to_string());
    }
    Ok(names)
}

async fn joined(base: &str, handle: &str, name: &'static str) -> Result<(Person, String), Wrong> {
    Ok((
        Person::join(base, handle, name).await?,
        format!("as @{handle}"),
    ))
}

/// Makes two people with money, a group and the shops, for somebody to look at.
pub(super) async fn furnish(house: &House, shops: &Shops) -> Result<Vec<Link>, crate::CliError> {
    let furnished = async {
        let ana = Person::join(house.base(), "ana", "Ana").await?;
        let ben = Person::join(house.base(), "ben", "Ben").await?;
        publish(&ben, shops).await?;
        ana.open_group("Friday tea", &["ben"]).await?;
        ana.deposit(shopping::money("20.00 USD")?).await?;
        ben.deposit(shopping::money("20.00 USD")?).await?;
        Ok::<_, Wrong>(())
    };
    let failed =
        |wrong: Wrong| crate::CliError::new("the market could not be furnished").because(wrong);
    furnished.await.map_err(failed)?;
    let link = |name, handle: &str| Link {
        name,
        address: format!("{}/#as={handle}:{PASSWORD}", house.base()),
    };
    Ok(vec![link("Ana", "ana"), link("Ben", "ben")])
}
