//! `tests/bench invoke`: what one run of a mini-app costs, by itself and behind the whole host.

use std::time::Duration;

use super::bare::Bare;
use super::figures::Figures;
use super::ours::Ours;
use super::target::{Ratio, Target};
use super::{crowd, http, slices};
use crate::{Wrong, echo, report};

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
    let (rust, js) = (echo::component()?, echo::component_js()?);
    report::tell("Bare wasmtime and our sandbox take turns, on one thread and on two.");
    let rust = tokio::task::spawn_blocking(move || sandboxes(&rust, time)).await??;
    report::tell("The same with a guest in JavaScript.");
    let js = tokio::task::spawn_blocking(move || sandboxes(&js, time)).await??;
    let http = http::measure(chats, time).await?;

    tell_sandboxes("echo.rs", &rust);
    tell_sandboxes("echo.js", &js);
    let (people, connections) = (chats * crowd::CHAT_PEOPLE, http::CONNECTIONS);
    report::result(format_args!(
        "POST until the answer is durable (echo.rs, a press; {connections} connections, {people} \
         people, {chats} chats)"
    ));
    row("axum echo, not durable", &http.echo);
    row("bare loop", &http.bare);
    row("bare loop, keeps a press", &http.kept);
    row("wasi-http hello, not durable", &http.hello);
    if let Some(workerd) = &http.workerd {
        row("workerd hello, not durable", workerd);
    }
    row("souk", &http.host);
    let ratio = |name, value, target| Ratio {
        name,
        value,
        target,
    };
    let p99 = |figures: &Figures| figures.p99.as_secs_f64();
    let (one, two) = (Target::AtMost(1.25), Target::AtLeast(1.8));
    for ratio in [
        ratio("invoke-one-thread", rust.one_thread(), one),
        ratio("invoke-two-threads", rust.two_threads(), two),
        ratio("invoke-js-one-thread", js.one_thread(), one),
        ratio("invoke-js-two-threads", js.two_threads(), two),
        ratio(
            "http-action",
            http.host.rate / http.bare.rate,
            Target::AtLeast(0.5),
        ),
        ratio(
            "http-action-serve",
            http.host.rate / http.hello.rate,
            Target::AtLeast(1.5),
        ),
        ratio(
            "http-action-p99",
            p99(&http.host) / p99(&http.hello),
            Target::AtMost(1.0),
        ),
    ] {
        report::result(ratio);
    }
    Ok(())
}

fn tell_sandboxes(program: &str, Sandboxes { bare, ours }: &Sandboxes) {
    report::result(format_args!(
        "one fresh instance, one call, drop ({program}, `idle`)"
    ));
    row("bare wasmtime, 1 thread", &bare.one);
    row("our sandbox, 1 thread", &ours.one);
    row("bare wasmtime, 2 threads", &bare.two);
    row("our sandbox, 2 threads", &ours.two);
}

fn row(name: &str, figures: &Figures) {
    report::result(format_args!("  {name:<29}{figures}"));
}

/// One side on one thread and on two.
struct Side {
    one: Figures,
    two: Figures,
}

/// Both.
struct Sandboxes {
    bare: Side,
    ours: Side,
}

impl Sandboxes {
    /// How many times what bare wasmtime takes ours does.
    fn one_thread(&self) -> f64 {
        self.bare.one.rate / self.ours.one.rate
    }

    /// How many times more two threads do.
    fn two_threads(&self) -> f64 {
        self.ours.two.rate / self.ours.one.rate
    }
}

/// Measures bare wasmtime and ours in turns, so that both meet the same moods of the machine.
fn sandboxes(component: &[u8], time: Duration) -> Result<Sandboxes, Wrong> {
    let (bare, ours) = (Bare::of(component)?, Ours::of(component)?);
    let slice = time / u32::try_from(TURNS).unwrap_or(1);
    let mut taken = [const { Vec::new() }; 4];
    for _ in 0..TURNS {
        for (threads, [of_bare, of_ours]) in [1, 2].into_iter().zip(taken.as_chunks_mut::<2>().0) {
            of_bare.push(slices::measure(threads, slice, || Ok(|| bare.call()))?);
            of_ours.push(slices::measure(threads, slice, || caller(&ours))?);
        }
    }
    let [bare_one, ours_one, bare_two, ours_two] = taken.map(|slices| Figures::median(&slices));
    let side = |one, two| Side { one, two };
    Ok(Sandboxes {
        bare: side(bare_one, bare_two),
        ours: side(ours_one, ours_two),
    })
}

/// Ours waits where bare wasmtime blocks: each thread brings what waits for it.
fn caller(ours: &Ours) -> Result<impl FnMut() -> Result<(), Wrong>, Wrong> {
    let waits = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()?;
    Ok(move || waits.block_on(ours.call()))
}
