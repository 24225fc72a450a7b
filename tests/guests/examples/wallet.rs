//! Proves `wallet`: asking, and every way an order can go; and that what does not add up is refused
//! by the host, whatever an SDK checks.
//!
//! | command | does |
//! |---|---|
//! | `ask KEY CENTS` | asks for one item; the report has the order's id |
//! | `rich KEY` | asks for 10.00 USD in items and every kind of line |
//! | `soon KEY MILLISECONDS` | asks for 1.00 USD that expires then |
//! | `wrong KEY` | asks for a total that is a cent more than its items, past the SDK |
//! | `mixed KEY` | asks for two currencies in one order, past the SDK |
//! | `unknown KEY` | asks with a line of a kind that is none, past the SDK |
//! | `find ORDER`, `by-key KEY` | reports the order |
//! | `void ORDER`, `refund ORDER KEY CENTS` | closes it, gives money back |
//! | `hold KEY CENTS` | asks for one item, only to be authorized |
//! | `capture ORDER CENTS` | takes so much of what was authorized |
//! | `watch KEY CENTS` | asks for one item, to be looked at once more before it is paid |
//! | `refuse ORDER` | does not let it be paid, where nobody has it look |
//! | `pay-out USER KEY CENTS` | pays a person |
//! | `statement CURRENCY` | reports this app's entries |
//! | `purse CURRENCY` | reports balance, scale and allowances |
//!
//! A last look is reported, with whether it may ask for more. It stops what is called `gone`, fails
//! over `never`, and wants `later` later; anything else it lets happen.
//!
//! An order's event is reported too, with whether its payer is the event's person. Whoever only
//! looks has the app try to void the order `waits`, capture `held` and refund `paid`. Without
//! `wallet.request` asking is `denied not-granted`.

use std::time::{Duration, SystemTime};

use guests::{Report, words};
use souk_sdk::prelude::*;
use souk_sdk::wit::souk::types::common::Money as RawMoney;
use souk_sdk::wit::souk::wallet::payments as raw;

struct Wallets;

impl MiniApp for Wallets {
    fn command(event: &Event, command: Command) -> Result {
        let mut report = Report::default();
        let [first, second, third] = words(&command);
        let id = OrderId::new(first);
        let cents = |word: &str| Money::usd(word.parse().unwrap_or(0));
        match command.name() {
            "ask" => show(
                &mut report,
                Order::ask(first).item("Tea", 1, cents(second)).send(),
            ),
            "rich" => show(&mut report, rich(first).send()),
            "soon" => {
                let wait = Duration::from_millis(second.parse().unwrap_or(0));
                let ask = Order::ask(first).item("Tea", 1, Money::usd(100));
                show(&mut report, ask.expires_at(event.at() + wait).send());
            }
            "wrong" => {
                let asked = past_the_sdk(first, "USD", 101, "subtotal");
                report.check("wallet.request", asked);
            }
            "mixed" => {
                let asked = past_the_sdk(first, "EUR", 100, "subtotal");
                report.check("wallet.request", asked);
            }
            "unknown" => {
                let asked = past_the_sdk(first, "USD", 100, "surcharge");
                report.check("wallet.request", asked);
            }
            "find" => show(&mut report, Order::find(&id)),
            "by-key" => show(&mut report, Order::by_key(first)),
            "void" => {
                let voided = Order::find(&id).and_then(|order| order.void("Sold out"));
                report.check("order.void", voided);
                show(&mut report, Order::find(&id));
            }
            "refund" => {
                let refund = |order: Order| order.refund(second, cents(third), "Cold");
                report.check("order.refund", Order::find(&id).and_then(refund));
                show(&mut report, Order::find(&id));
            }
            "hold" => {
                let ask = Order::ask(first).item("Roses", 1, cents(second));
                show(&mut report, ask.authorize_only().send());
            }
            "capture" => {
                let capture = |order: Order| order.capture(cents(second));
                report.check("order.capture", Order::find(&id).and_then(capture));
                show(&mut report, Order::find(&id));
            }
            "watch" => {
                let ask = Order::ask(first).item("Tulips", 1, cents(second));
                show(&mut report, ask.last_look().send());
            }
            "refuse" => {
                let refuse = |order: Order| order.refuse("Sold out");
                report.check("order.refuse", Order::find(&id).and_then(refuse));
            }
            "pay-out" => {
                let to = UserId::new(first);
                let paid = Wallet::mine()
                    .and_then(|wallet| wallet.pay_out(&to, second, cents(third), "A prize"));
                report.note("wallet.pay-out", paid);
            }
            "statement" => statement(&mut report, first)?,
            "purse" => purse(&mut report, first)?,
            _ => return Err(command.unknown()),
        }
        report.tell()
    }

    fn order(_: &Event, order: Order) -> Result {
        let mut report = Report::default();
        let payer = User::current().map(|user| Some(user.id()) == order.payer_id());
        report.note("the payer's event", payer);
        show(&mut report, Ok(order));
        report.tell()
    }

    fn last_look(_: &Event, order: Order) -> Result {
        let mut report = Report::default();
        let more = Order::ask("more").item("Tea", 1, Money::usd(100)).send();
        report.check("wallet.request", more);
        match order.key().as_str() {
            "gone" => {
                report.check("order.refuse", order.refuse("Sold out"));
            }
            "never" => return Err(Failure::rejected("Not today")),
            "later" => return Err(Failure::retry("Not yet")),
            _ => {}
        }
        show(&mut report, Ok(order));
        report.tell()
    }

    fn view(_: &Event, _: MessageId) -> Result {
        let mut report = Report::default();
        let [waits, held, paid] = ["waits", "held", "paid"].map(Order::by_key);
        let voided = waits.and_then(|order| order.void("Looked at"));
        report.check("order.void", voided);
        let captured = held.and_then(|order| order.capture(Money::usd(900)));
        report.check("order.capture", captured);
        let refunded = paid.and_then(|order| order.refund("a", Money::usd(250), "Looked at"));
        report.check("order.refund", refunded);
        report.tell()
    }
}

fn show(report: &mut Report, order: Result<Order, Denied>) {
    let Some(order) = report.check("order", order) else {
        return;
    };
    report.say("order.id", order.id());
    report.say("order.key", order.key());
    report.say("order.state", format!("{:?}", order.state()).to_lowercase());
    report.say("order.revision", order.revision());
    let payer = order.payer_id().map(|id| id.to_string());
    report.say("order.payer-id", payer.unwrap_or_default());
    report.say("order.total", order.total());
    report.say("order.captured", order.captured());
    report.say("order.refunded", order.refunded());
    report.say("order.fee", order.fee());
    let expires = order.expires().map(|at| {
        let since = at.duration_since(SystemTime::UNIX_EPOCH);
        since.unwrap_or_default().as_millis().to_string()
    });
    report.say("order.expires", expires.unwrap_or("never".to_owned()));
}

fn rich(key: &str) -> Ask {
    Order::ask(key)
        .item("Jasmine", 2, Money::usd(350))
        .item("Scone", 1, Money::usd(200))
        .item_id("scone-1")
        .discount("Happy hour", Money::usd(100))
        .fulfillment("To your table", Money::usd(50))
        .tax("VAT", Money::usd(72))
        .fee("Cup", Money::usd(10))
        .tip("Thank you", Money::usd(68))
        .memo("By the window")
}

/// One item of 1.00 USD, and a total the SDK would never write.
fn past_the_sdk(key: &str, currency: &str, total: u64, kind: &str) -> Result<(), Denied> {
    let money = |minor, currency: &str| RawMoney {
        minor,
        currency: currency.to_owned(),
    };
    let item = raw::Item {
        id: None,
        label: "Tea".to_owned(),
        quantity: 1,
        unit: money(100, "USD"),
    };
    let request = raw::Request {
        key: key.to_owned(),
        items: vec![item],
        totals: vec![raw::TotalLine {
            kind: kind.to_owned(),
            label: "Tea".to_owned(),
            amount: money(100, "USD"),
        }],
        total: money(total, currency),
        memo: String::new(),
        authorize_only: false,
        last_look: false,
        expires: None,
    };
    raw::Wallet::mine()?.request(&request)?;
    Ok(())
}

fn statement(report: &mut Report, currency: &str) -> Result {
    let lines = Wallet::mine()?.statement(currency.parse()?, None, 10);
    for line in report.check("wallet.statement", lines).unwrap_or_default() {
        let sign = if line.incoming { "+" } else { "-" };
        let kind = line.kind.name();
        report.say(
            "line",
            format_args!(
                "{} {sign}{} {kind} {} {}",
                line.place,
                line.amount,
                line.other.map_or("-".to_owned(), |id| id.to_string()),
                line.note.as_deref().unwrap_or("-"),
            ),
        );
    }
    Ok(())
}

fn purse(report: &mut Report, currency: &str) -> Result {
    let currency: Currency = currency.parse()?;
    let Some(wallet) = report.check("wallet.mine", Wallet::mine()) else {
        return Ok(());
    };
    report.note("wallet.balance", wallet.balance(currency));
    report.note("wallet.currency-scale", wallet.currency_scale(currency));
    for left in wallet.allowances() {
        report.say(
            "allowance",
            format_args!(
                "{} {} of {}, {}",
                left.name,
                left.remaining,
                left.allowed,
                if left.resets.is_some() {
                    "for now"
                } else {
                    "once"
                },
            ),
        );
    }
    Ok(())
}

souk_sdk::export!(Wallets);
