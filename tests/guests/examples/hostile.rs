//! Proves that a mini-app cannot harm the host. Each command, and each button whose data is its
//! name, is one attack; after none of them anything of the run may remain.
//!
//! | command | attack |
//! |---|---|
//! | `loop` | computes for ever |
//! | `recurse` | calls itself for ever |
//! | `memory` | takes memory for ever |
//! | `flood` | prints for ever |
//! | `calls` | calls the host for ever |
//! | `handles` | opens handles for ever, and drops none |
//! | `hoard` | stores values for ever, each as large as can be |
//! | `sheets` | asks for payment for ever |
//! | `huge` | posts a text of 2 MiB |
//! | `huge-failure` | fails with a text of 2 MiB |
//! | `sleep` | sleeps for ever, inside the host |
//! | `clock` | reads the clock for ever |
//! | `slow-forever` | does a little, sleeps a little, for ever |
//! | `trap` | stops with a panic |
//! | `abort` | stops without a word |
//! | `exit` | leaves through the back door, with success |
//! | `spill` | stages a message, a value, a number and an order, then stops with a panic |
//! | `fail` | stages the same, then fails in an orderly way |
//!
//! Needs `messaging.post`, `storage.app` and `wallet.request`.

use std::hint::black_box;
use std::mem::forget;
use std::thread::sleep;
use std::time::{Duration, Instant};

use souk_sdk::prelude::*;

struct Hostile;

impl MiniApp for Hostile {
    fn command(event: &Event, command: Command) -> Result {
        attack(event, command.name())
    }

    fn action(event: &Event, action: Action) -> Result {
        attack(event, &action.data::<String>()?)
    }
}

const MIB: usize = 1 << 20;

#[expect(
    clippy::disallowed_methods,
    reason = "leaving without a word is an attack"
)]
fn attack(event: &Event, name: &str) -> Result {
    match name {
        "loop" => compute(),
        "recurse" => drop(recurse(0)),
        "memory" => memory(),
        "flood" => flood(),
        "calls" => calls()?,
        "handles" => handles()?,
        "hoard" => hoard()?,
        "sheets" => sheets(event)?,
        "huge" => drop(Chat::current()?.post("x".repeat(2 * MIB))?),
        "huge-failure" => return Err(Failure::rejected("x".repeat(2 * MIB))),
        "sleep" => sleep(Duration::MAX),
        "clock" => clock(),
        "slow-forever" => slow()?,
        "trap" => panic!("on purpose"),
        "abort" => std::process::abort(),
        "exit" => std::process::exit(0),
        "spill" => {
            stage(event)?;
            panic!("spilled");
        }
        "fail" => {
            stage(event)?;
            return Err(Failure::rejected("changed my mind"));
        }
        _ => return Err(Failure::rejected(format!("there is no attack {name}"))),
    }
    Ok(())
}

fn compute() {
    loop {
        black_box(());
    }
}

fn recurse(depth: u64) -> u64 {
    // Little goes onto the stack in its memory, so that the host's stack ends first.
    if black_box(true) {
        recurse(depth + 1) + depth
    } else {
        depth
    }
}

fn memory() {
    loop {
        forget(black_box(vec![1_u8; MIB]));
    }
}

fn flood() {
    loop {
        println!("{}", "flood ".repeat(100));
    }
}

fn calls() -> Result {
    let chat = Chat::current()?;
    loop {
        black_box(chat.is_group());
    }
}

fn handles() -> Result {
    loop {
        forget(User::current()?);
    }
}

fn hoard() -> Result {
    let bucket = Bucket::app()?;
    let value = "x".repeat(60 << 10);
    for number in 0_u64.. {
        bucket.put(&number.to_string(), &value)?;
    }
    Ok(())
}

fn sheets(event: &Event) -> Result {
    for number in 0_u64.. {
        let key = format!("{}/{number}", event.id());
        Order::ask(key).item("Nothing", 1, Money::usd(1)).send()?;
    }
    Ok(())
}

fn clock() {
    loop {
        black_box(Instant::now());
    }
}

fn slow() -> Result {
    let chat = Chat::current()?;
    loop {
        black_box(chat.id());
        sleep(Duration::from_millis(10));
    }
}

fn stage(event: &Event) -> Result {
    let bucket = Bucket::app()?;
    bucket.put("spilled", event.id())?;
    bucket.add("spills", 1)?;
    bucket.next("spill")?;
    Chat::current()?.post("You will never read this")?;
    Order::ask(event.id())
        .item("A tray of tea", 1, Money::usd(500))
        .send()?;
    Ok(())
}

souk_sdk::export!(Hostile);
