//! `tests/bench invoke`: what one run of a mini-app costs, by itself and behind the whole host.

use std::time::Duration;

use super::bare::Bare;
use super::figures::Figures;
use super::ours::Ours;
use super::target::{Ratio, Target};
use super::{crowd, http, slices};
use crate::{Wrong, report};

/// How often bare wasmtime and our sandbox take turns. Odd, so that there is a median.
const TURNS: usize = 7;

/// How it is measured.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Args {
    /// Seconds that each side of a comparison is measured for at a time
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..))]
    pub seconds: u64,
    /// Chats of four people each who press buttons
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u16).range(16..))]
    pub chats: u16,
}

/// Measures, prints both sides, then a line for each target.
///
/// # Errors
/// When something that is measured does not work; a missed target is none.
pub async fn run(args: Args) -> Result<(), Wrong> {
    let (time, chats) = (Duration::from_secs(args.seconds), usize::from(args.chats));
    report::tell("Bare wasmtime and our sandbox take turns, on one thread and on two.");
    let [bare, ours] = tokio::task::spawn_blocking(move || sandboxes(time)).await??;
    let http = http::measure(chats, time).await?;

    report::result("one fresh instance, one call, drop (echo.rs, `idle`)");
    row("bare wasmtime, 1 thread", &bare.one);
    row("our sandbox, 1 thread", &ours.one);
    row("bare wasmtime, 2 threads", &bare.two);
    row("our sandbox, 2 threads", &ours.two);
    let (people, connections) = (chats * crowd::CHAT_PEOPLE, http::CONNECTIONS);
    report::result(format_args!(
        "POST until the answer is durable (echo.rs, a press; {connections} connections, {people} \
         people, {chats} chats)"
    ));
    row("bare loop", &http.bare);
    row("souk", &http.host);
    for ratio in [
        Ratio {
            name: "invoke-one-thread",
            value: bare.one.rate / ours.one.rate,
            target: Target::AtMost(1.25),
        },
        Ratio {
            name: "invoke-two-threads",
            value: ours.two.rate / ours.one.rate,
            target: Target::AtLeast(1.8),
        },
        Ratio {
            name: "http-action",
            value: http.host.rate / http.bare.rate,
            target: Target::AtLeast(0.5),
        },
    ] {
        report::result(ratio);
    }
    Ok(())
}

fn row(name: &str, figures: &Figures) {
    report::result(format_args!("  {name:<26}{figures}"));
}

/// One side on one thread and on two.
struct Sides {
    one: Figures,
    two: Figures,
}

/// Measures bare wasmtime and ours in turns, so that both meet the same moods of the machine.
fn sandboxes(time: Duration) -> Result<[Sides; 2], Wrong> {
    let (bare, ours) = (Bare::new()?, Ours::new()?);
    let slice = time / u32::try_from(TURNS).unwrap_or(1);
    let mut taken = [const { Vec::new() }; 4];
    for _ in 0..TURNS {
        for (threads, [of_bare, of_ours]) in [1, 2].into_iter().zip(taken.as_chunks_mut::<2>().0) {
            of_bare.push(slices::measure(threads, slice, || Ok(|| bare.call()))?);
            of_ours.push(slices::measure(threads, slice, || caller(&ours))?);
        }
    }
    let [bare_one, ours_one, bare_two, ours_two] = taken.map(|slices| Figures::median(&slices));
    Ok([
        Sides {
            one: bare_one,
            two: bare_two,
        },
        Sides {
            one: ours_one,
            two: ours_two,
        },
    ])
}

/// Ours waits where bare wasmtime blocks: each thread brings what waits for it.
fn caller(ours: &Ours) -> Result<impl FnMut() -> Result<(), Wrong>, Wrong> {
    let waits = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()?;
    Ok(move || waits.block_on(ours.call()))
}
