//! S10: nobody gets at what is another's by naming it. Apps are given every name another app has,
//! for every function of the contract that takes one; guests make handles up, or use those of
//! an earlier run; a person, and nobody at all, ask every address of the host for another's things.
//! And a person in a thousand apps has a thousand ids.
//!
//! What is asked for is held against the contract and the router's table: what is added there and
//! not tried here ends the campaign before it begins. Without the protection, whoever asks is taken
//! for whom the things belong to.

mod apps;
mod handles;
mod kept;
mod people;
mod probe;
mod routes;
mod things;

use self::apps::Apps;
use self::handles::Handles;
use self::kept::Kept;
use self::people::People;
use super::{Args, Tally};
use crate::Wrong;
use crate::dice::Dice;

/// How often it is tried.
const TRIES: u32 = 2_000;

/// Asks for what is another's, and tells how often something of it came out.
///
/// # Errors
/// When there is nothing to ask, or nobody to ask.
pub async fn run(args: Args) -> Result<Tally, Wrong> {
    let apps = Apps::open(args.unprotected).await?;
    let (handles, kept) = (Handles::open()?, Kept::open(&apps.cell)?);
    let people = People::open(args.unprotected).await?;
    let (n, mut tally) = (args.n(TRIES), Tally::default());
    tally.count(n, args.seed, apps.a_thousand_ids().await);
    for at in 0..people.len() {
        tally.count(n, args.seed, people.try_at(at).await);
    }
    tally.count(n, args.seed, people.hears_nothing().await);
    for seed in args.seeds(TRIES) {
        let mut dice = Dice::new(seed);
        let came = match dice.below(5) {
            0 => handles.try_one(&apps.cell, &mut dice).await,
            1 => kept.try_one(&apps.cell, &mut dice).await,
            2 => people.try_one(&mut dice).await,
            _ => apps.try_one(&mut dice).await,
        };
        tally.count(n, seed, came);
    }
    tally.count(n, args.seed, people.ana_asks().await);
    people.close().await;
    Ok(tally)
}
