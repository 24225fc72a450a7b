//! The scene on Ana's page of grants: what she sees there, takes back, and bounds.

use souk_server::wire::grants::{BudgetAsk, Grants, Say, SayAsk};

use super::people::Person;
use super::shopping::{money, refused, wish};
use super::story::Cast;
use super::transcript::{Transcript, Wrong, expect};

const TEA: &str = "/v1/me/grants/com.example.tea";
const NAME: &str = "identity.profile:name";

pub(super) async fn play(to: &mut Transcript, cast: &mut Cast) -> Result<(), Wrong> {
    to.scene("Ana has a say");
    looked_at(to, &cast.ana).await?;
    to.step(
        "Ana refuses it her name, and bounds every order there to 3.00 USD",
        async {
            say(&cast.ana, Say::Refuse).await?;
            budget(&cast.ana, Some(300)).await?;
            Ok(((), "noted; nobody asks her again".to_owned()))
        },
    )
    .await?;
    bounded(to, cast).await?;
    to.step("Ana takes both back", async {
        say(&cast.ana, Say::Allow).await?;
        budget(&cast.ana, None).await?;
        let grants: Grants = cast.ana.client.get(TEA).await?;
        expect(grants.budget.is_none(), || "the budget stands".to_owned())?;
        Ok(((), "as before".to_owned()))
    })
    .await
}

async fn looked_at(to: &mut Transcript, ana: &Person) -> Result<(), Wrong> {
    to.step("Ana looks at what the tea house may do", async {
        let grants: Grants = ana.client.get(TEA).await?;
        let name = grants.matters.iter().find(|it| it.matter == NAME);
        let used = name.is_some_and(|it| it.state == "granted" && it.used_last.is_some());
        expect(used, || format!("{grants:?}"))?;
        let words: Vec<_> = grants.matters.into_iter().map(|it| it.words).collect();
        Ok(((), words.join("; ")))
    })
    .await
}

async fn bounded(to: &mut Transcript, cast: &mut Cast) -> Result<(), Wrong> {
    let Cast { ana, chat, .. } = cast;
    to.step("Ana orders one for 3.50 USD and approves", async {
        ana.say(*chat, "/tea").await?;
        let menu = ana.told_by_app("menu").await?;
        let sent = ana.press(*chat, &menu, "order", wish("jasmine", "large", "1"));
        let outcome = sent.await?.outcome;
        expect(outcome == "done", || format!("the order was {outcome}"))?;
        let asked = ana.told_order("pending").await?;
        let sheet = ana.sheet(asked.id).await?;
        let refused = refused(ana.approve(&sheet).await)?;
        let has = ana.balance().await?;
        expect(has == money("14.50 USD")?, || format!("she has {has}"))?;
        ana.decline(asked.id).await?;
        ana.told_by_app("No tea for a guest").await?;
        Ok((
            (),
            format!("refused: {refused}; to the shop she is a guest"),
        ))
    })
    .await
}

async fn say(ana: &Person, say: Say) -> Result<(), Wrong> {
    let matter = NAME.to_owned();
    Ok(ana.client.post(TEA, &SayAsk { matter, say }).await?)
}

async fn budget(ana: &Person, order: Option<u64>) -> Result<(), Wrong> {
    let ask = BudgetAsk {
        currency: money("0.00 USD")?.currency(),
        order,
        day: None,
        in_all: None,
        until: None,
    };
    let path = format!("{TEA}/budget");
    Ok(ana.client.post(&path, &ask).await?)
}
