//! Proves that a mini-app cannot have the host do for it what only others may: it says names that
//! are not its own to say, and keys that look like others'.
//!
//! | command | does |
//! |---|---|
//! | `mine` | reports the ids of a message, an order and the chat, and stores a value |
//! | `message ID` | edits, deletes and answers this message |
//! | `order ID` | finds this order, captures, voids and refunds it |
//! | `key KEY` | finds the order of this key; reads, scans and counts at it in each bucket |
//!
//! Needs everything there is; its report goes to the log in any case.

use guests::Report;
use souk_sdk::prelude::*;

struct Deputy;

impl MiniApp for Deputy {
    fn command(event: &Event, command: Command) -> Result {
        let words = command.arguments();
        let mut report = Report::default();
        match command.name() {
            "mine" => mine(event, &mut report)?,
            "message" => message(words, &mut report)?,
            "order" => order(words, &mut report),
            _ => key(words, &mut report)?,
        }
        Ok(())
    }
}

fn mine(event: &Event, report: &mut Report) -> Result {
    let chat = Chat::current()?;
    report.say("chat", chat.id());
    report.say("message", chat.post("mine")?);
    let order = Order::ask(event.id())
        .item("tea", 1, Money::usd(100))
        .send()?;
    report.say("order", order.id());
    for bucket in [Bucket::app()?, Bucket::chat()?, Bucket::user()?] {
        bucket.put("secret", "mine")?;
        bucket.add("secrets", 1)?;
    }
    Ok(())
}

fn message(id: &str, report: &mut Report) -> Result {
    let (chat, id) = (Chat::current()?, MessageId::new(id));
    report.check("edit", chat.edit(&id, "not mine"));
    report.check("delete", chat.delete(&id));
    report.check("answer", chat.post(Content::from("x").reply_to(&id)));
    Ok(())
}

fn order(id: &str, report: &mut Report) {
    let found = Order::find(&OrderId::new(id));
    if let Ok(order) = &found {
        report.check("capture", order.capture(Money::usd(1)));
        report.check("void", order.void("not mine"));
        report.check(
            "refund",
            order.refund("not-mine", Money::usd(1), "not mine"),
        );
    }
    report.check("find", found);
}

fn key(key: &str, report: &mut Report) -> Result {
    report.check("order by key", Order::by_key(key));
    for (name, bucket) in [
        ("app", Bucket::app()?),
        ("chat", Bucket::chat()?),
        ("user", Bucket::user()?),
    ] {
        report.note(
            &format!("{name} get"),
            bucket.get::<String>(key).map(|found| found.is_some()),
        );
        report.note(
            &format!("{name} scan"),
            bucket.scan::<String>(key, None, 100).map(|all| all.len()),
        );
        report.note(&format!("{name} count"), bucket.count(key));
    }
    Ok(())
}

souk_sdk::export!(Deputy);
