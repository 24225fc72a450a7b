//! The scene in which the host is killed in the middle of its work, and nothing is lost.

use std::time::Duration;

use super::story::Cast;
use super::transcript::{Transcript, Wrong, expect};
use crate::stage::{House, Load, Plan};

/// Clients that talk and deposit at once.
const CLIENTS: usize = 8;
/// How long they do before the host is killed.
const LOAD_FOR: Duration = Duration::from_millis(1_500);

/// Plays the scene.
pub(super) async fn play(
    to: &mut Transcript,
    house: &mut House,
    cast: &mut Cast,
) -> Result<(), Wrong> {
    to.scene("The host is killed in mid-load");
    let before = cast.ana.balance().await?;
    let load = to
        .step(
            "Eight clients talk and deposit, and the host gets SIGKILL",
            async {
                let client = &cast.ana.client;
                let plan = Plan {
                    client,
                    chat: cast.chat,
                    echo: None,
                    clients: CLIENTS,
                };
                let killing = async {
                    tokio::time::sleep(LOAD_FOR).await;
                    house.kill().await
                };
                let (load, ()) = Load::until(&plan, killing).await?;
                let acknowledged = load.acknowledged();
                expect(acknowledged > CLIENTS, || {
                    format!("only {acknowledged} calls were acknowledged")
                })?;
                let cut_off = load.calls() - acknowledged;
                Ok((
                    load,
                    format!("{acknowledged} calls were acknowledged, {cut_off} were cut off"),
                ))
            },
        )
        .await?;
    to.step("The host starts again on what is left", async {
        house.start_again().await?;
        cast.ana.listen_again().await?;
        cast.ben.listen_again().await?;
        Ok(((), "and everybody's stream resumes where it was".to_owned()))
    })
    .await?;
    to.step("Every call is repeated with its key", async {
        load.repeat_all(&cast.ana.client).await?;
        Ok((
            (),
            format!("{} answers, the acknowledged ones as before", load.calls()),
        ))
    })
    .await?;
    to.step(
        "Nothing acknowledged is missing, nothing is doubled",
        async {
            let (messages, deposits) = load.check(&cast.ana.client, before).await?;
            Ok((
                (),
                format!("{messages} messages, {deposits} deposits, each once"),
            ))
        },
    )
    .await
}
