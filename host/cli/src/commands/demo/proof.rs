//! The last scene: what the market did is proved from outside.

use std::process::Output;

use serde::Deserialize;
use souk_server::wire::List;
use souk_server::wire::wallet::Line;

use super::story::Cast;
use super::transcript::{Transcript, Wrong, expect};
use crate::stage::House;

#[derive(Deserialize)]
struct Key {
    public_key: String,
}

pub(super) async fn play(to: &mut Transcript, house: &mut House, cast: &Cast) -> Result<(), Wrong> {
    to.scene("Proof");
    let (key, receipt) = to
        .step("Ana gets the receipt of her payment", receipt(cast))
        .await?;
    let kept = house.file("receipt.json");
    std::fs::write(&kept, &receipt).map_err(|error| Wrong::Unexpected(error.to_string()))?;
    let kept = kept.display().to_string();

    to.step("The receipt verifies offline", async {
        let checked = house
            .souk(&["receipt", "verify", &kept, "--key", &key])
            .await?;
        expect(checked.status.success(), || words(&checked))?;
        Ok(((), words(&checked)))
    })
    .await?;
    to.step("The same receipt over another amount is refused", async {
        let altered = house.file("altered.json");
        std::fs::write(&altered, alter(&receipt))
            .map_err(|error| Wrong::Unexpected(error.to_string()))?;
        let checked = house
            .souk(&[
                "receipt",
                "verify",
                &altered.display().to_string(),
                "--key",
                &key,
            ])
            .await?;
        expect(!checked.status.success(), || "it was accepted".to_owned())?;
        Ok(((), "refused".to_owned()))
    })
    .await?;
    house.close().await;
    to.step(
        "The host is stopped and the ledger audited",
        command(house, &["wallet", "audit"]),
    )
    .await?;
    to.step(
        "The journal and its state are verified",
        command(house, &["store", "verify"]),
    )
    .await?;
    Ok(())
}

async fn receipt(cast: &Cast) -> Result<((String, String), String), Wrong> {
    let key: Key = cast.ana.client.get("/v1/key").await?;
    let lines = payments(cast).await?;
    let entry = lines
        .first()
        .ok_or_else(|| Wrong::Unexpected("Ana's statement has no payment".to_owned()))?
        .entry
        .id;
    let receipt = cast
        .ana
        .client
        .get_text(&format!("/v1/receipts/{entry}"))
        .await?;
    Ok(((key.public_key, receipt), format!("{entry}")))
}

/// Looks through the whole statement: the load has put many deposits before the payments.
async fn payments(cast: &Cast) -> Result<Vec<Line>, Wrong> {
    let (mut payments, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/v1/wallet/statement?currency=USD&limit=200{cursor}");
        let page: List<Line> = cast.ana.client.get(&path).await?;
        payments.extend(
            page.items
                .into_iter()
                .filter(|line| line.entry.kind.name() == "payment"),
        );
        match page.next {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok(payments),
        }
    }
}

async fn command(house: &House, args: &[&str]) -> Result<((), String), Wrong> {
    let done = house.souk(args).await?;
    expect(done.status.success(), || words(&done))?;
    Ok(((), words(&done)))
}

/// What a command printed, in one line.
fn words(output: &Output) -> String {
    let printed = if output.stdout.is_empty() {
        &output.stderr
    } else {
        &output.stdout
    };
    String::from_utf8_lossy(printed)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Changes one letter of what was signed.
fn alter(receipt: &str) -> String {
    let middle = receipt
        .find("\"payload\"")
        .map_or(0, |place| place.saturating_add(60));
    let change = |(place, letter): (usize, char)| match letter {
        'A' if place == middle => 'B',
        _ if place == middle => 'A',
        letter => letter,
    };
    receipt.char_indices().map(change).collect()
}
