//! The scene at the counter: money goes out through the bank, and a digital currency comes in, over
//! a reorganization.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use souk_server::wire::List;
use souk_server::wire::operator::{Chain, ChainPayment};
use souk_server::wire::passages::{Address, Arrival, Departure};
use souk_server::wire::wallet::Balance;

use super::people::Person;
use super::shopping::money;
use super::story::Cast;
use super::transcript::{Transcript, Wrong, expect};
use crate::client::Client;
use crate::host::OPERATOR_TOKEN;
use crate::stage::House;

/// How often a person looks whether something has moved on.
const LOOKS: usize = 100;
/// How long they wait in between.
const LOOKS_EVERY: std::time::Duration = std::time::Duration::from_millis(50);

pub(super) async fn play(to: &mut Transcript, house: &House, cast: &Cast) -> Result<(), Wrong> {
    to.scene("Money from outside, and out again");
    withdrawn(to, cast).await?;
    bounced(to, cast).await?;
    let operator = &operator(house)?;
    let ana = &cast.ana;
    let came = to
        .step(
            "Somebody outside pays Ana 0.5000 of a digital currency",
            async {
                let came = paid_in(operator, ana).await?;
                let (seen, needed) = (came.confirmations, came.needed);
                expect(came.state == "pending", || format!("it is {}", came.state))?;
                Ok((
                    came,
                    format!("seen in a block, {seen} of {needed} confirmations"),
                ))
            },
        )
        .await?;
    reorganized(to, operator, ana, &came).await
}

async fn withdrawn(to: &mut Transcript, cast: &Cast) -> Result<(), Wrong> {
    to.step("Ana takes 2.00 USD out to her bank", async {
        let asked = cast.ana.withdraw("2.00 USD", "DE02 1203").await?;
        let done = ended(&cast.ana, &asked).await?;
        expect(done.state == "done", || format!("it is {}", done.state))?;
        let left = cast.ana.balance().await?;
        expect(left == money("6.50 USD")?, || format!("{left} is left"))?;
        Ok(((), format!("set aside, sent and gone; {left} left")))
    })
    .await
}

async fn bounced(to: &mut Transcript, cast: &Cast) -> Result<(), Wrong> {
    to.step(
        "Ana takes 1.00 USD out to an account that is closed",
        async {
            let asked = cast.ana.withdraw("1.00 USD", "bounce").await?;
            let back = ended(&cast.ana, &asked).await?;
            expect(back.state == "failed", || format!("it is {}", back.state))?;
            let has = cast.ana.balance().await?;
            expect(has == money("6.50 USD")?, || format!("she has {has}"))?;
            Ok(((), format!("it came back; she has {has}")))
        },
    )
    .await
}

/// A payment to Ana's address in the first block on it.
async fn paid_in(operator: &Client, ana: &Person) -> Result<Arrival, Wrong> {
    let gold = json!({"code": "GOLD", "scale": 4});
    let registered: Value = operator.post("/v1/operator/assets", &gold).await?;
    expect(registered == gold, || format!("{registered}"))?;
    let address: Address = ana.client.get("/v1/wallet/address").await?;
    let ask = json!({"to": address.address, "amount": money("0.5000 GOLD:4")?});
    let path = "/v1/operator/chain/payments";
    let paid: ChainPayment = operator.post(path, &ask).await?;
    mine(operator, 1).await?;
    let arrivals: List<Arrival> = ana.client.get("/v1/wallet/deposits").await?;
    let came = arrivals.items.into_iter().find(|came| came.id == paid.id);
    came.ok_or_else(|| Wrong::Unexpected("nothing arrived".to_owned()))
}

async fn reorganized(
    to: &mut Transcript,
    operator: &Client,
    ana: &Person,
    came: &Arrival,
) -> Result<(), Wrong> {
    to.step(
        "The chain reorganizes, and the payment comes again",
        async {
            let ask = json!({"depth": 1, "fate": "return"});
            let path = "/v1/operator/chain/reorganizations";
            let lost: List<Arrival> = operator.post(path, &ask).await?;
            expect(lost.items.is_empty(), || "the payment is lost".to_owned())?;
            mine(operator, 3).await?;
            let there = arrival(ana, came).await?;
            expect(there.state == "posted", || format!("it is {}", there.state))?;
            let balances: List<Balance> = ana.client.get("/v1/wallet").await?;
            let gold = balances.items.into_iter().map(|balance| balance.text);
            let gold: Vec<String> = gold.filter(|text| text.ends_with("GOLD:4")).collect();
            expect(gold == ["0.5000 GOLD:4"], || format!("she has {gold:?}"))?;
            Ok((
                (),
                format!("confirmed at the third block; she has {}", gold.concat()),
            ))
        },
    )
    .await
}

/// The operator, by the token in the host's data directory.
fn operator(house: &House) -> Result<Client, Wrong> {
    let file = house.file("data").join(OPERATOR_TOKEN);
    let token = std::fs::read_to_string(&file);
    let token = token.map_err(|error| Wrong::Unexpected(format!("{}: {error}", file.display())))?;
    Ok(Client::new(house.base(), token.trim()))
}

async fn mine(operator: &Client, count: u64) -> Result<Chain, Wrong> {
    let ask = json!({"count": count});
    Ok(operator.post("/v1/operator/chain/blocks", &ask).await?)
}

async fn arrival(ana: &Person, came: &Arrival) -> Result<Arrival, Wrong> {
    let is = |found: &Arrival| found.id == came.id;
    look(ana, "/v1/wallet/deposits", is).await
}

/// Waits until a withdrawal is over.
async fn ended(ana: &Person, asked: &Departure) -> Result<Departure, Wrong> {
    let over = |found: &Departure| {
        let over = found.state == "done" || found.state == "failed";
        found.id == asked.id && over
    };
    look(ana, "/v1/wallet/withdrawals", over).await
}

/// Looks at a list until there is what somebody waits for.
async fn look<T: DeserializeOwned>(
    person: &Person,
    path: &str,
    wanted: impl Fn(&T) -> bool,
) -> Result<T, Wrong> {
    for _ in 0..LOOKS {
        let list: List<T> = person.client.get(path).await?;
        if let Some(found) = list.items.into_iter().find(&wanted) {
            return Ok(found);
        }
        tokio::time::sleep(LOOKS_EVERY).await;
    }
    Err(Wrong::Unexpected(format!("{path} never said so")))
}
