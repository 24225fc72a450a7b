//! S4: whatever a guest asks the host to do, the host holds little more for it than before.
//!
//! The guest program `exhaust` has the attacks. The host's own memory is counted by the allocator
//! of this program; the guest's is not part of it.

use souk_runtime::{End, Limits, Prepared, Runtime};

use super::{Args, Tally};
use crate::cell::Cell;
use crate::{Wrong, corpus, counted, report};

/// Attacks there are, at least.
const ATTACKS: u32 = 50;
/// What the host may hold more than before, at any moment of a run.
const GROWTH_BYTES_MAX: usize = 4 << 20;

/// Lets attacks loose, and tells how many made the host grow.
///
/// # Errors
/// When there is no sandbox, or there are too few attacks.
pub async fn run(args: Args) -> Result<Tally, Wrong> {
    let cell = Cell::open(Runtime::new(&limits(args.unprotected))?).await?;
    let guest = cell.runtime.prepare(&corpus::program("exhaust")?)?;
    let attacks = attacks(&cell, &guest).await?;
    if attacks < ATTACKS {
        return Err(format!("there are only {attacks} attacks").into());
    }
    let (n, mut tally, mut largest) = (args.n(attacks), Tally::default(), 0);
    for seed in args.seeds(attacks) {
        let attack = seed.wrapping_sub(1) % u64::from(attacks);
        let grew = grew(&cell, &guest, attack).await;
        largest = largest.max(*grew.as_ref().unwrap_or(&0));
        tally.count(n, seed, grew.and_then(|grew| little(attack, grew)));
    }
    report::result(format_args!("the host grew by {largest} bytes at most"));
    Ok(tally)
}

/// Without the bounds on what a call brings and a run stages, prints and posts.
fn limits(unprotected: bool) -> Limits {
    let usual = Limits::default();
    if unprotected {
        Limits {
            host_call_bytes: 1 << 30,
            money_call_bytes: 1 << 30,
            answer_bytes: 1 << 30,
            log_bytes: 1 << 30,
            staged_bytes: 1 << 30,
            messages: usize::MAX,
            orders: usize::MAX,
            ..usual
        }
    } else {
        usual
    }
}

/// Asks the guest how many attacks it knows.
async fn attacks(cell: &Cell, guest: &Prepared) -> Result<u32, Wrong> {
    match cell.command(guest, "how-many").await?.end {
        End::Rejected(number) => Ok(number.parse()?),
        other => Err(format!("it says {other:?}").into()),
    }
}

/// Lets an attack loose, and returns how much more the host held for it than before.
async fn grew(cell: &Cell, guest: &Prepared, attack: u64) -> Result<usize, Wrong> {
    let before = counted::watch();
    drop(cell.command(guest, &attack.to_string()).await?);
    Ok(counted::most().saturating_sub(before))
}

fn little(attack: u64, grew: usize) -> Result<(), Wrong> {
    if grew > GROWTH_BYTES_MAX {
        return Err(format!("attack {attack}: the host grew by {grew} bytes").into());
    }
    Ok(())
}
