//! Proves `messaging`: speaking, changing and taking back one's own messages, and nothing else.
//!
//! | command | does |
//! |---|---|
//! | `all` | calls every function once and reports |
//! | `card` | posts a card with an input and a button; pressing it reports what arrived |
//! | `bad-card` | posts a card that no host accepts |
//! | `many N` | posts N messages |
//! | `stumble` | posts, and then makes a mistake |
//! | `start` | reports what the link said that was followed |
//! | `edit MESSAGE`, `delete MESSAGE`, `reply MESSAGE` | tries it on any message |
//!
//! Needs `messaging.post`; without it every line is `denied not-granted`.

use guests::{Report, words};
use serde::Deserialize;
use souk_sdk::prelude::*;

struct Messaging;

/// What the card asks for.
#[derive(Form, Deserialize)]
struct Answer {
    /// How many?
    #[input(range(1, 9), value(1))]
    number: u32,
    /// Anything else?
    note: Option<String>,
}

impl MiniApp for Messaging {
    fn command(_: &Event, command: Command) -> Result {
        let mut report = Report::default();
        let chat = report.check("chat.current", Chat::current());
        let (Some(chat), [argument]) = (chat, words(&command)) else {
            return report.tell();
        };
        let message = MessageId::new(argument);
        match command.name() {
            "all" => all(&mut report, &chat),
            "card" => report.note("chat.post", chat.post(card())),
            "bad-card" => {
                let link = Button::link("Free tea", "javascript:alert(1)");
                report.note("chat.post", chat.post(Card::new("bad").button(link)));
            }
            "many" => many(&mut report, &chat, argument.parse().unwrap_or(1)),
            "start" => start(&mut report, &command),
            "stumble" => {
                chat.post("never read")?;
                panic!("the tray slipped");
            }
            "edit" => drop(report.check("chat.edit", chat.edit(&message, "edited"))),
            "delete" => drop(report.check("chat.delete", chat.delete(&message))),
            "reply" => {
                let reply = Content::from("a reply").reply_to(&message);
                report.note("chat.post", chat.post(reply));
            }
            _ => return Err(command.unknown()),
        }
        report.tell()
    }

    fn action(_: &Event, action: Action) -> Result {
        let mut report = Report::default();
        let Answer { number, note } = action.inputs()?;
        report.say("message", action.message());
        report.say("revision", action.revision());
        report.say("button", action.button());
        report.say("data", action.data::<String>()?);
        report.say("number", number);
        report.say("note", note.as_deref().unwrap_or("none"));
        report.tell()
    }
}

fn card() -> Card {
    Card::new("A card")
        .form::<Answer>()
        .button(Button::submit("send", "Send", "from the card"))
}

fn all(report: &mut Report, chat: &Chat) {
    report.say("chat.id", chat.id());
    report.say("chat.is-group", chat.is_group());
    let Some(message) = report.check("chat.post", chat.post("first")) else {
        return;
    };
    report.check("chat.edit", chat.edit(&message, "first, edited"));
    report.note(
        "reply",
        chat.post(Content::from("a reply").reply_to(&message)),
    );
    report.note("card", chat.post(card()));
    let gone = report.check("chat.post", chat.post("gone"));
    gone.map(|gone| report.check("chat.delete", chat.delete(&gone)));
    let nobodys = MessageId::new("msg_00000000000000000000000000");
    report.check("edit of nobody's", chat.edit(&nobodys, "mine now"));
    link(report, chat);
    for left in chat.allowances() {
        report.say(
            "allowance",
            format_args!("{} {}", left.name, left.remaining),
        );
    }
}

fn link(report: &mut Report, chat: &Chat) {
    // Ids stand apart, so that tests can leave them out.
    let apart = |link: String| link.replace('/', " ");
    report.note("chat.link", chat.link("table-4").map(apart));
    report.check("link, quoted", chat.link("table 4"));
    report.check("link, long", chat.link(&"x".repeat(65)));
}

fn start(report: &mut Report, command: &Command) {
    report.say("arguments", command.arguments());
    report.say("start", command.start_parameter().unwrap_or("none"));
}

fn many(report: &mut Report, chat: &Chat, number: u32) {
    for count in 1..=number {
        if report
            .check(&format!("post {count}"), chat.post(count.to_string()))
            .is_none()
        {
            return;
        }
    }
}

souk_sdk::export!(Messaging);
