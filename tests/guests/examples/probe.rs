//! Asks for what is another's, in every way the contract has: campaign S10 gives it the names.
//!
//! | command | does |
//! |---|---|
//! | `make` | makes something of every kind, and says its names, a line each: `KIND NAME` |
//! | `look` | says what it has, so that a change is seen |
//! | `probe FUNCTION|NAME` | calls this function with this name, where it takes one |
//! | `functions` | says which functions it can call so |
//!
//! Everything it makes says `canary`. An answer is `got` with what came, or `no` with the denial.
//! Needs everything there is; what it says goes to the log.

use std::fmt::Debug;
use std::time::Duration;

use souk_sdk::config::{self, Secret};
use souk_sdk::prelude::*;
use souk_sdk::{http, schedule};

struct Probe;

/// A function of the contract that takes a name, and a call of it with one.
type Call = (&'static str, fn(&str) -> Result<String, Denied>);

/// Every function that takes a text by which something of somebody's could be meant.
const CALLS: [Call; 33] = [
    ("chats.chat.from-token", |name| {
        got(Chat::from_token(&PushToken::new(name))?.id())
    }),
    ("chats.chat.whisper", |name| {
        got(Chat::current()?.whisper(&UserId::new(name), "x")?)
    }),
    ("chats.chat.show-to", |name| {
        let (message, user) = (MessageId::new(name), User::current()?.id());
        got(Chat::current()?.show_to(&message, &user, "x")?)
    }),
    ("chats.chat.edit", |name| {
        got(Chat::current()?.edit(&MessageId::new(name), "x")?)
    }),
    ("chats.chat.delete", |name| {
        got(Chat::current()?.delete(&MessageId::new(name))?)
    }),
    ("chats.chat.post", |name| {
        let answer = Content::from("x").reply_to(&MessageId::new(name));
        got(Chat::current()?.post(answer)?)
    }),
    ("chats.chat.link", |name| {
        Chat::current()?.link(name).map(|_| String::new())
    }),
    ("users.user.profile", |name| {
        got(User::current()?.profile(&[name])?)
    }),
    ("users.user.launch-token", |name| {
        User::current()?.launch_token(name).map(|_| String::new())
    }),
    ("payments.order.find", |name| {
        got(Order::find(&OrderId::new(name))?.key())
    }),
    ("payments.order.by-key", |name| {
        got(Order::by_key(name)?.id())
    }),
    ("payments.order.capture", |name| {
        got(Order::find(&OrderId::new(name))?.capture(Money::usd(1))?)
    }),
    ("payments.order.void", |name| {
        got(Order::find(&OrderId::new(name))?.void("x")?)
    }),
    ("payments.order.refuse", |name| {
        got(Order::find(&OrderId::new(name))?.refuse("x")?)
    }),
    ("payments.order.refund", |name| {
        got(Order::by_key(name)?.refund("x", Money::usd(1), "x")?)
    }),
    ("payments.wallet.balance", |name| {
        got(Wallet::mine()?.balance(currency(name)?)?).map(|_| String::new())
    }),
    ("payments.wallet.currency-scale", |name| {
        got(Wallet::mine()?.currency_scale(currency(name)?)?)
    }),
    ("payments.wallet.statement", |name| {
        got(Wallet::mine()?.statement(currency(name)?, None, 100)?)
    }),
    ("payments.wallet.pay-out", |name| {
        let key = "probe";
        got(Wallet::mine()?.pay_out(&UserId::new(name), key, Money::usd(1), "x")?)
    }),
    ("payments.wallet.request", |name| {
        let order = Order::ask(name).item("x", 1, Money::usd(1)).send()?;
        Err(Denied::Invalid(order.id().to_string()))
    }),
    ("buckets.bucket.get", |name| {
        values(|bucket| got(bucket.get::<String>(name)?))
    }),
    ("buckets.bucket.put", |name| {
        values(|bucket| bucket.put(name, "x").map(|_| String::new()))
    }),
    ("buckets.bucket.delete", |name| {
        values(|bucket| bucket.delete(name).map(|()| String::new()))
    }),
    ("buckets.bucket.increment", |name| {
        values(|bucket| bucket.add(name, 1).map(|()| String::new()))
    }),
    ("buckets.bucket.count", |name| {
        values(|bucket| got(bucket.count(name)?))
    }),
    ("buckets.bucket.next", |name| {
        values(|bucket| got(bucket.next(name)?))
    }),
    ("buckets.bucket.scan", |name| {
        values(|bucket| {
            let before = bucket.scan::<String>("", Some(name), 100)?;
            got((bucket.scan::<String>(name, None, 100)?, before))
        })
    }),
    ("values.get", |name| got(config::get(name)?)),
    ("values.secret.open", |name| {
        got(Secret::open(name)?.reveal())
    }),
    ("timers.set", |name| {
        timers(|timers, at| timers.set(name, at, "x").map(|()| String::new()))
    }),
    ("timers.cancel", |name| {
        timers(|timers, _| got(timers.cancel(name)?))
    }),
    ("reader.get", |name| got(http::get(name)?)),
    ("outbox.send", |name| got(http::post(name).send()?)),
];

impl MiniApp for Probe {
    fn command(event: &Event, command: Command) -> Result {
        let words = command.arguments();
        match command.name() {
            "make" => make(event),
            "look" => look(),
            "functions" => {
                CALLS
                    .iter()
                    .for_each(|(function, _)| println!("{function}"));
                Ok(())
            }
            _ => {
                let (function, name) = words.split_once('|').unwrap_or((words, ""));
                let found = CALLS.iter().find(|(known, _)| *known == function);
                let (_, call) = found.ok_or_else(|| command.unknown())?;
                match call(name) {
                    Ok(got) => println!("got {got}"),
                    Err(denied) => println!("no {}", denied.code()),
                }
                Ok(())
            }
        }
    }
}

fn make(event: &Event) -> Result {
    let (chat, user) = (Chat::current()?, User::current()?);
    println!("user {}", user.id());
    println!("merchant-user {}", user.merchant_scoped_id()?);
    println!("chat {}", chat.id());
    println!("message {}", chat.post("canary posted")?);
    println!("whisper {}", chat.whisper(&user.id(), "canary whispered")?);
    let shown = chat.post(Content::from("canary for all").per_viewer())?;
    println!("view {shown}");
    println!("token {}", chat.push_token()?);
    let key = format!("canary-{}", event.id());
    let order = Order::ask(&key).item("canary", 1, Money::usd(100)).send()?;
    println!("order {}", order.id());
    println!("order-key {key}");
    let at = event.at() + Duration::from_secs(60);
    for (timers, bucket) in [
        (schedule::in_chat(), Bucket::chat()?),
        (schedule::in_app(), Bucket::app()?),
        (schedule::in_app(), Bucket::user()?),
    ] {
        timers.set("canary-timer", at, "canary")?;
        bucket.put("canary/key", "canary kept")?;
        bucket.add("canary/count", 4_711)?;
    }
    for (kind, name) in [
        ("timer", "canary-timer"),
        ("key", "canary/key"),
        ("prefix", "canary/"),
        ("cursor", "canary"),
        ("count", "canary/count"),
        ("setting", "canary-setting"),
        ("secret", "canary-secret"),
    ] {
        println!("{kind} {name}");
    }
    Ok(())
}

fn look() -> Result {
    for bucket in [Bucket::app()?, Bucket::chat()?, Bucket::user()?] {
        println!(
            "{:?} {}",
            bucket.scan::<String>("", None, 100)?,
            bucket.count("canary/count")?
        );
    }
    println!("{:?}", schedule::in_chat().list()?);
    println!("{:?}", schedule::in_app().list()?);
    Ok(())
}

fn currency(name: &str) -> Result<Currency, Denied> {
    name.parse().map_err(|_| Denied::NotFound)
}

fn got(what: impl Debug) -> Result<String, Denied> {
    Ok(format!("{what:?}"))
}

/// The same in every bucket: what came of each.
fn values(call: impl Fn(Bucket) -> Result<String, Denied>) -> Result<String, Denied> {
    let all = [Bucket::app()?, Bucket::chat()?, Bucket::user()?];
    let came: Result<Vec<_>, _> = all.into_iter().map(call).collect();
    Ok(came?.join(" "))
}

/// The same with the timers of each scope.
fn timers(
    call: impl Fn(schedule::Timers, std::time::SystemTime) -> Result<String, Denied>,
) -> Result<String, Denied> {
    // The only clock there is: a minute from when it began to count.
    let at = std::time::UNIX_EPOCH + Duration::from_secs(4_000_000_000);
    let in_chat = call(schedule::in_chat(), at)?;
    Ok(in_chat + &call(schedule::in_app(), at)?)
}

souk_sdk::export!(Probe);
